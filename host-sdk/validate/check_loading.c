/* SPDX-License-Identifier: MIT
   Checks of what loading and unloading do to the process. */
#include <dlfcn.h>
#include <stdlib.h>

#include "host-sdk/validate/ambient.h"
#include "host-sdk/validate/checks.h"

/* Load the plugin and compare the process before and after. */
static void loading(validate_job *job, validate__aspect aspect) {
  validate__ambient before, after;
  validate__ambient_take(&before);
  validate__open(job);
  validate__ambient_take(&after);
  if (before.aspects[aspect] != after.aspects[aspect]) {
    validate__fail(job, "expected dlopen to change nothing, got %s",
                   validate__aspect_text(aspect));
  }
}

static void load_threads(validate_job *job) {
  const uint32_t before = validate__threads_now(0);
  validate__open(job);
  const uint32_t after = validate__threads_now(before);
  if (after > before) {
    validate__fail(job, "expected dlopen to start no thread, got %u",
                   after - before);
  }
}

static void load_files(validate_job *job) { loading(job, VALIDATE__FILES); }

static void load_signals(validate_job *job) {
  loading(job, VALIDATE__SIGNALS);
}

static void load_environment(validate_job *job) {
  loading(job, VALIDATE__ENVIRONMENT);
}

static void load_locale(validate_job *job) { loading(job, VALIDATE__LOCALE); }

static void load_floats(validate_job *job) { loading(job, VALIDATE__FLOATS); }

static void use_once(validate_job *job) {
  hearth_plugin *plugin = validate__create(job);
  validate__scene scene;
  validate__scene_make(job, &scene, 5, 8, VALIDATE__START_MS);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  validate__scene_free(&scene);
  job->entry->destroy(plugin);
}

/* Load, use and unmap a few times over. */
static void unload(validate_job *job) {
  validate__ambient before, after;
  validate__open(job);
  validate__needs(job, HEARTH_CAP_UNLOADABLE);
  validate__ambient_take(&before);
  const uint32_t times = validate__times(job, 20, 3);
  for (uint32_t i = 0; i < times; i++) {
    Dl_info info;
    const void *entry = job->entry;
    use_once(job);
    validate__doing(job, "dlclose, for the %uth time", i + 1);
    hearth_host_free(job->host);
    dlclose(job->handle);
    if (dladdr(entry, &info) != 0) {
      validate__fail(job, "expected dlclose to unmap what claims "
                          "HEARTH_CAP_UNLOADABLE, got a library that stays");
    }
    validate__ambient_take(&after);
    for (int aspect = 0; aspect < VALIDATE__ASPECTS; aspect++) {
      if (before.aspects[aspect] != after.aspects[aspect]) {
        validate__fail(job, "expected unloading to change nothing, got %s",
                       validate__aspect_text((validate__aspect)aspect));
      }
    }
    validate__open(job);
  }
}

/* What runs at the process's end must find what it needs. */
static void at_exit(validate_job *job) {
  validate__open(job);
  use_once(job);
  validate__doing(job, "the end of the process");
  job->board->verdict = VALIDATE_PASS;
  exit(0);
}

static const validate_check checks[] = {
    {"library-load-threads", "loading starts no thread",
     "plugin.h, the rules: no thread outlives a call", load_threads},
    {"library-load-files", "loading opens and closes no file",
     "docs/abi.md: no clock, no thread, no file", load_files},
    {"library-load-signals", "loading touches no signal",
     "plugin.h, the rules: touches no signal", load_signals},
    {"library-load-environment", "loading leaves the environment alone",
     "docs/abi.md: no clock, no thread, no file", load_environment},
    {"library-load-locale", "loading leaves locale, folder and umask alone",
     "docs/abi.md: no clock, no thread, no file", load_locale},
    {"library-load-floats", "loading leaves rounding and traps alone",
     "docs/abi.md: no clock, no thread, no file", load_floats},
    {"library-unload", "UNLOADABLE: it can be unmapped and loaded again",
     "plugin.h, HEARTH_CAP_UNLOADABLE", unload},
    {"library-exit", "the process can end while it is mapped",
     "docs/abi.md, Threads: nothing is left behind", at_exit}};

VALIDATE__THEME(validate__loading, checks);
