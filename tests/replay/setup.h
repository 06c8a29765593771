/* SPDX-License-Identifier: MIT
   Requests written by hand, and a plugin that writes down what it is told. */
#ifndef HEARTH_TESTS_REPLAY_SETUP_H
#define HEARTH_TESTS_REPLAY_SETUP_H

#include "host-sdk/replay/replay.h"

/* A trace and its catalog.  Begin, add models and requests, then setup_ready.
 */
typedef struct setup {
  hearth_trace trace;
  hearth_models models;
  hearth_uses uses;
  hearth_config config;
} setup;

void setup_begin(setup *s);
void setup_model(setup *s, const char *model, double memory_mb,
                 int64_t load_ms);
/* `task` may be NULL, `duration_ms` -1: unknown. */
void setup_request(setup *s, int64_t ts_ms, const char *model,
                   int64_t duration_ms, const char *task);
void setup_ready(setup *s);
void setup_end(setup *s);

/* A budget with two lanes; a price. */
hearth_setting setup_budget(double budget_mb);
hearth_setting setup_price(double idle_price);

/* What the recorder is told, one word a message, times behind "@":
     request#0@5 settled#0@5 tick@9    asked; the request, the instant
     predict@9                         asked by predict/1
     started#0@5:a:cold                request 0 found its model so
     loaded@7:a:demand  load_cancelled@7:a  evicted@9:a
     finished#0@8:+2:1                 waited 2, ran 1 (-1: not told)  */
typedef struct recorder {
  char told[8192];
  /* The plan: fill `set` and its models, of which 8 have room; NULL or
     HEARTH_NO_OPINION: none. */
  hearth_status (*answer)(const hearth_context *context, hearth_model_set *set);
  int predicts;       /* has predict/1, whose plan is `answer`'s too */
  unsigned fail_call; /* the n-th message fails, with this status */
  hearth_status fail_status;
  const char *fail_words; /* and these words, if not NULL */
  unsigned calls;
  hearth_context first; /* the first context; its texts are not kept */
} recorder;

extern recorder recorded;

/* Forget everything. */
void recorder_reset(void);
/* Owned by caller. */
hearth_library *recorder_library(void);

/* The plan's next model. */
hearth_plan_model *recorder_add(hearth_model_set *set, const char *model,
                                int32_t action);

/* Replay under the recorder; without logs. */
hearth_status setup_replay(const setup *s, const hearth_setting *setting,
                           hearth_result *result, char *err, uint64_t err_cap);

#endif
