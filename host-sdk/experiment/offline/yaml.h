/* SPDX-License-Identifier: MIT
   A YAML document's nodes as numbers, texts and choices, with their lines. */
#ifndef HEARTH_EXPERIMENT_YAML_H
#define HEARTH_EXPERIMENT_YAML_H

#include <stdint.h>
#include <yaml.h>

#include "hearth/plugin.h"

/* A document that is being read; the first failure stays. */
typedef struct hearth__yaml {
  const char *path;
  yaml_document_t document;
  char *err;
  uint64_t err_cap;
  hearth_status status;
} hearth__yaml;

/* "PATH:LINE: what is wrong", unless something was before. */
void hearth__yaml_fail(hearth__yaml *yaml, const yaml_node_t *node,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What a key's value goes to. */
typedef enum hearth__yaml_kind {
  HEARTH__YAML_TEXT,   /* char[size]; not empty */
  HEARTH__YAML_NUMBER, /* double within [least, most] */
  HEARTH__YAML_WHOLE,  /* int64_t likewise */
  HEARTH__YAML_BOOL,   /* int32_t */
  HEARTH__YAML_CHOICE, /* int32_t: the place in `choices`, NULL-ended */
  HEARTH__YAML_NODE    /* read() */
} hearth__yaml_kind;

typedef struct hearth__yaml_key {
  const char *name;
  hearth__yaml_kind kind;
  size_t offset, size;
  double least, most;
  const char *const *choices;
  void (*read)(hearth__yaml *yaml, yaml_node_t *value, void *into);
} hearth__yaml_key;

/* Read a mapping into the struct at `into`.  An unknown key, a key twice, and a
   value that is none of its kind are failures. */
void hearth__yaml_map(hearth__yaml *yaml, yaml_node_t *node, const char *what,
                      const hearth__yaml_key *keys, void *into);

/* The text of a scalar, or NULL with a failure. */
const char *hearth__yaml_scalar(hearth__yaml *yaml, const yaml_node_t *node,
                                const char *key);

#endif
