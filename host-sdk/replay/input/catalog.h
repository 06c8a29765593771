/* SPDX-License-Identifier: MIT
   The models that there are: a catalog file, matched to a trace. */
#ifndef HEARTH_REPLAY_CATALOG_H
#define HEARTH_REPLAY_CATALOG_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "host-sdk/replay/input/trace.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/names.h"
#include "plugin/sdk/wire/messages.h"

/* What a model that no catalog describes is taken to be. */
#define HEARTH_DEFAULT_MEMORY_MB 4096
#define HEARTH_DEFAULT_LOAD_MS 10000

/* Models in the order of the file, then those of the trace that it lacks, by
   name (never by first use: that would tell the future).  `items` is ready to
   go into a hearth_catalog message; its strings live as long as the table. */
typedef struct hearth_models {
  hearth_memory_user memory;
  hearth_names *names; /* model i is name i */
  hearth_names *words; /* the texts of group and hardware */
  hearth_catalog_model *items;
  uint32_t count, cap;
  uint32_t described; /* the first so many come from a file */
} hearth_models;

/* An empty table; hearth_models_free it. */
hearth_status hearth_models_init(hearth_models *models,
                                 const hearth_memory_user *memory);
void hearth_models_free(hearth_models *models);

/* Append a model; its strings are copied.  HEARTH_BAD_ARG: it is there. */
hearth_status hearth_models_add(hearth_models *models,
                                const hearth_catalog_model *model);

/* Read a catalog: columns model, memory_mb, load_ms, and where there
   storage_mb, cpu_percent, network_bandwidth_mbps, pinned, group, hardware.
   On failure *models holds nothing and `err` has one sentence. */
hearth_status hearth_models_load(hearth_models *models,
                                 const hearth_memory_user *memory,
                                 const char *path, char *err, uint64_t err_cap);

/* Number the trace's models as the table does: those that it lacks are added
   with the default size and load time, and then
   trace->id[HEARTH_TRACE_MODEL][i] is an index of models->items.  *missing: how
   many were added. */
hearth_status hearth_models_match(hearth_models *models, hearth_trace *trace,
                                  uint32_t *missing);

/* Load and match in one.  `path` NULL: NAME.catalog.csv beside `trace_path`
   (NAME.csv or NAME.csv.gz); where that one is not there, all models are
   defaults.  `warning` gets one sentence ("" for none) that says how many
   models are defaults and what those are. */
hearth_status hearth_models_for_trace(hearth_models *models,
                                      hearth_trace *trace,
                                      const char *trace_path, const char *path,
                                      char *warning, uint64_t warning_cap,
                                      char *err, uint64_t err_cap);

/* The catalog's name for a trace's: "a/NAME.csv.gz" gives
   "a/NAME.catalog.csv".  HEARTH_LIMIT where it does not fit into `cap`. */
hearth_status hearth_models_default_path(const char *trace_path, char *out,
                                         uint64_t cap);

/* The memory of all models in MB, and the largest one's. */
double hearth_models_total_mb(const hearth_models *models);
double hearth_models_largest_mb(const hearth_models *models);

/* Write it as CSV; whole or not at all. */
hearth_status hearth_models_save(const hearth_models *models, const char *path,
                                 char *err, uint64_t err_cap);

#endif
