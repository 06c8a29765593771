/* SPDX-License-Identifier: MIT
   Contexts in, model sets out. */
#include "plugin/foresight/inside.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"

hearth_status foresight__read_context(const hearth_plugin *f,
                                      foresight_desk *desk,
                                      const hearth_call *call,
                                      hearth_bytes bytes,
                                      hearth_context *context) {
  char *err = call != NULL ? call->err : NULL;
  const uint64_t err_cap = call != NULL ? call->err_cap : 0;
  for (;;) {
    hearth_list *residents = &context->pool.resident;
    hearth_message_init(&hearth_context_schema, context);
    *residents = (hearth_list){desk->residents, desk->resident_room, 0};
    const hearth_status status =
        hearth_decode(&hearth_context_schema, bytes, context, err, err_cap);
    if (status != HEARTH_OK || !context->pool.resync ||
        residents->count <= residents->cap) {
      return status;
    }
    if (foresight__desk_residents(f, desk, residents->count) != HEARTH_OK) {
      return HEARTH_NO_MEMORY;
    }
  }
}

void foresight__line(const hearth_plugin *f, uint32_t model,
                     hearth_plan_model *line) {
  hearth_message_init(&hearth_plan_model_schema, line);
  line->model = hearth_names_text(f->names, model);
  line->expected_load_ms = f->models[model].load_ms;
}

void foresight__chances(const hearth_plugin *f, const foresight_within_now *at,
                        uint32_t model, hearth_plan_model *line) {
  float p[FORESIGHT_WITHIN_HORIZONS];
  foresight_within_predict(f->within, at, model, p);
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
      impact.wait_saved_ms += p * (double)lines[i].expected_load_ms;
      impact.memory_mb += f->models[id].memory_mb;
    }
  }
  return impact;
}

hearth_status foresight__answer(const hearth_plugin *f,
                                foresight_desk *desk,
                                const hearth_context *context, uint32_t count,
                                double confidence, int64_t review_at_ms,
                                hearth_sink *out) {
  hearth_model_set set;
  desk->answering = 1;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.request_id = context->request_id;
  set.pool = context->pool.id;
  set.now_ms = context->now_ms;
  set.confidence = confidence;
  set.models = (hearth_list){desk->lines, count, count};
  set.performance_impact = impact_of(f, desk->lines, count);
  set.review_at_ms = review_at_ms;
  return hearth_encode(&hearth_model_set_schema, &set, out);
}
