/* SPDX-License-Identifier: MIT
   hearth: the command. */
#include <stdio.h>
#include <string.h>

#include "hearth/host.h"
#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/input_options.h"

static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *help;
} commands[] = {
    {"replay", hearth__cmd_replay,
     "drive plugins with recorded requests and compare what they cost"},
    {"experiment", hearth__cmd_experiment,
     "compare plugins unit by unit, and say which is better as soon as one may"},
    {"explain", hearth__cmd_explain,
     "show why each model is kept, warmed or let go at a moment of a trace"},
    {"bench", hearth__cmd_bench,
     "measure what a plugin's calls cost, beside one that does nothing"},
    {"call", hearth__cmd_call,
     "call a function that a plugin offers to be called by hand"},
    {"trace", hearth__cmd_trace,
     "print every call of a plugin, with its messages"},
    {"inspect", hearth__cmd_inspect,
     "show a plugin's identity, capabilities and extensions"},
    {"validate", hearth__cmd_validate,
     "test whether a plugin keeps the contract"},
    {"state", hearth__cmd_state,
     "show, export, back up, restore or rebuild what a host has learned"},
    {"workload", hearth__cmd_workload,
     "make a workload, or describe a trace in figures"},
    {"import", hearth__cmd_import,
     "turn a public dataset or a server's log into a trace"}};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_usage(FILE *out) {
  fputs("usage: hearth COMMAND [ARGUMENTS]\n"
        "\n"
        "Hearth keeps the right models warm: it predicts which model is asked "
        "for next,\n"
        "and tells a host which to hold in memory and which to load ahead.\n"
        "\n"
        "commands:\n",
        out);
  for (int i = 0; i < COMMANDS; i++) {
    fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].help);
  }
  fputs("\n"
        "  hearth COMMAND --help   what a command takes\n"
        "  hearth --version        the version\n"
        "\n"
        "exit status: 0 done; 2 bad input or options; 3 a plugin failed\n",
        out);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    print_usage(stderr);
    return HEARTH__BAD_INPUT;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
      strcmp(argv[1], "help") == 0) {
    print_usage(stdout);
    return HEARTH__OK;
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("hearth %s, plugin ABI %d.%d\n", hearth_version(),
           HEARTH_ABI_MAJOR, HEARTH_ABI_MINOR);
    return HEARTH__OK;
  }
  for (int i = 0; i < COMMANDS; i++) {
    if (strcmp(argv[1], commands[i].name) == 0) {
      return commands[i].run(argc - 1, argv + 1);
    }
  }
  fprintf(stderr, "hearth: there is no command '%s'; see hearth --help\n",
          argv[1]);
  return HEARTH__BAD_INPUT;
}
