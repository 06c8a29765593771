/* SPDX-License-Identifier: MIT
   Plugin extension hearth.explain/1: why a model is kept, warmed or let go. */
#ifndef HEARTH_EXT_EXPLAIN_H
#define HEARTH_EXT_EXPLAIN_H

#include "hearth/plugin.h"

#define HEARTH_EXT_EXPLAIN "hearth.explain/1"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hearth_explain {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* [worker] Given an ExecutionContext, write a ModelSet of every model the
     plugin has an opinion on, each entry with its reasons: the signals that
     weighed most, and their weights.  Teaches nothing and changes nothing. */
  hearth_status (*explain)(hearth_plugin *plugin, const hearth_call *call,
                           hearth_bytes context, hearth_sink *out);
} hearth_explain;

#ifdef __cplusplus
}
#endif

#endif
