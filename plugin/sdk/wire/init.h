/* SPDX-License-Identifier: MIT
   A struct and its defaults, within the codec. */
#ifndef HEARTH_SDK_WIRE_INIT_H
#define HEARTH_SDK_WIRE_INIT_H

#include "plugin/sdk/wire/schema.h"

/* A member at its default. */
void hearth__field_reset(const hearth_field *field, void *member);

/* Every member at its default; lists are empty and keep their room. */
void hearth__message_reset(const hearth_schema *schema, void *message);

/* The fields that a message has: required, or not at their default.  One bit
   each, in the schema's order. */
uint64_t hearth__message_present(const hearth_schema *schema,
                                 const void *message);

/* How many items of a list there are to read. */
static inline uint32_t hearth__list_len(const hearth_list *list) {
  return list->count < list->cap ? list->count : list->cap;
}

#endif
