/* SPDX-License-Identifier: MIT
   What a call costs in process and in a worker: the medians, printed. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit.h"
#include "tests/worker/scene.h"

enum { WARM = 300, CALLS = 5000 };

static int ascending(const void *a, const void *b) {
  uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

  return (one > other) - (one < other);
}

/* The times of the calls, in order; 0 if one failed. */
static int measure(hearth_instance *instance, uint64_t *times) {
  hearth_output message = {0}, answer = {0};
  int good = 1;

  for (uint32_t i = 0; i < WARM * 3; ++i) {
    scene_outcome(i, &message);
    good &= hearth_instance_record_outcome(instance, NULL,
                                           scene_bytes(&message)) == HEARTH_OK;
  }
  for (uint32_t i = 0; i < WARM + CALLS; ++i) {
    uint64_t began;

    scene_context(WARM + i % 1000, &message);
    began = hearth_monotonic_ns();
    good &= hearth_instance_prepare_models(
                instance, NULL, scene_bytes(&message), &answer) >= HEARTH_OK;
    if (i >= WARM) {
      times[i - WARM] = hearth_monotonic_ns() - began;
    }
  }
  qsort(times, CALLS, sizeof(*times), ascending);
  hearth_output_free(&message);
  hearth_output_free(&answer);
  return good;
}

static int compare(const char *name, const char *path) {
  static uint64_t here[CALLS], there[CALLS];
  hearth_library *library = NULL;
  hearth_instance *instance;
  int good;

  if (hearth_library_open(path, NULL, &library, NULL, 0) != HEARTH_OK) {
    return 0;
  }
  instance = scene_instance(library);
  good = instance && measure(instance, here);
  hearth_instance_destroy(instance);
  library = NULL;
  if (hearth_worker_open(path, NULL, &library, NULL, 0) != HEARTH_OK) {
    return 0;
  }
  instance = scene_instance(library);
  good &= instance && measure(instance, there);
  hearth_instance_destroy(instance);
  printf("%-12s in process %7.1f us, in a worker %7.1f us (p99 %7.1f), "
         "%5.1f times\n",
         name, (double)here[CALLS / 2] / 1e3, (double)there[CALLS / 2] / 1e3,
         (double)there[CALLS * 99 / 100] / 1e3,
         (double)there[CALLS / 2] / (double)here[CALLS / 2]);
  return good;
}

int main(void) {
  printf("prepare_models, %d models, median of %d calls\n", SCENE_MODELS,
         CALLS);
  return compare("lru", unit_build("plugin/reference/.libs/hearth-lru.so")) &&
                 compare(
                     "foresight",
                     unit_build("plugin/foresight/.libs/hearth-foresight.so"))
             ? 0
             : 1;
}
