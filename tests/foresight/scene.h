/* SPDX-License-Identifier: MIT
   A stream of requests made in a test, and what a plugin makes of it. */
#ifndef HEARTH_TESTS_SCENE_H
#define HEARTH_TESTS_SCENE_H

#include "host-sdk/replay/input/random.h"
#include "host-sdk/replay/replay.h"

extern const hearth_plugin_entry foresight_entry, lru_entry;

/* Requests for models 0, 1, ... of 1024 MB and 10 s each, in the order of
   time.  Each takes a second. */
typedef struct scene {
  hearth_trace trace;
  hearth_models models;
  hearth_uses uses;
  hearth_config config;
  hearth__random random; /* seeded; for the test's own use */
} scene;

void scene_begin(scene *scene, uint32_t models);
void scene_end(scene *scene);

/* A request of a user (-1: nobody) in a project (-1: none). */
void scene_add(scene *scene, int64_t at_ms, uint32_t model, int user,
               int project);

/* What is counted while Foresight is replayed: requests within [from, until),
   of one model (or of any). */
typedef struct scene_window {
  int64_t from_ms, until_ms;
  uint32_t model; /* HEARTH_NO_NAME: any */
  uint32_t requests, hits, cold;
  uint32_t lines; /* of the longest answer */
  uint32_t wrong; /* probabilities out of [0, 1] */
} scene_window;

/* Run the scene under a memory budget of `share` of all models.  `window` is
   counted for Foresight only, and may be NULL. */
hearth_result scene_run(scene *scene, const hearth_plugin_entry *entry,
                        double share, scene_window *window);

/* Their cold waits in seconds, side by side. */
typedef struct scene_waits {
  double foresight, lru;
} scene_waits;
scene_waits scene_compare(scene *scene, double share, scene_window *window);

/* The share of the window's requests whose model was first in the plan. */
double scene_hit(scene *scene, double share, int64_t from_ms, int64_t until_ms);

#endif
