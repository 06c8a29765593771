/* SPDX-License-Identifier: MIT
   A YAML document's nodes as numbers, texts and choices, with their lines. */
#include "host-sdk/experiment/offline/yaml.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hearth__yaml_fail(hearth__yaml *yaml, const yaml_node_t *node,
                       const char *format, ...) {
  char what[512];
  va_list list;
  if (yaml->status != HEARTH_OK) {
    return;
  }
  va_start(list, format);
  vsnprintf(what, sizeof what, format, list);
  va_end(list);
  yaml->status = HEARTH_BAD_ARG;
  snprintf(yaml->err, yaml->err_cap, "%s:%zu: %s", yaml->path,
           node != NULL ? node->start_mark.line + 1 : 1, what);
}

const char *hearth__yaml_scalar(hearth__yaml *yaml, const yaml_node_t *node,
                                const char *key) {
  if (node->type != YAML_SCALAR_NODE) {
    hearth__yaml_fail(yaml, node, "%.60s: want one value, not a list or a map",
                      key);
    return NULL;
  }
  const char *text = (const char *)node->data.scalar.value;
  if (strlen(text) != node->data.scalar.length) {
    hearth__yaml_fail(yaml, node, "%.60s: holds a NUL", key);
    return NULL;
  }
  return text;
}

static void read_text(hearth__yaml *yaml, const yaml_node_t *node,
                      const hearth__yaml_key *key, char *at) {
  const char *text = hearth__yaml_scalar(yaml, node, key->name);
  if (text == NULL) {
    return;
  }
  if (*text == '\0' || strlen(text) >= key->size) {
    hearth__yaml_fail(yaml, node, "%s: want 1 to %zu bytes", key->name,
                      key->size - 1);
    return;
  }
  memcpy(at, text, strlen(text) + 1);
}

static void read_number(hearth__yaml *yaml, const yaml_node_t *node,
                        const hearth__yaml_key *key, void *at) {
  const char *text = hearth__yaml_scalar(yaml, node, key->name);
  char *end;
  if (text == NULL) {
    return;
  }
  const double number = strtod(text, &end);
  const int64_t whole = number > -9e15 && number < 9e15 ? (int64_t)number : 0;
  if (*text == '\0' || *end != '\0' || !isfinite(number)) {
    hearth__yaml_fail(yaml, node, "%s: want a number, not '%.60s'", key->name,
                      text);
  } else if (number < key->least || number > key->most) {
    hearth__yaml_fail(yaml, node, "%s: want %g to %g, not %.60s", key->name,
                      key->least, key->most, text);
  } else if (key->kind == HEARTH__YAML_NUMBER) {
    memcpy(at, &number, sizeof number);
  } else if ((double)whole != number) {
    hearth__yaml_fail(yaml, node, "%s: want a whole number, not '%.60s'",
                      key->name, text);
  } else {
    memcpy(at, &whole, sizeof whole);
  }
}

static void read_choice(hearth__yaml *yaml, const yaml_node_t *node,
                        const hearth__yaml_key *key, void *at) {
  static const char *const no_yes[] = {"false", "true", NULL};
  const char *const *choices =
      key->kind == HEARTH__YAML_BOOL ? no_yes : key->choices;
  const char *text = hearth__yaml_scalar(yaml, node, key->name);
  char all[120] = "";
  if (text == NULL) {
    return;
  }
  for (int32_t i = 0; choices[i] != NULL; i++) {
    if (strcmp(choices[i], text) == 0) {
      memcpy(at, &i, sizeof i);
      return;
    }
    snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s",
             i > 0 ? ", " : "", choices[i]);
  }
  hearth__yaml_fail(yaml, node, "%s: want one of %s, not '%.60s'", key->name,
                    all, text);
}

static void read_value(hearth__yaml *yaml, yaml_node_t *node,
                       const hearth__yaml_key *key, void *into) {
  char *at = (char *)into + key->offset;
  switch (key->kind) {
  case HEARTH__YAML_TEXT:
    read_text(yaml, node, key, at);
    break;
  case HEARTH__YAML_NUMBER:
  case HEARTH__YAML_WHOLE:
    read_number(yaml, node, key, at);
    break;
  case HEARTH__YAML_BOOL:
  case HEARTH__YAML_CHOICE:
    read_choice(yaml, node, key, at);
    break;
  case HEARTH__YAML_NODE:
    key->read(yaml, node, at);
    break;
  }
}

void hearth__yaml_map(hearth__yaml *yaml, yaml_node_t *node, const char *what,
                      const hearth__yaml_key *keys, void *into) {
  uint64_t seen = 0;
  if (node->type != YAML_MAPPING_NODE) {
    hearth__yaml_fail(yaml, node, "%s: want a map of keys", what);
    return;
  }
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       yaml->status == HEARTH_OK && pair < node->data.mapping.pairs.top;
       pair++) {
    yaml_node_t *name = yaml_document_get_node(&yaml->document, pair->key);
    yaml_node_t *value = yaml_document_get_node(&yaml->document, pair->value);
    const char *text = hearth__yaml_scalar(yaml, name, what);
    uint32_t k = 0;
    while (text != NULL && keys[k].name != NULL &&
           strcmp(keys[k].name, text) != 0) {
      k++;
    }
    if (text == NULL) {
      return;
    }
    if (keys[k].name == NULL) {
      hearth__yaml_fail(yaml, name, "%s: there is no key '%.60s'", what, text);
    } else if (seen & UINT64_C(1) << k) {
      hearth__yaml_fail(yaml, name, "%s: the key '%s' is there twice", what,
                        text);
    } else {
      seen |= UINT64_C(1) << k;
      read_value(yaml, value, &keys[k], into);
    }
  }
}
