/* SPDX-License-Identifier: MIT
   hearth workload: make a workload, or describe a trace. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/cli/input_options.h"
#include "host-sdk/replay/input/describe.h"
#include "host-sdk/replay/input/workload.h"

static const char usage[] =
    "usage: hearth workload [--seed N] [--users N] [--days N] [--models N]\n"
    "                       [-o OUT.csv[.gz]]\n"
    "       hearth workload --describe [TRACE [--catalog FILE]]\n"
    "\n"
    "Make a workload as the users of an AI-assisted IDE cause it: a trace, "
    "and\n"
    "its catalog as OUT.catalog.csv.  The same options give the same bytes.\n"
    "\n"
    "  -o, --output FILE   where the trace goes; gzipped if it ends in .gz\n"
    "                      (default workload.csv, if that is not there yet)\n"
    "      --seed N        another workload of the same kind (default 1)\n"
    "      --users N       developers, 1 to 10000 (default 40)\n"
    "      --days N        days from a Monday on, 1 to 400 (default 14)\n"
    "      --models N      models, 4 to 64 (default 24)\n"
    "      --describe      print statistics: of TRACE, or of the workload\n"
    "      --catalog FILE  the catalog of TRACE, if not NAME.catalog.csv\n"
    "      --help          this text\n";

typedef struct request {
  hearth_workload_options options;
  const char *output, *trace, *catalog;
  int describe;
} request;

static int complain(const char *text) {
  fprintf(stderr, "hearth workload: %s\n", text);
  return HEARTH__EXIT_BAD;
}

static int print_figures(const hearth_trace *trace,
                         const hearth_models *models) {
  hearth_trace_figures figures;
  if (hearth_trace_measure(trace, models, &figures) != HEARTH_OK) {
    return complain("there is no memory for the statistics");
  }
#define PRINT(member, decimals, label)                                         \
  if (figures.member < 0) {                                                    \
    printf("%-52s %12s\n", label, "-");                                        \
  } else {                                                                     \
    printf("%-52s %12.*f\n", label, decimals, figures.member);                 \
  }
  HEARTH_TRACE_FIGURES(PRINT)
#undef PRINT
  return 0;
}

static int describe_file(const request *r) {
  hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_trace trace;
  hearth_models models;
  char err[HEARTH__SENTENCE] = "", warning[HEARTH__SENTENCE] = "";
  if (hearth_trace_load(&trace, &memory, r->trace, NULL, err, sizeof err) !=
      HEARTH_OK) {
    return complain(err);
  }
  if (hearth_models_for_trace(&models, &trace, r->trace, r->catalog, warning,
                              sizeof warning, err, sizeof err) != HEARTH_OK) {
    hearth_trace_free(&trace);
    return complain(err);
  }
  if (*warning) {
    fprintf(stderr, "hearth workload: warning: %s\n", warning);
  }
  int status = print_figures(&trace, &models);
  hearth_models_free(&models);
  hearth_trace_free(&trace);
  return status;
}

static int make(const request *r) {
  hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_trace trace;
  hearth_models models;
  hearth_status status =
      hearth_workload_make(&r->options, &memory, &trace, &models);
  if (status != HEARTH_OK) {
    return complain(status == HEARTH_BAD_ARG
                        ? "--users is 1 to 10000, --days 1 to 400, --models "
                          "4 to 64"
                        : "there is no memory for such a workload");
  }
  int result = r->describe ? print_figures(&trace, &models) : 0;
  if (r->output) {
    result = hearth__save_both("workload", &trace, &models, r->output);
  }
  hearth_models_free(&models);
  hearth_trace_free(&trace);
  return result;
}

enum { SEED = 256, USERS, DAYS, MODELS, DESCRIBE, CATALOG, HELP };

static const struct option long_options[] = {
    {"output", required_argument, NULL, 'o'},
    {"seed", required_argument, NULL, SEED},
    {"users", required_argument, NULL, USERS},
    {"days", required_argument, NULL, DAYS},
    {"models", required_argument, NULL, MODELS},
    {"describe", no_argument, NULL, DESCRIBE},
    {"catalog", required_argument, NULL, CATALOG},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0}};

/* Take one option; 0, or an exit status. */
static int take(request *r, int option) {
  hearth_workload_options *o = &r->options;
  switch (option) {
  case 'o':
    r->output = optarg;
    return 0;
  case SEED:
    return hearth__option_u64("workload", "--seed", &o->seed);
  case USERS:
    return hearth__option_u32("workload", "--users", &o->users);
  case DAYS:
    return hearth__option_u32("workload", "--days", &o->days);
  case MODELS:
    return hearth__option_u32("workload", "--models", &o->models);
  case DESCRIBE:
    r->describe = 1;
    return 0;
  case CATALOG:
    r->catalog = optarg;
    return 0;
  default:
    return complain("try hearth workload --help");
  }
}

int hearth__cmd_workload(int argc, char **argv) {
  request r;
  char name[64];
  int option, status;
  memset(&r, 0, sizeof r);
  hearth_workload_options_init(&r.options);
  optind = 1;
  while ((option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1) {
    if (option == HELP) {
      fputs(usage, stdout);
      return 0;
    }
    if ((status = take(&r, option))) {
      return status;
    }
  }
  r.trace = optind < argc ? argv[optind] : NULL;
  if (optind + 1 < argc) {
    return complain("one trace at a time can be described");
  }
  if (r.trace && (!r.describe || r.output)) {
    return complain("a trace is only read with --describe, and then nothing "
                    "is written");
  }
  if (!r.trace && r.catalog) {
    return complain("--catalog goes with --describe TRACE");
  }
  if (!r.output && !r.describe) {
    status = hearth__default_output("workload", "workload", name, sizeof name);
    if (status) {
      return status;
    }
    r.output = name;
  }
  return r.trace ? describe_file(&r) : make(&r);
}
