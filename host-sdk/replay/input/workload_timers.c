/* SPDX-License-Identifier: MIT
   What machines ask for: nightly, hourly, weekly. */
#include "host-sdk/replay/input/workload_private.h"
#include "plugin/sdk/wire/messages.h"

/* The users behind the developers. */
enum { NIGHTLY, CI, SCHEDULE, SCAN };

/* A model for a task, the first on the list but for the most common ones, so
   that timers have their own. */
static uint16_t steady(const hearth__workload *w, hearth__task task,
                       uint32_t skip) {
  uint32_t found = w->options.models;
  for (uint32_t i = 0; i < w->options.models; i++) {
    if (hearth__workload_serves(w, i, task, 0) && w->models[i].language < 0) {
      found = i;
      if (!skip--) {
        break;
      }
    }
  }
  return (uint16_t)found;
}

/* `n` requests from `at` on, one after another. */
static void batch(hearth__workload *w, hearth__random *random,
                  hearth__event event, uint32_t n, double gap_ms) {
  for (uint32_t i = 0; i < n; i++) {
    event.seq = w->count;
    hearth__workload_emit(w, random, event, 1);
    event.ts_ms += (int64_t)hearth__random_lognormal(random, gap_ms, 0.3);
  }
}

/* At 02:00 every project is indexed anew, one after another; on working days
   at 06:30 the large ones are analysed. */
static void nightly(hearth__workload *w, hearth__random *random, uint32_t day,
                    hearth__event event) {
  int64_t midnight = HEARTH__WORKLOAD_START + (int64_t)day * HEARTH__DAY;
  event.session = day + 1;
  event.priority = HEARTH_PRIORITY_LOW;
  event.complexity = HEARTH_COMPLEXITY_MEDIUM;
  for (uint32_t p = 0; p < w->projects; p++) {
    event.project = (uint16_t)p;
    event.user = w->options.users + NIGHTLY;
    event.task = HEARTH__EMBEDDING;
    event.model = steady(w, HEARTH__EMBEDDING, 1);
    event.ts_ms = midnight + 2 * HEARTH__HOUR + p % 24 * (4 * HEARTH__MINUTE) +
                  hearth__random_below(random, 20000);
    batch(w, random, event, 4 + hearth__random_below(random, 6), 3000);
    if (day % 7 < 5 && p < 4) {
      event.user = w->options.users + SCHEDULE;
      event.task = HEARTH__ANALYSIS;
      event.model = steady(w, HEARTH__ANALYSIS, 3);
      event.ts_ms = midnight + 6 * HEARTH__HOUR + 30 * HEARTH__MINUTE +
                    p * 3 * HEARTH__MINUTE + hearth__random_below(random, 5000);
      batch(w, random, event, 2 + hearth__random_below(random, 3), 20000);
    }
  }
}

/* In working hours the build asks for reviews, every half hour if there was
   a change; on Sundays at 04:00 a scan goes over everything. */
static void daily(hearth__workload *w, hearth__random *random, uint32_t day,
                  hearth__event event) {
  int64_t midnight = HEARTH__WORKLOAD_START + (int64_t)day * HEARTH__DAY;
  event.session = day + 1;
  event.complexity = HEARTH_COMPLEXITY_COMPLEX;
  event.priority = HEARTH_PRIORITY_LOW;
  if (day % 7 == 6) {
    event.user = w->options.users + SCAN;
    event.task = HEARTH__ANALYSIS;
    event.model = hearth__workload_choose(w, random, HEARTH__ANALYSIS, 0, 1);
    event.ts_ms = midnight + 4 * HEARTH__HOUR;
    batch(w, random, event, 20 + hearth__random_below(random, 10), 45000);
  }
  event.user = w->options.users + CI;
  event.task = HEARTH__REVIEW;
  event.model = steady(w, HEARTH__REVIEW, 3);
  event.priority = HEARTH_PRIORITY_MEDIUM;
  for (int half = 17; half < 38 && day % 7 < 5; half++) {
    event.ts_ms = midnight + half * 30 * HEARTH__MINUTE +
                  hearth__random_below(random, 15000);
    event.project = (uint16_t)hearth__random_below(random, w->projects);
    if (hearth__random_chance(random, 0.55)) {
      batch(w, random, event, 1 + hearth__random_below(random, 4), 15000);
    }
  }
}

void hearth__workload_timers(hearth__workload *w) {
  hearth__random random;
  hearth__event event = {0};
  hearth__random_init(&random, w->options.seed, UINT64_C(2) << 40);
  for (uint32_t day = 0; day < w->options.days; day++) {
    nightly(w, &random, day, event);
    daily(w, &random, day, event);
  }
}
