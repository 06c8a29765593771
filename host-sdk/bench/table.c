/* SPDX-License-Identifier: MIT
   A benchmark's result as tables. */
#include <math.h>
#include <unistd.h>

#include "host-sdk/bench/bench.h"

static void figure(FILE *out, double value, int width, int decimals) {
  if (isnan(value)) {
    fprintf(out, "%*s", width, "-");
  } else {
    fprintf(out, "%*.*f", width, decimals, value);
  }
}

/* The size of a cell; "w" for a worker. */
static void size(FILE *out, const hearth_bench_cell *c) {
  fprintf(out, "%7u %8u %3u%c", c->shape.models, c->shape.users, c->threads,
          c->worker ? 'w' : ' ');
}

static void row(FILE *out, const hearth_bench_cell *cell, const char *call,
                const hearth_bench_times *plugin,
                const hearth_bench_times *floor) {
  size(out, cell);
  fprintf(out, " %-8s", call);
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
  fputs("\n models    users thr  requests/s  times one  us/request  CPU %"
        "  memory MB  answer B  floor: req/s  times one  us/request\n",
        out);
  for (uint32_t i = 0; i < result->count; i++) {
    const hearth_bench_cell *c = &result->cells[i];
    size(out, c);
    figure(out, c->plugin.requests_per_s, 11, 0);
    figure(out, c->plugin.times_alone, 11, 2);
    figure(out, c->plugin.us_per_request, 12, 2);
    figure(out, 100 * c->plugin.cpu_share, 7, 0);
    figure(out, c->plugin.memory_mb, 11, 1);
    figure(out, c->plugin.answer_bytes, 10, 0);
    figure(out, c->floor.requests_per_s, 14, 0);
    figure(out, c->floor.times_alone, 11, 2);
    figure(out, c->floor.us_per_request, 12, 2);
    fputc('\n', out);
  }
}

/* In the form of the integration guide: what the users of a machine take. */
static void scaling(FILE *out, const hearth_bench_result *result) {
  const double ram = (double)sysconf(_SC_PHYS_PAGES) *
                     (double)sysconf(_SC_PAGESIZE) / 1073741824;
  fprintf(out,
          "\n%ld CPU, %.0f GB RAM\n"
          "   Users | Threads | Predictions/sec | Memory (GB) | CPU %%\n"
          "---------|---------|-----------------|-------------|------\n",
          sysconf(_SC_NPROCESSORS_ONLN), ram);
  for (uint32_t i = 0; i < result->count; i++) {
    const hearth_bench_cell *c = &result->cells[i];
    if (c->shape.models != result->cells[0].shape.models) {
      continue;
    }
    fprintf(out, "%8u |%7u%s |", c->shape.users, c->threads,
            c->worker ? " w" : "  ");
    figure(out, 2 * c->plugin.requests_per_s, 16, 0);
    fputs(" |", out);
    figure(out, c->plugin.memory_mb / 1024, 12, 3);
    fputs(" |", out);
    figure(out, 100 * c->plugin.cpu_share, 4, 0);
    fputs("%\n", out);
  }
  fputs("at full speed, two predictions a request; CPU: of all; w: in a "
        "worker\n",
        out);
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
  scaling(out, result);
  fputc('\n', out);
  once(out, "start: library opened after", life->open_ms, 2, "ms");
  once(out, "  instance created after", life->start_ms, 2, "ms");
  once(out, "  first prediction after, 100 models", life->first_plan_ms, 2,
       "ms");
  once(out, "bytes a user", life->bytes_a_user, 0, "B");
  once(out, "bytes a model", life->bytes_a_model, 0, "B");
  fprintf(out, "with %u users:\n", life->users);
  once(out, "  state", life->state_mb, 1, "MB");
  once(out, "  state saved in", life->save_ms, 1, "ms");
  once(out, "  state loaded in", life->load_ms, 1, "ms");
  once(out, "  longest call while it was saved", life->save_wait_ms, 2, "ms");
  once(out, "  longest call in as much time without a save",
       life->alone_wait_ms, 2, "ms");
}
