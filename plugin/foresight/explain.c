/* SPDX-License-Identifier: MIT
   hearth.explain/1: every model as it stands, and why. */
#include "plugin/sdk/cold.h"

#include "hearth/ext/explain.h"

#include "plugin/foresight/reasons.h"

typedef struct opinion {
  double worth, p_next; /* p_next -1: nobody asks */
  uint32_t model;
  int32_t held; /* resident, in use or to be warmed: those come first */
} opinion;

static double worth_of(const hearth_plugin *f, const foresight_scale *scale,
                       uint32_t model, int warm, int held) {
  if (scale->budget != NULL) {
    foresight_budget_reason r;
    foresight_budget_explain(scale->budget, model, &r);
    return warm ? r.prewarm : r.rank;
  }
  if (scale->price != NULL && held) {
    return foresight_price_explain(scale->price, model).value_s;
  }
  float p[FORESIGHT_WITHIN_HORIZONS];
  foresight_within_predict(f->within, scale->at, model, p);
  return (double)p[0];
}

static uint32_t form_opinions(const hearth_plugin *f,
                              const foresight_scale *scale, opinion *all) {
  uint32_t count = 0;
  for (uint32_t id = 0; id < hearth_names_count(f->names); id++) {
    const foresight_model *m = &f->models[id];
    if (m->candidate) {
      const int warm = m->standing.warm && !m->resident;
      const int held = m->resident || warm || m->standing.active > 0;
      all[count++] = (opinion){.worth = worth_of(f, scale, id, warm, held),
                               .p_next = -1,
                               .model = id,
                               .held = held};
    }
  }
  return count;
}

/* The chance of each to be what this request wants. */
static void guess(const hearth_plugin *f, const foresight_next_request *request,
                  opinion *all, uint32_t count) {
  foresight_next_result result;
  foresight_next_predict(f->next, request, &result);
  for (uint32_t i = 0; i < count; i++) {
    all[i].p_next = 0;
    for (uint32_t k = 0; k < result.count; k++) {
      if (result.guess[k].model == all[i].model) {
        all[i].p_next = (double)result.guess[k].p;
      }
    }
  }
}

static int before(const opinion *a, const opinion *b) {
  if (a->held != b->held) {
    return a->held > b->held;
  }
  return a->worth > b->worth || (!(a->worth < b->worth) && a->model < b->model);
}

/* Shell's sort, with Knuth's gaps. */
static void sort(opinion *all, uint32_t count) {
  uint32_t gap = 1;
  while (gap < count / 3) {
    gap = 3 * gap + 1;
  }
  for (; gap > 0; gap /= 3) {
    for (uint32_t i = gap; i < count; i++) {
      const opinion one = all[i];
      uint32_t j = i;
      for (; j >= gap && before(&one, &all[j - gap]); j -= gap) {
        all[j] = all[j - gap];
      }
      all[j] = one;
    }
  }
}

static void write_line(hearth_plugin *f, foresight_desk *desk,
                       const foresight_scale *scale,
                       const foresight_next_request *request,
                       const opinion *one, uint32_t i) {
  hearth_plan_model *line = &desk->lines[i];
  foresight__line(f, one->model, line);
  foresight__chances(f, scale->at, one->model, line);
  line->confidence = line->p_within.p[0];
  line->p_next = one->p_next;
  foresight_standing_repeat(&f->models[one->model].standing, request->now_ms,
                            line);
  foresight_weights weights = {.count = 0};
  foresight__weigh_holding(f, scale, one->model, &weights);
  if (one->p_next >= FORESIGHT_LIKELY) {
    foresight__weigh_next(f, request, one->model, &weights);
  }
  foresight__give(desk, i, &weights);
}

/* `shape` is held alone.  `all`: room for every model. */
static hearth_status write_all(hearth_plugin *f, foresight_desk *desk,
                               const hearth_context *context, opinion *all,
                               hearth_sink *out) {
  const foresight_next_request request = foresight__request_of(f, context);
  foresight_within_now at;
  foresight_scale scale;
  foresight_within_at(f->within, context->now_ms, &at);
  foresight__scale(f, context, &at, &scale);
  uint32_t count = form_opinions(f, &scale, all);
  if (context->reason == HEARTH_REASON_REQUEST ||
      context->reason == HEARTH_REASON_INTENT) {
    guess(f, &request, all, count);
  }
  sort(all, count);
  if (context->max_models < (int64_t)count) {
    count = context->max_models < 0 ? 0 : (uint32_t)context->max_models;
  }
  if (foresight__desk_lines(f, desk, count) != HEARTH_OK ||
      foresight__desk_reasons(f, desk, count) != HEARTH_OK) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; i < count; i++) {
    write_line(f, desk, &scale, &request, &all[i], i);
  }
  return foresight__answer(f, desk, context, count, -1, -1, out);
}

static hearth_status explain_all(hearth_plugin *f, foresight_desk *desk,
                                 const hearth_context *context,
                                 hearth_sink *out) {
  const uint32_t known = hearth_names_count(f->names);
  opinion *all = hearth_zalloc(&f->memory, (size_t)known + 1, sizeof *all);
  if (all == NULL) {
    return HEARTH_NO_MEMORY;
  }
  const hearth_status status = write_all(f, desk, context, all, out);
  hearth_release(&f->memory, all);
  return status;
}

static hearth_status explain(hearth_plugin *f, foresight_desk *desk,
                             const foresight_ask *ask) {
  hearth_context context;
  hearth_status status =
      foresight__read_context(f, desk, ask->call, ask->bytes, &context);
  if (status == HEARTH_OK) {
    hearth_striped_write(f->locks.shape);
    foresight__clear_docket(f);
    status = explain_all(f, desk, &context, ask->out);
    hearth_striped_write_end(f->locks.shape);
  }
  return status;
}

hearth_status foresight__explain(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes bytes, hearth_sink *out) {
  const foresight_ask ask = {call, bytes, out};
  return foresight__at_desk(f, explain, &ask);
}
