/* SPDX-License-Identifier: MIT
   A comparison for people and for machines. */
#ifndef HEARTH_REPLAY_PRESENT_H
#define HEARTH_REPLAY_PRESENT_H

#include <stdio.h>

#include "host-sdk/replay/compare.h"

/* Tables, one a setting, and two sentences on what they mean.  With `timing`,
   what deciding cost. */
void hearth_present_table(const hearth_comparison *comparison, int timing,
                          FILE *out);

/* One JSON object, as docs/evaluation.md has it; figures that do not apply are
   null, those of time only with `timing`.  HEARTH_NO_MEMORY writes nothing. */
hearth_status hearth_present_json(const hearth_comparison *comparison,
                                  int timing, FILE *out);

/* Write a self-contained page with plots to `path`, whole or not at all: cold
   wait by policy and budget, cold wait against idle memory, and what was warm
   when.  HEARTH_BAD_ARG with a sentence where it can't be written. */
hearth_status hearth_present_report(const hearth_comparison *comparison,
                                    const char *path, char *err,
                                    uint64_t err_cap);

#endif
