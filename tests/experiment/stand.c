/* SPDX-License-Identifier: MIT
   A small workload and arms for the tests of experiments. */
#include "tests/experiment/stand.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/experiment/offline/feed.h"
#include "tests/unit.h"

/* A fifth of all memory, as `hearth replay` has it. */
static double budget_of(const hearth_models *models) {
  const double fifth = floor(0.2 * hearth_models_total_mb(models));
  const double largest = hearth_models_largest_mb(models);
  return fifth > largest ? fifth : largest;
}

void stand_begin(stand *s, uint32_t users, uint32_t days, uint64_t seed) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_workload_options options;
  memset(s, 0, sizeof *s);
  hearth_workload_options_init(&options);
  options.users = users;
  options.days = days;
  options.seed = seed;
  CU_ASSERT_EQUAL_FATAL(
      hearth_workload_make(&options, &memory, &s->trace, &s->models),
      HEARTH_OK);
  s->names = hearth__feed_models(&s->models);
  CU_ASSERT_PTR_NOT_NULL_FATAL(s->names);
  hearth_experiment_options_init(&s->options);
  s->options.name = "test";
  s->options.models = s->names;
  s->options.model_count = s->models.count;
  s->options.budget_mb = budget_of(&s->models);
  s->options.load_lanes = 2;
  s->options.arms = s->arms;
  s->options.own_thread = 0;
}

void stand_arm(stand *s, const char *name, const char *plugin, double share) {
  const uint32_t a = s->options.arm_count++;
  char path[200], err[512] = "";
  if (strncmp(plugin, "tests/", 6) == 0) {
    snprintf(path, sizeof path, "tests/plugins/.libs/%s.so", plugin + 6);
  } else {
    snprintf(path, sizeof path, "plugin/%s/.libs/hearth-%s.so",
             strcmp(plugin, "foresight") == 0 ? "foresight" : "reference",
             plugin);
  }
  if (hearth_library_open(unit_build(path), NULL, &s->libraries[a], err,
                          sizeof err) != HEARTH_OK) {
    printf("# %s\n", err);
    CU_FAIL_FATAL("no plugin");
  }
  s->arms[a] = (hearth_experiment_arm){
      .name = name, .library = s->libraries[a], .share = share};
}

hearth_experiment *stand_create(stand *s) {
  hearth_experiment *x = NULL;
  char err[512] = "";
  CU_ASSERT_EQUAL(hearth_experiment_create(&s->options, &x, err, sizeof err),
                  HEARTH_OK);
  if (x == NULL) {
    printf("# %s\n", err);
  }
  return x;
}

void stand_play(stand *s, hearth_experiment *x) {
  CU_ASSERT_EQUAL(hearth__feed(x, &s->trace, &s->models, NULL, NULL),
                  HEARTH_OK);
  hearth_experiment_flush(x, 1);
}

void stand_end(stand *s) {
  for (uint32_t a = 0; a < s->options.arm_count; a++) {
    hearth_library_close(s->libraries[a]);
  }
  free(s->names);
  hearth_models_free(&s->models);
  hearth_trace_free(&s->trace);
}
