/* SPDX-License-Identifier: MIT
   The calls of an instance, each under its locks. */
#include "host-sdk/instance/instance.h"
#include "host-sdk/instance/output.h"
#include "host-sdk/library/tell.h"

static hearth__stripe *enter_worker(hearth_instance *instance) {
  return hearth__stripes_enter(
      &instance->stripes, (instance->entry->caps & HEARTH_CAP_REENTRANT) != 0);
}

static void lock_control(hearth_instance *instance) {
  pthread_mutex_lock(&instance->control);
  hearth__stripes_lock(&instance->stripes);
}

static void unlock_control(hearth_instance *instance) {
  hearth__stripes_unlock(&instance->stripes);
  pthread_mutex_unlock(&instance->control);
}

/* The sink's failure outweighs what the plugin returned; whatever is not OK
   leaves no answer. */
static hearth_status end_answer(hearth__frame *frame, hearth__sink *sink,
                                hearth_status status, hearth_status allow) {
  const char *name = frame->instance->entry->name;

  if (sink->status == HEARTH_LIMIT) {
    hearth__tell(frame->message, sizeof(frame->message),
                 "%s: %s wrote more than the host takes", name,
                 frame->function);
    status = HEARTH_LIMIT;
  } else if (sink->status != HEARTH_OK) {
    status = sink->status;
  } else if (status == HEARTH_OK && !sink->output->len) {
    hearth__tell(frame->message, sizeof(frame->message),
                 "%s: %s returned ok and wrote nothing", name, frame->function);
    status = HEARTH_INTERNAL;
  }
  status = hearth__frame_end(frame, status, allow);
  if (status != HEARTH_OK) {
    sink->output->len = 0;
  }
  return status;
}

typedef hearth_status answer_function(hearth_plugin *, const hearth_call *,
                                      hearth_bytes, hearth_sink *);

/* A [worker] call that answers. */
static hearth_status ask(hearth_instance *instance, hearth__kind kind,
                         const char *name, answer_function *function,
                         const hearth_call *call, hearth_bytes in,
                         hearth_output *out) {
  hearth__stripe *stripe;
  hearth__frame frame;
  hearth__sink sink;
  hearth_status status;

  hearth__sink_init(&sink, out);
  stripe = enter_worker(instance);
  hearth__frame_begin(&frame, instance, kind, name, call);
  frame.stripe = stripe;
  status = function(instance->plugin, &frame.call, in, &sink.base);
  status = end_answer(&frame, &sink, status, HEARTH_NO_OPINION);
  hearth__stripes_leave(stripe);
  return status;
}

hearth_status hearth_instance_prepare_models(hearth_instance *instance,
                                             const hearth_call *call,
                                             hearth_bytes context,
                                             hearth_output *out) {
  return ask(instance, HEARTH__PREPARE, "prepare_models",
             instance->entry->prepare_models, call, context, out);
}

hearth_status hearth_instance_get_model_metadata(hearth_instance *instance,
                                                 const hearth_call *call,
                                                 hearth_bytes query,
                                                 hearth_output *out) {
  return ask(instance, HEARTH__METADATA, "get_model_metadata",
             instance->entry->get_model_metadata, call, query, out);
}

static hearth_status unsupported(const hearth_instance *instance,
                                 const hearth_call *call, const char *what) {
  if (call) {
    hearth__tell(call->err, call->err_cap, "%s: the plugin has no %s",
                 instance->entry->name, what);
  }
  return HEARTH_UNSUPPORTED;
}

hearth_status hearth_instance_predict(hearth_instance *instance,
                                      const hearth_call *call,
                                      hearth_bytes context,
                                      hearth_output *out) {
  const hearth_predict *extension = hearth_instance_get_extension(
      instance, HEARTH_EXT_PREDICT, (uint32_t)sizeof(hearth_predict));

  out->len = 0;
  if (!extension || !extension->predict) {
    return unsupported(instance, call, "extension " HEARTH_EXT_PREDICT);
  }
  return ask(instance, HEARTH__OTHER, "predict", extension->predict, call,
             context, out);
}

hearth_status hearth_instance_explain(hearth_instance *instance,
                                      const hearth_call *call,
                                      hearth_bytes context,
                                      hearth_output *out) {
  const hearth_explain *extension = hearth_instance_get_extension(
      instance, HEARTH_EXT_EXPLAIN, (uint32_t)sizeof(hearth_explain));

  out->len = 0;
  if (!extension || !extension->explain) {
    return unsupported(instance, call, "extension " HEARTH_EXT_EXPLAIN);
  }
  return ask(instance, HEARTH__OTHER, "explain", extension->explain, call,
             context, out);
}

