/* SPDX-License-Identifier: MIT
   What happens in a traced call: of the entry, or of an extension. */
#include <string.h>

#include "host-sdk/reflect/pack.h"
#include "host-sdk/reflect/trace_state.h"

enum { ARGS_MOST = 8, ERR_MOST = 1024 };

/* One call under way. */
typedef struct frame {
  const hearth__slot *slot;
  hearth__trace_event event;
  void *places[ARGS_MOST]; /* where libffi finds each argument */
  const void *self;
  hearth_sink *sink;
  hearth_source *counted;
  hearth__tee tee;
  hearth__counted_source source;
  const hearth_plugin *plugin;
  hearth_plugin **made;
  const hearth_call *call;
  char err[ERR_MOST];
} frame;

static void take_call(frame *f, const hearth_call *call) {
  const uint64_t now = hearth_monotonic_ns();

  f->call = call;
  if (call) {
    f->event.call_id = call->call_id;
    f->event.flags = call->flags;
    f->event.deadline_ns =
        call->deadline_ns ? (int64_t)(call->deadline_ns - now) : INT64_MIN;
    /* What is there afterwards is the plugin's. */
    if (call->err && call->err_cap) {
      call->err[0] = '\0';
    }
  }
}

/* Look at an argument, and put ours in its place where it is to be watched. */
static void take_arg(frame *f, char role, void **place) {
  hearth__trace_event *event = &f->event;
  void *const arg = *place;

  switch (role) {
  case HEARTH__ROLE_SELF:
    f->self = f->slot->tracer->theirs;
    *place = (void *)&f->self;
    break;
  case HEARTH__ROLE_PLUGIN:
    f->plugin = *(hearth_plugin **)arg;
    break;
  case HEARTH__ROLE_CALL:
    take_call(f, *(const hearth_call **)arg);
    break;
  case HEARTH__ROLE_IN:
    event->in = *(hearth_bytes *)arg;
    event->in_len = event->in.len;
    break;
  case HEARTH__ROLE_OUT:
  case HEARTH__ROLE_STATE:
    f->sink = hearth__tee_init(&f->tee, *(hearth_sink **)arg,
                               role == HEARTH__ROLE_OUT &&
                                   f->slot->tracer->options.messages);
    *place = (void *)&f->sink;
    break;
  case HEARTH__ROLE_SOURCE:
    f->counted =
        hearth__counted_source_init(&f->source, *(hearth_source **)arg);
    *place = (void *)&f->counted;
    break;
  case HEARTH__ROLE_INSTANCE:
    f->made = *(hearth_plugin ***)arg;
    break;
  case HEARTH__ROLE_NAME:
    event->id = *(const char **)arg;
    break;
  default:
    break;
  }
}

static void take_err(frame *f) {
  const hearth_call *call = f->call;
  size_t len = 0;

  if (call && call->err && call->err_cap) {
    const uint64_t most =
        call->err_cap < ERR_MOST ? call->err_cap : (uint64_t)ERR_MOST - 1;

    while (len < most && call->err[len]) {
      ++len;
    }
    memcpy(f->err, call->err, len);
  }
  f->err[len] = '\0';
}

/* What the function returned; an instance that it made is known from now on. */
static void take_result(frame *f, void *returned) {
  const hearth__shape *shape = f->slot->shape;
  hearth__trace_event *event = &f->event;

  if (shape->result == 'h') {
    event->has_status = 1;
    event->status = (hearth_status)(ffi_sarg) * (ffi_arg *)returned;
    if (event->status != HEARTH_OK) {
      take_err(f);
    }
  } else if (event->id) { /* get_extension */
    const char *why = NULL;
    const void *extension = *(void **)returned;

    event->has_status = 1;
    event->status = extension ? HEARTH_OK : HEARTH_UNSUPPORTED;
    if (extension) {
      *(const void **)returned =
          hearth__trace_extension(f->slot->tracer, event->id, extension, &why);
    }
    event->err = why ? why : "";
  }
  if (f->made && event->status == HEARTH_OK && *f->made) {
    hearth__trace_learn(f->slot->tracer, *f->made);
    f->plugin = *f->made;
  }
}

