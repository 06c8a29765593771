/* SPDX-License-Identifier: MIT
   Checks of an instance's life: made, used, freed, a thousand times. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/ambient.h"
#include "host-sdk/validate/checks.h"

static void create_as(validate_job *job, hearth_bytes config,
                      const char *what) {
  hearth_plugin *plugin = NULL;
  char err[300] = "";
  const hearth_call call = {.size = sizeof call,
                            .err = err,
                            .err_cap = sizeof err};
  validate__open(job);
  validate__doing(job, "create with %s", what);
  if (job->entry->create == NULL || job->entry->destroy == NULL) {
    validate__skip(job, "it lacks a function: see library-functions");
  }
  const hearth_status status =
      job->entry->create(job->entry, job->host, &call, config, &plugin);
  err[sizeof err - 1] = '\0';
  if (status != HEARTH_OK) {
    validate__fail(job, "expected HEARTH_OK for %s, got %s: %s", what,
                   validate__status(status), err);
  }
  if (plugin == NULL) {
    validate__fail(job, "expected an instance with HEARTH_OK, got NULL");
  }
  job->entry->destroy(plugin);
}

static void create_empty(validate_job *job) {
  create_as(job, (hearth_bytes){NULL, 0}, "an empty configuration");
}

static void create_config(validate_job *job) {
  hearth_buffer config = {0};
  hearth_buffer_init(&config, 0);
  validate__config(job, 6, &config);
  create_as(job, hearth_buffer_bytes(&config), "every setting and a catalog");
}

static void destroy_null(validate_job *job) {
  validate__open(job);
  validate__doing(job, "destroy(NULL)");
  if (job->entry->destroy == NULL) {
    validate__skip(job, "it lacks a function: see library-functions");
  }
  job->entry->destroy(NULL);
}

/* One short life. */
static void live(validate_job *job, const validate__scene *scene) {
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, scene, 0, scene->count, NULL, NULL);
  job->entry->destroy(plugin);
}

static uint64_t heap(void) {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/* The slack is for the allocator's own caches; a block lost in each of a
   thousand lives is more. */
static void thousand(validate_job *job) {
  enum { WARM_UP = 50, SLACK = 16384 };
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 3, VALIDATE__START_MS);
  const uint32_t times = validate__times(job, 1000, 120);
  uint64_t before = 0;
  for (uint32_t i = 0; i < times; i++) {
    validate__doing(job, "life %u of %u", i + 1, times);
    live(job, &scene);
    before = i == WARM_UP ? heap() : before;
  }
  const uint64_t after = heap();
  if (after > before + SLACK) {
    validate__fail(job,
                   "expected memory not to grow over %u instances, got %llu "
                   "bytes more",
                   times - WARM_UP, (unsigned long long)(after - before));
  }
}

static void memory_freed(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 6, 30, VALIDATE__START_MS);
  live(job, &scene);
  if (hearth_host_allocations(job->host) == 0) {
    validate__skip(job, "it does not use hearth.memory/1");
  }
  const uint64_t used = hearth_host_memory_used(job->host);
  if (used != 0) {
    validate__fail(job, "expected every block to be freed by destroy, got %llu "
                        "bytes kept",
                   (unsigned long long)used);
  }
}

static void threads_left(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 8, VALIDATE__START_MS);
  const uint32_t before = validate__threads_now(0);
  hearth_plugin *plugin = validate__create(job);
  for (uint32_t i = 0; i < scene.count; i++) {
    validate__play(job, plugin, &scene, i, i + 1, NULL, NULL);
    const uint32_t now = validate__threads_now(before);
    if (now > before) {
      validate__fail(job, "expected no thread to outlive %s, got %u",
                     validate__function(scene.steps[i].kind), now - before);
    }
  }
  job->entry->destroy(plugin);
  if (validate__threads_now(before) > before) {
    validate__fail(job, "expected no thread to outlive destroy, got one");
  }
}

