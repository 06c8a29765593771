/* SPDX-License-Identifier: MIT
   What a replay did, and what it was told, as CSV. */
#ifndef HEARTH_REPLAY_LOG_H
#define HEARTH_REPLAY_LOG_H

#include <stdio.h>

#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/plan.h"
#include "plugin/sdk/pool/sim.h"

/* Both logs go to `path` through a file beside it that is renamed at the end,
   so that a run that fails leaves nothing half-written; a pipe or a device is
   written at once.  docs/evaluation.md has
   the formats, and a script that recomputes every figure from them. */
typedef struct hearth_log {
  FILE *file; /* NULL: this log is not wanted */
  const char *path;
  char *unfinished; /* owned: the name it has until the end; NULL: `path` */
  const hearth_models *models;
} hearth_log;

/* Begin a log with a header line; `path` NULL: no log.  HEARTH_BAD_ARG with a
   sentence where the file can't be made. */
hearth_status hearth_log_open(hearth_log *log, const char *path,
                              const char *header, const hearth_models *models,
                              char *err, uint64_t err_cap);

/* The header lines of the two logs. */
#define HEARTH_LOG_EVENTS "t_ms,event,model,detail"
#define HEARTH_LOG_PLANS                                                       \
  "t_ms,reason,request,place,model,action,confidence,p_next,p_300,p_3600,"     \
  "p_21600,start_at_ms,warm_by_ms,keep_for_ms"

/* Event log: request `i` came; something happened in the pool. */
void hearth_log_request(hearth_log *log, int64_t now, uint32_t model,
                        uint64_t i);
void hearth_log_event(hearth_log *log, const hearth_sim_event *event);

/* Plan log: an answer, one line a model; an answer without one is one line with
   no model.  `request` is -1 for a review or a sample of predict/1. */
void hearth_log_plan(hearth_log *log, int64_t now, const char *reason,
                     int64_t request, const hearth_plan *plan);

/* End it: with `keep`, rename it to its path, else remove it.  HEARTH_BAD_ARG
   with a sentence where not everything could be written. */
hearth_status hearth_log_close(hearth_log *log, int keep, char *err,
                               uint64_t err_cap);

#endif
