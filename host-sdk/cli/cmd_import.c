/* SPDX-License-Identifier: MIT
   hearth import: a trace from a dataset's or a server's own format. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/cli/input_options.h"
#include "host-sdk/replay/input/import.h"

static void print_usage(void) {
  fputs("usage: hearth import FORMAT FILE... [-o OUT.csv[.gz]] [--seed N]\n"
        "                     [--all]\n"
        "\n"
        "Turn a dataset or a server's log into a trace, and a catalog of its\n"
        "models as OUT.catalog.csv.\n"
        "\n"
        "formats:\n",
        stdout);
  for (uint32_t i = 0; hearth_import_format(i); i++) {
    printf("  %-12s %s\n", hearth_import_format(i), hearth_import_help(i));
  }
  fputs("\n"
        "  -o, --output FILE  where the trace goes; gzipped if it ends in .gz\n"
        "                     (default FORMAT.csv, if that is not there yet)\n"
        "      --seed N       of what is drawn at random (default 1)\n"
        "      --all          azure2019: every invocation, not one for each\n"
        "                     minute in which a function was active\n"
        "      --help         this text\n"
        "\n"
        "Several files are taken for azure2019: its days, in order.\n",
        stdout);
}

static int complain(const char *text) {
  fprintf(stderr, "hearth import: %s\n", text);
  return HEARTH__EXIT_BAD;
}

static int import(char **words, uint32_t count, const char *output,
                  const hearth_import_options *options) {
  hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_trace trace;
  hearth_models models;
  char err[HEARTH__SENTENCE] = "";
  uint64_t skipped = 0;
  hearth_status status = hearth_import(words[0], (const char *const *)words + 1,
                                       count - 1, options, &memory, &trace,
                                       &models, &skipped, err, sizeof err);
  if (status != HEARTH_OK) {
    return complain(err);
  }
  if (skipped) {
    fprintf(stderr,
            "hearth import: warning: left out %llu records without a model\n",
            (unsigned long long)skipped);
  }
  int result = hearth__save_both("import", &trace, &models, output);
  hearth_models_free(&models);
  hearth_trace_free(&trace);
  return result;
}

enum { SEED = 256, ALL, HELP };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"seed", required_argument, NULL, SEED},
    {"all", no_argument, NULL, ALL},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0}};

int hearth__cmd_import(int argc, char **argv) {
  hearth_import_options options = {1, 0};
  const char *output = NULL;
  char name[64];
  int option, status = 0;
  optind = 1;
  while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
    switch (option) {
    case 'o':
      output = optarg;
      break;
    case SEED:
      status = hearth__option_u64("import", "--seed", &options.seed);
      break;
    case ALL:
      options.all = 1;
      break;
    case HELP:
      print_usage();
      return 0;
    default:
      status = complain("try hearth import --help");
    }
    if (status) {
      return status;
    }
  }
  if (argc - optind < 2) {
    return complain("name a format and a file; try hearth import --help");
  }
  if (!output) {
    status = hearth__default_output("import", argv[optind], name, sizeof name);
    if (status) {
      return status;
    }
    output = name;
  }
  return import(argv + optind, (uint32_t)(argc - optind), output, &options);
}
