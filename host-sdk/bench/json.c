/* SPDX-License-Identifier: MIT
   A benchmark's result as JSON. */
#include <jansson.h>
#include <math.h>

#include "host-sdk/bench/bench.h"

static json_t *number(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *times(const hearth_bench_times *t) {
  return json_pack("{s:o, s:o, s:o, s:o}", "p50_us", number(t->p50_us),
                   "p99_us", number(t->p99_us), "p999_us", number(t->p999_us),
                   "calls_per_s", number(t->calls_per_s));
}

static json_t *side(const hearth_bench_side *s) {
  return json_pack(
      "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
      "prepare_models", times(&s->prepare), "guess", times(&s->guess), "plan",
      times(&s->plan), "record_outcome", times(&s->outcome),
      "get_model_metadata", times(&s->metadata), "us_per_request",
      number(s->us_per_request), "requests_per_s", number(s->requests_per_s),
      "alone_per_s", number(s->alone_per_s), "times_alone",
      number(s->times_alone),
      "cpu_share", number(s->cpu_share), "memory_mb", number(s->memory_mb),
      "answer_bytes", number(s->answer_bytes));
}

static json_t *life_of(const hearth_bench_life *l) {
  return json_pack(
      "{s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "open_ms",
      number(l->open_ms), "start_ms",
      number(l->start_ms), "first_plan_ms", number(l->first_plan_ms), "users",
      (int)l->users, "state_mb", number(l->state_mb), "save_ms",
      number(l->save_ms), "load_ms", number(l->load_ms), "save_wait_ms",
      number(l->save_wait_ms), "alone_wait_ms", number(l->alone_wait_ms),
      "bytes_a_user", number(l->bytes_a_user),
      "bytes_a_model", number(l->bytes_a_model));
}

hearth_status hearth_bench_json(const hearth_bench_result *result, FILE *out) {
  json_t *cells = json_array();
  for (uint32_t i = 0; i < result->count; i++) {
    const hearth_bench_cell *c = &result->cells[i];
    json_array_append_new(
        cells, json_pack("{s:i, s:i, s:i, s:b, s:o, s:o}", "models",
                         (int)c->shape.models, "users", (int)c->shape.users,
                         "threads", (int)c->threads, "worker", c->worker, "plugin",
                         side(&c->plugin), "floor", side(&c->floor)));
  }
  json_t *root =
      json_pack("{s:o, s:o}", "cells", cells, "life", life_of(&result->life));
  const int failed =
      root == NULL || json_dumpf(root, out, JSON_INDENT(2)) != 0;
  json_decref(root);
  fputc('\n', out);
  return failed ? HEARTH_NO_MEMORY : HEARTH_OK;
}
