/* SPDX-License-Identifier: MIT
   Messages to JSON. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/init.h"

static json_t *str_to_json(hearth_str str) {
  const char *const text = str.len ? str.data : "";
  json_t *const json = json_stringn(text, (size_t)str.len);
  if (json || !str.len) {
    return json;
  }
  char *const shown = malloc((size_t)str.len);
  if (!shown) {
    return NULL;
  }
  for (size_t i = 0; i < str.len; i++) {
    shown[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
  }
  json_t *const plain = json_stringn(shown, (size_t)str.len);
  free(shown);
  return plain;
}

static json_t *pairs_to_json(const hearth_list *list) {
  json_t *const object = json_object();
  const hearth_pair *const pairs = list->items;
  for (uint32_t i = 0; object && i < hearth__list_len(list); i++) {
    json_t *const key = str_to_json(pairs[i].key);
    json_t *const value = str_to_json(pairs[i].value);
    const int failed = !key || json_object_setn(object, json_string_value(key),
                                                json_string_length(key), value);
    json_decref(key);
    json_decref(value);
    if (failed) {
      json_decref(object);
      return NULL;
    }
  }
  return object;
}

static json_t *list_to_json(const hearth_field *field,
                            const hearth_list *list) {
  json_t *const array = json_array();
  for (uint32_t i = 0; array && i < hearth__list_len(list); i++) {
    json_t *const item =
        field->kind == HEARTH_FIELD_STRS
            ? str_to_json(((const hearth_str *)list->items)[i])
            : hearth_message_to_json(field->schema,
                                     (const uint8_t *)list->items +
                                         (size_t)i * field->schema->size);
    if (json_array_append_new(array, item)) {
      json_decref(array);
      return NULL;
    }
  }
  return array;
}

static json_t *enum_to_json(const hearth_field *field, int32_t value) {
  for (int32_t i = 0; field->names[i]; i++) {
    if (i == value) {
      return json_string(field->names[i]);
    }
  }
  return NULL;
}

static json_t *member_to_json(const hearth_field *field, const void *member) {
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    return str_to_json(*(const hearth_str *)member);
  case HEARTH_FIELD_I64:
    return json_integer(*(const int64_t *)member);
  case HEARTH_FIELD_F64:
    return json_real(*(const double *)member);
  case HEARTH_FIELD_BOOL:
    return json_boolean(*(const int32_t *)member);
  case HEARTH_FIELD_ENUM:
    return enum_to_json(field, *(const int32_t *)member);
  case HEARTH_FIELD_MAP:
    return hearth_message_to_json(field->schema, member);
  case HEARTH_FIELD_STRMAP:
    return pairs_to_json(member);
  default:
    return list_to_json(field, member);
  }
}

json_t *hearth_message_to_json(const hearth_schema *schema,
                               const void *message) {
  json_t *const object = json_object();
  const uint64_t mask = hearth__message_present(schema, message);
  for (uint32_t i = 0; object && i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    if (!(mask >> i & 1)) {
      continue;
    }
    json_t *const member =
        member_to_json(field, (const uint8_t *)message + field->offset);
    if (json_object_set_new(object, field->key.text, member)) {
      json_decref(object);
      return NULL;
    }
  }
  return object;
}
