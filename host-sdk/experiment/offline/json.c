/* SPDX-License-Identifier: MIT
   An experiment's result for machines. */
#include <jansson.h>
#include <math.h>

#include "host-sdk/experiment/offline/offline.h"

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *whole(uint64_t value) {
  return json_integer((json_int_t)value);
}

static json_t *arm(const hearth_experiment_report *r, uint32_t a, int timing) {
  const hearth_experiment_figures *f = &r->arms[a];
  return json_pack(
      "{s:s, s:o, s:b, s:b, s:b, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
      "s:{s:o, s:o, s:o, s:o}, s:o, s:o, s:o, s:o, s:o}",
      "name", f->name, "share", number(f->share), "champion", a == r->champion,
      "shadow", f->shadow, "stopped", f->stopped, "why", f->why, "requests",
      whole(f->requests), "cold", whole(f->cold), "delayed", whole(f->delayed),
      "warm", whole(f->warm), "cold_wait_s", number(f->wait_s), "idle_gb_s",
      number(f->idle_gb_s), "cost_s", number(f->cost_s), "hit1",
      number(f->hit1), "loads", "demand", whole(f->loads_demanded), "prewarm",
      whole(f->loads_ahead), "prewarm_used", whole(f->ahead_used), "cancelled",
      whole(f->loads_cancelled), "calls", whole(f->calls), "errors",
      whole(f->errors), "units", whole(f->units), "p50_us",
      number(timing ? f->p50_us : NAN), "p99_us",
      number(timing ? f->p99_us : NAN));
}

static json_t *estimate(const hearth_experiment_estimate *e) {
  return json_pack("{s:o, s:o, s:o, s:o, s:i}", "units", whole(e->units),
                   "saved_s", number(e->saved_s), "low_s", number(e->low_s),
                   "high_s", number(e->high_s), "verdict", (int)e->verdict);
}

static json_t *comparisons(const hearth_experiment_report *r) {
  json_t *list = json_array();
  for (uint32_t a = 0; list != NULL && a < r->arm_count; a++) {
    const hearth_experiment_comparison *c = &r->comparisons[a];
    if (a != r->champion) {
      json_array_append_new(
          list,
          json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "challenger",
                    r->arms[a].name, "champion", r->arms[r->champion].name,
                    "paired", estimate(&c->paired), "split",
                    estimate(&c->split), "champion_s", number(c->champion_s),
                    "challenger_s", number(c->challenger_s)));
    }
  }
  return list;
}

static json_t *events(const hearth__offline *run) {
  static const char *const kinds[] = {"better",    "worse",
                                      "guardrail", "stopped",
                                      "promoted",  "promotion_failed"};
  hearth_experiment_event event;
  json_t *list = json_array();
  for (uint32_t i = 0;
       list != NULL &&
       hearth_experiment_get_event(run->experiment, i, &event) == HEARTH_OK;
       i++) {
    json_array_append_new(
        list,
        json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "event", kinds[event.kind],
                  "arm", run->report.arms[event.arm].name, "at_ms",
                  json_integer(event.at_ms), "requests", whole(event.requests),
                  "units", whole(event.units), "text", event.text));
  }
  return list;
}

static json_t *whole_run(const hearth__offline *run, int timing) {
  static const char *const units[] = {"user", "session", "request"};
  const hearth_experiment_report *r = &run->report;
  const hearth__experiment_file *f = run->file;
  json_t *arms = json_array();
  for (uint32_t a = 0; arms != NULL && a < r->arm_count; a++) {
    json_array_append_new(arms, arm(r, a, timing));
  }
  return json_pack(
      "{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
      "experiment", f->name, "budget_mb",
      number(run->budget_mb > 0 ? run->budget_mb : NAN), "idle_price",
      number(f->idle_price > 0 ? f->idle_price : NAN), "load_lanes",
      whole(run->load_lanes), "unit", units[f->unit], "design",
      f->design == HEARTH_DESIGN_SPLIT ? "split" : "paired", "alpha",
      number(f->alpha), "cap_s", number(r->cap_s), "requests",
      whole(r->requests), "units", whole(r->units), "units_capped",
      whole(r->capped), "arms", arms, "comparisons", comparisons(r), "events",
      events(run));
}

hearth_status hearth__offline_json(const hearth__offline *run, int timing,
                                   FILE *out) {
  json_t *all = whole_run(run, timing);
  const int bad =
      all == NULL ||
      json_dumpf(all, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) != 0;
  json_decref(all);
  fputc('\n', out);
  return bad ? HEARTH_NO_MEMORY : HEARTH_OK;
}
