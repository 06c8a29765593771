/* SPDX-License-Identifier: MIT
   Reflected functions of an instance, here or in a worker. */
#ifndef HEARTH_REFLECT_INSTANCE_H
#define HEARTH_REFLECT_INSTANCE_H

#include "hearth/host.h"

/* Call what the request message (message.h) names and give the answer message;
   with the locks of a [control] call.  A plugin behind a proxy
   (hearth__reflect_caller) is called there, any other by libffi in this
   process.  HEARTH_OK means that the function was called; other statuses are
   those of hearth__reflect_serve and of the proxy, and out->len is 0.  `call`
   may be NULL. */
hearth_status hearth__instance_reflect(hearth_instance *instance,
                                       const hearth_call *call,
                                       hearth_bytes request,
                                       hearth_output *out);

#endif
