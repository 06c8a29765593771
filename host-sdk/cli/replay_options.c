/* SPDX-License-Identifier: MIT
   The command line of hearth replay. */
#include "host-sdk/cli/replay_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/cli/commands.h"

const char hearth__replay_usage[] =
    "usage: hearth replay [TRACE] [OPTIONS]\n"
    "\n"
    "Drive plugins with the requests of TRACE (CSV, may be gzipped) and compare "
    "how long\n"
    "requests waited for models to load.  Without TRACE: a built-in workload.\n"
    "\n"
    "      --catalog FILE     memory and load time of each model (default: "
    "NAME.catalog.csv\n"
    "                         beside TRACE)\n"
    "      --plugin FILE.so[:NAME[:CONFIG]]\n"
    "                         a plugin to run, under a name, with a "
    "configuration\n"
    "                         key=value,key=value; may be repeated (default: "
    "Foresight, the\n"
    "                         references and the clairvoyants)\n"
    "      --budget-mb N      memory for models, in MB\n"
    "      --budget-share F   the same as a share of all models, 0 to 1\n"
    "      --idle-price R     no budget: R GB*s held idle cost one second of "
    "waiting\n"
    "                         (default: budgets of 0.1, 0.2, 0.3, then prices "
    "of 25, 100, 400)\n"
    "      --load-lanes N     loads at a time (default 2; unlimited with a "
    "price)\n"
    "      --until T          stop at trace time T, in ms\n"
    "      --log FILE         write every event: t_ms,event,model,detail\n"
    "      --log-plans FILE   write every answer of the plugin\n"
    "      --report FILE      write a page with plots (HTML, self-contained)\n"
    "      --threads N        replays at a time (default: one a processor)\n"
    "      --timing           add what deciding costs\n"
    "      --ablate           one plugin (default: Foresight) without each of "
    "its signals in turn\n"
    "                         (default: a budget of 0.2 and a price of 100)\n"
    "      --accuracy         add how often guesses were right, by task and "
    "beside plain guesses\n"
    "                         (default: a budget of 0.2)\n"
    "      --json             one JSON object instead of tables\n"
    "      --help             this text\n"
    "\n"
    "The same inputs give the same bytes, except with --timing.\n"
    "Figures: see docs/evaluation.md.  exit status: 0 done; 2 bad input or "
    "options;\n3 a plugin failed\n";

enum {
  CATALOG = 256,
  PLUGIN,
  BUDGET_MB,
  BUDGET_SHARE,
  IDLE_PRICE,
  LOAD_LANES,
  UNTIL,
  LOG,
  LOG_PLANS,
  REPORT,
  THREADS,
  TIMING,
  ABLATE,
  ACCURACY,
  JSON,
  HELP
};

static const struct option long_options[] = {
    {"catalog", required_argument, NULL, CATALOG},
    {"plugin", required_argument, NULL, PLUGIN},
    {"budget-mb", required_argument, NULL, BUDGET_MB},
    {"budget-share", required_argument, NULL, BUDGET_SHARE},
    {"idle-price", required_argument, NULL, IDLE_PRICE},
    {"load-lanes", required_argument, NULL, LOAD_LANES},
    {"until", required_argument, NULL, UNTIL},
    {"log", required_argument, NULL, LOG},
    {"log-plans", required_argument, NULL, LOG_PLANS},
    {"report", required_argument, NULL, REPORT},
    {"threads", required_argument, NULL, THREADS},
    {"timing", no_argument, NULL, TIMING},
    {"ablate", no_argument, NULL, ABLATE},
    {"accuracy", no_argument, NULL, ACCURACY},
    {"json", no_argument, NULL, JSON},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0}};

static int complain(const char *option, const char *want) {
  fprintf(stderr, "hearth replay: %s takes %s, not '%s'\n", option, want,
          optarg);
  return HEARTH__BAD_INPUT;
}

static int number(const char *option, double least, double most,
                  const char *want, double *out) {
  char *end;
  const double value = strtod(optarg, &end);
  if (end == optarg || *end != '\0' || !(value >= least && value <= most)) {
    return complain(option, want);
  }
  *out = value;
  return 0;
}

