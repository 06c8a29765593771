/* SPDX-License-Identifier: MIT
   Threads that work on a stage, some of them at a time. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* sched_setaffinity */
#endif
#include "host-sdk/bench/crew.h"

#include <sched.h>
#include <stdlib.h>

/* The calling thread, to the number-th processor of those it may use. */
static void bind_thread(uint32_t number) {
#ifdef CPU_SETSIZE
  cpu_set_t usable, own;
  CPU_ZERO(&own);
  if (sched_getaffinity(0, sizeof usable, &usable) != 0) {
    return; /* there are more than fit */
  }
  uint32_t before = number % (uint32_t)CPU_COUNT(&usable);
  for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&own) == 0; i++) {
    if (CPU_ISSET(i, &usable) && before-- == 0) {
      CPU_SET(i, &own);
    }
  }
  (void)sched_setaffinity(0, sizeof own, &own);
#else
  (void)number;
#endif
}

/* Until all are there; the time at which they were.  Who is early waits awake,
   since to be woken would take time of its own. */
static uint64_t meet(hearth__crew *crew) {
  uint64_t met_ns;
  if (atomic_fetch_add(&crew->present, 1) + 1 == crew->expected) {
    atomic_store(&crew->met_ns, hearth_monotonic_ns());
  }
  while ((met_ns = atomic_load(&crew->met_ns)) == 0) {
    sched_yield();
  }
  return met_ns;
}

static void work(hearth__runner *r) {
  hearth__crew *crew = r->crew;
  hearth_rig *rig = &r->lane->rig[crew->side];
  hearth_status status = HEARTH_OK;
  uint32_t done = 0;
  rig->timed = crew->expected > 1;
  const uint64_t met_ns = meet(crew);
  while (done < crew->requests && !atomic_load(&crew->stop)) {
    status = hearth_rig_request(rig, &r->lane->scene, &r->ahead[done]);
    if (status != HEARTH_OK) {
      break;
    }
    done++;
  }
  atomic_store(&crew->stop, 1);
  r->rate = done * 1e9 / ((double)(hearth_monotonic_ns() - met_ns) + 1);
  r->lane->status[crew->side] = status;
}

static void *thread_main(void *user) {
  hearth__runner *r = user;
  hearth__crew *crew = r->crew;
  bind_thread((uint32_t)(r - crew->runners));
  pthread_mutex_lock(&crew->lock);
  for (;;) {
    while (!r->called && !crew->ended) {
      pthread_cond_wait(&crew->changed, &crew->lock);
    }
    if (!r->called) {
      break;
    }
    pthread_mutex_unlock(&crew->lock);
    work(r);
    pthread_mutex_lock(&crew->lock);
    r->called = 0;
    if (--crew->working == 0) {
      pthread_cond_broadcast(&crew->changed);
    }
  }
  pthread_mutex_unlock(&crew->lock);
  return NULL;
}

hearth_status hearth__crew_init(hearth__crew *crew, hearth__bench_stage *stage,
                                uint32_t requests) {
  *crew = (hearth__crew){.count = stage->threads, .requests = requests};
  crew->has_lock = pthread_mutex_init(&crew->lock, NULL) == 0;
  crew->has_changed = pthread_cond_init(&crew->changed, NULL) == 0;
  crew->runners = calloc(crew->count, sizeof *crew->runners);
  if (!crew->has_lock || !crew->has_changed || crew->runners == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (; crew->started < crew->count; crew->started++) {
    hearth__runner *r = &crew->runners[crew->started];
    r->crew = crew;
    r->lane = &stage->lanes[crew->started];
    r->ahead = calloc(requests, sizeof *r->ahead);
    if (r->ahead == NULL ||
        pthread_create(&r->thread, NULL, thread_main, r) != 0) {
      return HEARTH_NO_MEMORY;
    }
  }
  return HEARTH_OK;
}

void hearth__crew_free(hearth__crew *crew) {
  if (crew->started > 0) {
    pthread_mutex_lock(&crew->lock);
    crew->ended = 1;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
  }
  for (uint32_t i = 0; i < crew->started; i++) {
    pthread_join(crew->runners[i].thread, NULL);
  }
  for (uint32_t i = 0; crew->runners != NULL && i < crew->count; i++) {
    free(crew->runners[i].ahead);
  }
  free(crew->runners);
  if (crew->has_changed) {
    pthread_cond_destroy(&crew->changed);
  }
  if (crew->has_lock) {
    pthread_mutex_destroy(&crew->lock);
  }
}

hearth_status hearth__crew_work(hearth__crew *crew, uint32_t first,
                                uint32_t count, int side) {
  hearth_status status = HEARTH_OK;
  pthread_mutex_lock(&crew->lock);
  crew->side = side;
  crew->expected = crew->working = count;
  atomic_store(&crew->present, 0);
  atomic_store(&crew->met_ns, 0);
  atomic_store(&crew->stop, 0);
  for (uint32_t i = first; i < first + count; i++) {
    crew->runners[i].called = 1;
  }
  pthread_cond_broadcast(&crew->changed);
  while (crew->working > 0) {
    pthread_cond_wait(&crew->changed, &crew->lock);
  }
  pthread_mutex_unlock(&crew->lock);
  for (uint32_t i = first; status == HEARTH_OK && i < first + count; i++) {
    status = crew->runners[i].lane->status[side];
  }
  return status;
}
