/* SPDX-License-Identifier: MIT
   Messages that are wrong in one place, built from the schemas. */
#include "host-sdk/validate/mutate.h"

#include <string.h>

#include "plugin/sdk/wire/messages.h"

enum { DEEPEST = 4 };

/* The way to the field that is wrong. */
typedef struct route {
  const hearth_field *fields[DEEPEST];
  int depth;
  validate__fault fault;
} route;

typedef struct mutation {
  validate_job *job;
  void (*each)(void *, hearth_bytes, const char *);
  void *user;
  const hearth_schema *root;
  route way;
} mutation;

void validate__put(validate_job *job, hearth_buffer *out, const void *data,
                   uint64_t len) {
  if (out->sink.write(&out->sink, data, len) != HEARTH_OK) {
    validate__need(job, NULL);
  }
}

void validate__put_byte(validate_job *job, hearth_buffer *out, uint8_t byte) {
  validate__put(job, out, &byte, 1);
}

void validate__put_str(validate_job *job, hearth_buffer *out,
                       const char *text) {
  const size_t len = strlen(text);
  validate__put_byte(job, out, (uint8_t)(0xa0 + len)); /* all are below 32 */
  validate__put(job, out, text, len);
}

static void put_double(validate_job *job, hearth_buffer *out, double number) {
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  validate__put_byte(job, out, 0xcb);
  for (int shift = 56; shift >= 0; shift -= 8) {
    validate__put_byte(job, out, (uint8_t)(bits >> shift));
  }
}

/* A value that every decoder takes. */
static void put_right(validate_job *job, hearth_buffer *out,
                      const hearth_field *field) {
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    validate__put_str(job, out, "model-1-q4");
    break;
  case HEARTH_FIELD_ENUM:
    validate__put_str(job, out, field->names[1]);
    break;
  case HEARTH_FIELD_I64:
    validate__put_byte(job, out, 100);
    break;
  case HEARTH_FIELD_F64:
    validate__put_byte(job, out, field->max == 1 ? 1 : 100);
    break;
  case HEARTH_FIELD_BOOL:
    validate__put_byte(job, out, 0xc3);
    break;
  case HEARTH_FIELD_STRS:
  case HEARTH_FIELD_MAPS:
    validate__put_byte(job, out, 0x90);
    break;
  default:
    validate__put_byte(job, out, 0x80);
  }
}

static void put_wrong_type(validate_job *job, hearth_buffer *out,
                           const hearth_field *field) {
  if (field->kind == HEARTH_FIELD_STR || field->kind == HEARTH_FIELD_MAP ||
      field->kind == HEARTH_FIELD_STRS || field->kind == HEARTH_FIELD_MAPS ||
      field->kind == HEARTH_FIELD_STRMAP) {
    validate__put_byte(job, out, 42);
  } else if (field->kind == HEARTH_FIELD_ENUM) {
    validate__put_str(job, out, "zebra");
  } else {
    validate__put_str(job, out, "text");
  }
}

static int has_range(const hearth_field *field) {
  return (field->kind == HEARTH_FIELD_I64 || field->kind == HEARTH_FIELD_F64) &&
         (field->min != 0 || field->max != 0) && field->max < 9e18;
}

/* Whether the fault can be made at this field. */
static int applies(const hearth_field *field, validate__fault fault) {
  return fault == VALIDATE__OUT_OF_RANGE ? has_range(field)
         : fault == VALIDATE__MISSING
             ? (field->flags & HEARTH_FIELD_REQUIRED) != 0
             : 1;
}

static void put_map(validate_job *job, hearth_buffer *out,
                    const hearth_schema *schema, const route *way, int level);

/* The value of the field on the way, and its key again where that is it. */
static void put_on_way(validate_job *job, hearth_buffer *out, const route *way,
                       int level) {
  const hearth_field *field = way->fields[level];
  validate__put_str(job, out, field->key.text);
  if (level + 1 < way->depth) {
    if (field->kind == HEARTH_FIELD_MAPS) {
      validate__put_byte(job, out, 0x91);
    }
    put_map(job, out, field->schema, way, level + 1);
  } else if (way->fault == VALIDATE__WRONG_TYPE) {
    put_wrong_type(job, out, field);
  } else if (way->fault == VALIDATE__OUT_OF_RANGE) {
    put_double(job, out, field->max * 2 + 2);
  } else {
    put_right(job, out, field);
    validate__put_str(job, out, field->key.text);
    put_right(job, out, field);
  }
}

