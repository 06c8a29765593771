/* SPDX-License-Identifier: MIT
   What an answer must keep to, beyond being a message. */
#include "host-sdk/validate/answer.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"

enum { ROOM = 16384 };

static hearth_plan_model *entries; /* room for the models of an answer */

/* Decode a ModelSet, with the models that fit. */
static hearth_status decode_set(validate_job *job, hearth_bytes answer,
                                hearth_model_set *set, char *err,
                                uint64_t err_cap) {
  if (entries == NULL) {
    entries = validate__need(job, calloc(ROOM, sizeof *entries));
    for (uint32_t i = 0; i < ROOM; i++) {
      hearth_message_init(&hearth_plan_model_schema, &entries[i]);
    }
  }
  hearth_message_init(&hearth_model_set_schema, set);
  set->models = (hearth_list){entries, ROOM, 0};
  return hearth_decode(&hearth_model_set_schema, answer, set, err, err_cap);
}

static void need_set(validate_job *job, hearth_bytes answer,
                     hearth_model_set *set) {
  if (decode_set(job, answer, set, NULL, 0) != HEARTH_OK) {
    validate__skip(job, "an answer does not decode: see answer-decodes");
  }
}

hearth_status validate__answer_decode(validate_job *job, validate__kind kind,
                                      hearth_bytes answer, char *err,
                                      uint64_t err_cap) {
  hearth_model_set set;
  hearth_metadata metadata;
  if (kind == VALIDATE__CONTEXT) {
    return decode_set(job, answer, &set, err, err_cap);
  }
  if (kind != VALIDATE__QUERY) {
    return HEARTH_OK;
  }
  hearth_message_init(&hearth_metadata_schema, &metadata);
  return hearth_decode(&hearth_metadata_schema, answer, &metadata, err,
                       err_cap);
}

static void decode_context(hearth_bytes bytes, hearth_context *context) {
  hearth_message_init(&hearth_context_schema, context);
  (void)hearth_decode(&hearth_context_schema, bytes, context, NULL, 0);
}

int validate__answer_asks(hearth_bytes bytes) {
  hearth_context context;
  decode_context(bytes, &context);
  return context.reason == HEARTH_REASON_REQUEST ||
         context.reason == HEARTH_REASON_TICK;
}

void validate__answer_echo(validate_job *job, hearth_bytes context_bytes,
                           hearth_bytes answer) {
  hearth_context context;
  hearth_model_set set;
  decode_context(context_bytes, &context);
  need_set(job, answer, &set);
  if (set.request_id.len > 0 &&
      !hearth_str_equal(set.request_id, context.request_id)) {
    validate__fail(job, "expected request_id %.*s to be echoed, got %.*s",
                   (int)context.request_id.len, context.request_id.data,
                   (int)(set.request_id.len % 100), set.request_id.data);
  }
  if (set.pool.len > 0 && !hearth_str_equal(set.pool, context.pool.id)) {
    validate__fail(job, "expected pool %.*s to be echoed, got %.*s",
                   (int)context.pool.id.len, context.pool.id.data,
                   (int)(set.pool.len % 100), set.pool.data);
  }
  if (set.now_ms != -1 && set.now_ms != context.now_ms) {
    validate__fail(job, "expected now_ms %lld to be echoed, got %lld",
                   (long long)context.now_ms, (long long)set.now_ms);
  }
}

/* Whether it is one of the scene's models of these numbers. */
static int is_model(hearth_str name, uint32_t first, uint32_t until) {
  char text[32];
  for (uint32_t i = first; i < until; i++) {
    if (hearth_str_equal(name, hearth_str_from(validate__model(i, text)))) {
      return 1;
    }
  }
  return 0;
}

static void once_each(validate_job *job, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    for (uint32_t j = 0; j < i; j++) {
      if (hearth_str_equal(entries[i].model, entries[j].model)) {
        validate__fail(job, "expected every model once, got %.*s twice",
                       (int)(entries[i].model.len % 100),
                       entries[i].model.data);
      }
    }
  }
}

