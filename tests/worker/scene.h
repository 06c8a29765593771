/* SPDX-License-Identifier: MIT
   A plugin in a worker and the same in process, and messages for both. */
#ifndef HEARTH_TESTS_WORKER_SCENE_H
#define HEARTH_TESTS_WORKER_SCENE_H

#include "hearth/predictor.h"
#include "hearth/worker.h"

enum { SCENE_MODELS = 100 };

/* Messages of a busy day, by number: the same number, the same bytes. */
void scene_config(hearth_output *out);
void scene_catalog(hearth_output *out, uint32_t models);
void scene_context(uint32_t number, hearth_output *out);
void scene_outcome(uint32_t number, hearth_output *out);
void scene_query(uint32_t number, hearth_output *out);
hearth_bytes scene_bytes(const hearth_output *output);

/* Options that suit a test: nothing takes longer than it must. */
hearth_worker_options scene_options(void);

/* The worker library of a file of the build tree; NULL where it fails, and it
   prints why.  `options` may be NULL: scene_options. */
hearth_library *scene_worker(const char *path,
                             const hearth_worker_options *options);
/* A plugin of tests/plugins; the path is valid until the next call. */
const char *scene_misbehaving(const char *name);

/* An instance of a library, which is closed, or NULL likewise. */
hearth_instance *scene_instance(hearth_library *library);

/* An instance in a worker with the busy day's configuration. */
hearth_instance *scene_worker_instance(const char *path,
                                       const hearth_worker_options *options);

/* Wait (a minute at most) until the worker is in that state; 1 if it is. */
int scene_await(hearth_instance *instance, int32_t state);
/* Until it has been started so often and is ready. */
int scene_await_starts(hearth_instance *instance, uint64_t starts);

/* A short sleep. */
void scene_pause(uint32_t ms);

#endif
