/* SPDX-License-Identifier: MIT
   What all of a process shares, and a plugin must leave alone. */
#ifndef HEARTH_VALIDATE_AMBIENT_H
#define HEARTH_VALIDATE_AMBIENT_H

#include "host-sdk/validate/job.h"

/* Aspects of the process, each with a number that differs when it changed. */
typedef enum validate__aspect {
  VALIDATE__FILES,
  VALIDATE__SIGNALS,
  VALIDATE__ENVIRONMENT,
  VALIDATE__LOCALE, /* and working folder, umask */
  VALIDATE__FLOATS, /* rounding, traps, flush to zero */
  VALIDATE__ASPECTS
} validate__aspect;

typedef struct validate__ambient {
  uint32_t threads;
  uint64_t aspects[VALIDATE__ASPECTS];
} validate__ambient;

void validate__ambient_take(validate__ambient *out);

/* "an open file", what a change of the aspect is called. */
const char *validate__aspect_text(validate__aspect aspect);

/* Threads now; waits a little for those that are ending while they are more
   than `expected`. */
uint32_t validate__threads_now(uint32_t expected);

#endif
