/* SPDX-License-Identifier: MIT
   Checks with several threads at once. */
#include <pthread.h>
#include <stdatomic.h>

#include "host-sdk/validate/checks.h"

enum { THREADS = 8 };

/* What a thread does: its own part of the work, with a plugin of its own or
   one that all share. */
typedef struct worker {
  validate_job *job;
  const validate__scene *scene;
  hearth_plugin *plugin;
  hearth_buffer heard;
  uint32_t from;
  int rounds;
  atomic_int *go;
} worker;

static void *work(void *user) {
  worker *w = user;
  while (!atomic_load(w->go)) {
    continue;
  }
  for (int i = 0; i < w->rounds; i++) {
    w->heard.len = 0;
    validate__play(w->job, w->plugin, w->scene, w->from, w->scene->count, NULL,
                   &w->heard);
  }
  return NULL;
}

/* Run all at once. */
static void together(validate_job *job, worker *workers, int count) {
  pthread_t threads[THREADS + 1];
  atomic_int go;
  atomic_init(&go, 0);
  for (int i = 0; i < count; i++) {
    workers[i].go = &go;
    if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0) {
      validate__skip(job, "this system makes no more threads");
    }
  }
  atomic_store(&go, 1);
  for (int i = 0; i < count; i++) {
    pthread_join(threads[i], NULL);
  }
}

/* An instance a thread: each answers as one that is alone. */
static void instances(validate_job *job) {
  validate__scene scene;
  worker workers[THREADS];
  hearth_buffer alone = {0};
  validate__open(job);
  validate__scene_make(job, &scene, 10, validate__times(job, 400, 60),
                       VALIDATE__START_MS);
  hearth_buffer_init(&alone, 0);
  hearth_plugin *single = validate__create(job);
  validate__play(job, single, &scene, 0, scene.count, NULL, &alone);
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (worker){.job = job, .scene = &scene, .rounds = 1};
    workers[i].plugin = validate__create(job);
    hearth_buffer_init(&workers[i].heard, 0);
  }
  validate__doing(job, "%d instances in as many threads", THREADS);
  together(job, workers, THREADS);
  for (int i = 0; i < THREADS; i++) {
    validate__same(job, &alone, &workers[i].heard,
                   "an instance in a thread to answer as one that is alone");
    job->entry->destroy(workers[i].plugin);
  }
}

static void reentrant(validate_job *job) {
  validate__scene scene;
  worker workers[THREADS];
  validate__open(job);
  validate__needs(job, HEARTH_CAP_REENTRANT);
  validate__scene_make(job, &scene, 10, validate__times(job, 200, 40),
                       VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (worker){.job = job,
                          .scene = &scene,
                          .plugin = plugin,
                          .from = 1, /* set_catalog is [control] */
                          .rounds = (int)validate__times(job, 20, 4)};
    hearth_buffer_init(&workers[i].heard, 0);
  }
  validate__doing(job, "one instance in %d threads", THREADS);
  together(job, workers, THREADS);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

typedef struct save_work {
  validate_job *job;
  hearth_plugin *plugin;
  uint32_t times; /* at least, and as long as the calls go on */
  atomic_int over;
} save_work;

static void *save_often(void *user) {
  save_work *s = user;
  for (uint32_t i = 0; i < s->times || !atomic_load(&s->over); i++) {
    hearth_buffer state = {0};
    hearth_buffer_init(&state, 0);
    validate__save(s->job, s->plugin, &state);
    hearth_plugin *other = validate__create(s->job);
    if (validate__load(s->job, other, hearth_buffer_bytes(&state)) !=
        HEARTH_OK) {
      validate__fail(s->job, "expected a state saved beside other calls to "
                             "load, got a refusal");
    }
    s->job->entry->destroy(other);
    hearth_buffer_free(&state);
  }
  return NULL;
}

static void concurrent_save(validate_job *job) {
  validate__scene scene;
  pthread_t thread;
  validate__open(job);
  validate__needs(job, HEARTH_CAP_STATE | HEARTH_CAP_CONCURRENT_SAVE);
  validate__scene_make(job, &scene, 10, validate__times(job, 200, 40),
                       VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  save_work saver = {job, plugin, validate__times(job, 200, 20), 0};
  validate__play(job, plugin, &scene, 0, 1, NULL, NULL);
  validate__doing(job, "save_state beside other calls");
  if (pthread_create(&thread, NULL, save_often, &saver) != 0) {
    validate__skip(job, "this system makes no more threads");
  }
  for (uint32_t i = 0; i < validate__times(job, 20, 4); i++) {
    validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  }
  atomic_store(&saver.over, 1);
  pthread_join(thread, NULL);
  job->entry->destroy(plugin);
}

static const validate_check checks[] = {
    {"thread-instances", "eight instances in eight threads do not meet",
     "docs/abi.md, Threads: two instances have nothing to do with each other",
     instances},
    {"thread-reentrant", "REENTRANT: one instance in eight threads",
     "plugin.h, HEARTH_CAP_REENTRANT", reentrant},
    {"thread-concurrent-save", "CONCURRENT_SAVE: saving beside other calls",
     "plugin.h, HEARTH_CAP_CONCURRENT_SAVE", concurrent_save}};

VALIDATE__THEME(validate__threads, checks);
