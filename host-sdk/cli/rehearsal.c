/* SPDX-License-Identifier: MIT
   What trace and call need to drive one plugin by recorded requests. */
#include "host-sdk/cli/rehearsal.h"

#include <stdio.h>

#include "host-sdk/replay/compare.h"
#include "host-sdk/replay/input/workload.h"

#define LANES 2
#define DEFAULT_SHARE 0.2

static hearth_status complain(hearth__rehearsal *r, hearth_status status,
                              const char *what) {
  snprintf(r->err, sizeof r->err, "%s", what);
  return status;
}

static hearth_status load_inputs(hearth__rehearsal *r) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  const hearth_trace_options options = {.until_ms = -1};
  if (r->trace_path == NULL) {
    return r->catalog != NULL
               ? complain(r, HEARTH_BAD_ARG, "--catalog needs a trace")
           : hearth_workload_make(NULL, &memory, &r->trace, &r->models) !=
                   HEARTH_OK
               ? complain(r, HEARTH_NO_MEMORY,
                          "there is no memory for the workload")
               : HEARTH_OK;
  }
  const hearth_status status = hearth_trace_load(
      &r->trace, &memory, r->trace_path, &options, r->err, sizeof r->err);
  return status != HEARTH_OK
             ? status
             : hearth_models_for_trace(
                   &r->models, &r->trace, r->trace_path, r->catalog, r->warning,
                   sizeof r->warning, r->err, sizeof r->err);
}

static hearth_status choose_setting(hearth__rehearsal *r) {
  hearth_setting *s = &r->setting;
  if (s->idle_price > 0) {
    *s = (hearth_setting){
        .budget_mb = -1, .share = -1, .idle_price = s->idle_price};
    return HEARTH_OK;
  }
  s->idle_price = -1;
  s->load_lanes = LANES;
  if (s->budget_mb > 0) {
    s->share = -1;
  } else {
    s->share = s->share > 0 ? s->share : DEFAULT_SHARE;
    s->budget_mb = hearth_budget_of_share(&r->models, s->share);
  }
  const double largest = hearth_models_largest_mb(&r->models);
  if (s->budget_mb < largest) {
    snprintf(r->err, sizeof r->err,
             "--budget-mb %g is less than the largest model, %g MB",
             s->budget_mb, largest);
    return HEARTH_BAD_ARG;
  }
  return HEARTH_OK;
}

hearth_status hearth__rehearsal_load(hearth__rehearsal *r) {
  hearth_status status = load_inputs(r);
  if (status != HEARTH_OK) {
    return status;
  }
  if (r->requests > 0 && r->requests < r->trace.count) {
    r->trace.count = r->requests;
  }
  if (r->trace.count == 0) {
    return complain(r, HEARTH_BAD_ARG, "there are no requests");
  }
  status = choose_setting(r);
  if (status == HEARTH_OK &&
      hearth_uses_init(&r->uses, &r->trace, &r->models) != HEARTH_OK) {
    return complain(r, HEARTH_NO_MEMORY, "there is no memory for the trace");
  }
  return status;
}

hearth_status hearth__rehearsal_run(hearth__rehearsal *r,
                                    hearth_library *library,
                                    const hearth_config *config,
                                    hearth_replay_stop *stop) {
  const hearth_replay_options options = {.trace = &r->trace,
                                         .models = &r->models,
                                         .uses = &r->uses,
                                         .setting = &r->setting,
                                         .config = config,
                                         .stop = stop};
  hearth_result result;
  if (stop != NULL) {
    stop->at_ms = r->trace.ts_ms[r->trace.count - 1];
  }
  const hearth_status status =
      hearth_replay(library, &options, &result, r->err, sizeof r->err);
  if (status == HEARTH_OK && stop == NULL) {
    hearth_result_free(&result);
  }
  return status;
}

void hearth__rehearsal_free(hearth__rehearsal *r) {
  hearth_uses_free(&r->uses);
  hearth_models_free(&r->models);
  hearth_trace_free(&r->trace);
}
