/* SPDX-License-Identifier: MIT
   How a message is described: one table of fields serves both directions. */
#include "plugin/sdk/wire/schema.h"

#include <string.h>

#include "plugin/sdk/wire/init.h"

hearth_str hearth_str_from(const char *text) {
  const hearth_str str = {text, text ? strlen(text) : 0};
  return str;
}

int hearth_str_equal(hearth_str a, hearth_str b) {
  return a.len == b.len && (a.len == 0 || !memcmp(a.data, b.data, a.len));
}

void hearth__field_reset(const hearth_field *field, void *member) {
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    *(hearth_str *)member = (hearth_str){NULL, 0};
    break;
  case HEARTH_FIELD_I64:
    *(int64_t *)member = (int64_t)field->fallback;
    break;
  case HEARTH_FIELD_F64:
    *(double *)member = field->fallback;
    break;
  case HEARTH_FIELD_BOOL:
  case HEARTH_FIELD_ENUM:
    *(int32_t *)member = (int32_t)field->fallback;
    break;
  case HEARTH_FIELD_MAP:
    hearth__message_reset(field->schema, member);
    break;
  default:
    ((hearth_list *)member)->count = 0;
    break;
  }
}

void hearth__message_reset(const hearth_schema *schema, void *message) {
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    hearth__field_reset(field, (uint8_t *)message + field->offset);
  }
}

static int any_present(const hearth_schema *schema, const void *message);

static inline int is_present(const hearth_field *field, const void *member) {
  if (field->flags & (HEARTH_FIELD_REQUIRED | HEARTH_FIELD_ALWAYS)) {
    return 1;
  }
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    return ((const hearth_str *)member)->len != 0;
  case HEARTH_FIELD_I64:
    return *(const int64_t *)member != (int64_t)field->fallback;
  case HEARTH_FIELD_F64: /* a NaN is there, and is refused later */
    return !(*(const double *)member == field->fallback);
  case HEARTH_FIELD_BOOL:
  case HEARTH_FIELD_ENUM:
    return *(const int32_t *)member != (int32_t)field->fallback;
  case HEARTH_FIELD_MAP:
    return any_present(field->schema, member);
  default:
    return hearth__list_len(member) != 0;
  }
}

/* The first will do, where the mask would look at all. */
static int any_present(const hearth_schema *schema, const void *message) {
  const hearth_field *field = schema->fields;
  for (uint32_t left = schema->count; left; left--, field++) {
    if (is_present(field, (const uint8_t *)message + field->offset)) {
      return 1;
    }
  }
  return 0;
}

enum { WORD = sizeof(uint64_t) };

static uint64_t word(const void *at) {
  uint64_t bits;
  memcpy(&bits, at, sizeof bits);
  return bits;
}

/* Where the message first differs from the blank, from the word at `at` on: by
   two words as long as there are two. */
static size_t first_other(const uint8_t *blank, const uint8_t *message,
                          size_t at, size_t size) {
  for (; at + 2 * WORD <= size; at += 2 * WORD) {
    const uint64_t here = word(message + at) ^ word(blank + at);
    const uint64_t next = word(message + at + WORD) ^ word(blank + at + WORD);
    if (here | next) {
      return here ? at : at + WORD;
    }
  }
  return at < size && word(message + at) == word(blank + at) ? size : at;
}

/* Most of a message is as in the blank, and that is passed over word by word;
   what differs may still be absent, like the room of an empty list. */
static uint64_t present_beside_blank(const hearth_schema *schema,
                                     const uint8_t *message) {
  const hearth_field *field = schema->fields;
  const hearth_field *const end = field + schema->count;
  uint64_t mask = 0, bit = 1;
  for (uint32_t left = schema->needs; left; left--, field++, bit <<= 1) {
    mask |= is_present(field, message + field->offset) ? bit : 0;
  }
  const size_t size = schema->size;
  size_t other = 0;
  while (field < end) {
    const size_t at = field->offset & ~((size_t)WORD - 1);
    other = first_other(schema->blank, message, other > at ? other : at, size);
    if (other == size) {
      break;
    }
    while (field + 1 < end && field[1].offset <= other) {
      field++;
      bit <<= 1;
    }
    mask |= is_present(field, message + field->offset) ? bit : 0;
    field++;
    bit <<= 1;
  }
  return mask;
}

uint64_t hearth__message_present(const hearth_schema *schema,
                                 const void *message) {
  if (schema->blank) {
    return present_beside_blank(schema, message);
  }
  uint64_t mask = 0;
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    if (is_present(field, (const uint8_t *)message + field->offset)) {
      mask |= (uint64_t)1 << i;
    }
  }
  return mask;
}
