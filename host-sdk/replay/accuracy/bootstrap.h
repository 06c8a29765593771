/* SPDX-License-Identifier: MIT
   Whether a margin is more than chance: a paired bootstrap. */
#ifndef HEARTH_ACCURACY_BOOTSTRAP_H
#define HEARTH_ACCURACY_BOOTSTRAP_H

#include "hearth/plugin.h"
#include "host-sdk/replay/accuracy/figures.h"

/* A user's requests of one day, which are drawn together: within a day they are
   far from independent. */
typedef struct hearth_user_day {
  uint32_t requests;
  uint32_t hits[HEARTH_GUESSERS][HEARTH_RANKS];
} hearth_user_day;

/* The plugin's margin over each plain rule.  1000 times, as many user-days as
   there are are drawn with replacement, always by the same numbers; low and
   high are the 25th and the 975th of the 1000 margins in order.  No requests:
   all NAN.  HEARTH_NO_MEMORY leaves `over` as it was. */
hearth_status
hearth_bootstrap(const hearth_user_day *days, uint32_t count,
                 hearth_margin over[HEARTH_GUESSERS][HEARTH_RANKS]);

#endif
