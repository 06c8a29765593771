/* SPDX-License-Identifier: MIT
   The command line of hearth replay. */
#ifndef HEARTH_CLI_REPLAY_OPTIONS_H
#define HEARTH_CLI_REPLAY_OPTIONS_H

#include <stdint.h>

enum { HEARTH__MAX_PLUGINS = 32 };

typedef struct hearth__replay_options {
  const char *trace; /* NULL: the embedded workload */
  const char *catalog;
  const char *plugins[HEARTH__MAX_PLUGINS]; /* FILE.so[:NAME[:CONFIG]] */
  uint32_t plugin_count;
  double budget_mb, budget_share, idle_price; /* -1: not given */
  int64_t load_lanes;                         /* -1: the regime's */
  int64_t until_ms;                           /* -1: to the end */
  const char *log, *log_plans, *report;
  unsigned threads;
  int timing, json, help;
  int ablate, accuracy; /* at most one of them */
} hearth__replay_options;

extern const char hearth__replay_usage[];

/* 0, or an exit status after a sentence on stderr. */
int hearth__replay_parse(int argc, char **argv, hearth__replay_options *out);

#endif
