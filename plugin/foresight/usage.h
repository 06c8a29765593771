/* SPDX-License-Identifier: MIT
   What get_model_metadata tells of a model's use. */
#ifndef FORESIGHT_USAGE_H
#define FORESIGHT_USAGE_H

#include <stdint.h>

#include "plugin/sdk/state.h"
#include "plugin/sdk/wire/messages.h"

/* Constant memory.  Zero it to begin. */
enum { FORESIGHT_LOAD_BINS = 48, FORESIGHT_USER_BITS = 256 };

typedef struct foresight_usage {
  uint64_t requests, sessions;
  int64_t last_used_ms;
  double session_ms; /* sum over requests that told it */
  uint64_t users[FORESIGHT_USER_BITS / 64]; /* linear counting */
  uint16_t loads[FORESIGHT_LOAD_BINS];      /* by load time, 4 bins an octave */
  uint32_t measured;
} foresight_usage;

/* A request by a user (a hash; UINT32_MAX: unknown) in a session of so long
   (-1: unknown). */
void foresight_usage_request(foresight_usage *usage, int64_t now,
                             uint32_t user, int64_t session_ms);

/* Forget the requests; load times are the model's own, and stay. */
void foresight_usage_forget(foresight_usage *usage);

/* A load took so long. */
void foresight_usage_load(foresight_usage *usage, int64_t load_ms);

/* The load time's quantiles; `guess` where none was measured. */
hearth_quantiles foresight_usage_loads(const foresight_usage *usage,
                                       int64_t guess);

/* Its part of a state. */
void foresight_usage_state(hearth_state *s, foresight_usage *usage);

/* Distinct users, about: linear counting (Whang, Vander-Zanden, Taylor 1990),
   exact for a few, within 10 % up to some hundreds. */
int64_t foresight_usage_users(const foresight_usage *usage);

#endif
