/* SPDX-License-Identifier: MIT
   Checks of a plugin that is replaced while calls run. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/view.h"

enum { ASKING = 3, MOST_SWAPS = 8 };

/* What the threads share: three ask, one tells the outcomes. */
typedef struct traffic {
  validate_job *job;
  const validate__scene *scene;
  hearth_slot *slot;
  uint32_t swaps;
  atomic_uint begun; /* swaps so far */
  atomic_uint step;  /* of the scene, that is told next */
  atomic_uint told;  /* outcomes that the slot took */
  atomic_int over;
} traffic;

static void *ask_on(void *user) {
  traffic *t = user;
  hearth_output out = {0};
  for (uint32_t i = 1; !atomic_load(&t->over);
       i = i + 1 < t->scene->count ? i + 1 : 1) {
    if (!validate__tells(t->scene, i)) {
      out.len = 0;
      validate__ask_step(t->job, (validate__whom){.slot = t->slot}, t->scene, i,
                         &out);
    }
  }
  hearth_output_free(&out);
  return NULL;
}

/* The part of the scene, of as many as there are swaps, that a step is in. */
static uint32_t part_of(const traffic *t, uint32_t step) {
  return (uint32_t)((uint64_t)step * t->swaps / t->scene->count);
}

/* Each part is told from when its swap begins. */
static void *tell_on(void *user) {
  traffic *t = user;
  for (uint32_t i = 1; i < t->scene->count; i++) {
    atomic_store(&t->step, i);
    while (atomic_load(&t->begun) <= part_of(t, i)) {
      sched_yield();
    }
    if (t->scene->steps[i].kind == VALIDATE__OUTCOME) {
      validate__ask_step(t->job, (validate__whom){.slot = t->slot}, t->scene, i,
                         NULL);
      atomic_fetch_add(&t->told, 1);
    }
  }
  return NULL;
}

static hearth_slot *make_slot(validate_job *job, hearth_library *library,
                              const validate__scene *scene) {
  char err[400] = "";
  hearth_slot *slot = NULL;
  hearth_slot_options options;
  hearth_slot_options_init(&options);
  options.host = job->host;
  options.catalog = validate__step_bytes(scene, 0);
  const hearth_status status =
      hearth_slot_create(library, &options, &slot, err, sizeof err);
  if (status != HEARTH_OK) {
    validate__skip(job, "no slot can be made of it (%s): %s",
                   validate__status(status), err);
  }
  validate__ask_step(job, (validate__whom){.slot = slot}, scene, 0, NULL);
  return slot;
}

/* Whether every swap handed over the state. */
static int swap_all(validate_job *job, traffic *t, hearth_library *library) {
  int handed = 1;
  for (uint32_t i = 0; i < t->swaps; i++) {
    char err[400] = "";
    hearth_swap_report report = {0};
    while (part_of(t, atomic_load(&t->step)) < i) {
      sched_yield();
    }
    validate__doing(job, "swap %u of %u under load", i + 1, t->swaps);
    atomic_fetch_add(&t->begun, 1);
    const hearth_status status =
        hearth_slot_swap(t->slot, library, NULL, &report, err, sizeof err);
    if (status != HEARTH_OK) {
      validate__fail(job, "expected swap %u under load to succeed, got %s: %s",
                     i + 1, validate__status(status), err);
    }
    handed &= report.handover == HEARTH_HANDOVER_STATE;
  }
  return handed;
}

static int run_traffic(validate_job *job, traffic *t, hearth_library *library) {
  pthread_t threads[ASKING + 1];
  for (int i = 0; i <= ASKING; i++) {
    if (pthread_create(&threads[i], NULL, i < ASKING ? ask_on : tell_on, t) !=
        0) {
      validate__skip(job, "this system makes no more threads");
    }
  }
  const int handed = swap_all(job, t, library);
  validate__doing(job, "the calls after the last swap");
  pthread_join(threads[ASKING], NULL);
  atomic_store(&t->over, 1);
  for (int i = 0; i < ASKING; i++) {
    pthread_join(threads[i], NULL);
  }
  return handed;
}

/* One that was told the same, and neither asked nor swapped. */
static void expect_learned(validate_job *job, hearth_library *library,
                           hearth_slot *slot, const validate__scene *scene) {
  validate__view want, got;
  const validate__whom calm = {.instance = validate__instance(job, library)};
  for (uint32_t i = 0; i < scene->count; i++) {
    if (i == 0 || scene->steps[i].kind == VALIDATE__OUTCOME) {
      validate__ask_step(job, calm, scene, i, NULL);
    }
  }
  validate__view_take(job, calm, scene, &want);
  validate__view_take(job, (validate__whom){.slot = slot}, scene, &got);
  validate__view_same(job, &want, &got, "no outcome to be lost by swaps");
  validate__view_free(&want);
  validate__view_free(&got);
  hearth_instance_destroy(calm.instance);
}

static void under_load(validate_job *job) {
  validate__scene scene;
  hearth_slot_stats stats;
  validate__open(job);
  validate__scene_make(job, &scene, 10, validate__times(job, 400, 60),
                       VALIDATE__START_MS);
  hearth_library *library = validate__file(job);
  traffic t = {.job = job,
               .scene = &scene,
               .slot = make_slot(job, library, &scene),
               .swaps = validate__times(job, MOST_SWAPS, 3)};
  const int handed = run_traffic(job, &t, library);
  hearth_slot_get_stats(t.slot, &stats);
  if (stats.auto_rollbacks > 0) {
    validate__fail(job,
                   "expected no call to fail under load, got a rollback: "
                   "%s",
                   stats.reason);
  }
  if (stats.outcomes != atomic_load(&t.told) || stats.swaps != t.swaps) {
    validate__fail(job, "expected %u outcomes and %u swaps, got %llu and %llu",
                   atomic_load(&t.told), t.swaps,
                   (unsigned long long)stats.outcomes,
                   (unsigned long long)stats.swaps);
  }
  if (handed) {
    expect_learned(job, library, t.slot, &scene);
  }
  hearth_slot_destroy(t.slot);
  hearth_library_close(library);
}

static const validate_check checks[] = {
    {"swap-under-load",
     "replaced while four threads call: no call fails, no outcome is lost",
     "slot.h, hearth_slot_swap", under_load}};

VALIDATE__THEME(validate__swaps, checks);
