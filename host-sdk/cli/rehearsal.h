/* SPDX-License-Identifier: MIT
   What trace and call need to drive one plugin by recorded requests. */
#ifndef HEARTH_CLI_REHEARSAL_H
#define HEARTH_CLI_REHEARSAL_H

#include "host-sdk/replay/replay.h"

enum { HEARTH__REHEARSAL_ERR = 4600 };

/* Zero it, set what is asked for, load it, run it, free it. */
typedef struct hearth__rehearsal {
  const char *trace_path; /* NULL: the built-in workload */
  const char *catalog;    /* NULL: the one beside the trace */
  uint32_t requests;      /* the first so many; 0: all */
  hearth_setting setting; /* all 0: a fifth of the models' memory */
  hearth_trace trace;     /* owned, as all below */
  hearth_models models;
  hearth_uses uses;
  char err[HEARTH__REHEARSAL_ERR];
  char warning[HEARTH__REHEARSAL_ERR]; /* "" for none */
} hearth__rehearsal;

/* HEARTH_BAD_ARG or HEARTH_NO_MEMORY leave a sentence in `err`. */
hearth_status hearth__rehearsal_load(hearth__rehearsal *r);

/* Replay it all, or to the last request where `stop` is given (which then is
   told when); statuses are those of hearth_replay, with a sentence in `err`. */
hearth_status hearth__rehearsal_run(hearth__rehearsal *r,
                                    hearth_library *library,
                                    const hearth_config *config,
                                    hearth_replay_stop *stop);

void hearth__rehearsal_free(hearth__rehearsal *r);

#endif
