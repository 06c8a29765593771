/* SPDX-License-Identifier: MIT
   Opening a plugin in a worker. */
#include "hearth/worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host-sdk/instance/instance.h"
#include "host-sdk/instance/output.h"
#include "host-sdk/library/copy.h"
#include "host-sdk/library/elf.h"
#include "host-sdk/library/library.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/caller.h"
#include "host-sdk/worker/proxy.h"

static const uint64_t ms = 1000000;

static uint32_t or_default(uint32_t value, uint32_t standard) {
  if (value == HEARTH_WORKER_NONE) {
    return 0;
  }
  return value ? value : standard;
}

static uint64_t some_seed(void) {
  struct timespec now;

  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_nsec << 20 ^ (uint64_t)now.tv_sec ^
         (uint64_t)getpid() << 40;
}

static void settle(hearth__worker_library *library,
                   const hearth_worker_options *options) {
  hearth__worker_settings *set = &library->settings;
  hearth__breaker *breaker = &set->breaker;
  uint32_t failures = or_default(options->breaker_failures, 5);
  uint64_t seed = options->seed ? options->seed : some_seed();

  set->spawn.program = library->program;
  set->spawn.path = library->path;
  set->spawn.memory_mb = or_default(options->memory_limit_mb, 1024);
  set->spawn.cpu_s = or_default(options->cpu_limit_s, 0);
  set->spawn.threads = options->allow_threads != 0;
  set->spawn.answer_mb = or_default(options->answer_limit_mb, 64);
  if (!set->spawn.answer_mb || set->spawn.answer_mb > 1024) {
    set->spawn.answer_mb = 1024;
  }
  /* And a little for what stands before the answer. */
  set->answer_limit = ((uint64_t)set->spawn.answer_mb << 20) + (64 << 10);
  set->deadline_ns = or_default(options->deadline_ms, 100) * ms;
  set->control_ns = or_default(options->control_ms, 10000) * ms;
  set->grace_ns = or_default(options->grace_ms, 50) * ms;
  set->snapshot_every = or_default(options->snapshot_every_outcomes, 1000);
  set->outcomes_kept = or_default(options->outcomes_kept, 4096);
  set->outcomes_kept += !set->outcomes_kept;
  breaker->first_ns = or_default(options->backoff_first_ms, 100) * ms;
  breaker->max_ns = or_default(options->backoff_max_ms, 10000) * ms;
  breaker->window_ns = or_default(options->breaker_window_ms, 60000) * ms;
  breaker->open_ns = or_default(options->breaker_open_ms, 30000) * ms;
  breaker->failures = failures && failures < HEARTH__BREAKER_MOST
                          ? failures
                          : HEARTH__BREAKER_MOST;
  breaker->random = seed ? seed : 1;
  set->log = options->log;
  set->user = options->user;
}

/* The plugin's bytes, as the worker gets them: a descriptor in *fd. */
static hearth_status seal(const char *path, int *fd, char *err,
                          uint64_t err_cap) {
  uint8_t *data = NULL;
  uint64_t len = 0;
  const char *problem;
  hearth_status status = hearth__file_read(path, &data, &len, err, err_cap);

  if (status != HEARTH_OK) {
    return status;
  }
  problem = hearth__elf_problem(data, len);
  if (problem) {
    hearth__tell(err, err_cap, "%s: is %s", path, problem);
    status = HEARTH_BAD_ARG;
  } else {
    *fd = hearth__seal((hearth_bytes){data, len});
    if (*fd < 0) {
      hearth__tell(err, err_cap, "%s: no file in memory for its copy", path);
      status = HEARTH_UNAVAILABLE;
    }
  }
  free(data);
  return status;
}

static void release(void *user) {
  hearth__worker_library *library = user;

  hearth__keeper_close(library->spare);
  if (library->settings.spawn.plugin_fd >= 0) {
    close(library->settings.spawn.plugin_fd);
  }
  for (uint32_t i = 0; i < library->name_count; ++i) {
    free(library->names[i]);
  }
  hearth__identity_free(&library->identity);
  pthread_mutex_destroy(&library->lock);
  free(library->program);
  free(library->path);
  free(library);
}

