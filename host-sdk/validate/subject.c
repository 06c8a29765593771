/* SPDX-License-Identifier: MIT
   The plugin under test: its library, its host, its instances. */
#include "host-sdk/validate/subject.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hearth/ext/future.h"
#include "host-sdk/library/copy.h"
#include "host-sdk/library/elf.h"
#include "plugin/sdk/names.h"

/* What is to come, of nothing but the model's name and the time: a model is
   used once in a period of its own. */
static int64_t next_use(const hearth_host *host, const char *model,
                        uint64_t len, int64_t after_ms) {
  const int64_t period =
      60000 + (int64_t)(hearth_hash(7, model, len) % 3600000);
  (void)host;
  if (after_ms > INT64_MAX - period || after_ms < 0) {
    return after_ms < 0 ? 0 : INT64_MAX;
  }
  return (after_ms / period + 1) * period;
}

static const void *extension(void *user, const char *id) {
  static const hearth_future future = {sizeof future, 0, next_use};
  const validate_job *job = user;
  const char *const *wanted = job->entry->host_requires;
  for (; wanted != NULL && *wanted != NULL; wanted++) {
    if (strcmp(id, *wanted) == 0 && strcmp(id, HEARTH_EXT_FUTURE) == 0) {
      return &future;
    }
  }
  return NULL;
}

hearth_host *validate__host(validate_job *job) {
  const hearth_host_options options = {
      .name = "hearth validate", .extension = extension, .user = job};
  hearth_host *host = NULL;
  if (hearth_host_new(&options, &host) != HEARTH_OK) {
    validate__need(job, NULL);
  }
  return host;
}

static void refuse_broken_file(validate_job *job) {
  uint8_t *data = NULL;
  uint64_t len = 0;
  char err[400] = "";
  if (hearth__file_read(job->path, &data, &len, err, sizeof err) !=
          HEARTH_OK ||
      hearth__elf_problem(data, len) != NULL) {
    validate__skip(job, "it is no whole shared object: see library-file");
  }
  free(data);
}

void validate__open(validate_job *job) {
  char path[PATH_MAX];
  refuse_broken_file(job);
  validate__doing(job, "dlopen");
  if (realpath(job->path, path) == NULL) {
    validate__skip(job, "the path can't be resolved");
  }
  job->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (job->handle == NULL) {
    validate__skip(job, "it can't be opened: see library-open");
  }
  job->entry = dlsym(job->handle, HEARTH_PLUGIN_SYMBOL);
  if (job->entry == NULL) {
    validate__skip(job, "it exports no entry: see library-symbol");
  }
  if (job->entry->size < HEARTH_PLUGIN_ENTRY_MIN_SIZE) {
    validate__skip(job, "its entry is too short: see library-entry-size");
  }
  job->host = validate__host(job);
}

void *validate__open_copy(validate_job *job, const char **why) {
  uint8_t *data = NULL;
  uint64_t len = 0;
  char path[64], err[400] = "";
  if (hearth__file_read(job->path, &data, &len, err, sizeof err) !=
      HEARTH_OK) {
    validate__skip(job, "%s", err);
  }
  const int fd = memfd_create("hearth-copy", 0);
  if (fd < 0 || write(fd, data, (size_t)len) != (ssize_t)len) {
    validate__skip(job, "no memory for a copy of the file");
  }
  free(data);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  *why = handle == NULL ? dlerror() : NULL;
  return handle; /* the descriptor stays: its number keeps copies apart */
}

static void refuse_incomplete(validate_job *job) {
  const hearth_plugin_entry *e = job->entry;
  if (!e->create || !e->destroy || !e->set_catalog || !e->prepare_models ||
      !e->get_model_metadata || !e->record_outcome) {
    validate__skip(job, "it lacks a function: see library-functions");
  }
}

hearth_plugin *validate__create_with(validate_job *job, const hearth_host *host,
                                     hearth_bytes config) {
  hearth_plugin *plugin = NULL;
  refuse_incomplete(job);
  const hearth_status status =
      job->entry->create(job->entry, host, NULL, config, &plugin);
  if (status != HEARTH_OK || plugin == NULL) {
    validate__skip(job, "no instance can be created (%s): see %s",
                   validate__status(status),
                   config.len > 0 ? "life-create-config"
                                  : "life-create-empty");
  }
  return plugin;
}

hearth_plugin *validate__create(validate_job *job) {
  return validate__create_with(job, job->host, (hearth_bytes){NULL, 0});
}

const void *validate__extension(validate_job *job, hearth_plugin *plugin,
                                const char *id, uint32_t least) {
  const uint32_t *found = job->entry->get_extension != NULL
                              ? job->entry->get_extension(plugin, id)
                              : NULL;
  return found != NULL && *found >= least ? found : NULL;
}

void validate__needs(validate_job *job, uint64_t caps) {
  static const struct {
    uint64_t cap;
    const char *name;
  } names[] = {{HEARTH_CAP_DETERMINISTIC, "HEARTH_CAP_DETERMINISTIC"},
               {HEARTH_CAP_REENTRANT, "HEARTH_CAP_REENTRANT"},
               {HEARTH_CAP_STATE, "HEARTH_CAP_STATE"},
               {HEARTH_CAP_CONCURRENT_SAVE, "HEARTH_CAP_CONCURRENT_SAVE"},
               {HEARTH_CAP_UNLOADABLE, "HEARTH_CAP_UNLOADABLE"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (caps & names[i].cap & ~job->entry->caps) {
      validate__skip(job, "it does not claim %s", names[i].name);
    }
  }
  if ((caps & HEARTH_CAP_STATE) &&
      (job->entry->save_state == NULL || job->entry->load_state == NULL)) {
    validate__skip(job, "it lacks a function: see library-state-functions");
  }
}
