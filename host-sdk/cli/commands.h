/* SPDX-License-Identifier: MIT
   The commands of `hearth`, and what they share. */
#ifndef HEARTH_CLI_COMMANDS_H
#define HEARTH_CLI_COMMANDS_H

/* Exit statuses: 0 done, 2 bad input or options, 3 a plugin failed. */
enum { HEARTH__OK = 0, HEARTH__BAD_INPUT = 2, HEARTH__PLUGIN_FAILED = 3 };

int hearth__cmd_bench(int argc, char **argv);
int hearth__cmd_replay(int argc, char **argv);
int hearth__cmd_experiment(int argc, char **argv);
int hearth__cmd_explain(int argc, char **argv);
int hearth__cmd_inspect(int argc, char **argv);
int hearth__cmd_state(int argc, char **argv);
int hearth__cmd_call(int argc, char **argv);
int hearth__cmd_trace(int argc, char **argv);
int hearth__cmd_validate(int argc, char **argv);

/* The folders that plugins are looked for in, separated by colons: those of
   $HEARTH_PLUGIN_PATH, then beside this program (installed, or in the tree that
   it was built in), then where it is to be installed.  Static storage. */
const char *hearth__plugin_path(void);

#endif
