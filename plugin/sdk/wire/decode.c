/* SPDX-License-Identifier: MIT
   From msgpack bytes to a struct, by its schema. */
#include "plugin/sdk/cold.h"

#include "plugin/sdk/wire/decode.h"

#include <string.h>

#include "plugin/sdk/wire/init.h"
#include "plugin/sdk/wire/state.h"

/* msgpack-c's template reads the bytes and tells each value as it comes; these
   functions know what the value is for.  The template's own stack says only
   where a container ends, so ours keeps the same depth and counts along. */

static const hearth_field unknown = {.key = HEARTH_KEY("?")};

static hearth__frame *top(hearth__decoder *d) {
  return &d->frames[d->depth - 1];
}

static int is_key(const hearth_field *field, hearth_str key) {
  return field->key.head - 0xa0u == key.len &&
         !memcmp(field->key.text, key.data, (size_t)key.len);
}

/* The field of a key, looked for from where it is if keys come in order. */
static const hearth_field *find(hearth__frame *f, hearth_str key) {
  const uint32_t count = f->schema->count;
  for (uint32_t i = 0, at = f->at; key.len && i < count; i++, at++) {
    if (at >= count) {
      at = 0;
    }
    if (is_key(&f->schema->fields[at], key)) {
      f->at = at + 1;
      return &f->schema->fields[at];
    }
  }
  return &unknown;
}

static int take_key(hearth__decoder *d, const hearth__value *value) {
  hearth__frame *const f = top(d);
  if (value->type != HEARTH__STR) {
    return hearth__fail_type(d, "a string as key", value->type);
  }
  f->field = find(f, value->str);
  if (f->field != &unknown) {
    const uint64_t bit = (uint64_t)1 << (f->field - f->schema->fields);
    if (f->seen & bit) {
      return hearth__fail(d, ": given twice");
    }
    f->seen |= bit;
  }
  f->left--;
  return 0;
}

/* A map by a schema ended: is all there? */
static int check_struct(hearth__decoder *d, hearth__frame *f) {
  const hearth_schema *const schema = f->schema;
  for (uint32_t i = 0; i < schema->count; i++) {
    if (schema->fields[i].flags & HEARTH_FIELD_REQUIRED &&
        !(f->seen >> i & 1)) {
      f->field = &schema->fields[i];
      return hearth__fail(d, ": missing");
    }
  }
  const char *const wrong = schema->check ? schema->check(f->base) : NULL;
  if (wrong) {
    hearth__fail(d, ".");
    hearth__say(d, wrong);
    return -1;
  }
  return 0;
}

/* A value is complete, and with it maybe the containers around it. */
static int complete(hearth__decoder *d) {
  while (d->depth) {
    hearth__frame *const f = top(d);
    f->field = NULL;
    f->key.data = NULL;
    f->at += f->kind != HEARTH__IN_STRUCT;
    if (--f->left) {
      return 0;
    }
    if (f->kind == HEARTH__IN_STRUCT && check_struct(d, f)) {
      return -1;
    }
    d->depth--;
  }
  return 0;
}

static int take_str_element(hearth__decoder *d, const hearth__value *value) {
  hearth__frame *const f = top(d);
  hearth_str str;
  if (hearth__store_str(d, value, &str)) {
    return -1;
  }
  if (f->at < f->list->cap) {
    ((hearth_str *)f->list->items)[f->at] = str;
  }
  return complete(d);
}

static int take_pair(hearth__decoder *d, const hearth__value *value) {
  hearth__frame *const f = top(d);
  hearth_str str;
  if (hearth__store_str(d, value, &str)) {
    return -1;
  }
  if (!f->key.data) {
    f->key = str;
    f->left--;
    return 0;
  }
  if (f->at < f->list->cap) {
    ((hearth_pair *)f->list->items)[f->at] = (hearth_pair){f->key, str};
  }
  return complete(d);
}

/* A value that is no container. */
static int take(hearth__decoder *d, const hearth__value *value) {
  if (d->depth == 0) {
    return hearth__fail_type(d, "a map", value->type);
  }
  hearth__frame *const f = top(d);
  switch (f->kind) {
  case HEARTH__IN_STRUCT:
    if (!f->field) {
      return take_key(d, value);
    }
    if (f->field != &unknown &&
        hearth__store(d, f->field, f->base + f->field->offset, value)) {
      return -1;
    }
    return complete(d);
  case HEARTH__IN_STRS:
    return take_str_element(d, value);
  case HEARTH__IN_STRMAP:
    return take_pair(d, value);
  case HEARTH__IN_MAPS:
    return hearth__fail_type(d, "a map", value->type);
  default:
    return complete(d);
  }
}

/* Open a frame that holds nothing yet; NULL if it would be too deep. */
static hearth__frame *push(hearth__decoder *d, hearth__frame_kind kind,
                           uint32_t left) {
  hearth__frame *const f = &d->frames[d->depth++];
  f->kind = kind;
  f->left = left;
  f->at = 0;
  f->seen = 0;
  f->schema = NULL;
  f->field = NULL;
  f->base = NULL;
  f->list = NULL;
  f->key.data = NULL;
  return f;
}

static void push_struct(hearth__decoder *d, const hearth_schema *schema,
                        void *base, uint32_t left) {
  hearth__frame *const f = push(d, HEARTH__IN_STRUCT, left);
  f->schema = schema;
  f->base = base;
}

/* An element that has no room is still read, into nothing. */
static void push_element(hearth__decoder *d, uint32_t left) {
  hearth__frame *const list = top(d);
  const hearth_schema *const schema = list->schema;
  if (list->at >= list->list->cap) {
    push(d, HEARTH__IN_SKIPPED, left);
    return;
  }
  uint8_t *const base =
      (uint8_t *)list->list->items + (size_t)list->at * schema->size;
  hearth__message_reset(schema, base);
  push_struct(d, schema, base, left);
}

