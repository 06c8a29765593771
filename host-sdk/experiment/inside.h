/* SPDX-License-Identifier: MIT
   Inside an experiment: what its files share. */
#ifndef HEARTH_EXPERIMENT_INSIDE_H
#define HEARTH_EXPERIMENT_INSIDE_H

#include <pthread.h>

#include "host-sdk/experiment/ghost.h"
#include "host-sdk/experiment/inbox.h"
#include "host-sdk/experiment/judge.h"
#include "host-sdk/experiment/units.h"

enum { HEARTH__EVENTS = 64, HEARTH__POINTS = 512 };
enum { HEARTH__LIST_ROOM = 64 }; /* of a context's lists; more is not passed */

typedef struct hearth__experiment_arm {
  hearth__ghost ghost;
  char name[HEARTH_EXPERIMENT_NAME];
  uint8_t *config; /* owned */
  uint64_t config_len;
  double share; /* of this reign; `told` guards it, with the next three */
  uint64_t answers;
  int shadow, stopped;
  uint64_t units;
  hearth__judge judge; /* against the champion */
  int decided;         /* its event was written in this reign */
  char why[160];
} hearth__experiment_arm;

struct hearth_experiment {
  hearth_experiment_options options; /* texts and lists within are not kept */
  char name[128];
  double cap_s;
  hearth__arena arena;
  hearth__ghost_events ghost_events;

  /* What a teller waits for, shortly. */
  pthread_mutex_t told;
  pthread_cond_t more;
  hearth__inbox inbox;
  uint64_t salt;
  uint32_t champion;
  int stopping;
  int has_told, has_playing, has_more, has_thread; /* made so far */
  pthread_t thread;

  /* What whoever plays holds.  Taken before `told`, never after it. */
  pthread_mutex_t playing;
  hearth__experiment_arm *arms; /* owned; options.arm_count of them */
  hearth__units units;
  uint32_t reign; /* from 1 */
  int64_t now_ms;
  uint64_t requests, cut, lost; /* lost: no memory */
  uint64_t closed, capped;
  double idle_before[HEARTH_EXPERIMENT_ARMS]; /* at the request before, GB*s */
  hearth_experiment_event events[HEARTH__EVENTS];
  uint32_t event_count;
  hearth_experiment_point *points; /* owned */
  uint32_t point_count;
  uint64_t point_every, point_next;         /* in units closed */
  hearth_str strings[2][HEARTH__LIST_ROOM]; /* of a context's lists */
  hearth_pair pairs[HEARTH__LIST_ROOM];
};

/* Play one request to every arm; `playing` is held, as in all below. */
void hearth__trial_play(hearth_experiment *x, const hearth__told *told);
/* No more requests: flights end, units close. */
void hearth__trial_end(hearth_experiment *x);

/* A unit closed: its costs are weighed, and what follows is done. */
void hearth__decide(hearth_experiment *x, const hearth__unit *unit);
/* Begin a reign: every comparison anew. */
void hearth__decide_begin(hearth_experiment *x);
/* Guardrails of calls. */
void hearth__decide_calls(hearth_experiment *x);
void hearth__stop_arm(hearth_experiment *x, uint32_t arm, int32_t kind,
                      const char *why);
void hearth__note(hearth_experiment *x, int32_t kind, uint32_t arm,
                  const char *text);

/* An arm's cost in seconds so far. */
double hearth__arm_cost(const hearth_experiment *x, uint32_t arm);
/* Write down how it stands, where it is time to. */
void hearth__keep_point(hearth_experiment *x);

/* Decode a Context with room for its lists. */
hearth_status hearth__read_context(hearth_experiment *x, hearth_bytes bytes,
                                   hearth_context *context);

#endif
