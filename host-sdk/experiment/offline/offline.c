/* SPDX-License-Identifier: MIT
   An experiment on a recorded trace. */
#include "host-sdk/experiment/offline/offline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/experiment/offline/feed.h"
#include "host-sdk/replay/compare.h"
#include "plugin/sdk/wire/encode.h"

static hearth_status load_trace(hearth__offline *run, char *err,
                                uint64_t err_cap) {
  const hearth__experiment_file *f = run->file;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  const hearth_trace_options options = {.until_ms = f->until_ms};
  char trace[HEARTH__PATH], catalog[HEARTH__PATH];
  if (f->trace[0] == '\0') {
    const hearth_status status =
        hearth_workload_make(&f->workload, &memory, &run->trace, &run->models);
    while (status == HEARTH_OK && f->until_ms >= 0 && run->trace.count > 0 &&
           run->trace.ts_ms[run->trace.count - 1] > f->until_ms) {
      run->trace.count--;
    }
    return status;
  }
  if (hearth__beside(run->options->path, f->trace, trace, sizeof trace) !=
          HEARTH_OK ||
      hearth__beside(run->options->path, f->catalog, catalog, sizeof catalog) !=
          HEARTH_OK) {
    snprintf(err, err_cap, "%.200s: the path is too long", f->trace);
    return HEARTH_BAD_ARG;
  }
  hearth_status status =
      hearth_trace_load(&run->trace, &memory, trace, &options, err, err_cap);
  if (status == HEARTH_OK) {
    status = hearth_models_for_trace(
        &run->models, &run->trace, trace, f->catalog[0] ? catalog : NULL,
        run->warning, sizeof run->warning, err, err_cap);
  }
  return status;
}

static hearth_status choose_setting(hearth__offline *run, char *err,
                                    uint64_t err_cap) {
  const hearth__experiment_file *f = run->file;
  const double largest = hearth_models_largest_mb(&run->models);
  run->budget_mb = f->budget_share > 0
                       ? hearth_budget_of_share(&run->models, f->budget_share)
                       : f->budget_mb;
  run->load_lanes = f->load_lanes >= 0  ? (uint32_t)f->load_lanes
                    : f->idle_price > 0 ? 0
                                        : 2;
  if (run->trace.count == 0) {
    snprintf(err, err_cap, "there are no requests");
    return HEARTH_BAD_ARG;
  }
  if (run->budget_mb > 0 && run->budget_mb < largest) {
    snprintf(err, err_cap, "budget_mb %g is less than the largest model, %g MB",
             run->budget_mb, largest);
    return HEARTH_BAD_ARG;
  }
  return HEARTH_OK;
}

/* A plugin's file: as a path beside the YAML file, or by its name where plugins
   are. */
static hearth_status open_plugin(hearth__offline *run, uint32_t a, char *err,
                                 uint64_t err_cap) {
  const hearth__file_arm *arm = &run->file->arms[a];
  const size_t len = strlen(arm->plugin);
  char path[HEARTH__PATH], stem[256], why[1200] = "";
  hearth_status status =
      hearth__beside(run->options->path, arm->plugin, path, sizeof path);
  const int named = strchr(arm->plugin, '/') == NULL && len > 10 &&
                    len < sizeof stem &&
                    strncmp(arm->plugin, "hearth-", 7) == 0 &&
                    strcmp(arm->plugin + len - 3, ".so") == 0;
  if (status == HEARTH_OK && named && access(path, R_OK) != 0) {
    snprintf(stem, sizeof stem, "%.*s", (int)(len - 10), arm->plugin + 7);
    status = hearth_find_plugin(run->options->directories, stem, path,
                                sizeof path, why, sizeof why);
  }
  if (status == HEARTH_OK) {
    status =
        hearth_library_open(path, NULL, &run->libraries[a], why, sizeof why);
  }
  if (status != HEARTH_OK) {
    snprintf(err, err_cap, "%s:%" PRIu32 ": arm '%s': %s", run->options->path,
             arm->line, arm->name,
             why[0] != '\0' ? why : hearth_status_text(status));
  }
  return status;
}

/* What an arm had learned goes to a file of its own. */
static void keep_state(hearth__offline *run, uint32_t arm, hearth_bytes state) {
  char folder[HEARTH__PATH], path[HEARTH__PATH + 80];
  if (run->file->keep_state[0] == '\0' || state.len == 0 ||
      hearth__beside(run->options->path, run->file->keep_state, folder,
                     sizeof folder) != HEARTH_OK) {
    return;
  }
  snprintf(path, sizeof path, "%s/%s.state", folder, run->file->arms[arm].name);
  FILE *out =
      strchr(run->file->arms[arm].name, '/') == NULL ? fopen(path, "w") : NULL;
  int bad = out == NULL;
  if (!bad) {
    bad = fwrite(state.data, 1, state.len, out) != state.len;
    bad |= fclose(out) != 0;
  }
  if (bad) {
    snprintf(run->warning, sizeof run->warning,
             "%.300s: the state can't be kept: %s", path, strerror(errno));
  }
}

