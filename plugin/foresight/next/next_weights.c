/* SPDX-License-Identifier: MIT
   The weights of the head `next`, with their names. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/next/next_mixer.h"

static const foresight_dump_key feature_name[NEXT_F_COUNT] = {
    "popular",
    "trend1",
    "trend2",
    "rhythm",
    "together",
#define X(name, alpha, group) "context_" #name,
    NEXT_USER_CONTEXTS(X) NEXT_WORLD_CONTEXTS(X)
#undef X
        "since",
    "kernel",
    "new",
    "last",
    "run"};

static const foresight_dump_key family_name[NEXT_SETS] = {
    "gap", "task", "last", "one", "before", "user"};

/* Adds the mean weights of `count` sets, and gives the mean size of one. */
static float add_family(const next_weights *set, uint32_t count,
                        float mean[NEXT_F_COUNT]) {
  const float part = 1.0f / (float)count;
  float size = 0.0f;
  for (uint32_t s = 0; s < count; ++s)
    for (uint32_t j = 0; j < NEXT_F_COUNT; ++j) {
      const float w = set[s].w[j];
      mean[j] += part * w;
      size += part * (w < 0.0f ? -w : w) / (float)NEXT_F_COUNT;
    }
  return size;
}

void next_mixer_weights(const next_mixer *mixer, foresight_dump *d) {
  float mean[NEXT_F_COUNT] = {0}, size[NEXT_SETS];
  uint32_t first = 0;
  for (uint32_t s = 0; s < NEXT_SETS; ++s) {
    size[s] = add_family(&mixer->set[first], next_mixer_sets(s), mean);
    first += next_mixer_sets(s);
  }
  foresight_dump_map(d, 2);
  foresight_dump_name(d, "features");
  foresight_dump_numbers(d, feature_name, mean, NEXT_F_COUNT);
  foresight_dump_name(d, "sets");
  foresight_dump_numbers(d, family_name, size, NEXT_SETS);
}
