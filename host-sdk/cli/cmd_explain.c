/* SPDX-License-Identifier: MIT
   hearth explain: why each model is kept, warmed or let go. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/plugin_option.h"
#include "host-sdk/replay/compare.h"
#include "host-sdk/replay/explain.h"
#include "host-sdk/replay/input/workload.h"

static const char usage[] =
    "usage: hearth explain [TRACE] --at T [OPTIONS]\n"
    "\n"
    "Replay TRACE up to a moment, and show for each model why it is kept, "
    "warmed or let\ngo then.  Without TRACE: a built-in workload.\n"
    "\n"
    "      --at T             the moment, in ms of the trace; or `last`, its "
    "last request.\n"
    "                         Where a request comes at T, it is explained as "
    "it comes,\n"
    "                         before its model is known\n"
    "      --budget-share F   memory for models, as a share of all of them "
    "(default 0.2)\n"
    "      --budget-mb N      the same in MB\n"
    "      --idle-price R     no budget: R GB*s held idle cost one second of "
    "waiting\n"
    "      --catalog FILE     memory and load time of each model (default: "
    "NAME.catalog.csv\n"
    "                         beside TRACE)\n"
    "      --plugin FILE.so[:NAME[:CONFIG]]\n"
    "                         which plugin to ask; may be repeated (default: "
    "Foresight)\n"
    "      --model NAME       this model alone\n"
    "      --json             JSON instead of a table, all models in it\n"
    "      --help             this text\n"
    "\n"
    "exit status: 0 done; 2 bad input or options; 3 a plugin failed\n";

enum { SENTENCE = 4600, MOST_PLUGINS = 32 };
#define LANES 2
#define DEFAULT_SHARE 0.2

typedef struct job {
  const char *trace_path, *catalog, *at, *model;
  const char *plugins[MOST_PLUGINS];
  uint32_t plugin_count;
  int json, help;
  int64_t at_ms;
  uint32_t model_id; /* HEARTH_NO_MODEL: all */
  hearth_setting setting;
  hearth_trace trace;
  hearth_models models;
  hearth_uses uses;
  hearth_policies policies;
  char err[SENTENCE];
} job;

enum {
  AT = 256,
  BUDGET_SHARE,
  BUDGET_MB,
  IDLE_PRICE,
  CATALOG,
  PLUGIN,
  MODEL,
  JSON,
  HELP
};

static const struct option long_options[] = {
    {"at", required_argument, NULL, AT},
    {"budget-share", required_argument, NULL, BUDGET_SHARE},
    {"budget-mb", required_argument, NULL, BUDGET_MB},
    {"idle-price", required_argument, NULL, IDLE_PRICE},
    {"catalog", required_argument, NULL, CATALOG},
    {"plugin", required_argument, NULL, PLUGIN},
    {"model", required_argument, NULL, MODEL},
    {"json", no_argument, NULL, JSON},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0}};

static int complain(const job *j, int status) {
  fprintf(stderr, "hearth explain: %s\n", j->err);
  return status;
}

