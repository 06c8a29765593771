/* SPDX-License-Identifier: MIT
   hearth replay: what each plugin would have cost. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/plugin_option.h"
#include "host-sdk/cli/replay_options.h"
#include "host-sdk/replay/ablate/ablation.h"
#include "host-sdk/replay/accuracy/present.h"
#include "host-sdk/replay/compare.h"
#include "host-sdk/replay/input/workload.h"
#include "host-sdk/replay/present.h"

enum { SENTENCE = 4600 };

typedef struct job {
  hearth__replay_options options;
  hearth_trace trace;
  hearth_models models;
  hearth_policies policies;
  hearth_comparison comparison;
  char err[SENTENCE];
} job;

static int complain(job *j, int status) {
  fprintf(stderr, "hearth replay: %s\n", j->err);
  return status;
}

static int make_workload(job *j) {
  const hearth__replay_options *o = &j->options;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  if (o->catalog != NULL) {
    snprintf(j->err, sizeof j->err, "--catalog needs a TRACE");
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (hearth_workload_make(NULL, &memory, &j->trace, &j->models) != HEARTH_OK) {
    snprintf(j->err, sizeof j->err, "there is no memory for the workload");
    return complain(j, HEARTH__BAD_INPUT);
  }
  while (o->until_ms >= 0 && j->trace.count > 0 &&
         j->trace.ts_ms[j->trace.count - 1] > o->until_ms) {
    j->trace.count--;
  }
  if (j->trace.count == 0) {
    snprintf(j->err, sizeof j->err,
             "the workload holds no request up to --until %" PRId64,
             o->until_ms);
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static int load_inputs(job *j) {
  const hearth__replay_options *o = &j->options;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  char warning[SENTENCE] = "";
  const hearth_trace_options options = {.until_ms = o->until_ms};
  if (o->trace == NULL) {
    const int status = make_workload(j);
    if (status != HEARTH__OK) {
      return status;
    }
  } else if (hearth_trace_load(&j->trace, &memory, o->trace, &options, j->err,
                               sizeof j->err) != HEARTH_OK ||
             hearth_models_for_trace(&j->models, &j->trace, o->trace,
                                     o->catalog, warning, sizeof warning,
                                     j->err, sizeof j->err) != HEARTH_OK) {
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (warning[0] != '\0') {
    fprintf(stderr, "hearth replay: warning: %s\n", warning);
  }
  return HEARTH__OK;
}

/* The plugin that was named, else Foresight, and all that it is without. */
static int ablate(job *j) {
  if (j->policies.count == 0 &&
      hearth__add_plugin(&j->policies, "hearth-foresight.so", j->err,
                         sizeof j->err) != HEARTH_OK) {
    return complain(j, HEARTH__BAD_INPUT);
  }
  const hearth_status status =
      hearth_ablate(&j->policies, j->err, sizeof j->err);
  if (status != HEARTH_OK) {
    fprintf(stderr, "hearth replay: %s: %s\n", j->policies.items[0].name,
            j->err[0] != '\0' ? j->err : hearth_status_text(status));
  }
  return status == HEARTH_OK            ? HEARTH__OK
         : status == HEARTH_UNAVAILABLE ? HEARTH__PLUGIN_FAILED
                                        : HEARTH__BAD_INPUT;
}

