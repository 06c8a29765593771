/* SPDX-License-Identifier: MIT
   Checks of how a plugin behaves during a call: stack, floats, output. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-sdk/validate/ambient.h"
#include "host-sdk/validate/checks.h"

enum {
  STACK = VALIDATE__SANITIZED ? 1 << 20 : 64 << 10,
  OWN_FRAMES = 24 << 10 /* of this check's own functions, and of the loader */
};

typedef struct walk {
  validate_job *job;
  validate__scene scene;
} walk;

static void *walk_through(void *user) {
  walk *w = user;
  hearth_plugin *plugin = validate__create(w->job);
  validate__play(w->job, plugin, &w->scene, 0, w->scene.count, NULL, NULL);
  w->job->entry->destroy(plugin);
  return NULL;
}

static void small_stack(validate_job *job) {
  walk w = {.job = job};
  pthread_attr_t attributes;
  pthread_t thread;
  validate__open(job);
  validate__scene_make(job, &w.scene, 12, validate__times(job, 200, 40),
                       VALIDATE__START_MS);
  validate__doing(job, "a life on a thread with %d KiB of stack", STACK >> 10);
  pthread_attr_init(&attributes);
  if (pthread_attr_setstacksize(&attributes, STACK + OWN_FRAMES) != 0 ||
      pthread_create(&thread, &attributes, walk_through, &w) != 0) {
    validate__skip(job, "this system makes no thread with a small stack");
  }
  pthread_join(thread, NULL);
}

/* After each call, the modes of floating point are what they were. */
static void floats(validate_job *job) {
  validate__ambient before, after;
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 8, 20, VALIDATE__START_MS);
  validate__ambient_take(&before);
  hearth_plugin *plugin = validate__create(job);
  for (uint32_t i = 0; i < scene.count; i++) {
    validate__play(job, plugin, &scene, i, i + 1, NULL, NULL);
    validate__ambient_take(&after);
    if (before.aspects[VALIDATE__FLOATS] != after.aspects[VALIDATE__FLOATS]) {
      validate__fail(job, "expected rounding and traps as they were after %s, "
                          "got other ones",
                     validate__function(scene.steps[i].kind));
    }
  }
  job->entry->destroy(plugin);
}

/* What the plugin prints lands in a file that must stay empty. */
static void quiet(validate_job *job) {
  validate__scene scene;
  struct stat told;
  validate__open(job);
  const int fd = memfd_create("hearth-output", 0);
  if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0) {
    validate__skip(job, "no place for the plugin's output");
  }
  validate__scene_make(job, &scene, 8, 30, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
  fflush(NULL);
  if (fstat(fd, &told) == 0 && told.st_size > 0) {
    validate__warn(job, "expected lines for people to go through "
                        "hearth_host.log, got %lld bytes on standard output or "
                        "error",
                   (long long)told.st_size);
  }
}

static const validate_check checks[] = {
    {"call-stack", "64 KiB of stack are enough for any call",
     "docs/abi.md, Threads: any thread may call", small_stack},
    {"call-floats", "rounding and traps stay as they are",
     "docs/abi.md, Threads: nothing is left behind", floats},
    {"call-quiet", "nothing is written to standard output or error",
     "plugin.h, hearth_host.log", quiet}};

VALIDATE__THEME(validate__manners, checks);
