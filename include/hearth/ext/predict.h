/* SPDX-License-Identifier: MIT
   Plugin extension hearth.predict/1: the probability of every model, for
   measuring; nobody acts on it. */
#ifndef HEARTH_EXT_PREDICT_H
#define HEARTH_EXT_PREDICT_H

#include "hearth/plugin.h"

#define HEARTH_EXT_PREDICT "hearth.predict/1"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hearth_predict {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* [worker] Given an ExecutionContext (reason tick or request), write a
     ModelSet that lists *every* model the plugin knows, each with p_next and
     p_within.  Teaches nothing and changes nothing.  p_next is given for a
     request's context, p_within for both; what a plugin can't say is left out
     of the entry. */
  hearth_status (*predict)(hearth_plugin *plugin, const hearth_call *call,
                           hearth_bytes context, hearth_sink *out);
} hearth_predict;

#ifdef __cplusplus
}
#endif

#endif