void hearth__trace_entry_call(ffi_cif *cif, void *returned, void **args,
                              void *user) {
  frame f = {.slot = user};
  const hearth__shape *shape = f.slot->shape;
  hearth__tracer *tracer = f.slot->tracer;
  hearth__trace_event *event = &f.event;

  event->function = shape->function;
  event->extension = shape->extension;
  event->in_schema = shape->in_schema;
  event->out_schema = shape->out_schema;
  event->deadline_ns = INT64_MIN;
  event->err = f.err;
  for (unsigned i = 0; i < cif->nargs; ++i) {
    f.places[i] = args[i];
    take_arg(&f, shape->roles[i], &f.places[i]);
  }
  hearth__trace_begin(tracer, event, f.plugin);
  if (shape->result == 'v') { /* destroy: its address may be another's next */
    hearth__trace_forget(tracer, f.plugin);
  }
  ffi_call(cif, f.slot->inner, returned, f.places);
  event->took_ns = hearth_monotonic_ns() - event->began_ns;
  take_result(&f, returned);
  if (f.made && f.plugin) {
    event->instance = hearth__trace_number(tracer, f.plugin);
  }
  event->in_len += f.counted ? f.source.len : 0;
  if (f.sink) {
    event->out = hearth__tee_bytes(&f.tee);
    event->out_len = f.tee.len;
  }
  hearth__trace_end(tracer, event);
  if (f.sink) {
    hearth__tee_free(&f.tee);
  }
}

/* The values that went in, as the list that a request carries. */
static hearth_sink *take_values(const hearth__slot *slot, void **args,
                                void **places, hearth_buffer *values,
                                hearth__tee *tee) {
  const hearth__signature *signature = &slot->signature;
  const int keep = slot->tracer->options.messages;
  hearth_sink *sink = NULL;
  hearth__pack pack;

  hearth__pack_init(&pack, &values->sink);
  msgpack_pack_array(&pack.packer, signature->inputs);
  for (uint32_t i = 0; i < signature->count; ++i) {
    const char letter = signature->letters[i];

    places[i] = args[i];
    if (letter == 'o') {
      sink = hearth__tee_init(tee, *(hearth_sink **)args[i], keep);
    } else if (letter != 'p') {
      hearth__pack_value(&pack, letter, args[i]);
    }
  }
  if (pack.status != HEARTH_OK) {
    values->len = 0;
  }
  return sink;
}

static void take_returned(const hearth__slot *slot, const void *returned,
                          hearth__trace_event *event, hearth_buffer *value) {
  const char result = slot->signature.result;
  const int32_t small = result == 'i' || result == 'h'
                            ? (int32_t)(ffi_sarg) * (const ffi_arg *)returned
                            : 0;
  hearth__pack pack;

  if (result == 'h') {
    event->has_status = 1;
    event->status = small;
  } else if (result != 'v') {
    hearth__pack_init(&pack, &value->sink);
    hearth__pack_value(&pack, result, result == 'i' ? &small : returned);
    if (pack.status == HEARTH_OK) {
      event->result = hearth_buffer_bytes(value);
    }
  }
}

void hearth__trace_reflected_call(ffi_cif *cif, void *returned, void **args,
                                  void *user) {
  const hearth__slot *slot = user;
  const hearth__signature *signature = &slot->signature;
  void *places[HEARTH__SIGNATURE_LETTERS];
  hearth__trace_event event = {.extension = HEARTH_EXT_REFLECT,
                               .function = slot->name,
                               .deadline_ns = INT64_MIN,
                               .err = ""};
  hearth_buffer values, value;
  hearth__tee tee;
  hearth_sink *sink;

  hearth_buffer_init(&values, 0);
  hearth_buffer_init(&value, 0);
  sink = take_values(slot, args, places, &values, &tee);
  if (sink) {
    places[signature->sink] = (void *)&sink;
  }
  event.in = hearth_buffer_bytes(&values);
  event.in_len = values.len;
  hearth__trace_begin(slot->tracer, &event,
                      signature->letters[0] == 'p' ? *(hearth_plugin **)args[0]
                                                   : NULL);
  ffi_call(cif, slot->inner, returned, places);
  event.took_ns = hearth_monotonic_ns() - event.began_ns;
  take_returned(slot, returned, &event, &value);
  if (sink) {
    event.out = hearth__tee_bytes(&tee);
    event.out_len = tee.len;
  }
  hearth__trace_end(slot->tracer, &event);
  if (sink) {
    hearth__tee_free(&tee);
  }
  hearth_buffer_free(&values);
  hearth_buffer_free(&value);
}
