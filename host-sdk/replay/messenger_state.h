/* SPDX-License-Identifier: MIT
   Inside the messenger: what its files share. */
#ifndef HEARTH_REPLAY_MESSENGER_STATE_H
#define HEARTH_REPLAY_MESSENGER_STATE_H

#include "host-sdk/replay/messenger.h"
#include "host-sdk/replay/stopwatch.h"

struct hearth_messenger {
  hearth_messenger_options options;
  hearth_host *host;
  hearth_instance *instance;
  hearth_buffer message; /* what is sent */
  hearth_output answer;
  hearth_plan_model *decoded;
  hearth_reason *reasons; /* of `decoded`; NULL until they are wanted */
  hearth_plan plan;
  uint32_t cap;           /* of decoded and of the plan's arrays */
  int64_t *session_start; /* by session; -1: not begun */
  int introduced;         /* the pool's residents were told (there are none) */
  int predicts;
  char request_id[24];
  char err[512];
  hearth_stopwatch prepare, record;
};

/* The plugin failed at `what`: HEARTH_UNAVAILABLE, with a sentence that says
   so, and why. */
hearth_status hearth__messenger_blame(hearth_messenger *m, hearth_status status,
                            const char *what);
/* Write m->message. */
hearth_status hearth__write(hearth_messenger *m, const hearth_schema *schema,
                            const void *message);

/* Fill a context with request `i`; with the pool, whose terms are what an
   outcome has of it; a user with request i's.  The texts are borrowed from the
   trace, the id's until the next. */
void hearth__messenger_request(hearth_messenger *m, uint32_t i,
                               hearth_context *context);
void hearth__messenger_pool(hearth_messenger *m, int64_t used_kb,
                            hearth_context *context);
hearth_pool_terms hearth__messenger_terms(const hearth_messenger *m);
void hearth__messenger_user(hearth_messenger *m, uint32_t i, hearth_user *user,
                            hearth_project *project);
/* Number the models of an answer, in m->decoded; HEARTH_BAD_PAYLOAD, with a
   sentence in m->err. */
hearth_status hearth__number_models(hearth_messenger *m,
                                    const hearth_model_set *set);
hearth_str hearth__messenger_request_id(hearth_messenger *m, uint64_t i);

#endif
