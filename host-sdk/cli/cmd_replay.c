/* SPDX-License-Identifier: MIT
   hearth replay: what each plugin would have cost. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/replay_options.h"
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

/* A file that is not here may be a plugin's among the others: "hearth-lru.so".
   Where it is not there either, the path stays as it is. */
static void find_named(const char *file, char *path, size_t cap) {
  char stem[256], found[SENTENCE], err[SENTENCE];
  const size_t len = strlen(file);
  if (strncmp(file, "hearth-", 7) == 0 && len > 10 &&
      strcmp(file + len - 3, ".so") == 0 && len - 10 < sizeof stem) {
    snprintf(stem, sizeof stem, "%.*s", (int)(len - 10), file + 7);
    if (hearth_find_plugin(hearth__plugin_path(), stem, found, sizeof found,
                           err, sizeof err) == HEARTH_OK) {
      snprintf(path, cap, "%s", found);
    }
  }
}

/* FILE.so[:NAME[:CONFIG]], cut in place of a copy. */
static hearth_status add_plugin(job *j, const char *text) {
  char copy[SENTENCE];
  if (strlen(text) >= sizeof copy) {
    snprintf(j->err, sizeof j->err, "--plugin: over %d characters", SENTENCE);
    return HEARTH_BAD_ARG;
  }
  strcpy(copy, text);
  char *name = strchr(copy, ':');
  char *config = NULL;
  if (name != NULL) {
    *name++ = '\0';
    config = strchr(name, ':');
  }
  if (config != NULL) {
    *config++ = '\0';
  }
  char path[SENTENCE + 2];
  snprintf(path, sizeof path, "%s%s", strchr(copy, '/') ? "" : "./", copy);
  if (access(path, R_OK) != 0 && strchr(copy, '/') == NULL) {
    find_named(copy, path, sizeof path);
  }
  return hearth_policies_add(&j->policies, path, name, config,
                             HEARTH_POLICY_BUDGET | HEARTH_POLICY_PRICE, j->err,
                             sizeof j->err);
}

static int load_policies(job *j) {
  const hearth__replay_options *o = &j->options;
  for (uint32_t i = 0; i < o->plugin_count; i++) {
    if (add_plugin(j, o->plugins[i]) != HEARTH_OK) {
      return complain(j, HEARTH__BAD_INPUT);
    }
  }
  if (hearth_policies_add_references(&j->policies, hearth__plugin_path(),
                                     o->plugin_count == 0, j->err,
                                     sizeof j->err) != HEARTH_OK) {
    return complain(j, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
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
  if (!o->json) {
    hearth_present_table(&j->comparison, o->timing, stdout);
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
