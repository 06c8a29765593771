/* SPDX-License-Identifier: MIT
   The weights of the head `next`, with their names. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/next/next_mixer.h"

static const char *const feature_name[NEXT_F_COUNT] = {
    "popular", "trend1", "trend2", "trend3", "rhythm",
#define X(name, alpha, group) "context_" #name,
    NEXT_USER_CONTEXTS(X) NEXT_WORLD_CONTEXTS(X)
#undef X
        "since",
    "kernel",  "together", "new", "last", "run"};

static const char *const family_name[NEXT_SETS] = {
    "gap",    "task", "last",   "agreement",
    "length", "one",  "before", "user"};

void next_mixer_weights(const next_mixer *mixer, foresight_dump *d) {
  const uint32_t one = NEXT_SETS_GAP + NEXT_SETS_TASK + NEXT_SETS_LAST +
                       NEXT_SETS_AGREE + NEXT_SETS_LENGTH;
  float mean[NEXT_SETS] = {0};
  for (uint32_t x = 0; x < NEXT_EXPERIENCES; ++x)
    for (uint32_t s = 0; s < NEXT_SETS; ++s)
      mean[s] += mixer->final[x][s] / (float)NEXT_EXPERIENCES;
  foresight_dump_map(d, 2);
  foresight_dump_name(d, "features");
  foresight_dump_numbers(d, feature_name, mixer->set[one].w, NEXT_F_COUNT, 1);
  foresight_dump_name(d, "sets");
  foresight_dump_numbers(d, family_name, mean, NEXT_SETS, 1);
}