static int load_policies(job *j) {
  const hearth__replay_options *o = &j->options;
  for (uint32_t i = 0; i < o->plugin_count; i++) {
    if (hearth__add_plugin(&j->policies, o->plugins[i], j->err,
                           sizeof j->err) != HEARTH_OK) {
      return complain(j, HEARTH__BAD_INPUT);
    }
  }
  const int status = o->ablate ? ablate(j) : HEARTH__OK;
  if (status != HEARTH__OK) {
    return status;
  }
  if (hearth_policies_add_references(&j->policies, hearth__plugin_path(),
                                     j->policies.count == 0, j->err,
                                     sizeof j->err) != HEARTH_OK) {
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

/* One setting of each regime is enough to judge a signal, and any one to judge
   guesses, which no setting changes much. */
static void choose_few(hearth_comparison *c, int price) {
  const hearth_setting budget = c->settings[1], middle = c->settings[4];
  c->settings[0] = budget;
  c->settings[1] = middle;
  c->setting_count = price ? 2 : 1;
}

static int choose_settings(job *j) {
  const hearth__replay_options *o = &j->options;
  hearth_comparison *c = &j->comparison;
  c->trace = &j->trace;
  c->models = &j->models;
  c->policies = &j->policies;
  c->trace_name = o->trace != NULL ? o->trace : "embedded workload";
  hearth_comparison_default_settings(c);
  if (o->budget_mb > 0 || o->budget_share > 0) {
    c->setting_count = 1;
    c->settings[0].share = o->budget_share;
    c->settings[0].budget_mb =
        o->budget_mb > 0 ? o->budget_mb
                         : hearth_budget_of_share(&j->models, o->budget_share);
  } else if (o->idle_price > 0) {
    c->setting_count = 1;
    c->settings[0] = (hearth_setting){
        .budget_mb = -1, .share = -1, .idle_price = o->idle_price};
  }
  if (c->setting_count > 1 && (o->ablate || o->accuracy)) {
    choose_few(c, o->ablate);
  }
  for (uint32_t s = 0; o->load_lanes > 0 && s < c->setting_count; s++) {
    c->settings[s].load_lanes = (uint32_t)o->load_lanes;
  }
  const double largest = hearth_models_largest_mb(&j->models);
  if (o->budget_mb > 0 && o->budget_mb < largest) {
    snprintf(j->err, sizeof j->err,
             "--budget-mb %g is less than the largest model, %g MB",
             o->budget_mb, largest);
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static void show_progress(void *user, uint64_t done, uint64_t total) {
  (void)user;
  fprintf(stderr, "\r%3.0f %% of %" PRIu64 " requests replayed",
          100.0 * (double)done / (double)total, total);
}

static int run(job *j) {
  const hearth__replay_options *o = &j->options;
  const int terminal = isatty(STDERR_FILENO);
  const hearth_compare_options options = {.log_path = o->log,
                                          .plan_path = o->log_plans,
                                          .timing = o->timing,
                                          .strips = o->report != NULL,
      .accuracy = o->accuracy,
                                          .threads = o->threads,
                                          .progress =
                                              terminal ? show_progress : NULL};
  const char *failed = NULL;
  const hearth_status status =
      hearth_compare(&j->comparison, &options, &failed, j->err, sizeof j->err);
  if (terminal) {
    fputs("\r\033[K", stderr);
  }
  if (status == HEARTH_OK) {
    return HEARTH__OK;
  }
  fprintf(stderr, "hearth replay: %s%s%s\n", failed != NULL ? failed : "",
          failed != NULL ? ": " : "",
          j->err[0] != '\0' ? j->err : hearth_status_text(status));
  return status == HEARTH_UNAVAILABLE ? HEARTH__PLUGIN_FAILED
                                      : HEARTH__BAD_INPUT;
}

static int present(job *j) {
  const hearth__replay_options *o = &j->options;
  if (o->report != NULL &&
      hearth_present_report(&j->comparison, o->report, j->err, sizeof j->err) !=
          HEARTH_OK) {
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (!o->json && o->ablate) {
    hearth_ablation_table(&j->comparison, stdout);
  } else if (!o->json) {
    hearth_present_table(&j->comparison, o->timing, stdout);
    hearth_accuracy_table(&j->comparison, stdout);
  } else if (hearth_present_json(&j->comparison, o->timing, stdout) !=
             HEARTH_OK) {
    snprintf(j->err, sizeof j->err, "there is no memory for the JSON");
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (fflush(stdout) != 0 || ferror(stdout)) {
    snprintf(j->err, sizeof j->err, "can't write the result");
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

int hearth__cmd_replay(int argc, char **argv) {
  static job j; /* zeroed; large for a stack */
  int status = hearth__replay_parse(argc, argv, &j.options);
  if (status == HEARTH__OK && j.options.help) {
    fputs(hearth__replay_usage, stdout);
    return HEARTH__OK;
  }
  int (*const steps[])(job *) = {load_inputs, load_policies, choose_settings,
                                 run, present};
  for (size_t i = 0; status == HEARTH__OK && i < sizeof steps / sizeof *steps;
       i++) {
    status = steps[i](&j);
  }
  hearth_comparison_free(&j.comparison);
  hearth_policies_free(&j.policies);
  hearth_models_free(&j.models);
  hearth_trace_free(&j.trace);
  return status;
}
