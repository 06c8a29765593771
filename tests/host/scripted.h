/* SPDX-License-Identifier: MIT
   A plugin that says what a test wants, and an orchestrator that writes down
   what it is asked for. */
#ifndef HEARTH_TESTS_HOST_SCRIPTED_H
#define HEARTH_TESTS_HOST_SCRIPTED_H

#include "hearth/predictor.h"
#include "plugin/sdk/wire/messages.h"

/* What prepare_models does for each reason (HEARTH_REASON_*). */
typedef struct scripted_answer {
  hearth_status status;
  const char *raw; /* not NULL: these bytes instead of the plan */
  uint32_t count;
  hearth_plan_model models[8];
  double confidence;
  int64_t review_at_ms;
} scripted_answer;

typedef struct scripted_plugin {
  scripted_answer answers[4];
  hearth_status record_status;
  uint32_t asked[4];       /* prepare_models calls, by reason */
  hearth_pool_info pool;   /* of the last context; its texts are not kept */
  uint32_t residents;      /* in the last context */
  double threshold;        /* from the configuration */
  uint64_t wants_bytes;    /* of the host's memory, while it lives */
  uint32_t catalog_models; /* in the last catalog */
  char told[4096];         /* outcomes: "started:a:cold loaded:a:demand ..." */
} scripted_plugin;

extern scripted_plugin scripted;

/* Everything to its default: no opinion on anything. */
void scripted_reset(void);

/* Give a plan of one model more to the answer for a reason. */
void scripted_plan(int reason, const char *model, int action,
                   double confidence);

hearth_library *scripted_library(void);

/* The orchestrator: its load returns `load_status`. */
typedef struct scripted_orchestrator {
  hearth_status load_status;
  const char *listed[8]; /* what `list` tells, ended by NULL */
  char calls[4096];      /* "load:a unload:b ..." */
  int64_t now_ms;
  uint64_t monotonic_ns, monotonic_step; /* each reading adds a step */
  double cpu_percent;
} scripted_orchestrator;

extern scripted_orchestrator orchestrator;

/* Models a, b, c, d of 100 MB each, a budget of `budget_mb`, and the settings
   of a profile, for a test to change. */
void scripted_options(hearth_predictor_options *options, const char *profile,
                      double budget_mb);

/* A predictor from these options, or NULL with a failed assertion. */
hearth_predictor *scripted_create(const hearth_predictor_options *options);

/* A request for a task of a user. */
hearth_request scripted_request(const char *id, const char *task,
                                const char *user);

/* The whole way of a request that runs on `model`. */
void scripted_serve(hearth_predictor *predictor, const char *id,
                    const char *user, const char *model);

#endif