static int whole(const char *option, double least, double most,
                 const char *want, int64_t *out) {
  double value;
  const int status = number(option, least, most, want, &value);
  if (status != 0) {
    return status;
  }
  if ((double)(int64_t)value != value) {
    return complain(option, want);
  }
  *out = (int64_t)value;
  return 0;
}

static int take_number(hearth__replay_options *o, int option) {
  int64_t threads = 0;
  int status = 0;
  switch (option) {
  case BUDGET_MB:
    return number("--budget-mb", 1, 1e12, "a number of MB, 1 or more",
                  &o->budget_mb);
  case BUDGET_SHARE:
    return number("--budget-share", 1e-6, 1, "a share, over 0 and up to 1",
                  &o->budget_share);
  case IDLE_PRICE:
    return number("--idle-price", 1e-6, 1e12, "a number over 0",
                  &o->idle_price);
  case LOAD_LANES:
    return whole("--load-lanes", 1, 1e6, "a whole number, 1 or more",
                 &o->load_lanes);
  case UNTIL:
    return whole("--until", 0, 9007199254740992.0,
                 "a time in ms, 0 or more", &o->until_ms);
  default:
    status = whole("--threads", 1, 64, "a whole number, 1 to 64", &threads);
    o->threads = (unsigned)threads;
    return status;
  }
}

static int take(hearth__replay_options *o, int option) {
  switch (option) {
  case CATALOG:
    o->catalog = optarg;
    return 0;
  case PLUGIN:
    if (o->plugin_count == HEARTH__MAX_PLUGINS) {
      fprintf(stderr, "hearth replay: at most %d plugins\n",
              HEARTH__MAX_PLUGINS);
      return HEARTH__BAD_INPUT;
    }
    o->plugins[o->plugin_count++] = optarg;
    return 0;
  case LOG:
    o->log = optarg;
    return 0;
  case LOG_PLANS:
    o->log_plans = optarg;
    return 0;
  case REPORT:
    o->report = optarg;
    return 0;
  case TIMING:
    o->timing = 1;
    return 0;
  case ABLATE:
    o->ablate = 1;
    return 0;
  case ACCURACY:
    o->accuracy = 1;
    return 0;
  case JSON:
    o->json = 1;
    return 0;
  case HELP:
    o->help = 1;
    return 0;
  case '?':
    fputs("hearth replay: try hearth replay --help\n", stderr);
    return HEARTH__BAD_INPUT;
  default:
    return take_number(o, option);
  }
}

/* What goes with --ablate: one plugin, whose table takes the place of all. */
static int check_ablate(const hearth__replay_options *o) {
  if (o->ablate && (o->accuracy || o->timing || o->report != NULL)) {
    fputs("hearth replay: --ablate goes without --accuracy, --timing and "
          "--report\n",
          stderr);
    return HEARTH__BAD_INPUT;
  }
  if (o->ablate && o->plugin_count > 1) {
    fputs("hearth replay: --ablate takes one --plugin\n", stderr);
    return HEARTH__BAD_INPUT;
  }
  return 0;
}

static int check(const hearth__replay_options *o) {
  if (o->log != NULL && o->log_plans != NULL &&
      strcmp(o->log, o->log_plans) == 0) {
    fputs("hearth replay: --log and --log-plans need a file each\n", stderr);
    return HEARTH__BAD_INPUT;
  }
  const int settings =
      (o->budget_mb > 0) + (o->budget_share > 0) + (o->idle_price > 0);
  if (settings > 1) {
    fputs("hearth replay: give one of --budget-mb, --budget-share and "
          "--idle-price, not several\n",
          stderr);
    return HEARTH__BAD_INPUT;
  }
  return check_ablate(o);
}

int hearth__replay_parse(int argc, char **argv, hearth__replay_options *out) {
  *out = (hearth__replay_options){.budget_mb = -1,
                                  .budget_share = -1,
                                  .idle_price = -1,
                                  .load_lanes = -1,
                                  .until_ms = -1};
  for (int option;
       (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
    const int status = take(out, option);
    if (status != 0) {
      return status;
    }
  }
  if (argc - optind > 1) {
    fprintf(stderr, "hearth replay: one trace at a time; '%s' is the second\n",
            argv[optind + 1]);
    return HEARTH__BAD_INPUT;
  }
  out->trace = optind < argc ? argv[optind] : NULL;
  return check(out);
}
