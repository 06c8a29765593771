/* SPDX-License-Identifier: MIT
   A library whose every call is recorded: its closures and its instances. */
#include "host-sdk/reflect/trace.h"

#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/library.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/trace_state.h"
#include "plugin/sdk/wire/messages.h"

static const hearth__shape shapes[HEARTH__ENTRY_SLOTS] = {
    {"create", NULL, 'h', "pppbp", "S-CIP", &hearth_config_schema, NULL},
    {"destroy", NULL, 'v', "p", "X", NULL, NULL},
    {"set_catalog", NULL, 'h', "ppb", "XCI", &hearth_catalog_schema, NULL},
    {"prepare_models", NULL, 'h', "ppbp", "XCIO", &hearth_context_schema,
     &hearth_model_set_schema},
    {"get_model_metadata", NULL, 'h', "ppbp", "XCIO",
     &hearth_metadata_query_schema, &hearth_metadata_schema},
    {"record_outcome", NULL, 'h', "ppb", "XCI", &hearth_outcome_schema, NULL},
    {"save_state", NULL, 'h', "ppp", "XCW", NULL, NULL},
    {"load_state", NULL, 'h', "ppp", "XCR", NULL, NULL},
    {"get_extension", NULL, 'p', "pp", "XN", NULL, NULL}};

/* libffi keeps closures where the system lets code be: in trampolines of its
   own, or in memory that is mapped twice.  A hardened system may allow
   neither. */
hearth_status hearth__slot_prepare(hearth__slot *slot) {
  const int reflected = slot->shape == NULL;
  void *code = NULL;
  hearth_status status = reflected
                             ? hearth__cif_prepare(&slot->cif, &slot->signature)
                             : hearth__cif_of(&slot->cif, slot->shape->result,
                                              slot->shape->letters);

  if (status != HEARTH_OK) {
    return status;
  }
  slot->closure = ffi_closure_alloc(sizeof(ffi_closure), &code);
  if (!slot->closure ||
      ffi_prep_closure_loc(slot->closure, &slot->cif.cif,
                           reflected ? hearth__trace_reflected_call
                                     : hearth__trace_entry_call,
                           slot, code) != FFI_OK) {
    hearth__slot_free(slot);
    return HEARTH_UNSUPPORTED;
  }
  slot->code = code;
  return HEARTH_OK;
}

void hearth__slot_free(hearth__slot *slot) {
  if (slot->closure) {
    ffi_closure_free(slot->closure);
  }
  slot->closure = NULL;
  slot->code = NULL;
}

/* A pointer to a function out of one to its closure's code: POSIX has them of
   one size, ISO C has no cast. */
static void (*function_at(void *code))(void) {
  void (*function)(void);

  memcpy(&function, &code, sizeof(function));
  return function;
}

#define SLOT(i, member)                                                        \
  do {                                                                         \
    if (entry->member) {                                                       \
      t->slots[i].inner = (void (*)(void))entry->member;                       \
      status = hearth__slot_prepare(&t->slots[i]);                             \
      if (status != HEARTH_OK) {                                               \
        return status;                                                         \
      }                                                                        \
      t->entry.member =                                                        \
          (__typeof__(t->entry.member))function_at(t->slots[i].code);          \
    }                                                                          \
  } while (0)

static hearth_status prepare_entry(hearth__tracer *t) {
  const hearth_plugin_entry *entry = hearth_library_entry(t->library);
  hearth_status status;

  t->entry = *entry;
  t->entry.size = (uint32_t)sizeof(t->entry);
  for (int i = 0; i < HEARTH__ENTRY_SLOTS; ++i) {
    t->slots[i].tracer = t;
    t->slots[i].shape = &shapes[i];
  }
  SLOT(0, create);
  SLOT(1, destroy);
  SLOT(2, set_catalog);
  SLOT(3, prepare_models);
  SLOT(4, get_model_metadata);
  SLOT(5, record_outcome);
  SLOT(6, save_state);
  SLOT(7, load_state);
  SLOT(8, get_extension);
  return HEARTH_OK;
}

/* The tracer outlives its library, and is freed by whoever has it. */
static void nothing(void *user) {
  (void)user;
}

