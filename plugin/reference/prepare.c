/* SPDX-License-Identifier: MIT
   The references' answers: plans, and what is known of a model. */
#include <string.h>

#include "plugin/reference/inside.h"
#include "plugin/sdk/wire/encode.h"

static int has_price(const reference *ref) {
  return ref->idle_price > 0;
}

/* How long the model still is kept; what is idle counts from now. */
static int64_t keep_for(const reference *ref, const reference_model *model) {
  if (!has_price(ref) || model->keep_for < 0 || model->busy > 0 ||
      model->idle_since == REFERENCE_NEVER) {
    return has_price(ref) ? model->keep_for : -1;
  }
  const int64_t left = model->idle_since + model->keep_for - ref->now;
  return left > 0 ? left : 0;
}

static hearth_plan_model *find(reference *ref, hearth_str name) {
  uint32_t at = 0;
  while (ref->plan[at].model.data != name.data) {
    at++;
  }
  return &ref->plan[at];
}

hearth_plan_model *reference_list(reference *ref, uint32_t id) {
  reference_model *model = &ref->models[id];
  const hearth_str name = hearth_names_text(ref->names, id);
  if (model->listed == ref->plans) {
    return find(ref, name);
  }
  if (ref->plan_count >= ref->plan_limit || !model->candidate) {
    return NULL;
  }
  hearth_plan_model *entry = &ref->plan[ref->plan_count++];
  model->listed = ref->plans;
  *entry = ref->blank;
  entry->model = name;
  entry->keep_for_ms = keep_for(ref, model);
  return entry;
}

void reference_review(reference *ref, int64_t at_ms) {
  if (ref->review_at < 0 || at_ms < ref->review_at) {
    ref->review_at = at_ms;
  }
}

static void rank_all(reference *ref) {
  for (uint32_t i = 0; i < ref->order_count; i++) {
    const uint32_t id = ref->order[i];
    ref->models[id].score = ref->policy->score(ref, id, ref->now);
  }
  /* Each is slid into those before it, which are in order already. */
  const uint32_t count = ref->order_count;
  for (uint32_t i = 0; i < count; i++) {
    ref->order_count = i + 1;
    reference__rank(ref, ref->order[i]);
  }
}

static void settle(reference *ref) {
  if (ref->latest != REFERENCE_NONE && ref->policy->keep_for) {
    ref->models[ref->latest].keep_for =
        ref->policy->keep_for(ref, ref->latest, ref->now);
  }
  if (ref->budget_mb < 0 && ref->policy->keep_for) {
    if (ref->latest != REFERENCE_NONE) {
      reference_list(ref, ref->latest);
    }
    return; /* without a budget there is nothing to rank for */
  }
  const int all = ref->policy->reranks || ref->list_all;
  if (ref->policy->reranks) {
    rank_all(ref);
  }
  for (uint32_t i = 0; i < ref->order_count; i++) {
    reference_list(ref, ref->order[i]);
    if (!all && ref->order[i] == ref->latest) {
      break;
    }
  }
  ref->list_all = 0;
}

/* Every candidate, the likeliest first; of equals, as they are ranked. */
static void list_by_probability(reference *ref, const hearth_context *context) {
  const uint32_t count = reference_count(ref);
  const uint32_t limit = ref->plan_limit;
  ref->plan_limit = count;
  for (uint32_t id = 0; id < count; id++) {
    ref->p[id] = 0;
  }
  ref->policy->probability(ref, context, ref->p);
  for (uint32_t i = 0; i < ref->order_count + count; i++) {
    const uint32_t id =
        i < ref->order_count ? ref->order[i] : i - ref->order_count;
    uint32_t at = ref->plan_count;
    hearth_plan_model *entry = reference_list(ref, id);
    if (!entry || ref->plan_count == at) {
      continue;
    }
    const double p = ref->p[id] > 0 ? ref->p[id] : 0;
    entry->p_next = entry->confidence = p < 1 ? p : 1;
    const hearth_plan_model mine = *entry;
    for (; at > 0 && ref->plan[at - 1].p_next < mine.p_next; at--) {
      ref->plan[at] = ref->plan[at - 1];
    }
    ref->plan[at] = mine;
  }
  ref->plan_limit = limit;
  ref->plan_count = ref->plan_count < limit ? ref->plan_count : limit;
}

static void list_all(reference *ref) {
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    reference_list(ref, id);
  }
}

static hearth_status resync(reference *ref, const hearth_context *context) {
  const hearth_resident *resident = context->pool.resident.items;
  hearth_status status = HEARTH_OK;
  while (ref->order_count > 0) {
    reference__leave(ref, ref->order[0]);
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < context->pool.resident.count;
       i++) {
    uint32_t id = 0;
    status = reference__model(ref, resident[i].model, &id);
    if (status == HEARTH_OK) {
      reference__arrive(ref, id);
      reference__rank(ref, id);
    }
  }
  ref->list_all = 1;
  return status;
}

