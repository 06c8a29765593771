/* SPDX-License-Identifier: MIT
   What was warm when: a picture of a replay in bounded memory. */
#ifndef HEARTH_REPLAY_STRIP_H
#define HEARTH_REPLAY_STRIP_H

#include "host-sdk/replay/future.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/pool/sim.h"

enum { HEARTH_STRIP_ROWS = 30, HEARTH_STRIP_COLUMNS = 1200 };

/* One of the most used models. */
typedef struct hearth_strip_row {
  uint32_t model;
  uint32_t requests, waited; /* waited: found cold or loading */
  int64_t since_ms; /* held since, from the strip's begin; -1: not held */
} hearth_strip_row;

/* The models most requested (the same for every policy: most requests first,
   then in the catalog's order) against time, from the trace's first request to
   its last.  A model is held from the start of its load to its eviction. */
typedef struct hearth_strip {
  hearth_memory_user memory;
  uint32_t rows, columns;
  int64_t begin_ms, end_ms; /* the end is exclusive */
  int64_t column_ms;        /* a column's length; the last may be shorter */
  hearth_strip_row row[HEARTH_STRIP_ROWS];
  int64_t *held_ms; /* owned, as the next; [row * columns + column] */
  uint32_t *waits;  /* requests that came and had to wait */
} hearth_strip;

/* Owned by caller; NULL: no memory.  The trace is not empty. */
hearth_strip *hearth_strip_new(const hearth_memory_user *memory,
                               const hearth_trace *trace,
                               const hearth_uses *uses);
void hearth_strip_free(hearth_strip *strip);

/* Tell it what happens, in order.  A strip of NULL is allowed. */
void hearth_strip_request(hearth_strip *strip, int64_t now, uint32_t model,
                          hearth_found found);
void hearth_strip_event(hearth_strip *strip, const hearth_sim_event *event);

/* Everything has been told: what is still held is so to the end. */
void hearth_strip_finish(hearth_strip *strip);

/* The share of a column's time in which a row's model was held. */
double hearth_strip_share(const hearth_strip *strip, uint32_t row,
                          uint32_t column);

#endif
