/* SPDX-License-Identifier: MIT
   A challenger against the champion, unit by unit. */
#include "host-sdk/experiment/judge.h"

void hearth__judge_init(hearth__judge *judge, double cap, double share,
                        double alpha) {
  const double least = share < 0.5 ? share : 1 - share;
  *judge = (hearth__judge){.cap = cap, .share = share};
  hearth__evidence_init(&judge->paired, 1.1 * cap, alpha);
  hearth__evidence_init(&judge->split, least > 0 ? cap / least : cap, alpha);
}

static double held(double x, double most) {
  return x > most ? most : x < -most ? -most : x;
}

void hearth__judge_pair(hearth__judge *judge, double champion,
                        double challenger) {
  const hearth__evidence *e = &judge->paired;
  champion = held(champion, judge->cap);
  challenger = held(challenger, judge->cap);
  const double mean = e->count > 0 ? e->sum * e->scale / (double)e->count : 0;
  hearth__evidence_add(&judge->paired, champion - challenger,
                       held(mean, judge->cap / 10));
  judge->champion_sum += champion;
  judge->challenger_sum += challenger;
}

void hearth__judge_one(hearth__judge *judge, int is_challenger, double cost) {
  if (!(judge->share > 0 && judge->share < 1)) {
    return;
  }
  const uint64_t n = judge->split.count;
  const double mean = n > 0 ? judge->split_sum / (double)n : 0;
  cost = held(cost, judge->cap);
  const double off = n > 0 ? cost - mean : 0; /* the first only sets the mean */
  hearth__evidence_add(
      &judge->split,
      is_challenger ? -off / judge->share : off / (1 - judge->share), 0);
  judge->split_sum += cost;
}

void hearth__judge_estimate(const hearth__evidence *evidence,
                            hearth_experiment_estimate *out) {
  out->units = evidence->count;
  out->verdict = hearth__evidence_sign(evidence);
  hearth__evidence_interval(evidence, &out->saved_s, &out->low_s, &out->high_s);
}