/* One setting of the three, a number from `least` to `most`. */
static int take_setting(job *j, const char *option, double least, double most,
                        double *out) {
  char *end;
  const double value = strtod(optarg, &end);
  const hearth_setting *s = &j->setting;
  if (end == optarg || *end != '\0' || !(value >= least && value <= most)) {
    snprintf(j->err, sizeof j->err, "%s takes a number, %g to %g, not '%.100s'",
             option, least, most, optarg);
    return complain(j, HEARTH__BAD_INPUT);
  }
  *out = value;
  if ((s->share > 0) + (s->budget_mb > 0) + (s->idle_price > 0) > 1) {
    snprintf(j->err, sizeof j->err,
             "give one of --budget-share, --budget-mb and --idle-price, not "
             "several");
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static int take(job *j, int option) {
  switch (option) {
  case AT:
    j->at = optarg;
    return HEARTH__OK;
  case BUDGET_SHARE:
    return take_setting(j, "--budget-share", 1e-6, 1, &j->setting.share);
  case BUDGET_MB:
    return take_setting(j, "--budget-mb", 1, 1e12, &j->setting.budget_mb);
  case IDLE_PRICE:
    return take_setting(j, "--idle-price", 1e-6, 1e12, &j->setting.idle_price);
  case CATALOG:
    j->catalog = optarg;
    return HEARTH__OK;
  case PLUGIN:
    if (j->plugin_count == MOST_PLUGINS) {
      snprintf(j->err, sizeof j->err, "at most %d plugins", MOST_PLUGINS);
      return complain(j, HEARTH__BAD_INPUT);
    }
    j->plugins[j->plugin_count++] = optarg;
    return HEARTH__OK;
  case MODEL:
    j->model = optarg;
    return HEARTH__OK;
  case JSON:
    j->json = 1;
    return HEARTH__OK;
  case HELP:
    j->help = 1;
    return HEARTH__OK;
  default:
    snprintf(j->err, sizeof j->err, "try hearth explain --help");
    return complain(j, HEARTH__BAD_INPUT);
  }
}

static int parse(job *j, int argc, char **argv) {
  j->setting = (hearth_setting){.budget_mb = -1, .share = -1, .idle_price = -1};
  for (int option;
       (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0;) {
    const int status = take(j, option);
    if (status != HEARTH__OK) {
      return status;
    }
  }
  if (j->help) {
    return HEARTH__OK;
  }
  if (argc - optind > 1) {
    snprintf(j->err, sizeof j->err,
             "one trace at a time; '%.200s' is the "
             "second",
             argv[optind + 1]);
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (j->at == NULL) {
    snprintf(j->err, sizeof j->err,
             "name a moment with --at T, in ms of the trace, or --at last");
    return complain(j, HEARTH__BAD_INPUT);
  }
  j->trace_path = optind < argc ? argv[optind] : NULL;
  return HEARTH__OK;
}

static int load(job *j) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  char warning[SENTENCE] = "";
  hearth_status status;
  if (j->trace_path == NULL) {
    snprintf(j->err, sizeof j->err, "there is no memory for the workload");
    status = hearth_workload_make(NULL, &memory, &j->trace, &j->models);
  } else {
    status = hearth_trace_load(&j->trace, &memory, j->trace_path, NULL, j->err,
                               sizeof j->err);
    if (status == HEARTH_OK) {
      status = hearth_models_for_trace(&j->models, &j->trace, j->trace_path,
                                       j->catalog, warning, sizeof warning,
                                       j->err, sizeof j->err);
    }
  }
  if (status == HEARTH_OK && j->trace.count == 0) {
    snprintf(j->err, sizeof j->err, "the trace has no requests");
    status = HEARTH_BAD_ARG;
  }
  if (warning[0] != '\0') {
    fprintf(stderr, "hearth explain: warning: %s\n", warning);
  }
  return status == HEARTH_OK ? HEARTH__OK : complain(j, HEARTH__BAD_INPUT);
}

static int find_moment(job *j) {
  const int64_t first = j->trace.ts_ms[0];
  const int64_t last = j->trace.ts_ms[j->trace.count - 1];
  if (strcmp(j->at, "last") == 0) {
    j->at_ms = last;
    return HEARTH__OK;
  }
  char *end;
  const double at = strtod(j->at, &end);
  if (end == j->at || *end != '\0' ||
      !(at >= (double)first && at <= (double)last)) {
    snprintf(j->err, sizeof j->err,
             "--at takes `last` or a time within the trace, %" PRId64
             " to %" PRId64 " ms, not '%.100s'",
             first, last, j->at);
    return complain(j, HEARTH__BAD_INPUT);
  }
  j->at_ms = (int64_t)at;
  return HEARTH__OK;
}

static int find_model(job *j) {
  j->model_id = HEARTH_NO_MODEL;
  if (j->model != NULL) {
    j->model_id = hearth_names_find(j->models.names, hearth_str_from(j->model));
    if (j->model_id == HEARTH_NO_NAME) {
      snprintf(j->err, sizeof j->err, "there is no model '%.200s'", j->model);
      return complain(j, HEARTH__BAD_INPUT);
    }
  }
  return HEARTH__OK;
}

static int choose_setting(job *j) {
  hearth_setting *s = &j->setting;
  if (s->idle_price > 0) {
    return HEARTH__OK;
  }
  s->load_lanes = LANES;
  if (s->budget_mb < 0) {
    s->share = s->share > 0 ? s->share : DEFAULT_SHARE;
    s->budget_mb = hearth_budget_of_share(&j->models, s->share);
  }
  const double largest = hearth_models_largest_mb(&j->models);
  if (s->budget_mb < largest) {
    snprintf(j->err, sizeof j->err,
             "--budget-mb %g is less than the largest model, %g MB",
             s->budget_mb, largest);
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static int load_plugins(job *j) {
  char path[SENTENCE];
  if (j->plugin_count == 0) {
    if (hearth_find_plugin(hearth__plugin_path(), "foresight", path,
                           sizeof path, j->err, sizeof j->err) != HEARTH_OK) {
      return complain(j, HEARTH__BAD_INPUT);
    }
    j->plugins[j->plugin_count++] = "hearth-foresight.so";
  }
  for (uint32_t i = 0; i < j->plugin_count; i++) {
    if (hearth__add_plugin(&j->policies, j->plugins[i], j->err,
                           sizeof j->err) != HEARTH_OK) {
      return complain(j, HEARTH__BAD_INPUT);
    }
  }
  if (hearth_uses_init(&j->uses, &j->trace, &j->models) != HEARTH_OK) {
    snprintf(j->err, sizeof j->err, "there is no memory for the trace");
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static int explain(job *j, uint32_t i) {
  const hearth_policy *policy = &j->policies.items[i];
  const hearth_replay_options options = {.trace = &j->trace,
                                         .models = &j->models,
                                         .uses = &j->uses,
                                         .setting = &j->setting,
                                         .config = &policy->config};
  hearth_explanation explanation;
  char why[1024] = "";
  hearth_status status = hearth_explain_moment(
      policy->library, &options, j->at_ms, &explanation, why, sizeof why);
  if (status == HEARTH_UNSUPPORTED) {
    snprintf(j->err, sizeof j->err,
             "%s does not explain itself: it lacks "
             "hearth.explain/1",
             policy->name);
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (status == HEARTH_OK && j->json) {
    status = hearth_explanation_json(&explanation, j->model_id, stdout);
  } else if (status == HEARTH_OK) {
    fputs(i > 0 ? "\n" : "", stdout);
    hearth_explanation_table(&explanation, j->model_id, stdout);
  }
  if (status == HEARTH_OK) {
    hearth_explanation_free(&explanation);
    return HEARTH__OK;
  }
  snprintf(j->err, sizeof j->err, "%s: %s", policy->name,
           why[0] != '\0' ? why : hearth_status_text(status));
  return complain(j, status == HEARTH_UNAVAILABLE ? HEARTH__PLUGIN_FAILED
                                                  : HEARTH__BAD_INPUT);
}

static int explain_all(job *j) {
  int status = HEARTH__OK;
  for (uint32_t i = 0; status == HEARTH__OK && i < j->policies.count; i++) {
    status = explain(j, i);
  }
  if (status == HEARTH__OK && (fflush(stdout) != 0 || ferror(stdout))) {
    snprintf(j->err, sizeof j->err, "can't write the explanation");
    return complain(j, HEARTH__BAD_INPUT);
  }
  return status;
}

int hearth__cmd_explain(int argc, char **argv) {
  static job j; /* zeroed; large for a stack */
  int status = parse(&j, argc, argv);
  if (status == HEARTH__OK && j.help) {
    fputs(usage, stdout);
    return HEARTH__OK;
  }
  int (*const steps[])(job *) = {load,           find_moment,  find_model,
                                 choose_setting, load_plugins, explain_all};
  for (size_t i = 0; status == HEARTH__OK && i < sizeof steps / sizeof *steps;
       i++) {
    status = steps[i](&j);
  }
  hearth_policies_free(&j.policies);
  hearth_uses_free(&j.uses);
  hearth_models_free(&j.models);
  hearth_trace_free(&j.trace);
  return status;
}
