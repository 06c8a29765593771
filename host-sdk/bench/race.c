/* SPDX-License-Identifier: MIT
   What several threads do together, beside what each does alone: in turns,
   since the same machine is faster in one second than in another. */
#include "host-sdk/bench/crew.h"

enum {
  ROUNDS = 15,
  LEAST = 64 /* requests of a thread whenever it works */
};

/* What the rounds showed of one side.  Rates are requests a second. */
typedef struct tally {
  double together[ROUNDS], alone[ROUNDS], times[ROUNDS];
  double cpu_s, wall_s; /* together */
} tally;

static int64_t latest_ms(const hearth__crew *crew) {
  int64_t latest = 0;
  for (uint32_t i = 0; i < crew->count; i++) {
    const int64_t now_ms = crew->runners[i].lane->scene.now_ms;
    latest = now_ms > latest ? now_ms : latest;
  }
  return latest;
}

/* Before time is taken: with one thread it is in nobody's time either. */
static void make_ahead(hearth__runner *r, int64_t now_ms) {
  r->lane->scene.now_ms = now_ms;
  for (uint32_t i = 0; i < r->crew->requests; i++) {
    hearth_scene_next(&r->lane->scene, HEARTH_BENCH_NONE, &r->ahead[i]);
  }
}

/* One after another.  The rate is that of as many requests of each over the
   time of all: their harmonic mean. */
static hearth_status run_alone(hearth__crew *crew, tally *of, int round) {
  hearth_status status = HEARTH_OK;
  double inverse[HEARTH__SIDES] = {0};
  for (uint32_t i = 0; status == HEARTH_OK && i < crew->count; i++) {
    make_ahead(&crew->runners[i], latest_ms(crew));
    for (int side = 0; status == HEARTH_OK && side < HEARTH__SIDES; side++) {
      status = hearth__crew_work(crew, i, 1, side);
      inverse[side] += 1 / crew->runners[i].rate;
    }
  }
  for (int side = 0; side < HEARTH__SIDES; side++) {
    of[side].alone[round] = crew->count / inverse[side];
  }
  return status;
}

/* All go on from the same instant, as threads of one host do. */
static hearth_status run_together(hearth__crew *crew, tally *of, int round) {
  hearth_status status = HEARTH_OK;
  const int64_t now_ms = latest_ms(crew);
  for (uint32_t i = 0; i < crew->count; i++) {
    make_ahead(&crew->runners[i], now_ms);
  }
  for (int side = 0; status == HEARTH_OK && side < HEARTH__SIDES; side++) {
    hearth_instance *instance = crew->runners[0].lane->rig[side].instance;
    const double cpu_s = hearth__bench_cpu_s(instance);
    const uint64_t began = hearth_monotonic_ns();
    status = hearth__crew_work(crew, 0, crew->count, side);
    of[side].wall_s += (double)(hearth_monotonic_ns() - began) * 1e-9;
    of[side].cpu_s += hearth__bench_cpu_s(instance) - cpu_s;
    of[side].together[round] = 0;
    for (uint32_t i = 0; i < crew->count; i++) {
      of[side].together[round] += crew->runners[i].rate;
    }
    of[side].times[round] = of[side].together[round] / of[side].alone[round];
  }
  return status;
}

hearth_status
hearth__bench_race(hearth__bench_stage *stage, uint32_t requests,
                   hearth_bench_side *const sides[HEARTH__SIDES]) {
  tally of[HEARTH__SIDES] = {0};
  hearth__crew crew;
  const uint32_t each = (requests + ROUNDS - 1) / ROUNDS;
  hearth_status status =
      hearth__crew_init(&crew, stage, each > LEAST ? each : LEAST);
  for (int round = 0; status == HEARTH_OK && round < ROUNDS; round++) {
    status = run_alone(&crew, of, round);
    if (status == HEARTH_OK) {
      status = run_together(&crew, of, round);
    }
  }
  for (int i = 0; status == HEARTH_OK && i < HEARTH__SIDES; i++) {
    sides[i]->requests_per_s = hearth__bench_median(of[i].together, ROUNDS);
    sides[i]->alone_per_s = hearth__bench_median(of[i].alone, ROUNDS);
    sides[i]->times_alone = hearth__bench_median(of[i].times, ROUNDS);
    sides[i]->cpu_share = hearth__bench_cpu_share(of[i].cpu_s, of[i].wall_s);
  }
  hearth__crew_free(&crew);
  return status;
}
