/* SPDX-License-Identifier: MIT
   What a name from a file may be. */
#ifndef HEARTH_REPLAY_TEXT_H
#define HEARTH_REPLAY_TEXT_H

#include "plugin/sdk/wire/schema.h"

#define HEARTH__MAX_NAME 512

/* NULL if `name` is UTF-8 of at most HEARTH__MAX_NAME bytes (it crosses to
   plugins), else why not, for hearth_csv_fail: "which is not UTF-8". */
const char *hearth__name_fault(hearth_str name);

#endif