/* What is required besides the field on the way, then that. */
static void put_map(validate_job *job, hearth_buffer *out,
                    const hearth_schema *schema, const route *way, int level) {
  const hearth_field *mine = level < way->depth ? way->fields[level] : NULL;
  const int last = level + 1 == way->depth;
  uint8_t count = 0;
  for (uint32_t i = 0; i < schema->count; i++) {
    count = (uint8_t)(count + ((schema->fields[i].flags &
                                HEARTH_FIELD_REQUIRED) != 0 &&
                               &schema->fields[i] != mine));
  }
  const int missing = mine == NULL || (last && way->fault == VALIDATE__MISSING);
  const int twice = last && way->fault == VALIDATE__TWICE;
  validate__put_byte(job, out,
                     (uint8_t)(0x80 + count + (missing ? 0 : 1) + twice));
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *field = &schema->fields[i];
    if ((field->flags & HEARTH_FIELD_REQUIRED) && field != mine) {
      validate__put_str(job, out, field->key.text);
      put_right(job, out, field);
    }
  }
  if (!missing) {
    put_on_way(job, out, way, level);
  }
}

static void emit(mutation *m) {
  hearth_buffer message = {0};
  char path[200] = "";
  hearth_buffer_init(&message, 0);
  put_map(m->job, &message, m->root, &m->way, 0);
  for (int i = 0; i < m->way.depth; i++) {
    const size_t len = strlen(path);
    snprintf(path + len, sizeof path - len, "%s%s", i > 0 ? "." : "",
             m->way.fields[i]->key.text);
  }
  m->each(m->user, hearth_buffer_bytes(&message), path);
  hearth_buffer_free(&message);
}

/* Items of a list that a receiver has no room for are skipped unseen: only a
   catalog has to be read to its end. */
static int looks_at_items(const hearth_schema *root) {
  return root == &hearth_catalog_schema || root == &hearth_config_schema;
}

static void descend(mutation *m, const hearth_schema *schema) {
  if (m->way.depth == DEEPEST) {
    return;
  }
  const int level = m->way.depth++;
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *field = &schema->fields[i];
    m->way.fields[level] = field;
    if (applies(field, m->way.fault)) {
      emit(m);
    }
    if (field->kind == HEARTH_FIELD_MAP ||
        (field->kind == HEARTH_FIELD_MAPS && looks_at_items(m->root))) {
      descend(m, field->schema);
    }
  }
  m->way.depth--;
}

const hearth_schema *validate__schema(validate__kind kind) {
  static const hearth_schema *const schemas[VALIDATE__KINDS] = {
      &hearth_config_schema, &hearth_catalog_schema, &hearth_context_schema,
      &hearth_metadata_query_schema, &hearth_outcome_schema};
  return schemas[kind];
}

void validate__mutate(validate_job *job, validate__kind kind,
                      validate__fault fault,
                      void (*each)(void *user, hearth_bytes message,
                                   const char *path),
                      void *user) {
  mutation m = {job, each, user, validate__schema(kind), {{NULL}, 0, fault}};
  descend(&m, m.root);
}

void validate__minimal(validate_job *job, validate__kind kind,
                       hearth_buffer *out) {
  const route none = {{NULL}, 0, VALIDATE__MISSING};
  put_map(job, out, validate__schema(kind), &none, 0);
}

/* The pairs of a map, and where the first begins. */
static uint32_t pairs_of(hearth_bytes message, uint64_t *at) {
  if (message.len == 0) {
    *at = 0;
    return 0;
  }
  if (message.data[0] == 0xde && message.len > 2) {
    *at = 3;
    return (uint32_t)message.data[1] << 8 | message.data[2];
  }
  *at = 1;
  return message.data[0] & 0x0f;
}

void validate__unknown_keys(validate_job *job, hearth_bytes message,
                            uint32_t depth, hearth_buffer *out) {
  static const uint8_t odd[] = {0x83, 0x01, 0xc0, 0xc3, 0xd4, 7, 7,
                                0xc4, 0x01, 0xff, 0x92, 0xc2, 0xca, 0, 0, 0, 0};
  uint64_t at;
  const uint32_t pairs = pairs_of(message, &at) + 3;
  validate__put_byte(job, out, 0xde);
  validate__put_byte(job, out, (uint8_t)(pairs >> 8));
  validate__put_byte(job, out, (uint8_t)pairs);
  validate__put_str(job, out, "x_later_number");
  validate__put_byte(job, out, 0xff);
  validate__put_str(job, out, "x_later_map");
  validate__put(job, out, odd, sizeof odd);
  validate__put_str(job, out, "x_later_depth");
  for (uint32_t i = 0; i < depth; i++) {
    validate__put_byte(job, out, 0x91);
  }
  validate__put_byte(job, out, 0xc0);
  validate__put(job, out, message.data + at, message.len - at);
}
