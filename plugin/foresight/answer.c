/* SPDX-License-Identifier: MIT
   Contexts in, model sets out. */
#include <string.h>

#include "plugin/foresight/inside.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"

hearth_status foresight__read_context(hearth_plugin *f,
                                      const hearth_call *call,
                                      hearth_bytes bytes,
                                      hearth_context *context) {
  memset(context, 0, sizeof *context); /* no lists; the rest is decoded */
  context->pool.resident = (hearth_list){f->residents, f->room, 0};
  return hearth_decode(&hearth_context_schema, bytes, context,
                       call != NULL ? call->err : NULL,
                       call != NULL ? call->err_cap : 0);
}

void foresight__line(const hearth_plugin *f, const foresight_within_now *at,
                     uint32_t model, hearth_plan_model *line) {
  float p[FORESIGHT_WITHIN_HORIZONS];
  foresight_within_predict(f->within, at, model, p);
  *line = (hearth_plan_model){
      .model = hearth_names_text(f->names, model),
      .action = HEARTH_ACTION_KEEP,
      .confidence = -1,
      .p_next = -1,
      .expected_load_ms = f->models[model].load_ms,
      .start_at_ms = -1,
      .warm_by_ms = -1,
      .keep_for_ms = -1};
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    line->p_within.p[h] = (double)p[h];
  }
}

/* What the plan's prewarms are expected to bring. */
static hearth_impact impact_of(const hearth_plugin *f,
                               const hearth_plan_model *lines,
                               uint32_t count) {
  hearth_impact impact = {0, 0, 0, 0};
  for (uint32_t i = 0; i < count; i++) {
    if (lines[i].action != HEARTH_ACTION_WARM) {
      continue;
    }
    const uint32_t id = hearth_names_find(f->names, lines[i].model);
    if (id != HEARTH_NO_NAME) {
      const double p = lines[i].p_within.p[1] > 0 ? lines[i].p_within.p[1] : 0;
      impact.cold_starts_avoided += p;
      impact.wait_saved_ms += p * (double)f->models[id].load_ms;
      impact.memory_mb += f->models[id].memory_mb;
    }
  }
  return impact;
}

hearth_status foresight__answer(hearth_plugin *f,
                                const hearth_context *context, uint32_t count,
                                double confidence, int64_t review_at_ms,
                                hearth_sink *out) {
  const hearth_model_set set = {
      .request_id = context->request_id,
      .pool = context->pool.id,
      .now_ms = context->now_ms,
      .confidence = confidence,
      .models = {f->lines, count, count},
      .performance_impact = impact_of(f, f->lines, count),
      .review_at_ms = review_at_ms};
  return hearth_encode(&hearth_model_set_schema, &set, out);
}
