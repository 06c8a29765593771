/* SPDX-License-Identifier: MIT
   Host extension hearth.future/1: the requests to come, for clairvoyants. */
#ifndef HEARTH_EXT_FUTURE_H
#define HEARTH_EXT_FUTURE_H

#include "hearth/plugin.h"

#define HEARTH_EXT_FUTURE "hearth.future/1"

#ifdef __cplusplus
extern "C" {
#endif

/* Only a replay can offer this, and only a yardstick asks for it: a plugin that
   lists it in host_requires can't be loaded by a live host. */
typedef struct hearth_future {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* [any] The time in ms of the first request for `model` (UTF-8, `len` bytes)
     that is later than `after_ms`; INT64_MAX where there is none. */
  int64_t (*next_use)(const hearth_host *host, const char *model, uint64_t len,
                      int64_t after_ms);
} hearth_future;

#ifdef __cplusplus
}
#endif

#endif
