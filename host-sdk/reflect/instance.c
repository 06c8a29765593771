/* SPDX-License-Identifier: MIT
   Reflected functions of an instance, here or in a worker. */
#include "host-sdk/reflect/instance.h"

#include "hearth/ext/reflect.h"
#include "host-sdk/instance/instance.h"
#include "host-sdk/instance/output.h"
#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/caller.h"

static hearth_status pass(hearth_instance *instance, hearth__frame *frame,
                          hearth_bytes request, hearth_sink *out) {
  const hearth__reflect_caller *caller = hearth_instance_get_extension(
      instance, HEARTH__EXT_REFLECT_CALLER, (uint32_t)sizeof(*caller));

  if (caller && caller->call) {
    return caller->call(instance->plugin, &frame->call, request, out);
  }
  return hearth__reflect_serve(
      hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 0),
      instance->plugin, request, out, frame->message, sizeof(frame->message));
}

hearth_status hearth__instance_reflect(hearth_instance *instance,
                                       const hearth_call *call,
                                       hearth_bytes request,
                                       hearth_output *out) {
  hearth__frame frame;
  hearth__sink sink;
  hearth_status status;

  hearth__sink_init(&sink, out);
  pthread_mutex_lock(&instance->control);
  hearth__stripes_lock(&instance->stripes);
  hearth__frame_begin(&frame, instance, HEARTH__OTHER, "reflect", call);
  status = pass(instance, &frame, request, &sink.base);
  if (sink.status != HEARTH_OK) {
    status = sink.status;
  }
  status = hearth__frame_end(&frame, status, HEARTH_OK);
  hearth__stripes_unlock(&instance->stripes);
  pthread_mutex_unlock(&instance->control);
  if (status != HEARTH_OK) {
    out->len = 0;
  }
  return status;
}
