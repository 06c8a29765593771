/* SPDX-License-Identifier: MIT
   A benchmark's result as tables. */
#include <math.h>

#include "host-sdk/bench/bench.h"

static void figure(FILE *out, double value, int width, int decimals) {
  if (isnan(value)) {
    fprintf(out, "%*s", width, "-");
  } else {
    fprintf(out, "%*.*f", width, decimals, value);
  }
}

static void row(FILE *out, const hearth_bench_cell *cell, const char *call,
                const hearth_bench_times *plugin,
                const hearth_bench_times *floor) {
  fprintf(out, "%7u %8u %3u  %-8s", cell->shape.models, cell->shape.users,
          cell->threads, call);
  figure(out, plugin->p50_us, 9, 2);
  figure(out, plugin->p99_us, 9, 2);
  figure(out, plugin->p999_us, 9, 2);
  figure(out, plugin->calls_per_s, 10, 0);
  figure(out, floor->p50_us, 9, 2);
  figure(out, plugin->p50_us / floor->p50_us, 8, 2);
  fputc('\n', out);
}

static void calls(FILE *out, const hearth_bench_result *result) {
  fputs(" models    users thr  call        p50 us   p99 us p99.9 us   calls/s"
        " floor us   times\n",
        out);
  for (uint32_t i = 0; i < result->count; i++) {
    const hearth_bench_cell *c = &result->cells[i];
    row(out, c, "prepare", &c->plugin.prepare, &c->floor.prepare);
    row(out, c, "  guess", &c->plugin.guess, &c->floor.guess);
    row(out, c, "  plan", &c->plugin.plan, &c->floor.plan);
    row(out, c, "outcome", &c->plugin.outcome, &c->floor.outcome);
    row(out, c, "metadata", &c->plugin.metadata, &c->floor.metadata);
  }
}

static void resources(FILE *out, const hearth_bench_result *result) {
  fputs("\n models    users thr  requests/s  us/request  CPU %  memory MB"
        "  answer B  floor: req/s  us/request\n",
        out);
  for (uint32_t i = 0; i < result->count; i++) {
    const hearth_bench_cell *c = &result->cells[i];
    fprintf(out, "%7u %8u %3u", c->shape.models, c->shape.users, c->threads);
    figure(out, c->plugin.requests_per_s, 12, 0);
    figure(out, c->plugin.us_per_request, 12, 2);
    figure(out, 100 * c->plugin.cpu_share, 7, 0);
    figure(out, c->plugin.memory_mb, 11, 1);
    figure(out, c->plugin.answer_bytes, 10, 0);
    figure(out, c->floor.requests_per_s, 14, 0);
    figure(out, c->floor.us_per_request, 12, 2);
    fputc('\n', out);
  }
}

static void once(FILE *out, const char *what, double value, int decimals,
                 const char *unit) {
  fprintf(out, "%-52s", what);
  figure(out, value, 10, decimals);
  fprintf(out, " %s\n", unit);
}

void hearth_bench_table(const hearth_bench_result *result, FILE *out) {
  const hearth_bench_life *life = &result->life;
  calls(out, result);
  resources(out, result);
  fputc('\n', out);
  once(out, "start: library opened, instance created", life->start_ms, 2, "ms");
  once(out, "create to first answer, 100 models", life->first_plan_ms, 2, "ms");
  once(out, "bytes a user", life->bytes_a_user, 0, "B");
  once(out, "bytes a model", life->bytes_a_model, 0, "B");
  fprintf(out, "with %u users:\n", life->users);
  once(out, "  state", life->state_mb, 1, "MB");
  once(out, "  state saved in", life->save_ms, 1, "ms");
  once(out, "  state loaded in", life->load_ms, 1, "ms");
  once(out, "  longest call while it was saved", life->save_wait_ms, 2, "ms");
}
