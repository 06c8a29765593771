/* SPDX-License-Identifier: MIT
   A comparison as JSON. */
#include <jansson.h>
#include <math.h>

#include "host-sdk/replay/ablate/ablation.h"
#include "host-sdk/replay/accuracy/present.h"
#include "host-sdk/replay/present.h"

/* Null where a figure does not apply. */
static json_t *number(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

static json_t *count(uint64_t value) {
  return json_integer((json_int_t)value);
}

/* A name as it was typed may hold any bytes; JSON holds UTF-8. */
static json_t *text(const char *name) {
  json_t *string = json_string(name);
  char plain[256];
  size_t i = 0;
  if (string != NULL) {
    return string;
  }
  for (; name[i] != '\0' && i < sizeof plain - 1; i++) {
    plain[i] = name[i];
    if (name[i] < ' ' || name[i] > '~') {
      plain[i] = '?';
    }
  }
  plain[i] = '\0';
  return json_string(plain);
}

static json_t *hits(const hearth_hits *hit) {
  return json_pack("{s:o, s:o, s:o}", "1", number(hit->at1), "3",
                   number(hit->at3), "5", number(hit->at5));
}

static json_t *waits(const hearth_waits *wait) {
  return json_pack("{s:o, s:o, s:o, s:o}", "mean", number(wait->mean_s), "p50",
                   number(wait->p50_s), "p95", number(wait->p95_s), "p99",
                   number(wait->p99_s));
}

static json_t *loads(const hearth_loads *load) {
  return json_pack("{s:o, s:o, s:o, s:o}", "demand", count(load->demand),
                   "prewarm", count(load->prewarm), "prewarm_used",
                   count(load->prewarm_used), "cancelled",
                   count(load->cancelled));
}

static json_t *tasks(const hearth_result *result) {
  json_t *by_task = json_object();
  for (uint32_t i = 0; i < result->task_count; i++) {
    const hearth_task_score *t = &result->tasks[i];
    json_object_set_new(by_task, t->task,
                        json_pack("{s:o, s:o, s:o, s:o, s:o}", "requests",
                                  count(t->requests), "hit", hits(&t->hit),
                                  "precision", number(t->precision), "recall",
                                  number(t->recall), "f1", number(t->f1)));
  }
  return by_task;
}

static json_t *horizons(const hearth_result *result) {
  static const char *const keys[HEARTH_HORIZONS] = {"300", "3600", "21600"};
  json_t *by_horizon = json_object();
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    const hearth_horizon_score *s = &result->horizon[h];
    json_object_set_new(by_horizon, keys[h],
                        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "log_loss",
                                  number(s->log_loss), "brier",
                                  number(s->brier), "calibration_error",
                                  number(s->calibration_error), "precision",
                                  number(s->precision), "recall",
                                  number(s->recall), "f1", number(s->f1)));
  }
  return by_horizon;
}

static json_t *call_times(const hearth_call_times *times) {
  return json_pack("{s:o, s:o, s:o}", "calls_per_s", number(times->calls_per_s),
                   "p50_us", number(times->p50_us), "p99_us",
                   number(times->p99_us));
}

static json_t *policy(const hearth_comparison *comparison, uint32_t s,
                      uint32_t p, int timing) {
  const hearth_cell *cell = hearth_comparison_cell(comparison, s, p);
  const hearth_result *r = &cell->result;
  json_t *object = json_pack(
      "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
      "s:o, s:o}",
      "policy", text(comparison->policies->items[p].name), "cold",
      count(r->cold), "delayed", count(r->delayed), "warm", count(r->warm),
      "cold_wait_s", number(r->cold_wait_s), "wait_s", waits(&r->wait),
      "cold_rate_p75_over_models", number(r->cold_rate_p75_over_models),
      "idle_gb_s", number(r->idle_gb_s), "total_cost_s",
      number(r->total_cost_s), "loads", loads(&r->loads), "gap_closed",
      number(cell->gap_closed), "hit", hits(&r->hit), "by_task", tasks(r),
      "horizons", horizons(r), "availability", number(r->availability),
      "plugin_bytes", count(r->plugin_bytes));
  if (object != NULL && r->accuracy != NULL) {
    json_object_set_new(object, "accuracy", hearth_accuracy_json(r->accuracy));
  }
  if (object != NULL && comparison->policies->items[p].without != NULL) {
    const hearth_change change = hearth_ablation_change(comparison, s, p);
    json_object_set_new(object, "without",
                        text(comparison->policies->items[p].without));
    json_object_set_new(object, "change", hearth_ablation_json(&change));
  }
  if (object != NULL && timing) {
    json_object_set_new(object, "timing",
                        json_pack("{s:o, s:o, s:o, s:o}", "replay_s",
                                  number(r->seconds), "us_per_request",
                                  number(hearth_us_per_request(r)),
                                  "prepare_models", call_times(&r->prepare),
                                  "record_outcome", call_times(&r->record)));
  }
  return object;
}

static json_t *setting(const hearth_comparison *comparison, uint32_t s,
                       int timing) {
  const hearth_setting *from = &comparison->settings[s];
  const hearth_yardstick *y = &comparison->yardsticks[s];
  const hearth_policy *items = comparison->policies->items;
  json_t *policies = json_array();
  int whole = policies != NULL;
  for (uint32_t p = 0; p < comparison->policies->count; p++) {
    if (hearth_comparison_cell(comparison, s, p)->applies &&
        !(items[p].roles & HEARTH_POLICY_HIDDEN)) {
      whole &= json_array_append_new(policies,
                                     policy(comparison, s, p, timing)) == 0;
    }
  }
  if (!whole) {
    json_decref(policies);
    return NULL;
  }
  return json_pack(
      "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "budget_mb",
      number(from->budget_mb < 0 ? NAN : from->budget_mb), "idle_price",
      number(from->idle_price < 0 ? NAN : from->idle_price), "load_lanes",
      from->load_lanes == 0 ? json_null() : count(from->load_lanes), "best",
      number(y->best), "best_policy",
      isnan(y->best) ? json_null() : text(items[y->best_policy].name),
      "clairvoyant", number(y->clairvoyant), "clairvoyant_policy",
      isnan(y->clairvoyant) ? json_null()
                            : text(items[y->clairvoyant_policy].name),
      "policies", policies);
}

hearth_status hearth_present_json(const hearth_comparison *comparison,
                                  int timing, FILE *out) {
  json_t *settings = json_array();
  int whole = settings != NULL;
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    whole &=
        json_array_append_new(settings, setting(comparison, s, timing)) == 0;
  }
  if (!whole) {
    json_decref(settings);
    return HEARTH_NO_MEMORY;
  }
  json_t *object = json_pack(
      "{s:o, s:o, s:o}", "trace", text(comparison->trace_name), "requests",
      count(comparison->trace->count), "settings", settings);
  if (object == NULL) {
    return HEARTH_NO_MEMORY;
  }
  const int bad =
      json_dumpf(object, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
  json_decref(object);
  fputc('\n', out);
  return bad ? HEARTH_NO_MEMORY : HEARTH_OK;
}