static hearth_status promoted(void *user,
                              const hearth_experiment_promotion *promotion) {
  keep_state(user, promotion->loser, promotion->loser_state);
  return HEARTH_OK;
}

static void stopped(void *user, uint32_t arm, hearth_bytes state) {
  keep_state(user, arm, state);
}

static void fill_options(hearth__offline *run, const hearth_model *models,
                         const hearth_experiment_arm *arms,
                         hearth_experiment_options *o) {
  const hearth__experiment_file *f = run->file;
  hearth_experiment_options_init(o);
  o->name = f->name;
  o->models = models;
  o->model_count = run->models.count;
  o->budget_mb = run->budget_mb;
  o->load_lanes = run->load_lanes;
  o->idle_price = f->idle_price;
  o->arms = arms;
  o->arm_count = f->arm_count;
  o->champion = f->champion_index;
  o->unit = f->unit;
  o->design = f->design;
  o->window_ms = f->window_s * 1000;
  o->session_gap_ms = f->session_gap_s * 1000;
  o->alpha = f->alpha;
  o->cap_s = f->cap_s;
  o->least_units = (uint64_t)f->least_units;
  o->guardrails = f->guardrails;
  o->stop_worse = f->stop_worse;
  o->promote = f->promote;
  o->own_thread = 0;
  o->queue = 4;
  o->promoted = promoted;
  o->stopped = stopped;
  o->user = run;
}

static hearth_status create(hearth__offline *run, const hearth_model *models,
                            char *err, uint64_t err_cap) {
  const hearth__experiment_file *f = run->file;
  hearth_experiment_arm arms[HEARTH_EXPERIMENT_ARMS] = {{0}};
  hearth_buffer configs[HEARTH_EXPERIMENT_ARMS];
  hearth_experiment_options options;
  hearth_status status = HEARTH_OK;
  for (uint32_t a = 0; a < f->arm_count; a++) {
    char text[HEARTH__CONFIG_TEXT];
    hearth_config config;
    strcpy(text, f->arms[a].config);
    hearth_buffer_init(&configs[a], 0);
    hearth_message_init(&hearth_config_schema, &config);
    if (status == HEARTH_OK) {
      status = hearth_config_parse(&config, text, err, err_cap);
    }
    if (status == HEARTH_OK) {
      status = hearth_encode(&hearth_config_schema, &config, &configs[a].sink);
    }
    arms[a] =
        (hearth_experiment_arm){.name = f->arms[a].name,
                                .library = run->libraries[a],
                                .config = hearth_buffer_bytes(&configs[a]),
                                .share = f->arms[a].share,
                                .shadow = f->arms[a].shadow};
  }
  if (status == HEARTH_OK) {
    fill_options(run, models, arms, &options);
    status = hearth_experiment_create(&options, &run->experiment, err, err_cap);
    status = status == HEARTH_OK || status == HEARTH_BAD_ARG ||
                     status == HEARTH_LIMIT
                 ? status
                 : HEARTH_UNAVAILABLE;
  }
  for (uint32_t a = 0; a < f->arm_count; a++) {
    hearth_buffer_free(&configs[a]);
  }
  return status;
}

hearth_status hearth__offline_run(hearth__offline *run,
                                  const hearth__experiment_file *file,
                                  const hearth__offline_options *options,
                                  char *err, uint64_t err_cap) {
  hearth_model *models = NULL;
  run->file = file;
  run->options = options;
  hearth_status status = load_trace(run, err, err_cap);
  if (status == HEARTH_OK) {
    status = choose_setting(run, err, err_cap);
  }
  for (uint32_t a = 0; status == HEARTH_OK && a < file->arm_count; a++) {
    status = open_plugin(run, a, err, err_cap);
  }
  if (status == HEARTH_OK) {
    models = hearth__feed_models(&run->models);
    status =
        models == NULL ? HEARTH_NO_MEMORY : create(run, models, err, err_cap);
    free(models);
  }
  if (status == HEARTH_OK) {
    status = hearth__feed(run->experiment, &run->trace, &run->models,
                          options->progress, options->user);
  }
  if (status == HEARTH_OK) {
    hearth_experiment_flush(run->experiment, 1);
    hearth_experiment_get_report(run->experiment, &run->report);
  } else if (err_cap > 0 && err[0] == '\0') {
    snprintf(err, err_cap, "%s", hearth_status_text(status));
  }
  return status;
}

void hearth__offline_free(hearth__offline *run) {
  hearth_experiment_destroy(run->experiment);
  for (uint32_t a = 0; a < HEARTH_EXPERIMENT_ARMS; a++) {
    hearth_library_close(run->libraries[a]);
  }
  hearth_models_free(&run->models);
  hearth_trace_free(&run->trace);
  *run = (hearth__offline){0};
}