static void push_list(hearth__decoder *d, hearth__frame_kind kind,
                      const hearth_field *field, void *member, uint32_t count,
                      uint32_t left) {
  hearth__frame *const f = push(d, kind, left);
  f->schema = field->schema;
  f->list = member;
  f->list->count = count;
}

/* The container that is a member's value. */
static int push_member(hearth__decoder *d, hearth__type type, uint32_t count,
                       uint32_t left) {
  const hearth__frame *const f = top(d);
  const hearth_field *const field = f->field;
  if (field == &unknown) {
    push(d, HEARTH__IN_SKIPPED, left);
    return 0;
  }
  void *const member = f->base + field->offset;
  if (field->kind == HEARTH_FIELD_MAP && type == HEARTH__MAP) {
    push_struct(d, field->schema, member, left);
  } else if (field->kind == HEARTH_FIELD_STRMAP && type == HEARTH__MAP) {
    push_list(d, HEARTH__IN_STRMAP, field, member, count, left);
  } else if (field->kind == HEARTH_FIELD_STRS && type == HEARTH__LIST) {
    push_list(d, HEARTH__IN_STRS, field, member, count, left);
  } else if (field->kind == HEARTH_FIELD_MAPS && type == HEARTH__LIST) {
    push_list(d, HEARTH__IN_MAPS, field, member, count, left);
  } else {
    const hearth__value value = {.type = type};
    return hearth__store(d, field, member, &value);
  }
  return 0;
}

/* Whether a container may be what its header says. */
static int check_container(hearth__decoder *d, uint32_t count, uint64_t left) {
  if (d->depth == HEARTH_WIRE_MAX_DEPTH) {
    return hearth__fail(d, ": nested more than 16 deep");
  }
  if (count > HEARTH_WIRE_MAX_ITEMS) {
    return hearth__fail(d, ": more than 1048576 items");
  }
  if (left > (uint64_t)(d->end - d->at) - 1) {
    return hearth__fail(d, ": more items than the message has bytes");
  }
  return 0;
}

static int take_container(hearth__decoder *d, hearth__type type,
                          uint32_t count) {
  const uint64_t left = type == HEARTH__MAP ? 2 * (uint64_t)count : count;
  if (check_container(d, count, left)) {
    return -1;
  }
  const uint32_t n = (uint32_t)left;
  const hearth__frame_kind in = d->depth ? top(d)->kind : HEARTH__IN_STRUCT;
  if (d->depth == 0) {
    if (type != HEARTH__MAP) {
      return hearth__fail_type(d, "a map", type);
    }
    push_struct(d, d->schema, d->message, n);
  } else if (in == HEARTH__IN_SKIPPED) {
    push(d, HEARTH__IN_SKIPPED, n);
  } else if (in == HEARTH__IN_MAPS && type == HEARTH__MAP) {
    push_element(d, n);
  } else if (in == HEARTH__IN_STRUCT && top(d)->field) {
    if (push_member(d, type, count, n)) {
      return -1;
    }
  } else { /* a key or a string, or an element that is an array */
    const hearth__value value = {.type = type};
    return take(d, &value);
  }
  if (n == 0) { /* nothing will come in it: close it as its last value would */
    top(d)->left = 1;
    return complete(d);
  }
  return 0;
}

#include "plugin/sdk/wire/unpack.h"

/* What the template came to, as a status. */
static hearth_status conclude(hearth__decoder *d, int result, uint64_t used,
                              uint64_t len) {
  if (result == 0) {
    hearth__fail(d, ": the message ends too early");
    return HEARTH_BAD_PAYLOAD;
  }
  if (result > 0 && used == len) {
    return HEARTH_OK;
  }
  if (result > 0) {
    hearth__fail(d, ": bytes follow the message");
  } else if (d->err_len == 0) { /* the template's own refusal */
    hearth__fail(d, ": not msgpack");
  }
  return HEARTH_BAD_PAYLOAD;
}

/* All that may be wrong is told by this way alone. */
static hearth_status decode_any(unpack_context *context, hearth_bytes bytes) {
  hearth__decoder *const d = &context->user;
  hearth__message_reset(d->schema, d->message);
  unpack_init(context);
  size_t used = 0;
  const int result = unpack_execute(context, (const char *)bytes.data,
                                    (size_t)bytes.len, &used);
  return conclude(d, result, used, bytes.len);
}

hearth_status hearth_decode(const hearth_schema *schema, hearth_bytes bytes,
                            void *message, char *err, uint64_t err_cap) {
  static const uint8_t empty_map[] = {0x80};
  if (bytes.len == 0) {
    bytes = (hearth_bytes){empty_map, sizeof empty_map};
  }
  unpack_context context;
  hearth__decoder *const d = &context.user;
  d->schema = schema;
  d->message = message;
  d->end = bytes.data + bytes.len;
  d->at = NULL;
  d->err = NULL;
  d->err_cap = 0;
  d->err_len = 0;
  d->depth = 0;
  if (bytes.len <= HEARTH_WIRE_MAX_BYTES &&
      hearth__decode_quick(d, bytes.data)) {
    return HEARTH_OK;
  }
  d->err = err;
  d->err_cap = err_cap;
  if (bytes.len > HEARTH_WIRE_MAX_BYTES) {
    hearth__message_reset(schema, message);
    hearth__fail(d, ": more than 268435456 bytes");
    return HEARTH_BAD_PAYLOAD;
  }
  return decode_any(&context, bytes);
}
