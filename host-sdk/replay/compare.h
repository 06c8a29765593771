/* SPDX-License-Identifier: MIT
   A comparison: policies side by side, over settings. */
#ifndef HEARTH_REPLAY_COMPARE_H
#define HEARTH_REPLAY_COMPARE_H

#include "host-sdk/replay/future.h"
#include "host-sdk/replay/policy.h"
#include "host-sdk/replay/result.h"

enum { HEARTH_MAX_SETTINGS = 6 };

/* One policy in one setting. */
typedef struct hearth_cell {
  int applies;          /* 0: not run here */
  hearth_result result; /* owned */
  double gap_closed;    /* NAN: null */
} hearth_cell;

/* A setting with its yardsticks: cold wait (budget) or total cost (price). */
typedef struct hearth_yardstick {
  double best, clairvoyant; /* seconds; NAN where not run */
  uint32_t best_policy, clairvoyant_policy;
} hearth_yardstick;

typedef struct hearth_comparison {
  const hearth_trace *trace; /* borrowed, as the next three */
  const hearth_models *models;
  const hearth_policies *policies;
  const char *trace_name;
  hearth_setting settings[HEARTH_MAX_SETTINGS];
  uint32_t setting_count;
  hearth_yardstick yardsticks[HEARTH_MAX_SETTINGS];
  hearth_cell *cells; /* owned; [setting * policies->count + policy] */
} hearth_comparison;

typedef struct hearth_compare_options {
  const char *log_path, *plan_path; /* NULL: none; see hearth_compare */
  int timing;
  int strips; /* record what was warm when, for a report */
  int accuracy; /* count for hearth_accuracy_table, where not hidden */
  unsigned threads; /* replays at a time; 0: one a processor */
  /* Called from any thread, never two at a time; may be NULL. */
  void (*progress)(void *user, uint64_t done, uint64_t total);
  void *user;
} hearth_compare_options;

/* The six settings of docs/evaluation.md: 10, 20 and 30 % of the catalog's
   memory, and prices of 25, 100 and 400 GB*s a second of wait. */
void hearth_comparison_default_settings(hearth_comparison *comparison);

/* A budget of a share of all models' memory, in whole MB, never under the
   largest model's. */
double hearth_budget_of_share(const hearth_models *models, double share);

/* Run it all.  A log path is used as it is for the only visible run, else
   "-POLICY-SETTING" goes in before its ending.  *failed: which policy. */
hearth_status hearth_compare(hearth_comparison *comparison,
                             const hearth_compare_options *options,
                             const char **failed, char *err, uint64_t err_cap);
/* The setting whose strips are recorded: the middle one of the budgets, else the
   first. */
uint32_t hearth_comparison_strip_setting(const hearth_comparison *comparison);

void hearth_comparison_free(hearth_comparison *comparison);

hearth_cell *hearth_comparison_cell(const hearth_comparison *comparison,
                                    uint32_t setting, uint32_t policy);

/* What a setting judges by: cold wait, or total cost. */
double hearth_judged(const hearth_setting *setting,
                     const hearth_result *result);

/* "10%", "2000MB", "R100": for names of files and headings. */
void hearth_setting_label(const hearth_setting *setting, char *out,
                          uint64_t cap);

#endif