hearth_status hearth_instance_metric(hearth_instance *instance, uint32_t index,
                                     hearth_metric *out) {
  const hearth_metrics *extension = hearth_instance_get_extension(
      instance, HEARTH_EXT_METRICS, (uint32_t)sizeof(hearth_metrics));
  hearth_metric metric = {0};
  hearth__stripe *stripe;
  hearth__frame frame;
  hearth_status status;

  if (!extension || !extension->get) {
    return HEARTH_UNSUPPORTED;
  }
  metric.size = (uint32_t)sizeof(metric);
  stripe = enter_worker(instance);
  hearth__frame_begin(&frame, instance, HEARTH__OTHER, "metrics", NULL);
  frame.stripe = stripe;
  status = extension->get(instance->plugin, index, &metric);
  if (status == HEARTH_OK && !metric.name) {
    status = HEARTH_INTERNAL;
  }
  status = hearth__frame_end(&frame, status, HEARTH_NO_OPINION);
  hearth__stripes_leave(stripe);
  if (status == HEARTH_OK) {
    *out = metric;
  }
  return status;
}

hearth_status hearth_instance_record_outcome(hearth_instance *instance,
                                             const hearth_call *call,
                                             hearth_bytes outcome) {
  hearth__stripe *stripe;
  hearth__frame frame;
  hearth_status status;

  stripe = enter_worker(instance);
  hearth__frame_begin(&frame, instance, HEARTH__OUTCOME, "record_outcome",
                      call);
  frame.stripe = stripe;
  status =
      instance->entry->record_outcome(instance->plugin, &frame.call, outcome);
  status = hearth__frame_end(&frame, status, HEARTH_OK);
  hearth__stripes_leave(stripe);
  return status;
}

hearth_status hearth_instance_set_catalog(hearth_instance *instance,
                                          const hearth_call *call,
                                          hearth_bytes catalog) {
  hearth__frame frame;
  hearth_status status;

  lock_control(instance);
  hearth__frame_begin(&frame, instance, HEARTH__OTHER, "set_catalog", call);
  status = instance->entry->set_catalog(instance->plugin, &frame.call, catalog);
  status = hearth__frame_end(&frame, status, HEARTH_OK);
  unlock_control(instance);
  return status;
}

hearth_status hearth_instance_save_state(hearth_instance *instance,
                                         const hearth_call *call,
                                         hearth_output *out) {
  int beside = (instance->entry->caps & HEARTH_CAP_CONCURRENT_SAVE) != 0;
  hearth__frame frame;
  hearth__sink sink;
  hearth_status status;

  out->len = 0;
  if (!(instance->entry->caps & HEARTH_CAP_STATE)) {
    return unsupported(instance, call, "state to save");
  }
  hearth__sink_init(&sink, out);
  pthread_mutex_lock(&instance->control);
  if (!beside) {
    hearth__stripes_lock(&instance->stripes);
  }
  hearth__frame_begin(&frame, instance, HEARTH__OTHER, "save_state", call);
  status =
      instance->entry->save_state(instance->plugin, &frame.call, &sink.base);
  status = end_answer(&frame, &sink, status, HEARTH_OK);
  if (!beside) {
    hearth__stripes_unlock(&instance->stripes);
  }
  pthread_mutex_unlock(&instance->control);
  return status;
}

hearth_status hearth_instance_load_state(hearth_instance *instance,
                                         const hearth_call *call,
                                         hearth_bytes state) {
  hearth__frame frame;
  hearth__source source;
  hearth_status status;

  if (!(instance->entry->caps & HEARTH_CAP_STATE)) {
    return unsupported(instance, call, "state to load");
  }
  hearth__source_init(&source, state);
  lock_control(instance);
  hearth__frame_begin(&frame, instance, HEARTH__OTHER, "load_state", call);
  status =
      instance->entry->load_state(instance->plugin, &frame.call, &source.base);
  status = hearth__frame_end(&frame, status, HEARTH_OK);
  unlock_control(instance);
  return status;
}

const void *hearth_instance_get_extension(hearth_instance *instance,
                                          const char *id, uint32_t min_size) {
  const uint32_t *extension;

  if (!instance->entry->get_extension) {
    return NULL;
  }
  extension = instance->entry->get_extension(instance->plugin, id);
  return extension && *extension >= min_size ? extension : NULL;
}
