/* SPDX-License-Identifier: MIT
   A small workload and arms for the tests of experiments. */
#ifndef HEARTH_TESTS_EXPERIMENT_STAND_H
#define HEARTH_TESTS_EXPERIMENT_STAND_H

#include "hearth/experiment.h"
#include "host-sdk/replay/input/workload.h"

typedef struct stand {
  hearth_trace trace;
  hearth_models models;
  hearth_model *names; /* the same, for an experiment */
  hearth_library *libraries[HEARTH_EXPERIMENT_ARMS];
  hearth_experiment_arm arms[HEARTH_EXPERIMENT_ARMS];
  hearth_experiment_options options; /* no thread, a fifth of all memory */
} stand;

void stand_begin(stand *s, uint32_t users, uint32_t days, uint64_t seed);
/* Add an arm: a reference or Foresight by its stem ("lru"), or a plugin of
   tests/plugins where it begins with "tests/". */
void stand_arm(stand *s, const char *name, const char *plugin, double share);
/* An experiment with what is there; NULL after a failed assertion. */
hearth_experiment *stand_create(stand *s);
/* All requests, then the end. */
void stand_play(stand *s, hearth_experiment *x);
void stand_end(stand *s);

#endif
