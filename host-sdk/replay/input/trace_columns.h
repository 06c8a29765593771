/* SPDX-License-Identifier: MIT
   The columns of a trace file, for those who read and write them. */
#ifndef HEARTH_REPLAY_TRACE_COLUMNS_H
#define HEARTH_REPLAY_TRACE_COLUMNS_H

/* By HEARTH_TRACE_*: the column of each kind of name. */
extern const char *const hearth__trace_column[];

/* NULL-ended; place + 1 is HEARTH_COMPLEXITY_* and HEARTH_PRIORITY_*. */
extern const char *const hearth__complexities[];
extern const char *const hearth__priorities[];

#endif
