/* SPDX-License-Identifier: MIT
   How reflected functions are called that are not in this process. */
#ifndef HEARTH_REFLECT_CALLER_H
#define HEARTH_REFLECT_CALLER_H

#include "hearth/plugin.h"

/* An extension that a proxy of a plugin has where the plugin itself has
   hearth.reflect/1.  It is the host's own; plugins need not offer it. */
#define HEARTH__EXT_REFLECT_CALLER "hearth.reflect-caller/1"

typedef struct hearth__reflect_caller {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* [control] Call what the request message names (message.h) and write the
     answer message. */
  hearth_status (*call)(hearth_plugin *plugin, const hearth_call *call,
                        hearth_bytes request, hearth_sink *answer);
} hearth__reflect_caller;

#endif
