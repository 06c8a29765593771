/* SPDX-License-Identifier: MIT
   kill -9 at random moments: no call hangs, and what was acknowledged is known
   afterwards. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit.h"
#include "tests/worker/scene.h"

typedef struct killer {
  hearth_instance *instance;
  uint32_t kills;
  atomic_int done;
} killer;

/* The info holds the pid that runs; by the time of the kill it may be over, and
   a pid is not soon used again. */
static void *keep_killing(void *user) {
  killer *self = user;
  uint32_t random = 12345;

  for (uint32_t i = 0; i < self->kills; ++i) {
    hearth_worker_info info = {0};
    int32_t pid = 0;

    random = random * 1664525 + 1013904223;
    scene_pause((random >> 16) % 4);
    while (!pid) {
      (void)hearth_worker_get_info(self->instance, &info);
      pid = info.state == HEARTH_WORKER_READY ? info.pid : 0;
      if (!pid) {
        scene_pause(1);
      }
    }
    (void)kill(pid, SIGKILL);
    while (info.pid == pid) {
      (void)hearth_worker_get_info(self->instance, &info);
      scene_pause(1);
    }
  }
  atomic_store(&self->done, 1);
  return NULL;
}

static uint64_t known(hearth_instance *instance) {
  hearth_output answer = {0};
  hearth_bytes in = {(const uint8_t *)"?", 1};
  uint64_t count = 0;

  for (int i = 0; i < 1000 && !answer.len; ++i) {
    CU_ASSERT(scene_await(instance, HEARTH_WORKER_READY));
    (void)hearth_instance_prepare_models(instance, NULL, in, &answer);
  }
  if (answer.len == sizeof(count)) {
    memcpy(&count, answer.data, sizeof(count));
  }
  hearth_output_free(&answer);
  return count;
}

static void test_kill_9_at_random_moments(void) {
  const char *in_full = getenv("HEARTH_LONG");
  hearth_worker_options options = scene_options();
  hearth_bytes in = {(const uint8_t *)"?", 1};
  hearth_output answer = {0};
  uint64_t acknowledged = 0, crashed = 0, count;
  killer self = {0};
  pthread_t thread;

  self.kills = in_full && *in_full && *in_full != '0' ? 1000 : 20;
  options.snapshot_every_outcomes = 100;
  options.outcomes_kept = 1 << 16;
  self.instance =
      scene_worker_instance(scene_misbehaving("worker_poisoned"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(self.instance);
  CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, keep_killing, &self), 0);
  while (!atomic_load(&self.done)) {
    hearth_status status = hearth_instance_record_outcome(
        self.instance, NULL, (hearth_bytes){(const uint8_t *)"o", 1});

    CU_ASSERT(status == HEARTH_OK || status == HEARTH_CRASHED);
    acknowledged += status == HEARTH_OK;
    crashed += status == HEARTH_CRASHED;
    status = hearth_instance_prepare_models(self.instance, NULL, in, &answer);
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_CRASHED ||
              status == HEARTH_UNAVAILABLE);
    if (status != HEARTH_OK) {
      scene_pause(1);
    }
  }
  pthread_join(thread, NULL);
  count = known(self.instance);
  /* One that it died in may have been learned, or not. */
  CU_ASSERT(count >= acknowledged && count <= acknowledged + crashed);
  printf("# %u kills, %llu outcomes acknowledged, %llu known afterwards, "
         "%llu outcome calls crashed\n",
         self.kills, (unsigned long long)acknowledged,
         (unsigned long long)count, (unsigned long long)crashed);
  hearth_instance_destroy(self.instance);
  hearth_output_free(&answer);
}

UNIT_MAIN("worker kill -9", UNIT(test_kill_9_at_random_moments))
