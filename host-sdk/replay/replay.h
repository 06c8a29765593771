/* SPDX-License-Identifier: MIT
   One replay: a trace, a plugin, a setting. */
#ifndef HEARTH_REPLAY_H
#define HEARTH_REPLAY_H

#include "hearth/host.h"
#include "host-sdk/replay/future.h"
#include "host-sdk/replay/messenger.h"
#include "host-sdk/replay/result.h"

/* A moment to end a replay at, in order to look at it. */
typedef struct hearth_replay_stop {
  int64_t at_ms; /* not after the last request */
  /* Called then with the plugin and the pool as they are; `request`: the one
     that comes at at_ms and whose model is not known yet, or -1. */
  hearth_status (*reached)(void *user, hearth_messenger *messenger,
                           hearth_sim *sim, int64_t request);
  void *user;
} hearth_replay_stop;

typedef struct hearth_replay_options {
  const hearth_trace *trace; /* matched to the models; borrowed, as all here */
  const hearth_models *models;
  const hearth_uses *uses;
  const hearth_setting *setting;
  const hearth_config *config;
  const char *log_path;  /* events; NULL: none */
  const char *plan_path; /* plans; NULL: none */
  int timing;            /* measure what deciding costs */
  int horizons;          /* score predict/1 */
  int strip;             /* record what was warm when */
  int accuracy;          /* beside plain guesses; with horizons also those */
  const hearth_replay_stop *stop; /* NULL: go on to the end */
  /* Called now and then with how many requests are done; may be NULL. */
  void (*progress)(void *user, uint64_t done);
  void *user;
} hearth_replay_options;

/* Run it, by the rules of docs/evaluation.md.  On HEARTH_OK *result is filled,
   to be freed with hearth_result_free; with a `stop` it is left untouched, and
   may be NULL.  HEARTH_UNAVAILABLE: the plugin failed,
   and `err` says at which event.  HEARTH_LIMIT: a model alone is larger than
   the budget, or pinned models leave no room for another that is asked for.
   HEARTH_BAD_ARG: no requests, or a log that can't be written.  Threads: any
   number of replays may share what `options` borrow. */
hearth_status hearth_replay(hearth_library *library,
                            const hearth_replay_options *options,
                            hearth_result *result, char *err,
                            uint64_t err_cap);

#endif
