/* SPDX-License-Identifier: MIT
   From a struct to msgpack bytes, by its schema. */
#include "plugin/sdk/wire/encode.h"

#include <msgpack/pack.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/init.h"

enum { SMALL_BUFFER = 1024 };

/* What the packer writes to: small pieces gather here before the sink. */
typedef struct writer {
  msgpack_packer packer;
  hearth_sink *sink;
  hearth_status status; /* the first failure */
  size_t used;
  char bytes[SMALL_BUFFER];
} writer;

static int fail(writer *w, hearth_status status) {
  w->status = status;
  return -1;
}

static int flush(writer *w) {
  if (w->used) {
    const hearth_status status = w->sink->write(w->sink, w->bytes, w->used);
    w->used = 0;
    if (status != HEARTH_OK) {
      return fail(w, status);
    }
  }
  return 0;
}

static int gather(void *data, const char *piece, size_t len) {
  writer *const w = data;
  if (len > sizeof w->bytes - w->used && flush(w)) {
    return -1;
  }
  if (len > sizeof w->bytes) {
    const hearth_status status = w->sink->write(w->sink, piece, len);
    return status == HEARTH_OK ? 0 : fail(w, status);
  }
  memcpy(w->bytes + w->used, piece, len);
  w->used += len;
  return 0;
}

static int put_str(writer *w, hearth_str str) {
  if (str.len > HEARTH_WIRE_MAX_STRING) {
    return fail(w, HEARTH_BAD_ARG);
  }
  if (msgpack_pack_str(&w->packer, (size_t)str.len)) {
    return -1;
  }
  return str.len ? msgpack_pack_str_body(&w->packer, str.data, (size_t)str.len)
                 : 0;
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
  return msgpack_pack_double(&w->packer, value);
}

static int put_map(writer *w, const hearth_schema *schema,
                   const uint8_t *message);

static int put_strmap(writer *w, const hearth_list *list) {
  const uint32_t len = hearth__list_len(list);
  const hearth_pair *const pairs = list->items;
  if (msgpack_pack_map(&w->packer, len)) {
    return -1;
  }
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
  if (msgpack_pack_array(&w->packer, len)) {
    return -1;
  }
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
    return msgpack_pack_int64(&w->packer, *(const int64_t *)member);
  case HEARTH_FIELD_F64:
    return put_number(w, *(const double *)member);
  case HEARTH_FIELD_BOOL:
    return *(const int32_t *)member ? msgpack_pack_true(&w->packer)
                                    : msgpack_pack_false(&w->packer);
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
  size_t count = 0;
  for (uint64_t rest = mask; rest; rest &= rest - 1) {
    count++;
  }
  if (msgpack_pack_map(&w->packer, count)) {
    return -1;
  }
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    if ((mask >> i & 1) && (put_str(w, hearth_str_from(field->key)) ||
                            put_member(w, field, message + field->offset))) {
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
  w.used = 0;
  msgpack_packer_init(&w.packer, &w, gather);
  if (put_map(&w, schema, message) || flush(&w)) {
    return w.status;
  }
  return HEARTH_OK;
}
