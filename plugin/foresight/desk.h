/* SPDX-License-Identifier: MIT
   Room to write an answer in: each call takes a desk, and gives it back. */
#ifndef FORESIGHT_DESK_H
#define FORESIGHT_DESK_H

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
} foresight_desk;

/* Where one is left when it is free. */
typedef struct foresight_place {
  char apart[HEARTH_APART];
  _Atomic(foresight_desk *) desk;
} foresight_place;

/* NULL: out of memory. */
foresight_desk *foresight__desk_take(hearth_plugin *f);
void foresight__desk_give(hearth_plugin *f, foresight_desk *desk);
void foresight__desks_free(hearth_plugin *f);

/* Room for so many lines, reasons of lines, residents. */
hearth_status foresight__desk_lines(const hearth_plugin *f,
                                    foresight_desk *desk, uint32_t count);
hearth_status foresight__desk_reasons(const hearth_plugin *f,
                                      foresight_desk *desk, uint32_t count);
hearth_status foresight__desk_residents(const hearth_plugin *f,
                                        foresight_desk *desk, uint32_t count);

#endif
