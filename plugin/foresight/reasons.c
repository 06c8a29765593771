/* SPDX-License-Identifier: MIT
   The signals that weighed in a decision, and how much. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/reasons.h"

#include "plugin/sdk/math.h"

enum { HORIZON = 1 }; /* an hour */

/* Less than this says nothing. */
#define LEAST 0.05
#define MOST 20.0

static double size(double weight) {
  return weight < 0 ? -weight : weight;
}

static void add(foresight_weights *weights, const char *signal, double weight) {
  if (weights->count < FORESIGHT_SIGNALS) {
    weights->of[weights->count++] = (hearth_reason){
        hearth_str_from(signal), hearth_clip(weight, -MOST, MOST)};
  }
}

static double density_of(const hearth_plugin *f, uint32_t model) {
  const foresight_model *m = &f->models[model];
  return hearth_log((double)m->load_ms / m->memory_mb);
}

static int was_used(const hearth_plugin *f, uint32_t model) {
  return f->models[model].usage.requests > 0;
}

static void see_budget(const foresight_budget *budget, uint32_t model,
                       foresight_scale *scale, double *least, double *most) {
  foresight_budget_reason r;
  foresight_budget_explain(budget, model, &r);
  scale->worth += hearth_log(r.worth);
  scale->waits += hearth_log(r.burst);
  scale->rank += r.rank;
  *least = scale->used == 0 || r.rank < *least ? r.rank : *least;
  *most = scale->used == 0 || r.rank > *most ? r.rank : *most;
}

void foresight__scale(const hearth_plugin *f, const hearth_context *context,
                      const foresight_within_now *at, foresight_scale *scale) {
  const int budget = context->pool.budget_mb > 0;
  double least = 0, most = 0;
  *scale = (foresight_scale){.at = at,
                             .budget = budget ? f->budget : NULL,
                             .price = budget ? NULL : f->price};
  for (uint32_t id = 0; id < hearth_names_count(f->names); id++) {
    float share[FORESIGHT_WITHIN_SIGNALS];
    if (!was_used(f, id)) {
      continue;
    }
    foresight_within_explain(f->within, at, id, HORIZON, share);
    for (int g = 0; g < FORESIGHT_WITHIN_SIGNALS; g++) {
      scale->within[g] += (double)share[g];
    }
    scale->density += density_of(f, id);
    if (scale->budget != NULL) {
      see_budget(scale->budget, id, scale, &least, &most);
    }
    scale->used++;
  }
  const double n = scale->used > 0 ? (double)scale->used : 1;
  for (int g = 0; g < FORESIGHT_WITHIN_SIGNALS; g++) {
    scale->within[g] /= n;
    scale->logit += scale->within[g];
  }
  scale->density /= n;
  scale->worth /= n;
  scale->waits /= n;
  scale->rank /= n;
  scale->rank_span = most > least ? most - least : 1;
}

/* The chance of a use within the hour, and what it is made of. */
static void weigh_chance(const hearth_plugin *f, const foresight_scale *scale,
                         uint32_t model, foresight_weights *weights) {
  static const char *const names[FORESIGHT_WITHIN_SIGNALS] = {
      [FORESIGHT_WITHIN_BASE] = "own_gap_hazard",
      [FORESIGHT_WITHIN_BURST] = "gaps_like_last",
      [FORESIGHT_WITHIN_EVENTS] = "request_clock",
      [FORESIGHT_WITHIN_POOL] = "similar_models",
      [FORESIGHT_WITHIN_RATES] = "recent_rate",
      [FORESIGHT_WITHIN_USERS] = "users_on_it",
      [FORESIGHT_WITHIN_DAYS] = "days_at_this_hour",
      [FORESIGHT_WITHIN_TABLES] = "like_situations",
      [FORESIGHT_WITHIN_LINKS] = "leading_models",
      [FORESIGHT_WITHIN_TRAFFIC] = "traffic",
      [FORESIGHT_WITHIN_GAPS] = "time_since_use",
      [FORESIGHT_WITHIN_MAPS] = "calibration"};
  if (!was_used(f, model)) {
    float p[FORESIGHT_WITHIN_HORIZONS];
    foresight_within_predict(f->within, scale->at, model, p);
    add(weights, "never_used", hearth_logit((double)p[HORIZON]) - scale->logit);
    return;
  }
  float share[FORESIGHT_WITHIN_SIGNALS];
  foresight_within_explain(f->within, scale->at, model, HORIZON, share);
  for (int g = 0; g < FORESIGHT_WITHIN_SIGNALS; g++) {
    add(weights, names[g], (double)share[g] - scale->within[g]);
  }
}

