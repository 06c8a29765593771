/* SPDX-License-Identifier: MIT
   Made-up traffic of any size for a benchmark: who asks for what, and when. */
#ifndef HEARTH_BENCH_SCENE_H
#define HEARTH_BENCH_SCENE_H

#include "host-sdk/replay/input/random.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/wire/messages.h"

/* How large it is.  Users and models are skewed as in real logs: the r-th is
   asked for about 1/r as often as the first, and three requests in five are for
   a habit of the user. */
typedef struct hearth_shape {
  uint32_t models, users; /* each at least 1 */
  double idle_price;      /* GB*s a second of wait; -1: a budget of a fifth */
  uint64_t seed;
} hearth_shape;

enum { HEARTH_BENCH_NAME = 24 };

/* One request, and what a pool that keeps the last used did for it. */
typedef struct hearth_bench_request {
  int64_t at_ms, input_length, duration_ms, load_ms;
  uint32_t model, evicted; /* evicted: HEARTH_BENCH_NONE for none */
  int cold;
  const char *task;
  char id[HEARTH_BENCH_NAME], user[HEARTH_BENCH_NAME];
} hearth_bench_request;

#define HEARTH_BENCH_NONE UINT32_MAX

typedef struct hearth_scene {
  hearth_shape shape;
  hearth__random random;
  int64_t now_ms;
  uint64_t requests;
  uint32_t stream, capacity, resident; /* models in memory */
  char (*names)[HEARTH_BENCH_NAME];    /* of the models; owned */
  uint32_t *newer, *older;             /* a ring by use; [models] its anchor */
  uint8_t *warm;
} hearth_scene;

/* `stream`: independent traffic over the same models and users, with request
   ids of its own.  Free it also after HEARTH_NO_MEMORY. */
hearth_status hearth_scene_init(hearth_scene *scene, const hearth_shape *shape,
                                uint32_t stream);
void hearth_scene_free(hearth_scene *scene);

/* The next request.  `user` chooses who asks; HEARTH_BENCH_NONE: by the skew. */
void hearth_scene_next(hearth_scene *scene, uint32_t user,
                       hearth_bench_request *request);

double hearth_scene_memory_mb(uint32_t model);
int64_t hearth_scene_load_ms(uint32_t model);

/* The messages of a request.  Their strings live as long as both. */
void hearth_scene_context(const hearth_scene *scene,
                          const hearth_bench_request *request, int32_t reason,
                          hearth_context *context);
void hearth_scene_outcome(const hearth_scene *scene,
                          const hearth_bench_request *request, int32_t phase,
                          hearth_outcome *outcome);
/* The catalog, a list of hearth_catalog_model that the caller frees. */
hearth_status hearth_scene_catalog(const hearth_scene *scene,
                                   hearth_catalog *catalog);

#endif
