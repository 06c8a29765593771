/* SPDX-License-Identifier: MIT
   prepare_models: the plan, from the head that the pool asks for. */
#include "plugin/foresight/inside.h"

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

/* Before the model is known: the likeliest, each as it stands. */
static uint32_t guess(hearth_plugin *f, const hearth_context *context,
                      const foresight_within_now *at) {
  const foresight_next_request request = foresight__request_of(f, context);
  foresight_next_result result;
  foresight_next_predict(f->next, &request, &result);
  uint32_t most = most_held(f, context);
  most = most < FORESIGHT_GUESSES ? most : FORESIGHT_GUESSES;
  uint32_t count = 0;
  for (uint32_t k = 0; k < result.count && count < most; k++) {
    const uint32_t model = result.guess[k].model;
    if (!f->models[model].candidate ||
        foresight__is_expired(f, model, context->now_ms)) {
      continue;
    }
    hearth_plan_model *line = &f->lines[count++];
    foresight__line(f, at, model, line);
    line->p_next = (double)result.guess[k].p;
    line->confidence = line->p_next;
    foresight_standing_repeat(&f->models[model].standing, context->now_ms,
                              line);
  }
  return count;
}

/* A model that a budget keeps: its confidence comes with its rank, so that a plan
   of many residents costs little.  The horizons are asked of predict/1. */
static void name_kept(hearth_plugin *f, uint32_t model,
                      hearth_plan_model *line) {
  hearth_message_init(&hearth_plan_model_schema, line);
  line->model = hearth_names_text(f->names, model);
  line->confidence = foresight_budget_soon(f->budget, model);
}

/* Take a decided line into the plan, unless the model is no candidate or its
   load is not sure enough for the threshold.  Its confidence is the chance that
   the model is used soon. */
static int list(hearth_plugin *f, const hearth_context *context,
                const foresight_within_now *at,
                const foresight_price_entry *decided, uint32_t count) {
  if (!f->models[decided->model].candidate) {
    return 0;
  }
  hearth_plan_model *line = &f->lines[count];
  if (f->budget != NULL && context->pool.budget_mb > 0 && !decided->warm) {
    name_kept(f, decided->model, line);
  } else {
    foresight__line(f, at, decided->model, line);
    line->confidence = line->p_within.p[0];
  }
  line->keep_for_ms = decided->keep_for_ms;
  if (decided->warm) {
    if (line->confidence < f->config.prediction_threshold ||
        !foresight__may_warm(f, decided->model, context->now_ms)) {
      return 0;
    }
    line->action = HEARTH_ACTION_WARM;
    line->start_at_ms = decided->start_at_ms;
  }
  foresight_standing_tell(&f->models[decided->model].standing, context->now_ms,
                          line);
  return 1;
}

static uint32_t plan_budget(hearth_plugin *f, const hearth_context *context,
                            const foresight_within_now *at) {
  const int64_t used_kb = (int64_t)(context->pool.used_mb * 1024.0);
  const uint32_t n =
      foresight_budget_plan(f->budget, context->now_ms, used_kb, f->ranked,
                            most_held(f, context));
  uint32_t count = 0;
  for (uint32_t i = 0; i < n; i++) {
    const foresight_price_entry decided = {
        .model = f->ranked[i].model,
        .warm = f->ranked[i].warm != 0,
        .start_at_ms = -1,
        .keep_for_ms = -1};
    count += (uint32_t)list(f, context, at, &decided, count);
  }
  return count;
}

/* The model's line, or the next free one. */
static uint32_t line_of(const hearth_plugin *f, uint32_t model,
                        uint32_t count) {
  const hearth_str name = hearth_names_text(f->names, model);
  uint32_t i = 0;
  while (i < count && !hearth_str_equal(f->lines[i].model, name)) {
    i++;
  }
  return i;
}

/* What is held beyond max_warm_models goes, the longest idle first. */
static uint32_t let_go(hearth_plugin *f, const hearth_context *context,
                       const foresight_within_now *at, uint32_t count) {
  const uint32_t most = foresight__most_warm(f, context);
  const uint32_t lines = most_lines(f, context);
  if (most == UINT32_MAX) {
    return count;
  }
  for (uint32_t held = foresight__held(f); held > most; held--) {
    const uint32_t model = foresight__longest_idle(f);
    const uint32_t i =
        model == HEARTH_NO_NAME ? lines : line_of(f, model, count);
    if (i >= lines) {
      break;
    }
    const foresight_price_entry decided = {
        .model = model, .start_at_ms = -1, .keep_for_ms = 0};
    (void)list(f, context, at, &decided, i);
    count += i == count;
  }
  return count;
}

static uint32_t plan_price(hearth_plugin *f, const hearth_context *context,
                           const foresight_within_now *at,
                           int64_t *review_at_ms) {
  const uint32_t most = foresight__most_warm(f, context);
  int64_t review = INT64_MAX;
  const uint32_t n =
      foresight_price_plan(f->price, context->now_ms, f->priced,
                           most_lines(f, context), &review);
  uint32_t count = 0;
  for (uint32_t i = 0; i < n; i++) {
    foresight_price_entry decided = f->priced[i];
    if (decided.keep_for_ms == INT64_MAX) {
      decided.keep_for_ms = -1;
    }
    if (decided.warm && most != UINT32_MAX && foresight__held(f) >= most) {
      continue;
    }
    count += (uint32_t)list(f, context, at, &decided, count);
  }
  count = let_go(f, context, at, count);
  *review_at_ms = review == INT64_MAX ? -1 : review;
  return count;
}

static double most_confident(const hearth_plugin *f, uint32_t count) {
  double most = 0;
  for (uint32_t i = 0; i < count; i++) {
    most = f->lines[i].confidence > most ? f->lines[i].confidence : most;
  }
  return most;
}

hearth_status foresight__prepare(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes bytes, hearth_sink *out) {
  hearth_context context;
  hearth_status status = foresight__read_context(f, call, bytes, &context);
  if (status == HEARTH_OK) {
    status = foresight__take_pool(f, &context);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  f->predictions++;
  foresight_within_now at;
  foresight_within_at(f->within, context.now_ms, &at);
  uint32_t count = 0;
  int64_t review_at_ms = -1;
  const int guessing = context.reason == HEARTH_REASON_REQUEST ||
                       context.reason == HEARTH_REASON_INTENT;
  if (guessing) {
    count = guess(f, &context, &at);
  } else if (f->budget != NULL && context.pool.budget_mb > 0) {
    count = plan_budget(f, &context, &at);
  } else if (f->price != NULL) {
    count = plan_price(f, &context, &at, &review_at_ms);
  }
  const double confidence = most_confident(f, count);
  if (guessing ? count == 0 || confidence < f->config.prediction_threshold
               : f->budget == NULL && f->price == NULL) {
    return HEARTH_NO_OPINION;
  }
  if (context.want_reasons) {
    foresight__reasons(f, &context, &at, count);
  }
  return foresight__answer(f, &context, count, confidence, review_at_ms, out);
}