hearth_status hearth__traced_library(hearth_library *library,
                                     const hearth__trace_options *options,
                                     hearth__tracer **tracer,
                                     hearth_library **out, char *err,
                                     uint64_t err_cap) {
  const char *path = hearth_library_path(library);
  hearth__tracer *t = calloc(1, sizeof(*t));
  hearth_status status;

  if (!t || pthread_mutex_init(&t->lock, NULL) != 0) {
    free(t);
    hearth__tell(err, err_cap, "%s: no memory to trace it", path);
    return HEARTH_NO_MEMORY;
  }
  t->library = hearth__library_share(library);
  t->theirs = hearth__library_theirs(library);
  t->options = *options;
  t->began_ns = hearth_monotonic_ns();
  status = prepare_entry(t);
  if (status != HEARTH_OK) {
    hearth__tell(
        err, err_cap,
        "%s: can't be traced: libffi gets no closure from this system, "
        "which may forbid code to be made at run time",
        path);
  } else {
    status = hearth_library_wrap(&t->entry, path, NULL, out, err, err_cap);
  }
  if (status != HEARTH_OK) {
    hearth__tracer_free(t);
    return status;
  }
  if (hearth__library_is_proxy(library)) {
    /* What only a worker's host says comes through this library too. */
    hearth__library_be_proxy(*out, nothing, NULL);
  }
  *tracer = t;
  return HEARTH_OK;
}

void hearth__tracer_free(hearth__tracer *tracer) {
  if (!tracer) {
    return;
  }
  for (int i = 0; i < HEARTH__ENTRY_SLOTS; ++i) {
    hearth__slot_free(&tracer->slots[i]);
  }
  while (tracer->extensions) {
    hearth__traced_extension *next = tracer->extensions->next;

    hearth__trace_extension_free(tracer->extensions);
    tracer->extensions = next;
  }
  while (tracer->known) {
    hearth__trace_forget(tracer, tracer->known->plugin);
  }
  pthread_mutex_destroy(&tracer->lock);
  hearth_library_close(tracer->library);
  free(tracer);
}

void hearth__trace_learn(hearth__tracer *tracer, const hearth_plugin *plugin) {
  hearth__known_instance *known = malloc(sizeof(*known));

  pthread_mutex_lock(&tracer->lock);
  ++tracer->instances;
  if (known) {
    known->plugin = plugin;
    known->number = tracer->instances;
    known->next = tracer->known;
    tracer->known = known;
  }
  pthread_mutex_unlock(&tracer->lock);
}

void hearth__trace_forget(hearth__tracer *tracer, const hearth_plugin *plugin) {
  hearth__known_instance **at = &tracer->known;
  hearth__known_instance *known = NULL;

  pthread_mutex_lock(&tracer->lock);
  while (*at && (*at)->plugin != plugin) {
    at = &(*at)->next;
  }
  if (*at) {
    known = *at;
    *at = known->next;
  }
  pthread_mutex_unlock(&tracer->lock);
  free(known);
}

uint64_t hearth__trace_number(hearth__tracer *tracer,
                              const hearth_plugin *plugin) {
  const hearth__known_instance *known;
  uint64_t number;

  pthread_mutex_lock(&tracer->lock);
  for (known = tracer->known; known && known->plugin != plugin;) {
    known = known->next;
  }
  number = known ? known->number : 0;
  pthread_mutex_unlock(&tracer->lock);
  return number;
}

void hearth__trace_begin(hearth__tracer *tracer, hearth__trace_event *event,
                         const hearth_plugin *plugin) {
  event->instance = plugin ? hearth__trace_number(tracer, plugin) : 0;
  event->began_ns = hearth_monotonic_ns();
}

void hearth__trace_end(hearth__tracer *tracer, hearth__trace_event *event) {
  pthread_mutex_lock(&tracer->lock);
  event->call = ++tracer->calls;
  event->began_ns -= tracer->began_ns;
  if (tracer->options.write) {
    tracer->options.write(tracer->options.user, event);
  }
  pthread_mutex_unlock(&tracer->lock);
}
