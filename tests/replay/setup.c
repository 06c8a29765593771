/* SPDX-License-Identifier: MIT
   Requests written by hand. */
#include "tests/replay/setup.h"

#include <string.h>

#include "tests/unit.h"

void setup_begin(setup *s) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  CU_ASSERT_EQUAL_FATAL(hearth_trace_init(&s->trace, &memory), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(hearth_models_init(&s->models, &memory), HEARTH_OK);
  s->uses = (hearth_uses){0};
  hearth_message_init(&hearth_config_schema, &s->config);
}

void setup_model(setup *s, const char *model, double memory_mb,
                 int64_t load_ms) {
  hearth_catalog_model item;
  hearth_message_init(&hearth_catalog_model_schema, &item);
  item.model = hearth_str_from(model);
  item.memory_mb = memory_mb;
  item.load_ms = load_ms;
  CU_ASSERT_EQUAL_FATAL(hearth_models_add(&s->models, &item), HEARTH_OK);
}

void setup_request(setup *s, int64_t ts_ms, const char *model,
                   int64_t duration_ms, const char *task) {
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  row.ts_ms = ts_ms;
  row.duration_ms = duration_ms;
  row.name[HEARTH_TRACE_MODEL] = hearth_str_from(model);
  if (task != NULL) {
    row.name[HEARTH_TRACE_TASK] = hearth_str_from(task);
  }
  CU_ASSERT_EQUAL_FATAL(hearth_trace_add(&s->trace, &row), HEARTH_OK);
}

void setup_ready(setup *s) {
  uint32_t missing = 0;
  CU_ASSERT_EQUAL_FATAL(hearth_models_match(&s->models, &s->trace, &missing),
                        HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(missing, 0);
  CU_ASSERT_EQUAL_FATAL(hearth_uses_init(&s->uses, &s->trace, &s->models),
                        HEARTH_OK);
}

void setup_end(setup *s) {
  hearth_uses_free(&s->uses);
  hearth_models_free(&s->models);
  hearth_trace_free(&s->trace);
}

hearth_setting setup_budget(double budget_mb) {
  return (hearth_setting){
      .budget_mb = budget_mb, .share = -1, .idle_price = -1, .load_lanes = 2};
}

hearth_setting setup_price(double idle_price) {
  return (hearth_setting){
      .budget_mb = -1, .share = -1, .idle_price = idle_price};
}

hearth_status setup_replay(const setup *s, const hearth_setting *setting,
                           hearth_result *result, char *err, uint64_t err_cap) {
  hearth_library *library = recorder_library();
  const hearth_replay_options options = {.trace = &s->trace,
                                         .models = &s->models,
                                         .uses = &s->uses,
                                         .setting = setting,
                                         .config = &s->config,
                                         .horizons = 1};
  const hearth_status status =
      hearth_replay(library, &options, result, err, err_cap);
  hearth_library_close(library);
  return status;
}