void validate__answer_models(validate_job *job, hearth_bytes context_bytes,
                             hearth_bytes answer, uint32_t first,
                             uint32_t until) {
  hearth_context context;
  hearth_model_set set;
  decode_context(context_bytes, &context);
  need_set(job, answer, &set);
  if ((int64_t)set.models.count > context.max_models) {
    validate__fail(job, "expected at most max_models = %lld models, got %u",
                   (long long)context.max_models, set.models.count);
  }
  for (uint32_t i = 0; i < set.models.count && i < ROOM; i++) {
    const hearth_str name = entries[i].model;
    if (!is_model(name, first, until)) {
      validate__fail(job, "expected models of the catalog only, got %.*s",
                     (int)(name.len % 100), name.data);
    }
  }
  once_each(job, set.models.count < ROOM ? set.models.count : ROOM);
}

void validate__answer_horizons(validate_job *job, hearth_bytes answer) {
  hearth_model_set set;
  need_set(job, answer, &set);
  for (uint32_t i = 0; i < set.models.count && i < ROOM; i++) {
    const double *p = entries[i].p_within.p;
    for (int h = 1; h < HEARTH_HORIZONS; h++) {
      if (p[h - 1] >= 0 && p[h] >= 0 && p[h] < p[h - 1]) {
        validate__fail(job, "expected p_within %d s of %.*s to be at least the "
                            "%g of %d s, got %g",
                       hearth_horizon_s[h], (int)(entries[i].model.len % 100),
                       entries[i].model.data, p[h - 1],
                       hearth_horizon_s[h - 1], p[h]);
      }
    }
  }
}

void validate__answer_times(validate_job *job, hearth_bytes context_bytes,
                            hearth_bytes answer) {
  hearth_context context;
  hearth_model_set set;
  decode_context(context_bytes, &context);
  need_set(job, answer, &set);
  if (set.review_at_ms != -1 && set.review_at_ms <= context.now_ms) {
    validate__warn(job, "expected review_at_ms to lie after now_ms %lld, got "
                        "%lld: such a review would come at once, for ever",
                   (long long)context.now_ms, (long long)set.review_at_ms);
  }
  for (uint32_t i = 0; i < set.models.count && i < ROOM; i++) {
    const hearth_plan_model *entry = &entries[i];
    if (entry->start_at_ms != -1 && entry->warm_by_ms != -1 &&
        entry->warm_by_ms < entry->start_at_ms) {
      validate__fail(job, "expected %.*s to begin before warm_by_ms %lld, got "
                          "start_at_ms %lld",
                     (int)(entry->model.len % 100), entry->model.data,
                     (long long)entry->warm_by_ms,
                     (long long)entry->start_at_ms);
    }
  }
}

void validate__answer_lists(validate_job *job, hearth_bytes answer,
                            uint32_t least) {
  hearth_model_set set;
  need_set(job, answer, &set);
  once_each(job, set.models.count < ROOM ? set.models.count : ROOM);
  if (set.models.count < least) {
    validate__fail(job, "expected all %u models of the catalog, got %u", least,
                   set.models.count);
  }
  for (uint32_t i = 0; i < set.models.count && i < ROOM; i++) {
    if (entries[i].reasons.count > HEARTH_MAX_REASONS) {
      validate__fail(job, "expected at most %d reasons, got %u for %.*s",
                     HEARTH_MAX_REASONS, entries[i].reasons.count,
                     (int)(entries[i].model.len % 100), entries[i].model.data);
    }
  }
}

void validate__answer_metadata(validate_job *job, hearth_bytes query_bytes,
                               hearth_bytes answer) {
  hearth_metadata_query query;
  hearth_metadata metadata;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  hearth_message_init(&hearth_metadata_schema, &metadata);
  (void)hearth_decode(&hearth_metadata_query_schema, query_bytes, &query, NULL,
                      0);
  if (hearth_decode(&hearth_metadata_schema, answer, &metadata, NULL, 0) !=
      HEARTH_OK) {
    validate__skip(job, "an answer does not decode: see answer-decodes");
  }
  if (!hearth_str_equal(metadata.model, query.model)) {
    validate__fail(job, "expected metadata of %.*s, got %.*s",
                   (int)query.model.len, query.model.data,
                   (int)(metadata.model.len % 100), metadata.model.data);
  }
  const hearth_quantiles load = metadata.expected_load_ms;
  if (load.p50 >= 0 && load.p90 >= 0 && load.p90 < load.p50) {
    validate__fail(job, "expected p90 of the load time to be at least its p50 "
                        "of %lld ms, got %lld",
                   (long long)load.p50, (long long)load.p90);
  }
}
