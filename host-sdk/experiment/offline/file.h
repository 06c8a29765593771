/* SPDX-License-Identifier: MIT
   An experiment as a YAML file describes it. */
#ifndef HEARTH_EXPERIMENT_FILE_H
#define HEARTH_EXPERIMENT_FILE_H

#include "hearth/experiment.h"
#include "host-sdk/replay/input/workload.h"
#include "plugin/sdk/wire/messages.h"

enum { HEARTH__PATH = 4096, HEARTH__CONFIG_TEXT = 2048 };

typedef struct hearth__file_arm {
  char name[HEARTH_EXPERIMENT_NAME];
  char plugin[HEARTH__PATH];
  char config[HEARTH__CONFIG_TEXT]; /* "key=value,..." */
  double share;
  int32_t shadow;
  uint32_t line;
} hearth__file_arm;

/* hearth-experiment(1) has every key. */
typedef struct hearth__experiment_file {
  char name[128];
  char trace[HEARTH__PATH]; /* "": the workload */
  char catalog[HEARTH__PATH];
  char keep_state[HEARTH__PATH]; /* a folder; "": nowhere */
  hearth_workload_options workload;
  int64_t until_ms;                           /* -1: all */
  double budget_mb, budget_share, idle_price; /* -1: not given */
  int64_t load_lanes;                         /* -1: not given */
  int32_t unit, design, promote, stop_worse;
  char champion[HEARTH_EXPERIMENT_NAME]; /* "": the first */
  int64_t session_gap_s, window_s, least_units;
  double alpha, cap_s;
  hearth_experiment_guardrails guardrails;
  hearth__file_arm arms[HEARTH_EXPERIMENT_ARMS];
  uint32_t arm_count, champion_index;
} hearth__experiment_file;

/* Read and check it.  Paths are as written, those of plugins too; relative ones
   are to be taken from the file's folder.  HEARTH_BAD_ARG: `err` begins with
   "FILE:LINE: ". */
hearth_status hearth__experiment_file_read(hearth__experiment_file *file,
                                           const char *path, char *err,
                                           uint64_t err_cap);

/* `path`, or, if it is relative, below the folder of `file`. */
hearth_status hearth__beside(const char *file, const char *path, char *out,
                             uint64_t cap);

#endif
