/* SPDX-License-Identifier: MIT
   Dates and times from text. */
#ifndef HEARTH_REPLAY_INSTANT_H
#define HEARTH_REPLAY_INSTANT_H

#include <stdint.h>

#include "plugin/sdk/wire/schema.h"

/* "2024-11-15 16:57:50" or "2024-11-15T16:57:50.25+01:00" (Z or nothing: UTC)
   in milliseconds since the epoch.  1 if it is one from 1970 on; else 0, and
   *ms is untouched. */
int hearth__instant(hearth_str text, int64_t *ms);

#endif
