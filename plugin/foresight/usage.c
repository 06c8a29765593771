/* SPDX-License-Identifier: MIT
   What get_model_metadata tells of a model's use. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/usage.h"

#include <string.h>

#include "plugin/sdk/math.h"

#define BINS_AN_OCTAVE 4.0
#define LEAST_MS 16.0 /* the first bin's lower edge */

void foresight_usage_request(foresight_usage *usage, int64_t now,
                             uint32_t user, int64_t session_ms) {
  usage->requests++;
  usage->last_used_ms = now;
  if (user != UINT32_MAX) {
    const uint32_t bit = (user * 2654435761u) >> 24;
    usage->users[bit / 64] |= (uint64_t)1 << (bit % 64);
  }
  if (session_ms >= 0) {
    usage->sessions++;
    usage->session_ms += (double)session_ms;
  }
}

void foresight_usage_forget(foresight_usage *usage) {
  usage->requests = usage->sessions = 0;
  usage->session_ms = 0;
  memset(usage->users, 0, sizeof usage->users);
}

void foresight_usage_load(foresight_usage *usage, int64_t load_ms) {
  const double octaves =
      hearth_log((double)(load_ms < 16 ? 16 : load_ms) / LEAST_MS) / 0.693147181;
  const double bin = octaves * BINS_AN_OCTAVE;
  const int k = bin < FORESIGHT_LOAD_BINS - 1 ? (int)bin
                                              : FORESIGHT_LOAD_BINS - 1;
  if (usage->loads[k] == UINT16_MAX) { /* forget half */
    for (int i = 0; i < FORESIGHT_LOAD_BINS; i++) {
      usage->loads[i] /= 2;
    }
  }
  usage->loads[k]++;
  usage->measured += usage->measured < UINT32_MAX;
}

static int64_t quantile(const foresight_usage *usage, uint64_t total,
                        double share) {
  uint64_t below = 0;
  int k = 0;
  while (k < FORESIGHT_LOAD_BINS - 1 &&
         (double)(below + usage->loads[k]) <= share * (double)total) {
    below += usage->loads[k++];
  }
  return (int64_t)(LEAST_MS * hearth_exp2((k + 0.5) / BINS_AN_OCTAVE) + 0.5);
}

hearth_quantiles foresight_usage_loads(const foresight_usage *usage,
                                       int64_t guess) {
  uint64_t total = 0;
  for (int i = 0; i < FORESIGHT_LOAD_BINS; i++) {
    total += usage->loads[i];
  }
  if (total == 0) {
    return (hearth_quantiles){guess, guess};
  }
  return (hearth_quantiles){quantile(usage, total, 0.5),
                            quantile(usage, total, 0.9)};
}

int64_t foresight_usage_users(const foresight_usage *usage) {
  unsigned set = 0;
  for (int i = 0; i < FORESIGHT_USER_BITS / 64; i++) {
    set += (unsigned)__builtin_popcountll(usage->users[i]);
  }
  if (set >= FORESIGHT_USER_BITS) {
    set = FORESIGHT_USER_BITS - 1;
  }
  const double empty = 1.0 - (double)set / FORESIGHT_USER_BITS;
  return (int64_t)(-FORESIGHT_USER_BITS * hearth_log(empty) + 0.5);
}

void foresight_usage_state(hearth_state *s, foresight_usage *usage) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_u64(s, "requests", &usage->requests, 0, (uint64_t)time);
  hearth_state_u64(s, "sessions", &usage->sessions, 0, (uint64_t)time);
  hearth_state_i64(s, "last_used_ms", &usage->last_used_ms, -time, time);
  hearth_state_f64(s, "session_ms", &usage->session_ms, 0,
                   (double)time * (double)usage->sessions);
  hearth_state_u64s(s, "users", usage->users, FORESIGHT_USER_BITS / 64, 0,
                    UINT64_MAX);
  hearth_state_sparse_u16s(s, "loads", usage->loads, FORESIGHT_LOAD_BINS, 0,
                           UINT16_MAX);
  hearth_state_u32(s, "measured", &usage->measured, 0, UINT32_MAX);
}
