/* SPDX-License-Identifier: MIT
   Values of a message into the members of a struct. */
#include <string.h>

#include "plugin/sdk/wire/state.h"

/* 2^63: every double below it, and from its negative on, is an int64_t. */
#define TOO_BIG 9223372036854775808.0

static int fail_range(hearth__decoder *d, const hearth_field *field) {
  hearth__fail(d, ": out of range, want ");
  hearth__say_number(d, field->min);
  hearth__say(d, " to ");
  hearth__say_number(d, field->max);
  return -1;
}

/* Any number will do, or this one: the fallback says "absent", and so may a
   message. */
static int is_free(const hearth_field *field, double number) {
  return (field->min == 0 && field->max == 0) ||
         (!(field->flags & HEARTH_FIELD_REQUIRED) && number == field->fallback);
}

static int store_i64(hearth__decoder *d, const hearth_field *field,
                     const hearth__value *value, int64_t *out) {
  int64_t integer = value->integer;
  switch (value->type) {
  case HEARTH__INT:
    break;
  case HEARTH__FLOAT:
    if (!(value->number >= -TOO_BIG && value->number < TOO_BIG)) {
      return hearth__fail(d, ": want an integer, got a float beyond 2^63");
    }
    integer = (int64_t)value->number;
    if ((double)integer != value->number) {
      return hearth__fail(d, ": want an integer, got a float with a fraction");
    }
    break;
  default:
    return hearth__fail_type(d, "an integer", value->type);
  }
  if ((integer < (int64_t)field->min || integer > (int64_t)field->max) &&
      !is_free(field, (double)integer)) {
    return fail_range(d, field);
  }
  *out = integer;
  return 0;
}

static int store_f64(hearth__decoder *d, const hearth_field *field,
                     const hearth__value *value, double *out) {
  double number = value->number;
  if (value->type == HEARTH__INT) {
    number = (double)value->integer;
  } else if (value->type != HEARTH__FLOAT && value->type != HEARTH__UINT) {
    return hearth__fail_type(d, "a number", value->type);
  }
  if (!(number - number == 0.0)) {
    return hearth__fail(d, ": want a finite number");
  }
  if (!(number >= field->min && number <= field->max) &&
      !is_free(field, number)) {
    return fail_range(d, field);
  }
  *out = number;
  return 0;
}

static int store_bool(hearth__decoder *d, const hearth__value *value,
                      int32_t *out) {
  if (value->type != HEARTH__BOOL) {
    return hearth__fail_type(d, "a boolean", value->type);
  }
  *out = (int32_t)value->integer;
  return 0;
}

/* Names are short, and mostly differ in their first byte. */
static int is_name(const char *name, hearth_str str) {
  for (uint64_t i = 0; i < str.len; i++) {
    if (name[i] != str.data[i] || name[i] == '\0') {
      return 0;
    }
  }
  return name[str.len] == '\0';
}

static int store_enum(hearth__decoder *d, const hearth_field *field,
                      const hearth__value *value, int32_t *out) {
  if (value->type != HEARTH__STR) {
    return hearth__fail_type(d, "a string", value->type);
  }
  for (int32_t i = 0; field->names[i]; i++) {
    if (is_name(field->names[i], value->str)) {
      *out = i;
      return 0;
    }
  }
  hearth__fail(d, ": want ");
  for (int32_t i = 0; field->names[i]; i++) {
    hearth__say(d, i == 0 ? "" : field->names[i + 1] ? ", " : " or ");
    hearth__say(d, field->names[i]);
  }
  hearth__say(d, ", got ");
  hearth__say_str(d, value->str);
  return -1;
}

int hearth__store_str(hearth__decoder *d, const hearth__value *value,
                      hearth_str *out) {
  if (value->type != HEARTH__STR) {
    return hearth__fail_type(d, "a string", value->type);
  }
  if (value->str.len > HEARTH_WIRE_MAX_STRING) {
    return hearth__fail(d, ": a string of more than 65536 bytes");
  }
  *out = value->str;
  return 0;
}

int hearth__store(hearth__decoder *d, const hearth_field *field, void *member,
                  const hearth__value *value) {
  if (value->type == HEARTH__NIL && !(field->flags & HEARTH_FIELD_REQUIRED)) {
    return 0; /* as if the key were absent */
  }
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    if (value->type == HEARTH__STR && value->str.len == 0 &&
        field->flags & HEARTH_FIELD_REQUIRED) {
      return hearth__fail(d, ": must not be empty");
    }
    return hearth__store_str(d, value, member);
  case HEARTH_FIELD_I64:
    return store_i64(d, field, value, member);
  case HEARTH_FIELD_F64:
    return store_f64(d, field, value, member);
  case HEARTH_FIELD_BOOL:
    return store_bool(d, value, member);
  case HEARTH_FIELD_ENUM:
    return store_enum(d, field, value, member);
  case HEARTH_FIELD_MAP:
  case HEARTH_FIELD_STRMAP:
    return hearth__fail_type(d, "a map", value->type);
  default:
    return hearth__fail_type(d, "an array", value->type);
  }
}
