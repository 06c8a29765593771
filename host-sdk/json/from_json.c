/* SPDX-License-Identifier: MIT
   Messages from JSON, by way of their bytes: one set of rules, one set of error
   sentences. */
#include <msgpack/pack.h>
#include <string.h>

#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"

static int append(void *data, const char *piece, size_t len) {
  hearth_buffer *const buffer = data;
  return buffer->sink.write(&buffer->sink, piece, len) == HEARTH_OK ? 0 : -1;
}

static int pack(msgpack_packer *packer, const json_t *json, unsigned depth);

static int pack_text(msgpack_packer *packer, const char *text, size_t len) {
  return msgpack_pack_str(packer, len) ||
                 (len && msgpack_pack_str_body(packer, text, len))
             ? -1
             : 0;
}

static int pack_object(msgpack_packer *packer, const json_t *json,
                       unsigned depth) {
  if (msgpack_pack_map(packer, json_object_size(json))) {
    return -1;
  }
  void *at = json_object_iter((json_t *)(uintptr_t)json);
  while (at) {
    const char *const key = json_object_iter_key(at);
    if (pack_text(packer, key, json_object_iter_key_len(at)) ||
        pack(packer, json_object_iter_value(at), depth + 1)) {
      return -1;
    }
    at = json_object_iter_next((json_t *)(uintptr_t)json, at);
  }
  return 0;
}

static int pack_array(msgpack_packer *packer, const json_t *json,
                      unsigned depth) {
  if (msgpack_pack_array(packer, json_array_size(json))) {
    return -1;
  }
  for (size_t i = 0; i < json_array_size(json); i++) {
    if (pack(packer, json_array_get(json, i), depth + 1)) {
      return -1;
    }
  }
  return 0;
}

/* What is deeper than the decoder allows becomes nil, two levels down from
   where it refuses. */
static int pack(msgpack_packer *packer, const json_t *json, unsigned depth) {
  if (depth > HEARTH_WIRE_MAX_DEPTH + 1) {
    return msgpack_pack_nil(packer);
  }
  switch (json_typeof(json)) {
  case JSON_OBJECT:
    return pack_object(packer, json, depth);
  case JSON_ARRAY:
    return pack_array(packer, json, depth);
  case JSON_STRING:
    return pack_text(packer, json_string_value(json), json_string_length(json));
  case JSON_INTEGER:
    return msgpack_pack_int64(packer, json_integer_value(json));
  case JSON_REAL:
    return msgpack_pack_double(packer, json_real_value(json));
  case JSON_TRUE:
    return msgpack_pack_true(packer);
  case JSON_FALSE:
    return msgpack_pack_false(packer);
  default:
    return msgpack_pack_nil(packer);
  }
}

static size_t item_size(const hearth_field *field) {
  switch (field->kind) {
  case HEARTH_FIELD_STRS:
    return sizeof(hearth_str);
  case HEARTH_FIELD_STRMAP:
    return sizeof(hearth_pair);
  case HEARTH_FIELD_MAPS:
    return field->schema->size;
  default:
    return 0;
  }
}

/* Give every list the room that the last decoding found it to want; *more: some
   had too little. */
static hearth_status give_room(const hearth_schema *schema, void *message,
                               hearth_arena *arena, int *more) {
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; status == HEARTH_OK && i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    uint8_t *const member = (uint8_t *)message + field->offset;
    hearth_list *const list = (hearth_list *)(void *)member;
    if (field->kind == HEARTH_FIELD_MAP) {
      status = give_room(field->schema, member, arena, more);
    } else if (item_size(field) && list->count > list->cap) {
      list->items = hearth_arena_take(arena, list->count * item_size(field));
      list->cap = list->items ? list->count : 0;
      status = list->items ? HEARTH_OK : HEARTH_NO_MEMORY;
      *more = 1;
    } else if (field->kind == HEARTH_FIELD_MAPS) {
      uint8_t *const items = list->items;
      for (uint32_t j = 0; status == HEARTH_OK && j < list->count; j++) {
        status = give_room(field->schema, items + j * field->schema->size,
                           arena, more);
      }
    }
  }
  return status;
}

hearth_status hearth_message_from_bytes(const hearth_schema *schema,
                                        hearth_bytes bytes, void *message,
                                        hearth_arena *arena, char *err,
                                        uint64_t err_cap) {
  memset(message, 0, schema->size); /* no list has room */
  for (;;) {
    hearth_status status = hearth_decode(schema, bytes, message, err, err_cap);
    int more = 0;
    if (status == HEARTH_OK) {
      status = give_room(schema, message, arena, &more);
    }
    if (status != HEARTH_OK || !more) {
      return status;
    }
  }
}

hearth_status hearth_message_from_json(const hearth_schema *schema,
                                       const json_t *json, void *message,
                                       hearth_arena *arena, char *err,
                                       uint64_t err_cap) {
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  msgpack_packer packer;
  msgpack_packer_init(&packer, &buffer, append);
  hearth_status status = HEARTH_NO_MEMORY;
  uint8_t *bytes = NULL;
  if (!pack(&packer, json, 0)) {
    bytes = hearth_arena_take(arena, (size_t)buffer.len);
  }
  if (bytes) {
    memcpy(bytes, buffer.data, (size_t)buffer.len);
    status =
        hearth_message_from_bytes(schema, (hearth_bytes){bytes, buffer.len},
                                  message, arena, err, err_cap);
  }
  hearth_buffer_free(&buffer);
  return status;
}
