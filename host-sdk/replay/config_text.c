/* SPDX-License-Identifier: MIT
   A configuration from "key=value,key=value". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/policy.h"

static const hearth_field *find_field(const char *key) {
  const hearth_schema *schema = &hearth_config_schema;
  for (uint32_t i = 0; i < schema->count; i++) {
    if (strcmp(schema->fields[i].key.text, key) == 0 &&
        schema->fields[i].kind != HEARTH_FIELD_MAPS) {
      return &schema->fields[i];
    }
  }
  return NULL;
}

static hearth_status complain(const char *key, const char *value,
                              const char *want, char *err, uint64_t err_cap) {
  if (err != NULL && err_cap > 0) {
    snprintf(err, err_cap, "configuration: %s=%s: %s", key, value, want);
  }
  return HEARTH_BAD_ARG;
}

static hearth_status set_number(const hearth_field *field, void *at,
                                const char *value, char *err,
                                uint64_t err_cap) {
  char *end;
  const double number = strtod(value, &end);
  if (*value == '\0' || *end != '\0' || !(number > -1e15 && number < 1e15)) {
    return complain(field->key.text, value, "want a number", err, err_cap);
  }
  if ((field->min != 0 || field->max != 0) &&
      (number < field->min || number > field->max) &&
      number != field->fallback) {
    char want[80];
    snprintf(want, sizeof want, "want %g to %g", field->min, field->max);
    return complain(field->key.text, value, want, err, err_cap);
  }
  if (field->kind == HEARTH_FIELD_F64) {
    memcpy(at, &number, sizeof number);
    return HEARTH_OK;
  }
  const int64_t whole = (int64_t)number;
  if ((double)whole != number) {
    return complain(field->key.text, value, "want a whole number", err,
                    err_cap);
  }
  memcpy(at, &whole, sizeof whole);
  return HEARTH_OK;
}

static hearth_status set_bool(const hearth_field *field, void *at,
                              const char *value, char *err, uint64_t err_cap) {
  const int32_t yes = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;
  const int32_t no = strcmp(value, "false") == 0 || strcmp(value, "0") == 0;
  if (!yes && !no) {
    return complain(field->key.text, value, "want true or false", err, err_cap);
  }
  memcpy(at, &yes, sizeof yes);
  return HEARTH_OK;
}

static hearth_status set_field(hearth_config *config, const char *key,
                               const char *value, char *err, uint64_t err_cap) {
  const hearth_field *field = find_field(key);
  if (field == NULL) {
    return complain(key, value, "there is no such setting", err, err_cap);
  }
  void *at = (char *)config + field->offset;
  if (field->kind == HEARTH_FIELD_BOOL) {
    return set_bool(field, at, value, err, err_cap);
  }
  if (field->kind == HEARTH_FIELD_STR) {
    const hearth_str text = hearth_str_from(value);
    memcpy(at, &text, sizeof text);
    return HEARTH_OK;
  }
  return set_number(field, at, value, err, err_cap);
}

/* Cut one value off `text`: up to a comma, or within double quotes, which a
   comma or nothing follows.  NULL: they do not close so. */
static char *cut_value(char *text, char **rest) {
  char stop = ',';
  if (*text == '"') {
    stop = '"';
    text++;
  }
  char *end = strchr(text, stop);
  *rest = end == NULL ? NULL : end + 1;
  if (stop == '"') {
    if (end == NULL || (**rest != ',' && **rest != '\0')) {
      return NULL;
    }
    *rest += **rest == ',';
  }
  if (end != NULL) {
    *end = '\0';
  }
  return text;
}

hearth_status hearth_config_parse(hearth_config *config, char *text, char *err,
                                  uint64_t err_cap) {
  while (text != NULL && *text != '\0') {
    char *equals = strchr(text, '=');
    if (equals == NULL) {
      return complain(text, "", "want key=value", err, err_cap);
    }
    *equals = '\0';
    char *rest;
    const char *value = cut_value(equals + 1, &rest);
    if (value == NULL) {
      return complain(text, equals + 1, "want quotes that close", err, err_cap);
    }
    const hearth_status status = set_field(config, text, value, err, err_cap);
    if (status != HEARTH_OK) {
      return status;
    }
    text = rest;
  }
  return HEARTH_OK;
}
