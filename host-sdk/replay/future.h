/* SPDX-License-Identifier: MIT
   The replay's host extension hearth.future/1. */
#ifndef HEARTH_REPLAY_FUTURE_H
#define HEARTH_REPLAY_FUTURE_H

#include "hearth/ext/future.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

/* When each model of a trace is used, in order.  Made once, then only read, by
   any thread. */
typedef struct hearth_uses {
  const hearth_models *models; /* borrowed */
  uint32_t *start;             /* model m's uses: [start[m], start[m + 1]) */
  int64_t *at_ms;
} hearth_uses;

hearth_status hearth_uses_init(hearth_uses *uses, const hearth_trace *trace,
                               const hearth_models *models);
void hearth_uses_free(hearth_uses *uses);

/* The first use of a model later than `after_ms`; INT64_MAX: none. */
int64_t hearth_uses_next(const hearth_uses *uses, uint32_t model,
                         int64_t after_ms);

/* hearth_host_options.extension, with a hearth_uses as `user`. */
const void *hearth_uses_extension(void *user, const char *id);

#endif
