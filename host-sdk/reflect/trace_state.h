/* SPDX-License-Identifier: MIT
   Inside the tracer: what its files share. */
#ifndef HEARTH_REFLECT_TRACE_STATE_H
#define HEARTH_REFLECT_TRACE_STATE_H

#include <pthread.h>

#include "hearth/ext/reflect.h"
#include "host-sdk/reflect/cif.h"
#include "host-sdk/reflect/trace.h"
#include "plugin/sdk/wire/encode.h"

/* What an argument is to the tracer; one letter each in hearth__shape.roles. */
enum {
  HEARTH__ROLE_SELF = 'S',     /* the entry: the plugin's own goes in */
  HEARTH__ROLE_PLUGIN = 'X',   /* hearth_plugin * */
  HEARTH__ROLE_CALL = 'C',     /* hearth_call *, or NULL */
  HEARTH__ROLE_IN = 'I',       /* hearth_bytes: a message */
  HEARTH__ROLE_OUT = 'O',      /* hearth_sink *: a message */
  HEARTH__ROLE_STATE = 'W',    /* hearth_sink *: state, of no format */
  HEARTH__ROLE_SOURCE = 'R',   /* hearth_source *: state */
  HEARTH__ROLE_INSTANCE = 'P', /* hearth_plugin **, of create */
  HEARTH__ROLE_NAME = 'N',     /* const char *: an extension's id */
  HEARTH__ROLE_OTHER = '-'
};

/* One kind of function: how libffi calls it, and what each argument is. */
typedef struct hearth__shape {
  const char *function, *extension;
  char result;         /* a letter of hearth__cif_of */
  const char *letters; /* the same */
  const char *roles;   /* as many */
  const hearth_schema *in_schema, *out_schema;
} hearth__shape;

/* One function with its closure. */
typedef struct hearth__slot {
  hearth__tracer *tracer;
  const hearth__shape *shape; /* NULL: a reflected function */
  hearth__signature signature;
  const char *name; /* of a reflected function */
  void (*inner)(void);
  hearth__cif cif;
  ffi_closure *closure; /* owned */
  void *code;           /* what is called; NULL: not prepared */
} hearth__slot;

/* An extension of the plugin with closures in place of its functions. */
typedef struct hearth__traced_extension {
  struct hearth__traced_extension *next;
  const char *id;           /* static */
  void (*key)(void);        /* the function within, where there is one */
  hearth_reflect reflected; /* the list within, to know it again */
  const void *made;         /* into `room`: what the host gets */
  hearth__slot *slots;      /* owned */
  uint32_t slot_count;
  void *room; /* owned */
} hearth__traced_extension;

typedef struct hearth__known_instance {
  struct hearth__known_instance *next;
  const hearth_plugin *plugin;
  uint64_t number;
} hearth__known_instance;

enum { HEARTH__ENTRY_SLOTS = 9 };

struct hearth__tracer {
  hearth_plugin_entry entry;         /* what the host sees */
  const hearth_plugin_entry *theirs; /* for create */
  hearth_library *library;           /* shared */
  hearth__trace_options options;
  uint64_t began_ns;
  hearth__slot slots[HEARTH__ENTRY_SLOTS];
  pthread_mutex_t lock; /* over all that follows, and `write` */
  uint64_t calls, instances;
  hearth__known_instance *known;        /* owned */
  hearth__traced_extension *extensions; /* owned */
};

/* A sink that passes everything on, and keeps or counts what was taken. */
typedef struct hearth__tee {
  hearth_sink base; /* first */
  hearth_sink *real;
  hearth_buffer copy;
  uint64_t len;
  int keep;
} hearth__tee;

/* What the plugin is to write into: `real` where that is NULL. */
hearth_sink *hearth__tee_init(hearth__tee *tee, hearth_sink *real, int keep);
/* What was kept, whole, or {NULL, 0}. */
hearth_bytes hearth__tee_bytes(const hearth__tee *tee);
void hearth__tee_free(hearth__tee *tee);

/* The same for what it reads: counted alone. */
typedef struct hearth__counted_source {
  hearth_source base; /* first */
  hearth_source *real;
  uint64_t len;
} hearth__counted_source;

hearth_source *hearth__counted_source_init(hearth__counted_source *source,
                                           hearth_source *real);

/* Make a slot's closure.  HEARTH_UNSUPPORTED: the system allows none. */
hearth_status hearth__slot_prepare(hearth__slot *slot);
void hearth__slot_free(hearth__slot *slot);

/* The closures' functions. */
void hearth__trace_entry_call(ffi_cif *cif, void *returned, void **args,
                              void *slot);
void hearth__trace_reflected_call(ffi_cif *cif, void *returned, void **args,
                                  void *slot);

/* Begin and end an event.  `end` numbers it and tells of it. */
void hearth__trace_begin(hearth__tracer *tracer, hearth__trace_event *event,
                         const hearth_plugin *plugin);
void hearth__trace_end(hearth__tracer *tracer, hearth__trace_event *event);

/* Instances by number; a full memory leaves one unknown. */
void hearth__trace_learn(hearth__tracer *tracer, const hearth_plugin *plugin);
void hearth__trace_forget(hearth__tracer *tracer, const hearth_plugin *plugin);

/* 0: it is not known. */
uint64_t hearth__trace_number(hearth__tracer *tracer,
                              const hearth_plugin *plugin);

/* The traced form of what get_extension gave; `inner` itself where that is not
   one of the four, is broken, or can't be traced (*why then says so). */
const void *hearth__trace_extension(hearth__tracer *tracer, const char *id,
                                    const void *inner, const char **why);
void hearth__trace_extension_free(hearth__traced_extension *extension);

#endif
