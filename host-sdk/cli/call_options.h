/* SPDX-License-Identifier: MIT
   The command line of hearth call. */
#ifndef HEARTH_CLI_CALL_OPTIONS_H
#define HEARTH_CLI_CALL_OPTIONS_H

#include <stdint.h>

typedef struct hearth__call_options {
  const char *plugin;
  const char *function;    /* NULL: list them */
  const char *const *args; /* count of them */
  uint32_t arg_count;
  const char *config;    /* KEY=VALUE,...; NULL: the defaults */
  const char *catalog;   /* a CSV file; NULL: none */
  const char *state;     /* to load before; NULL: none */
  const char *save;      /* where state goes after; NULL: nowhere */
  const char *trace;     /* to learn from before; NULL: none */
  const char *signature; /* in place of the plugin's; NULL: that */
  uint32_t deadline_ms;
  int in_process, json, help;
} hearth__call_options;

extern const char hearth__call_usage[];

/* Options may stand anywhere before "--"; what begins with one dash is an
   argument, for numbers may be negative.  0, or an exit status after a sentence
   on stderr.  `argv` is put in order; *out borrows from it. */
int hearth__call_parse(int argc, char **argv, hearth__call_options *out);

#endif