static void weigh_budget(const hearth_plugin *f, const foresight_scale *scale,
                         uint32_t model, foresight_weights *weights) {
  static const char *const rules[] = {[FORESIGHT_BUDGET_LRU] = "rule:lru",
                                      [FORESIGHT_BUDGET_LFU] = "rule:lfu",
                                      [FORESIGHT_BUDGET_GDSF] = "rule:gdsf"};
  foresight_budget_reason r;
  foresight_budget_explain(scale->budget, model, &r);
  if (r.following < FORESIGHT_BUDGET_LEARNED) {
    add(weights, rules[r.following], (r.rank - scale->rank) / scale->rank_span);
    weights->decisive = 1;
  } else if (r.worth > 0) {
    add(weights, "worth_per_mb", hearth_log(r.worth) - scale->worth);
    weights->decisive = 1;
  }
  add(weights, "load_per_mb", density_of(f, model) - scale->density);
  add(weights, "waits_per_load", hearth_log(r.burst) - scale->waits);
  if (!r.resident) {
    add(weights, "prewarm_trust", hearth_log(r.trust));
  }
}

static void weigh_price(const hearth_plugin *f, const foresight_scale *scale,
                        uint32_t model, foresight_weights *weights) {
  const foresight_model *m = &f->models[model];
  const foresight_price_reason r = foresight_price_explain(scale->price, model);
  const double load_s = (double)m->load_ms / 1000.0;
  if (was_used(f, model) && r.load_cost_s > 0) {
    const double even_s = load_s * f->idle_price * 1024.0 / m->memory_mb;
    const double left = 1.0 - (double)r.idle_ms / 1000.0 / even_s;
    if (r.strategy == 0) {
      add(weights, "rule:breakeven", hearth_clip(left, -1, 1));
    } else {
      add(weights, "hold_value", hearth_clip(r.value_s / r.load_cost_s, -1, 1));
    }
    weights->decisive = 1;
    add(weights, "waits_per_load", hearth_log(r.load_cost_s / load_s));
    if (r.p_soon > 0 && r.hold_cost_s > 0) {
      add(weights, "chance_against_price",
          hearth_log(r.p_soon * r.load_cost_s / r.hold_cost_s));
    }
  }
  add(weights, "load_per_mb", density_of(f, model) - scale->density);
}

void foresight__weigh_holding(const hearth_plugin *f,
                              const foresight_scale *scale, uint32_t model,
                              foresight_weights *weights) {
  if (scale->budget != NULL) {
    weigh_budget(f, scale, model, weights);
  } else if (scale->price != NULL) {
    weigh_price(f, scale, model, weights);
  }
  weigh_chance(f, scale, model, weights);
}

void foresight__weigh_next(const hearth_plugin *f,
                           const foresight_next_request *request,
                           uint32_t model, foresight_weights *weights) {
  static const char *const names[FORESIGHT_NEXT_GROUPS] = {
      [FORESIGHT_NEXT_POPULARITY] = "popularity",
      [FORESIGHT_NEXT_HABIT] = "user_habit",
      [FORESIGHT_NEXT_SEQUENCE] = "sequence",
      [FORESIGHT_NEXT_TASK] = "task",
      [FORESIGHT_NEXT_LENGTH] = "input_length",
      [FORESIGHT_NEXT_TIME] = "time_of_day",
      [FORESIGHT_NEXT_SESSION] = "session_gap",
      [FORESIGHT_NEXT_PROJECT] = "project"};
  float group[FORESIGHT_NEXT_GROUPS];
  if (foresight_next_explain(f->next, request, model, group)) {
    for (int g = 0; g < FORESIGHT_NEXT_GROUPS; g++) {
      add(weights, names[g], (double)group[g]);
    }
  }
}

void foresight__give(foresight_desk *desk, uint32_t i,
                     const foresight_weights *weights) {
  hearth_reason *out = &desk->reasons[(size_t)i * HEARTH_MAX_REASONS];
  uint8_t taken[FORESIGHT_SIGNALS] = {0};
  uint32_t n = 0;
  for (; n < weights->decisive; n++) {
    out[n] = weights->of[n];
    taken[n] = 1;
  }
  for (; n < HEARTH_MAX_REASONS; n++) {
    uint32_t best = FORESIGHT_SIGNALS;
    double most = LEAST;
    for (uint32_t k = 0; k < weights->count; k++) {
      if (!taken[k] && size(weights->of[k].weight) > most) {
        best = k;
        most = size(weights->of[k].weight);
      }
    }
    if (best == FORESIGHT_SIGNALS) {
      break;
    }
    out[n] = weights->of[best];
    taken[best] = 1;
  }
  desk->lines[i].reasons = (hearth_list){out, n, n};
}

hearth_status foresight__reasons(hearth_plugin *f, foresight_desk *desk,
                                 const hearth_context *context,
                                 const foresight_within_now *at,
                                 uint32_t count) {
  const int guesses = context->reason == HEARTH_REASON_REQUEST ||
                      context->reason == HEARTH_REASON_INTENT;
  const foresight_next_request request = foresight__request_of(f, context);
  foresight_scale scale;
  if (foresight__desk_reasons(f, desk, count) != HEARTH_OK) {
    return HEARTH_NO_MEMORY;
  }
  if (!guesses) {
    foresight__scale(f, context, at, &scale);
  }
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t model = hearth_names_find(f->names, desk->lines[i].model);
    foresight_weights weights = {.count = 0};
    if (guesses) {
      foresight__weigh_next(f, &request, model, &weights);
    } else {
      foresight__weigh_holding(f, &scale, model, &weights);
    }
    foresight__give(desk, i, &weights);
  }
  return HEARTH_OK;
}
