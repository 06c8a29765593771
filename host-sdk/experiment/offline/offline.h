/* SPDX-License-Identifier: MIT
   An experiment on a recorded trace. */
#ifndef HEARTH_EXPERIMENT_OFFLINE_H
#define HEARTH_EXPERIMENT_OFFLINE_H

#include <stdio.h>

#include "host-sdk/experiment/offline/file.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

typedef struct hearth__offline_options {
  const char *path;        /* of the file */
  const char *directories; /* where plugins are, separated by colons */
  void (*progress)(void *user, uint64_t done, uint64_t total); /* or NULL */
  void *user;
} hearth__offline_options;

/* A run, from start to end.  Zero it; free it also on failure. */
typedef struct hearth__offline {
  const hearth__experiment_file *file;
  const hearth__offline_options *options;
  hearth_trace trace;
  hearth_models models;
  double budget_mb; /* -1: none */
  uint32_t load_lanes;
  hearth_library *libraries[HEARTH_EXPERIMENT_ARMS];
  hearth_experiment *experiment;
  hearth_experiment_report report;
  char warning[512]; /* "": none */
} hearth__offline;

/* HEARTH_UNAVAILABLE: an arm's plugin can't be created; anything else: bad
   input.  `err` gets a sentence. */
hearth_status hearth__offline_run(hearth__offline *run,
                                  const hearth__experiment_file *file,
                                  const hearth__offline_options *options,
                                  char *err, uint64_t err_cap);
void hearth__offline_free(hearth__offline *run);

/* What came of it: a table, one JSON object, a page. */
void hearth__offline_table(const hearth__offline *run, FILE *out);
hearth_status hearth__offline_json(const hearth__offline *run, int timing,
                                   FILE *out);
hearth_status hearth__offline_page(const hearth__offline *run, const char *path,
                                   char *err, uint64_t err_cap);

/* "Budget: 66,739 MB", "Price: 100 GB*s idle for 1 s of waiting". */
void hearth__offline_setting(const hearth__offline *run, char *out,
                             uint64_t cap);

#endif
