/* SPDX-License-Identifier: MIT
   prepare_models: the plan, from the head that the pool asks for. */
#include "plugin/foresight/inside.h"
#include "plugin/sdk/hint.h"

static uint32_t most_lines(const hearth_plugin *f,
                           const hearth_context *context) {
  const uint32_t count = hearth_names_count(f->names);
  const int64_t wanted = context->max_models;
  return wanted < 0                   ? 0
         : wanted < (int64_t)count ? (uint32_t)wanted
                                      : count;
}

/* And no more than may be warm. */
static uint32_t most_held(const hearth_plugin *f,
                          const hearth_context *context) {
  const uint32_t lines = most_lines(f, context);
  const uint32_t warm = foresight__most_warm(f, context);
  return lines < warm ? lines : warm;
}

/* A call under way. */
typedef struct work {
  hearth_plugin *f;
  const hearth_context *context;
  foresight_desk *desk;
  foresight_within_now at; /* of now, once it was asked for */
  int at_known;
} work;

/* Of what is no line's, ticks above all, nothing is worked out.  `within` is
   held, or `shape` alone. */
static const foresight_within_now *now_of(work *w) {
  if (!w->at_known) {
    foresight_within_at(w->f->within, w->context->now_ms, &w->at);
    w->at_known = 1;
  }
  return &w->at;
}

/* Have what a line is made of come nearer. */
static void fetch_line(const hearth_plugin *f, uint32_t model) {
  hearth_fetch(&f->models[model].candidate);
  hearth_fetch(&f->models[model].usage);
  hearth_names_fetch(f->names, model);
}

/* The likeliest, each as it stands. */
static uint32_t list_guesses(const work *w,
                             const foresight_next_result *result,
                             uint32_t models[FORESIGHT_GUESSES]) {
  hearth_plugin *f = w->f;
  const int64_t now = w->context->now_ms;
  uint32_t most = most_held(f, w->context), count = 0;
  most = most < FORESIGHT_GUESSES ? most : FORESIGHT_GUESSES;
  hearth_mutex_lock(f->locks.models);
  for (uint32_t k = 0; k < result->count && count < most; k++) {
    const uint32_t model = result->guess[k].model;
    if (!f->models[model].candidate || foresight__is_expired(f, model, now)) {
      continue;
    }
    hearth_plan_model *line = &w->desk->lines[count];
    models[count++] = model;
    foresight__line(f, model, line);
    line->p_next = (double)result->guess[k].p;
    line->confidence = line->p_next;
    foresight_standing_repeat(&f->models[model].standing, now, line);
  }
  hearth_mutex_unlock(f->locks.models);
  return count;
}

/* What may well come, or is to be loaded. */
static int has_chances(const hearth_plan_model *line) {
  return line->p_next >= FORESIGHT_LIKELY || line->action == HEARTH_ACTION_WARM;
}