static hearth__worker_library *allocate(const char *path,
                                        const hearth_worker_options *options) {
  hearth__worker_library *library = calloc(1, sizeof(*library));

  if (!library) {
    return NULL;
  }
  library->settings.spawn.plugin_fd = -1;
  library->path = strdup(path);
  library->program =
      options->program ? strdup(options->program) : hearth__worker_program();
  if (!library->path || !library->program ||
      pthread_mutex_init(&library->lock, NULL) != 0) {
    free(library->path);
    free(library->program);
    free(library);
    return NULL;
  }
  settle(library, options);
  return library;
}

hearth_status hearth_worker_open(const char *path,
                                 const hearth_worker_options *options,
                                 hearth_library **out, char *err,
                                 uint64_t err_cap) {
  static const hearth_worker_options none = {0};
  hearth__worker_library *library;
  hearth_status status;

  if (!path || !out) {
    hearth__tell(err, err_cap, "hearth_worker_open: no path, or no `out`");
    return HEARTH_BAD_ARG;
  }
  library = allocate(path, options ? options : &none);
  if (!library) {
    hearth__tell(err, err_cap, "%s: no memory for a worker", path);
    return HEARTH_NO_MEMORY;
  }
  status = seal(path, &library->settings.spawn.plugin_fd, err, err_cap);
  if (status == HEARTH_OK) {
    status =
        hearth__keeper_open(&library->settings, &library->spare, err, err_cap);
  }
  if (status == HEARTH_OK) {
    library->identity = library->spare->identity;
    memset(&library->spare->identity, 0, sizeof(library->identity));
    library->settings.known = &library->identity;
    hearth__proxy_entry(library);
    status =
        hearth_library_wrap(&library->entry, path, NULL, out, err, err_cap);
  }
  if (status == HEARTH_OK) {
    hearth__library_be_proxy(*out, release, library);
  } else {
    release(library);
  }
  return status;
}

hearth_status hearth_worker_get_info(hearth_instance *instance,
                                     hearth_worker_info *out) {
  if (!instance || !out || !hearth__is_proxy_entry(instance->entry)) {
    return HEARTH_UNSUPPORTED;
  }
  hearth__keeper_info(instance->plugin->keeper, out);
  return HEARTH_OK;
}

hearth_status hearth_worker_library_info(hearth_library *handle,
                                         hearth_worker_info *out) {
  hearth__worker_library *library;
  hearth_status status = HEARTH_UNAVAILABLE;

  if (!handle || !out ||
      !hearth__is_proxy_entry(hearth__library_theirs(handle))) {
    return HEARTH_UNSUPPORTED;
  }
  library = (hearth__worker_library *)(uintptr_t)hearth__library_theirs(handle);
  pthread_mutex_lock(&library->lock);
  if (library->spare) {
    hearth__keeper_info(library->spare, out);
    status = HEARTH_OK;
  }
  pthread_mutex_unlock(&library->lock);
  return status;
}

hearth_status hearth_worker_reflect(hearth_instance *instance,
                                    const hearth_call *call,
                                    hearth_bytes request,
                                    hearth_output *answer) {
  const hearth__reflect_caller *caller;
  hearth__sink sink;
  hearth_status status;

  if (!instance || !answer) {
    return HEARTH_BAD_ARG;
  }
  if (!hearth__is_proxy_entry(instance->entry)) {
    return HEARTH_UNSUPPORTED;
  }
  hearth__sink_init(&sink, answer);
  caller = hearth_instance_get_extension(instance, HEARTH__EXT_REFLECT_CALLER,
                                         (uint32_t)sizeof(*caller));
  if (!caller) {
    return HEARTH_UNSUPPORTED;
  }
  status = caller->call(instance->plugin, call, request, &sink.base);
  if (sink.status != HEARTH_OK) {
    status = sink.status;
  }
  if (status != HEARTH_OK) {
    answer->len = 0;
  }
  return status;
}
