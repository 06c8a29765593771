/* SPDX-License-Identifier: MIT
   What the commands that make traces share. */
#ifndef HEARTH_CLI_INPUT_OPTIONS_H
#define HEARTH_CLI_INPUT_OPTIONS_H

#include <stdint.h>

#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

enum { HEARTH__EXIT_BAD = 2, HEARTH__SENTENCE = 4600 };

int hearth__cmd_workload(int argc, char **argv);
int hearth__cmd_import(int argc, char **argv);

/* getopt's optarg as a whole number; 0, or an exit status after a sentence. */
int hearth__option_u64(const char *command, const char *option, uint64_t *out);
int hearth__option_u32(const char *command, const char *option, uint32_t *out);

/* Where the trace goes if no -o says so: NAME.csv here, into `path`.  A file of
   that name is never overwritten; 0, or an exit status after a sentence. */
int hearth__default_output(const char *command, const char *name, char *path,
                           uint64_t cap);

/* Write a trace to `path` and its catalog beside it, and say so; an exit
   status. */
int hearth__save_both(const char *command, const hearth_trace *trace,
                      const hearth_models *models, const char *path);

#endif
