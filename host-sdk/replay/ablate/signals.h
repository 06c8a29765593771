/* SPDX-License-Identifier: MIT
   Which signals a plugin can switch off. */
#ifndef HEARTH_ABLATE_SIGNALS_H
#define HEARTH_ABLATE_SIGNALS_H

#include "hearth/host.h"

enum { HEARTH_SIGNAL_NAME = 32, HEARTH_MAX_SIGNALS = 256 };

/* Names that the configuration's key `ablate` takes.  Zero it to begin. */
typedef struct hearth_signals {
  char (*names)[HEARTH_SIGNAL_NAME]; /* owned; `count` of them */
  uint32_t count;
} hearth_signals;

void hearth_signals_free(hearth_signals *signals);

/* Ask an instance with the default configuration: a plugin that can be ablated
   has hearth.reflect/1 with a function "signals", "h(po)", that writes a
   msgpack array of strings.  HEARTH_UNSUPPORTED where it has none,
   HEARTH_UNAVAILABLE where it fails or writes something else; `err` says
   which. */
hearth_status hearth_signals_ask(hearth_library *library,
                                 hearth_signals *signals, char *err,
                                 uint64_t err_cap);

/* Read that array.  HEARTH_BAD_PAYLOAD: not an array of 1 to 256 strings of 1
   to 31 bytes. */
hearth_status hearth_signals_read(hearth_signals *signals, hearth_bytes bytes);

#endif
