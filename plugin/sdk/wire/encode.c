/* SPDX-License-Identifier: MIT
   From a struct to msgpack bytes, by its schema. */
#include "plugin/sdk/wire/encode.h"

#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/init.h"

/* MOST: what a key and a number after it may take, or a header. */
enum { SMALL_BUFFER = 1024, MOST = 64 };

/* What is written gathers here before the sink. */
typedef struct writer {
  uint8_t *at;
  hearth_sink *sink;
  hearth_status status; /* the first failure */
  uint8_t bytes[SMALL_BUFFER];
} writer;

static int fail(writer *w, hearth_status status) {
  w->status = status;
  return -1;
}

static int pass_on(writer *w, const void *data, size_t len) {
  const hearth_status status =
      len ? w->sink->write(w->sink, data, len) : HEARTH_OK;
  return status == HEARTH_OK ? 0 : fail(w, status);
}

static int flush(writer *w) {
  const size_t used = (size_t)(w->at - w->bytes);
  w->at = w->bytes;
  return pass_on(w, w->bytes, used);
}

static size_t room(const writer *w) {
  return (size_t)(w->bytes + sizeof w->bytes - w->at);
}

/* Make room for MOST bytes. */
static inline int need(writer *w) {
  return room(w) < MOST ? flush(w) : 0;
}

#include "plugin/sdk/wire/pack.h"

static int put_bytes(writer *w, const void *data, size_t len) {
  if (len > room(w) && flush(w)) {
    return -1;
  }
  if (len > sizeof w->bytes) {
    return pass_on(w, data, len);
  }
  if (len) {
    memcpy(w->at, data, len);
    w->at += len;
  }
  return 0;
}

static int put_str(writer *w, hearth_str str) {
  if (str.len > HEARTH_WIRE_MAX_STRING) {
    return fail(w, HEARTH_BAD_ARG);
  }
  if (need(w)) {
    return -1;
  }
  pack_str(w, (size_t)str.len);
  return put_bytes(w, str.data, (size_t)str.len);
}

/* All of the key's room is copied, for that is of fixed size, and what the key
   does not fill is written over. */
static int put_key(writer *w, const hearth_field *field) {
  if (need(w)) {
    return -1;
  }
  memcpy(w->at, &field->key, sizeof field->key);
  w->at += (size_t)field->key.head - 0xa0 + 1;
  return 0;
}

static int put_enum(writer *w, const hearth_field *field, int32_t value) {
  int32_t i = 0;
  while (field->names[i] && i != value) {
    i++;
  }
  if (value < 0 || !field->names[i]) {
    return fail(w, HEARTH_BAD_ARG);
  }
  return put_str(w, hearth_str_from(field->names[i]));
}

static int put_number(writer *w, double value) {
  if (!(value - value == 0.0)) { /* NaN or infinite */
    return fail(w, HEARTH_BAD_ARG);
  }
  return pack_double(w, value);
}

static int put_map(writer *w, const hearth_schema *schema,
                   const uint8_t *message);

static int put_strmap(writer *w, const hearth_list *list) {
  const uint32_t len = hearth__list_len(list);
  const hearth_pair *const pairs = list->items;
  if (need(w)) {
    return -1;
  }
  pack_map(w, len);
  for (uint32_t i = 0; i < len; i++) {
    if (put_str(w, pairs[i].key) || put_str(w, pairs[i].value)) {
      return -1;
    }
  }
  return 0;
}

static int put_list(writer *w, const hearth_field *field,
                    const hearth_list *list) {
  if (field->kind == HEARTH_FIELD_STRMAP) {
    return put_strmap(w, list);
  }
  const uint32_t len = hearth__list_len(list);
  if (need(w)) {
    return -1;
  }
  pack_array(w, len);
  for (uint32_t i = 0; i < len; i++) {
    const int failed = field->kind == HEARTH_FIELD_STRS
                           ? put_str(w, ((const hearth_str *)list->items)[i])
                           : put_map(w, field->schema,
                                     (const uint8_t *)list->items +
                                         (size_t)i * field->schema->size);
    if (failed) {
      return -1;
    }
  }
  return 0;
}

static int put_member(writer *w, const hearth_field *field,
                      const void *member) {
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    return put_str(w, *(const hearth_str *)member);
  case HEARTH_FIELD_I64:
    return pack_int64(w, *(const int64_t *)member);
  case HEARTH_FIELD_F64:
    return put_number(w, *(const double *)member);
  case HEARTH_FIELD_BOOL:
    return *(const int32_t *)member ? pack_true(w) : pack_false(w);
  case HEARTH_FIELD_ENUM:
    return put_enum(w, field, *(const int32_t *)member);
  case HEARTH_FIELD_MAP:
    return put_map(w, field->schema, member);
  default:
    return put_list(w, field, member);
  }
}

static int put_map(writer *w, const hearth_schema *schema,
                   const uint8_t *message) {
  const uint64_t mask = hearth__message_present(schema, message);
  uint32_t count = 0;
  for (uint64_t rest = mask; rest; rest &= rest - 1) {
    count++;
  }
  if (need(w)) {
    return -1;
  }
  pack_map(w, count);
  const hearth_field *field = schema->fields;
  for (uint64_t rest = mask; rest; rest >>= 1, field++) {
    if ((rest & 1) &&
        (put_key(w, field) || put_member(w, field, message + field->offset))) {
      return -1;
    }
  }
  return 0;
}

hearth_status hearth_encode(const hearth_schema *schema, const void *message,
                            hearth_sink *sink) {
  writer w;
  w.sink = sink;
  w.status = HEARTH_OK;
  w.at = w.bytes;
  if (put_map(&w, schema, message) || flush(&w)) {
    return w.status;
  }
  return HEARTH_OK;
}
