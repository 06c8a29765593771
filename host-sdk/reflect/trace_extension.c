/* SPDX-License-Identifier: MIT
   A plugin's extensions with closures in place of their functions. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/caller.h"
#include "host-sdk/reflect/trace_state.h"
#include "plugin/sdk/wire/messages.h"

/* Extensions of one function, which stands behind size and flags. */
typedef struct single {
  uint32_t size, flags;
  void (*function)(void);
} single;

static const hearth__shape shapes[] = {
    {"get", HEARTH_EXT_METRICS, 'h', "pip", "X--", NULL, NULL},
    {"explain", HEARTH_EXT_EXPLAIN, 'h', "ppbp", "XCIO", &hearth_context_schema,
     &hearth_model_set_schema},
    {"predict", HEARTH_EXT_PREDICT, 'h', "ppbp", "XCIO", &hearth_context_schema,
     &hearth_model_set_schema},
    {"call", HEARTH__EXT_REFLECT_CALLER, 'h', "ppbp", "XCIO", NULL, NULL}};

static void (*function_at(void *code))(void) {
  void (*function)(void);

  memcpy(&function, &code, sizeof(function));
  return function;
}

void hearth__trace_extension_free(hearth__traced_extension *extension) {
  for (uint32_t i = 0; i < extension->slot_count; ++i) {
    hearth__slot_free(&extension->slots[i]);
  }
  free(extension->slots);
  free(extension->room);
  free(extension);
}

/* An extension with room for `size` bytes and `count` closures, or NULL. */
static hearth__traced_extension *allocate(const char *id, size_t size,
                                          uint32_t count) {
  hearth__traced_extension *made = calloc(1, sizeof(*made));

  if (!made) {
    return NULL;
  }
  made->id = id;
  made->room = calloc(1, size);
  made->slots = calloc((size_t)count + 1, sizeof(*made->slots));
  made->slot_count = made->slots ? count : 0;
  made->made = made->room;
  if (!made->room || !made->slots) {
    hearth__trace_extension_free(made);
    return NULL;
  }
  return made;
}

static hearth__traced_extension *make_single(hearth__tracer *tracer,
                                             const hearth__shape *shape,
                                             const single *inner) {
  hearth__traced_extension *made =
      allocate(shape->extension, sizeof(single), 1);
  single *outer;

  if (!made) {
    return NULL;
  }
  made->key = inner->function;
  made->slots[0].tracer = tracer;
  made->slots[0].shape = shape;
  made->slots[0].inner = inner->function;
  if (hearth__slot_prepare(&made->slots[0]) != HEARTH_OK) {
    hearth__trace_extension_free(made);
    return NULL;
  }
  outer = made->room;
  outer->size = (uint32_t)sizeof(*outer);
  outer->flags = inner->flags;
  outer->function = function_at(made->slots[0].code);
  return made;
}

/* One reflected function; what has no pointer or no right signature stays as it
   is, for whoever calls it to complain. */
static int make_function(hearth__tracer *tracer, hearth__slot *slot,
                         hearth_function *function) {
  function->size = (uint32_t)sizeof(*function);
  if (!function->pointer || !function->name ||
      hearth__signature_parse(&slot->signature, function->signature, NULL, 0) !=
          HEARTH_OK) {
    return 0;
  }
  slot->tracer = tracer;
  slot->name = function->name;
  slot->inner = function->pointer;
  if (hearth__slot_prepare(slot) != HEARTH_OK) {
    return -1;
  }
  function->pointer = function_at(slot->code);
  return 0;
}

static hearth__traced_extension *make_reflect(hearth__tracer *tracer,
                                              const hearth_reflect *inner) {
  hearth__traced_extension *made =
      allocate(HEARTH_EXT_REFLECT,
               sizeof(hearth_reflect) + inner->count * sizeof(hearth_function),
               inner->count);
  hearth_reflect *outer;
  hearth_function *functions;

  if (!made) {
    return NULL;
  }
  made->reflected = *inner;
  outer = made->room;
  functions = (hearth_function *)(void *)(outer + 1);
  *outer = (hearth_reflect){(uint32_t)sizeof(*outer), inner->count, functions};
  for (uint32_t i = 0; i < inner->count; ++i) {
    if (hearth__reflect_function(inner, i, &functions[i], NULL, 0) !=
            HEARTH_OK ||
        make_function(tracer, &made->slots[i], &functions[i])) {
      hearth__trace_extension_free(made);
      return NULL;
    }
  }
  return made;
}

/* Whether it was made from the same list; the functions' places can be used
   again, by another list. */
static int same_list(const hearth__traced_extension *made,
                     const hearth_reflect *inner) {
  const hearth_reflect *outer = made->made;
  hearth_function function;
  int same = made->reflected.count == inner->count &&
             made->reflected.functions == inner->functions;

  for (uint32_t i = 0; same && i < inner->count; ++i) {
    const hearth__slot *slot = &made->slots[i];

    same =
        hearth__reflect_function(inner, i, &function, NULL, 0) == HEARTH_OK &&
        function.name == outer->functions[i].name &&
        function.signature == outer->functions[i].signature &&
        function.pointer ==
            (slot->code ? slot->inner : outer->functions[i].pointer);
  }
  return same;
}

/* Found among those that were made, or NULL. */
static hearth__traced_extension *find(hearth__tracer *tracer, const char *id,
                                      const void *inner) {
  hearth__traced_extension *at = tracer->extensions;
  const int reflect = strcmp(id, HEARTH_EXT_REFLECT) == 0;

  for (; at; at = at->next) {
    if (strcmp(at->id, id) == 0 &&
        (reflect ? same_list(at, inner)
                 : at->key == ((const single *)inner)->function)) {
      return at;
    }
  }
  return NULL;
}

static const hearth__shape *shape_of(const char *id) {
  for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); ++i) {
    if (strcmp(shapes[i].extension, id) == 0) {
      return &shapes[i];
    }
  }
  return NULL;
}

/* Whether an extension is whole enough to be traced; what is broken goes to the
   host as it is. */
static int is_whole(const hearth__shape *shape, const void *inner) {
  const hearth_reflect *reflect = inner;
  const single *one = inner;
  hearth_function function;

  if (shape) {
    return one->size >= sizeof(*one) && one->function;
  }
  return reflect->size >= sizeof(*reflect) &&
         hearth__reflect_function(reflect, 0, &function, NULL, 0) == HEARTH_OK;
}

const void *hearth__trace_extension(hearth__tracer *tracer, const char *id,
                                    const void *inner, const char **why) {
  const hearth__shape *shape = shape_of(id);
  hearth__traced_extension *found;

  if ((!shape && strcmp(id, HEARTH_EXT_REFLECT) != 0) ||
      !is_whole(shape, inner)) {
    return inner;
  }
  pthread_mutex_lock(&tracer->lock);
  found = find(tracer, id, inner);
  if (!found) {
    found =
        shape ? make_single(tracer, shape, inner) : make_reflect(tracer, inner);
    if (found) {
      found->next = tracer->extensions;
      tracer->extensions = found;
    }
  }
  pthread_mutex_unlock(&tracer->lock);
  if (!found) {
    *why = "not traced: no memory, or its list is broken";
    return inner;
  }
  return found->made;
}
