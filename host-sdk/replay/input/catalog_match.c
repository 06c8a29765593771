/* SPDX-License-Identifier: MIT
   Bringing a catalog and a trace together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/replay/input/catalog.h"

static int by_text(const void *a, const void *b) {
  const hearth_str *x = a, *y = b;
  uint64_t len = x->len < y->len ? x->len : y->len;
  int order = memcmp(x->data, y->data, (size_t)len);
  return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* The trace's models that the table lacks, in the order of their names. */
static uint32_t find_missing(const hearth_models *models,
                             const hearth_names *used, hearth_str *missing) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < hearth_names_count(used); i++) {
    hearth_str name = hearth_names_text(used, i);
    if (hearth_names_find(models->names, name) == HEARTH_NO_NAME) {
      missing[count++] = name;
    }
  }
  if (count) {
    qsort(missing, count, sizeof *missing, by_text);
  }
  return count;
}

static hearth_status add_defaults(hearth_models *models,
                                  const hearth_str *missing, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    hearth_catalog_model m;
    hearth_message_init(&hearth_catalog_model_schema, &m);
    m.model = missing[i];
    m.memory_mb = HEARTH_DEFAULT_MEMORY_MB;
    m.load_ms = HEARTH_DEFAULT_LOAD_MS;
    hearth_status status = hearth_models_add(models, &m);
    if (status != HEARTH_OK) {
      return status;
    }
  }
  return HEARTH_OK;
}

/* Give the trace the table's names, and its requests their numbers. */
static hearth_status renumber(const hearth_models *models,
                              hearth_trace *trace) {
  hearth_names **used = &trace->names[HEARTH_TRACE_MODEL];
  uint32_t *id = trace->id[HEARTH_TRACE_MODEL], ignored = 0;
  hearth_names *names = hearth_names_new(&trace->memory, 0, 0);
  hearth_status status = names ? HEARTH_OK : HEARTH_NO_MEMORY;
  for (uint32_t i = 0; i < models->count && status == HEARTH_OK; i++) {
    status = hearth_names_add(names, models->items[i].model, &ignored);
  }
  if (status != HEARTH_OK) {
    hearth_names_free(names);
    return status;
  }
  for (uint32_t i = 0; i < trace->count; i++) {
    id[i] = hearth_names_find(names, hearth_names_text(*used, id[i]));
  }
  hearth_names_free(*used);
  *used = names;
  return HEARTH_OK;
}

hearth_status hearth_models_match(hearth_models *models, hearth_trace *trace,
                                  uint32_t *missing) {
  const hearth_names *used = trace->names[HEARTH_TRACE_MODEL];
  hearth_str *names = hearth_zalloc(
      &models->memory, (size_t)hearth_names_count(used) + 1, sizeof *names);
  if (!names) {
    return HEARTH_NO_MEMORY;
  }
  uint32_t count = find_missing(models, used, names);
  hearth_status status = add_defaults(models, names, count);
  hearth_release(&models->memory, names);
  if (status == HEARTH_OK) {
    status = renumber(models, trace);
  }
  if (status == HEARTH_OK) {
    *missing = count;
  }
  return status;
}

static int ends_with(const char *text, uint64_t len, const char *end) {
  uint64_t n = strlen(end);
  return len >= n && !memcmp(text + len - n, end, (size_t)n);
}

hearth_status hearth_models_default_path(const char *trace_path, char *out,
                                         uint64_t cap) {
  static const char suffix[] = ".catalog.csv";
  uint64_t len = strlen(trace_path);
  if (ends_with(trace_path, len, ".gz")) {
    len -= 3;
  }
  if (ends_with(trace_path, len, ".csv")) {
    len -= 4;
  }
  if (len + sizeof suffix > cap) {
    return HEARTH_LIMIT;
  }
  memcpy(out, trace_path, (size_t)len);
  memcpy(out + len, suffix, sizeof suffix);
  return HEARTH_OK;
}

/* Say how many models are defaults, if any. */
static void warn(char *warning, uint64_t cap, const char *path, int found,
                 uint32_t missing) {
  const char *many = missing == 1 ? "" : "s";
  if (!warning || !cap) {
    return;
  }
  warning[0] = '\0';
  if (missing && found) {
    snprintf(warning, cap,
             "%u model%s of the trace %s not in %s: %d MB and %d ms to load "
             "are assumed",
             missing, many, missing == 1 ? "is" : "are", path,
             HEARTH_DEFAULT_MEMORY_MB, HEARTH_DEFAULT_LOAD_MS);
  } else if (missing) {
    snprintf(warning, cap,
             "there is no catalog %s: %d MB and %d ms to load are assumed for "
             "%u model%s",
             path, HEARTH_DEFAULT_MEMORY_MB, HEARTH_DEFAULT_LOAD_MS, missing,
             many);
  }
}

/* Load the catalog; *found is 0 where the one beside the trace is not there. */
static hearth_status load(hearth_models *models, hearth_trace *trace,
                          const char *path, int optional, int *found, char *err,
                          uint64_t err_cap) {
  *found = !optional || access(path, F_OK) == 0;
  if (*found) {
    return hearth_models_load(models, &trace->memory, path, err, err_cap);
  }
  hearth_status status = hearth_models_init(models, &trace->memory);
  if (status != HEARTH_OK && err && err_cap) {
    snprintf(err, err_cap, "%s: there is no memory for a catalog", path);
  }
  return status;
}

hearth_status hearth_models_for_trace(hearth_models *models,
                                      hearth_trace *trace,
                                      const char *trace_path, const char *path,
                                      char *warning, uint64_t warning_cap,
                                      char *err, uint64_t err_cap) {
  char beside[4096];
  int optional = !path, found = 0;
  uint32_t missing = 0;
  memset(models, 0, sizeof *models);
  if (!path) {
    if (hearth_models_default_path(trace_path, beside, sizeof beside) !=
        HEARTH_OK) {
      if (err && err_cap) {
        snprintf(err, err_cap, "%s: the name is too long", trace_path);
      }
      return HEARTH_LIMIT;
    }
    path = beside;
  }
  hearth_status status =
      load(models, trace, path, optional, &found, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  status = hearth_models_match(models, trace, &missing);
  if (status != HEARTH_OK) {
    hearth_models_free(models);
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: there is no memory for its models", path);
    }
    return status;
  }
  warn(warning, warning_cap, path, found, missing);
  return HEARTH_OK;
}
