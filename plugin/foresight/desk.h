/* SPDX-License-Identifier: MIT
   Room to write an answer in: each call takes a desk, and gives it back. */
#ifndef FORESIGHT_DESK_H
#define FORESIGHT_DESK_H

#include <stdatomic.h>

#include "plugin/foresight/budget/budget.h"
#include "plugin/foresight/price/price.h"
#include "plugin/sdk/lock.h"
#include "plugin/sdk/wire/messages.h"

/* As many are made as calls ever ran at a time, of which FORESIGHT_DESKS are
   kept; they only grow, so that calls allocate nothing once traffic has shown
   its size. */
enum { FORESIGHT_DESKS = 16 };
typedef struct foresight_desk {
  hearth_plan_model *lines; /* `room` of these three */
  foresight_budget_entry *ranked;
  foresight_price_entry *priced;
  hearth_reason *reasons; /* HEARTH_MAX_REASONS a line, `explained` lines */
  hearth_resident *residents;
  uint32_t room, explained, resident_room;
  int32_t answering; /* the answer is begun */
} foresight_desk;

/* A thread's, or that of a few: where a desk is left when it is free, and what
   is counted there. */
typedef struct foresight_place {
  char apart[HEARTH_APART];
  _Atomic(foresight_desk *) desk;
  atomic_uint_fast64_t predictions, outcomes;
} foresight_place;

/* What a function of the vtable is given that answers a context. */
typedef struct foresight_ask {
  const hearth_call *call;
  hearth_bytes bytes; /* the context */
  hearth_sink *out;
} foresight_ask;

typedef hearth_status foresight_answerer(hearth_plugin *f, foresight_desk *desk,
                                         const foresight_ask *ask);

/* Have it answered at a desk.  Where memory fails before the answer is begun,
   users give way, as to a new model, and it is tried again.  No lock is
   held. */
hearth_status foresight__at_desk(hearth_plugin *f, foresight_answerer *answer,
                                 const foresight_ask *ask);
void foresight__desks_free(hearth_plugin *f);

/* The calling thread's. */
foresight_place *foresight__place(hearth_plugin *f);
static inline void foresight__count(atomic_uint_fast64_t *counter) {
  (void)atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}
/* Outcomes learned from, at all places. */
uint64_t foresight__outcomes(const hearth_plugin *f);

/* Room for so many lines, reasons of lines, residents. */
hearth_status foresight__desk_lines(const hearth_plugin *f,
                                    foresight_desk *desk, uint32_t count);
hearth_status foresight__desk_reasons(const hearth_plugin *f,
                                      foresight_desk *desk, uint32_t count);
hearth_status foresight__desk_residents(const hearth_plugin *f,
                                        foresight_desk *desk, uint32_t count);

#endif