static void tell_chances(work *w, const uint32_t *models, uint32_t count) {
  hearth_plugin *f = w->f;
  hearth_plan_model *lines = w->desk->lines;
  hearth_shared_read(f->locks.within);
  for (uint32_t i = 0; i < count; i++) {
    if (has_chances(&lines[i])) {
      foresight_within_fetch_links(f->within, models[i]);
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    if (has_chances(&lines[i])) {
      foresight__chances(f, now_of(w), models[i], &lines[i]);
    }
  }
  hearth_shared_read_end(f->locks.within);
}

/* Before the model is known. */
static uint32_t guess(work *w) {
  hearth_plugin *f = w->f;
  uint32_t models[FORESIGHT_GUESSES];
  foresight_next_result result;
  hearth_shared_read(f->locks.next);
  const foresight_next_request request = foresight__request_of(f, w->context);
  foresight_next_predict(f->next, &request, &result);
  hearth_shared_read_end(f->locks.next);
  for (uint32_t k = 0; k < result.count && k < FORESIGHT_GUESSES; k++) {
    fetch_line(f, result.guess[k].model);
    if (result.guess[k].p >= (float)FORESIGHT_LIKELY) {
      foresight_within_fetch(f->within, result.guess[k].model);
    }
  }
  const uint32_t count = list_guesses(w, &result, models);
  tell_chances(w, models, count);
  return count;
}

/* A model that a budget keeps: its confidence comes with its rank, so that a plan
   of many residents costs little.  The horizons are asked of predict/1. */
static void name_kept(const hearth_plugin *f, uint32_t model, float soon,
                      hearth_plan_model *line) {
  hearth_message_init(&hearth_plan_model_schema, line);
  line->model = hearth_names_text(f->names, model);
  line->confidence = (double)soon;
}

#define NOT_TOLD (-1.0f)

/* Take a decided line into the plan, unless the model is no candidate or its
   load is not sure enough for the threshold.  Its confidence is the chance that
   the model is used soon, which a budget knows.  `models` is held. */
static int list(work *w, const foresight_price_entry *decided, float soon,
                uint32_t count) {
  hearth_plugin *f = w->f;
  const int64_t now = w->context->now_ms;
  if (!f->models[decided->model].candidate) {
    return 0;
  }
  hearth_plan_model *line = &w->desk->lines[count];
  if (soon >= 0 && !decided->warm) {
    name_kept(f, decided->model, soon, line);
  } else {
    foresight__line(f, decided->model, line);
    hearth_shared_read(f->locks.within);
    foresight__chances(f, now_of(w), decided->model, line);
    hearth_shared_read_end(f->locks.within);
    line->confidence = line->p_within.p[0];
  }
  line->keep_for_ms = decided->keep_for_ms;
  if (decided->warm) {
    if (line->confidence < f->config.prediction_threshold ||
        !foresight__may_warm(f, decided->model, now)) {
      return 0;
    }
    line->action = HEARTH_ACTION_WARM;
    line->start_at_ms = decided->start_at_ms;
  }
  foresight_standing_tell(&f->models[decided->model].standing, now, line);
  return 1;
}

/* From the heads to the models, so that plans tell these in the order in which
   they were decided. */
static void hand_over(hearth_plugin *f) {
  hearth_mutex_lock(f->locks.models);
  foresight__decide_end(f);
}

static uint32_t plan_budget(work *w) {
  enum { AHEAD = 4 };
  hearth_plugin *f = w->f;
  const hearth_context *context = w->context;
  const foresight_budget_entry *ranked = w->desk->ranked;
  const int64_t used_kb = (int64_t)(context->pool.used_mb * 1024.0);
  foresight__decide(f);
  const uint32_t n =
      foresight_budget_plan(f->budget, context->now_ms, used_kb,
                            w->desk->ranked, most_held(f, context));
  hand_over(f);
  uint32_t count = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (i + AHEAD < n) {
      fetch_line(f, ranked[i + AHEAD].model);
    }
    const foresight_price_entry decided = {
        .model = ranked[i].model,
        .warm = ranked[i].warm != 0,
        .start_at_ms = -1,
        .keep_for_ms = -1};
    count += (uint32_t)list(w, &decided, ranked[i].soon, count);
  }
  hearth_mutex_unlock(f->locks.models);
  return count;
}

/* The model's line, or the next free one. */
static uint32_t line_of(const work *w, uint32_t model, uint32_t count) {
  const hearth_str name = hearth_names_text(w->f->names, model);
  uint32_t i = 0;
  while (i < count && !hearth_str_equal(w->desk->lines[i].model, name)) {
    i++;
  }
  return i;
}

/* What is held beyond max_warm_models goes, the longest idle first. */
HEARTH_SELDOM static uint32_t let_go(work *w, uint32_t count) {
  const hearth_plugin *f = w->f;
  const uint32_t most = foresight__most_warm(f, w->context);
  const uint32_t lines = most_lines(f, w->context);
  if (most == UINT32_MAX) {
    return count;
  }
  for (uint32_t held = foresight__held(f); held > most; held--) {
    const uint32_t model = foresight__longest_idle(f);
    const uint32_t i =
        model == HEARTH_NO_NAME ? lines : line_of(w, model, count);
    if (i >= lines) {
      break;
    }
    const foresight_price_entry decided = {
        .model = model, .start_at_ms = -1, .keep_for_ms = 0};
    (void)list(w, &decided, NOT_TOLD, i);
    count += i == count;
  }
  return count;
}

