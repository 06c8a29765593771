/* SPDX-License-Identifier: MIT
   One arm: a plugin, its ghost pool, and what both have come to. */
#ifndef HEARTH_EXPERIMENT_GHOST_H
#define HEARTH_EXPERIMENT_GHOST_H

#include "host-sdk/experiment/latency.h"
#include "host-sdk/experiment/stage.h"
#include "plugin/sdk/wire/encode.h"

/* What a ghost tells the experiment.  `request` is as given to
   hearth__ghost_request. */
typedef struct hearth__ghost_events {
  void (*started)(void *user, uint32_t arm, uint32_t request, int64_t wait_ms);
  void (*done)(void *user, uint32_t arm, uint32_t request);
  const char *(*request_id)(void *user, uint32_t request);
  void (*planned)(void *user, uint32_t arm, int32_t reason, hearth_bytes plan);
  void *user, *plan_user;
} hearth__ghost_events;

typedef struct hearth__ghost_book { /* of one model */
  uint32_t active;                  /* requests that wait or run */
  int8_t held;                      /* loading or ready */
  int8_t unused; /* held by a prewarm that nobody has asked for yet */
} hearth__ghost_book;

typedef struct hearth__ghost {
  const hearth__arena *arena;
  const hearth__ghost_events *events;
  uint32_t arm;
  int shadow;
  hearth_host *host;
  hearth_instance *instance;
  hearth_sim *sim;
  hearth_buffer message; /* what is sent */
  hearth_output answer;
  hearth_plan_model *decoded;
  hearth_plan_entry *entries;
  int64_t review_at_ms; /* HEARTH_NEVER: none */
  int64_t instant;      /* the last that something happened at */
  int open;             /* it is not over */
  int introduced;       /* the pool's residents were told (there are none) */
  hearth_status broken; /* of the host's own: no memory */
  /* figures */
  hearth__ghost_book *books;
  int64_t idle_kb, idle_since; /* held for nobody, and since when */
  double idle_kb_ms;
  int frozen; /* idle memory counts no more */
  uint64_t requests, cold, delayed, warm, hits;
  int probabilities; /* it gave some */
  int64_t wait_ms;
  uint64_t loads_demanded, loads_ahead, ahead_used, loads_cancelled;
  uint64_t calls, errors;
  hearth__latency latency;
  char err[256]; /* of the last error */
} hearth__ghost;

/* Make the arm's instance and pool.  Free it also on failure. */
hearth_status hearth__ghost_init(hearth__ghost *ghost,
                                 const hearth_experiment_arm *arm,
                                 uint32_t number, const hearth__arena *arena,
                                 const hearth__ghost_events *events, char *err,
                                 uint64_t err_cap);
void hearth__ghost_free(hearth__ghost *ghost);

/* All that happens before a request at `now`. */
hearth_status hearth__ghost_advance(hearth__ghost *ghost, int64_t now);

/* A request of `model` at context->now_ms, which is not before the last.
   `context` is filled but for its pool.  A plugin's failure is counted, and the
   host's default (least recently used) applies; only the host's own (no memory)
   is returned. */
hearth_status hearth__ghost_request(hearth__ghost *ghost,
                                    hearth_context *context, uint32_t request,
                                    uint32_t model, int64_t duration_ms);

/* After the last request: loads and requests in flight finish. */
hearth_status hearth__ghost_finish(hearth__ghost *ghost);

/* Idle memory so far, in GB*s. */
double hearth__ghost_idle_gb_s(const hearth__ghost *ghost);

/* ---- ghost_ask.c: the talk with the plugin ---- */

/* What an outcome tells of the pool. */
hearth_pool_terms hearth__ghost_terms(const hearth__ghost *ghost);

/* Ask with `reason`; with HEARTH_OK *count entries are in ghost->entries and a
   review, if any, is set.  HEARTH_NO_OPINION: the default applies.  `likeliest`
   may be NULL; else it gets the model of the greatest p_next. */
hearth_status hearth__ghost_ask(hearth__ghost *ghost, hearth_context *context,
                                int32_t reason, uint32_t *count,
                                uint32_t *likeliest);
void hearth__ghost_tell(hearth__ghost *ghost, const hearth_outcome *outcome);
void hearth__ghost_tell_event(hearth__ghost *ghost,
                              const hearth_sim_event *event);
hearth_status hearth__ghost_introduce(hearth__ghost *ghost,
                                      const hearth_experiment_arm *arm,
                                      char *err, uint64_t err_cap);

#endif