static hearth_status decode_context(reference *ref, const hearth_call *call,
                                    hearth_bytes bytes,
                                    hearth_context *context) {
  for (;;) {
    hearth_message_init(&hearth_context_schema, context);
    context->pool.resident = (hearth_list){ref->resident, ref->resident_cap, 0};
    hearth_status status =
        reference__decode(&hearth_context_schema, call, bytes, context);
    const uint32_t count = context->pool.resident.count;
    if (status != HEARTH_OK || count <= ref->resident_cap) {
      return status;
    }
    void *resident = ref->resident;
    status = hearth_grow(&ref->memory, &resident, &ref->resident_cap, count,
                         sizeof *ref->resident);
    ref->resident = resident;
    if (status != HEARTH_OK) {
      return status;
    }
  }
}

static hearth_status answer(reference *ref, const hearth_context *context,
                            hearth_sink *out) {
  hearth_model_set set;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.request_id = context->request_id;
  set.pool = context->pool.id;
  set.now_ms = context->now_ms;
  set.models = (hearth_list){ref->plan, ref->plan_count, ref->plan_count};
  set.review_at_ms = ref->review_at;
  if (context->reason == HEARTH_REASON_REQUEST && ref->policy->probability) {
    set.confidence = ref->plan_count > 0 ? ref->plan[0].p_next : 0;
    if (set.confidence < ref->config.prediction_threshold) {
      return HEARTH_NO_OPINION;
    }
  }
  return hearth_encode(&hearth_model_set_schema, &set, out);
}

/* What both kinds of answer begin with. */
static hearth_status begin(reference *ref, const hearth_call *call,
                           hearth_bytes bytes, hearth_context *context) {
  const hearth_status status = decode_context(ref, call, bytes, context);
  if (status != HEARTH_OK) {
    return status;
  }
  ref->now = context->now_ms;
  ref->plans++;
  ref->plan_count = 0;
  ref->plan_limit = context->max_models < ref->plan_cap
                        ? (uint32_t)context->max_models
                        : ref->plan_cap;
  ref->review_at = -1;
  return HEARTH_OK;
}

static hearth_status adopt_pool(reference *ref, const hearth_context *context) {
  if (ref->config.idle_price <= 0) {
    const double price = context->pool.idle_price;
    ref->idle_price = price > 0 ? price : -1;
  }
  ref->budget_mb = context->pool.budget_mb;
  ref->lanes = context->pool.load_lanes;
  return context->pool.resync ? resync(ref, context) : HEARTH_OK;
}

hearth_status reference_prepare(hearth_plugin *ref, const hearth_call *call,
                                hearth_bytes bytes, hearth_sink *out) {
  hearth_context context;
  if (!ref || !out) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status = begin(ref, call, bytes, &context);
  if (status == HEARTH_OK) {
    status = adopt_pool(ref, &context);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  if (context.reason == HEARTH_REASON_SETTLED) {
    settle(ref);
  } else if (context.reason == HEARTH_REASON_REQUEST &&
             ref->policy->probability) {
    list_by_probability(ref, &context);
  }
  if (ref->policy->extend) {
    ref->policy->extend(ref, &context);
  }
  return answer(ref, &context, out);
}

static void add_horizons(reference *ref, hearth_plan_model *entry) {
  const uint32_t id = hearth_names_find(ref->names, entry->model);
  double ms[HEARTH_HORIZONS];
  double p[HEARTH_HORIZONS];
  for (int i = 0; i < HEARTH_HORIZONS; i++) {
    ms[i] = 1000.0 * hearth_horizon_s[i];
  }
  ref->policy->within(ref, id, ref->now, ms, p);
  for (int i = 0; i < HEARTH_HORIZONS; i++) {
    entry->p_within.p[i] = p[i] > 0 ? (p[i] < 1 ? p[i] : 1) : 0;
  }
}

static hearth_status predict(hearth_plugin *ref, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  hearth_context context;
  if (!ref || !out) {
    return HEARTH_BAD_ARG;
  }
  const hearth_status status = begin(ref, call, bytes, &context);
  if (status != HEARTH_OK) {
    return status;
  }
  ref->plan_limit = ref->plan_cap; /* every model, whatever is asked for */
  if (ref->policy->probability) {
    list_by_probability(ref, &context);
  } else {
    list_all(ref);
  }
  for (uint32_t i = 0; i < ref->plan_count; i++) {
    add_horizons(ref, &ref->plan[i]);
  }
  hearth_model_set set;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.request_id = context.request_id;
  set.pool = context.pool.id;
  set.now_ms = context.now_ms;
  set.models = (hearth_list){ref->plan, ref->plan_count, ref->plan_count};
  return hearth_encode(&hearth_model_set_schema, &set, out);
}

const void *reference_extension(hearth_plugin *ref, const char *id) {
  static const hearth_predict predictor = {.size = sizeof predictor,
                                           .predict = predict};
  return ref && id && ref->policy->within && !strcmp(id, HEARTH_EXT_PREDICT)
             ? &predictor
             : NULL;
}