/* The process is as it was after a whole life. */
static void aspect_kept(validate_job *job, validate__aspect aspect) {
  validate__ambient before, after;
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 6, 20, VALIDATE__START_MS);
  validate__ambient_take(&before);
  live(job, &scene);
  validate__ambient_take(&after);
  if (before.aspects[aspect] != after.aspects[aspect]) {
    validate__fail(job, "expected the process as it was after a life, got %s",
                   validate__aspect_text(aspect));
  }
}

static void files_left(validate_job *job) {
  aspect_kept(job, VALIDATE__FILES);
}

static void signals_kept(validate_job *job) {
  aspect_kept(job, VALIDATE__SIGNALS);
}

static void environment_kept(validate_job *job) {
  aspect_kept(job, VALIDATE__ENVIRONMENT);
}

static void locale_kept(validate_job *job) {
  aspect_kept(job, VALIDATE__LOCALE);
}

/* An instance that was taught nothing must not know what its neighbour was
   taught: it answers as one that was alone. */
static void two_instances(validate_job *job) {
  validate__scene scene;
  hearth_buffer alone = {0}, beside = {0};
  validate__open(job);
  validate__scene_make(job, &scene, 6, 40, VALIDATE__START_MS);
  hearth_buffer_init(&alone, 0);
  hearth_buffer_init(&beside, 0);
  const uint32_t half = scene.count / 2;
  hearth_plugin *a = validate__create(job);
  validate__play(job, a, &scene, 0, half, NULL, &alone);
  validate__learned(job, a, &scene, &alone);
  job->entry->destroy(a);
  hearth_plugin *busy = validate__create(job);
  hearth_plugin *b = validate__create(job);
  validate__play(job, busy, &scene, 0, scene.count, NULL, NULL);
  for (uint32_t i = 0; i < half; i++) {
    validate__play(job, b, &scene, i, i + 1, NULL, &beside);
    validate__play(job, busy, &scene, half + i, half + i + 1, NULL, NULL);
  }
  validate__learned(job, b, &scene, &beside);
  validate__same(job, &alone, &beside,
                 "an instance to answer as if it were alone");
  job->entry->destroy(busy);
  job->entry->destroy(b);
}

/* Before any catalog: answers may be empty, calls may not fail. */
static void no_catalog(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 12, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__doing(job, "calls before any set_catalog");
  validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

static const validate_check checks[] = {
    {"life-create-empty", "an instance can be made without a configuration",
     "plugin.h, hearth_plugin_entry.create", create_empty},
    {"life-create-config", "and with every setting and a catalog",
     "docs/wire-format.md, Config", create_config},
    {"life-destroy-null", "destroy takes NULL",
     "plugin.h, hearth_plugin_entry.destroy", destroy_null},
    {"life-thousand", "a thousand instances, and memory does not grow",
     "docs/abi.md, Memory", thousand},
    {"life-memory-freed", "hearth.memory/1 has everything back after destroy",
     "ext/memory.h", memory_freed},
    {"life-threads-left", "no thread outlives a call",
     "plugin.h, the rules: no thread outlives a call", threads_left},
    {"life-files-left", "no file stays open", "docs/abi.md: no file",
     files_left},
    {"life-signals", "signals stay as they are",
     "plugin.h, the rules: touches no signal", signals_kept},
    {"life-environment", "the environment stays as it is",
     "docs/abi.md, Threads: nothing is left behind", environment_kept},
    {"life-locale", "locale, folder and umask stay as they are",
     "docs/abi.md, Threads: nothing is left behind", locale_kept},
    {"life-two-instances", "two instances have nothing to do with each other",
     "docs/abi.md, Threads", two_instances},
    {"life-no-catalog", "calls before a catalog do not fail",
     "plugin.h, hearth_plugin_entry.set_catalog", no_catalog}};

VALIDATE__THEME(validate__life, checks);