static uint32_t plan_price(work *w, int64_t *review_at_ms) {
  hearth_plugin *f = w->f;
  const hearth_context *context = w->context;
  const uint32_t most = foresight__most_warm(f, context);
  int64_t review = INT64_MAX;
  foresight__decide(f);
  const uint32_t n =
      foresight_price_plan(f->price, context->now_ms, w->desk->priced,
                           most_lines(f, context), &review);
  hand_over(f);
  uint32_t count = 0;
  for (uint32_t i = 0; i < n; i++) {
    foresight_price_entry decided = w->desk->priced[i];
    if (decided.keep_for_ms == INT64_MAX) {
      decided.keep_for_ms = -1;
    }
    if (decided.warm && most != UINT32_MAX && foresight__held(f) >= most) {
      continue;
    }
    count += (uint32_t)list(w, &decided, NOT_TOLD, count);
  }
  count = let_go(w, count);
  hearth_mutex_unlock(f->locks.models);
  *review_at_ms = review == INT64_MAX ? -1 : review;
  return count;
}

static double most_confident(const foresight_desk *desk, uint32_t count) {
  double most = 0;
  for (uint32_t i = 0; i < count; i++) {
    const double p = desk->lines[i].confidence;
    most = p > most ? p : most;
  }
  return most;
}

/* After the model is known, and at ticks. */
static uint32_t plan(work *w, int64_t *review_at_ms) {
  hearth_plugin *f = w->f;
  uint32_t count = 0;
  if (f->budget != NULL && w->context->pool.budget_mb > 0) {
    count = plan_budget(w);
  } else if (f->price != NULL) {
    count = plan_price(w, review_at_ms);
  }
  return count;
}

/* `shape` is held: alone where reasons are wanted, which look at all heads. */
static hearth_status write_plan(work *w, hearth_sink *out) {
  hearth_plugin *f = w->f;
  const hearth_context *context = w->context;
  const int guessing = context->reason == HEARTH_REASON_REQUEST ||
                       context->reason == HEARTH_REASON_INTENT;
  int64_t review_at_ms = -1;
  hearth_status status =
      foresight__desk_lines(f, w->desk, most_lines(f, context));
  if (status != HEARTH_OK) {
    return status;
  }
  foresight__catch_up(f, guessing);
  foresight__count(&foresight__place(f)->predictions);
  const uint32_t count = guessing ? guess(w) : plan(w, &review_at_ms);
  const double confidence = most_confident(w->desk, count);
  if (guessing ? count == 0 || confidence < f->config.prediction_threshold
               : f->budget == NULL && f->price == NULL) {
    return HEARTH_NO_OPINION;
  }
  if (context->want_reasons) {
    status = foresight__reasons(f, w->desk, context, now_of(w), count);
  }
  return status != HEARTH_OK
             ? status
             : foresight__answer(f, w->desk, context, count, confidence,
                                 review_at_ms, out);
}

HEARTH_SELDOM static hearth_status take_pool(hearth_plugin *f,
                                             const hearth_context *context) {
  hearth_status status;
  foresight__alone(f);
  do {
    status = foresight__take_pool(f, context);
  } while (status == HEARTH_NO_MEMORY && foresight__make_room(f));
  foresight__not_alone(f);
  return status;
}

/* Get into `shape`, with the pool as the context tells it. */
static hearth_status enter(hearth_plugin *f, const hearth_context *context) {
  const hearth_pool_terms terms = hearth_pool_terms_of(&context->pool);
  hearth_status status = HEARTH_OK;
  hearth_striped_read(f->locks.shape);
  const int alone =
      context->pool.resync || foresight__terms_differ(f, &terms);
  if (!alone && !context->want_reasons) {
    return HEARTH_OK;
  }
  hearth_striped_read_end(f->locks.shape);
  if (alone) {
    status = take_pool(f, context);
  }
  if (context->want_reasons) {
    hearth_striped_write(f->locks.shape);
    foresight__clear_docket(f);
  } else {
    hearth_striped_read(f->locks.shape);
  }
  return status;
}

static hearth_status prepare(hearth_plugin *f, foresight_desk *desk,
                             const foresight_ask *ask) {
  hearth_context context;
  work w = {.f = f, .context = &context, .desk = desk};
  hearth_status status =
      foresight__read_context(f, desk, ask->call, ask->bytes, &context);
  if (status != HEARTH_OK) {
    return status;
  }
  status = enter(f, &context);
  if (status == HEARTH_OK) {
    status = write_plan(&w, ask->out);
  }
  if (context.want_reasons) {
    hearth_striped_write_end(f->locks.shape);
  } else {
    hearth_striped_read_end(f->locks.shape);
  }
  return status;
}

hearth_status foresight__prepare(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes bytes, hearth_sink *out) {
  const foresight_ask ask = {call, bytes, out};
  return foresight__at_desk(f, prepare, &ask);
}
