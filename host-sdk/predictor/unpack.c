/* SPDX-License-Identifier: MIT
   From messages to requests and predictions, each one block of memory. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/predictor/convert.h"

/* Texts are copied into the rest of the block, each ended by NUL. */
typedef struct writer {
  char *at;
} writer;

static const char *copy(writer *to, hearth_str text) {
  char *start = to->at;

  if (!text.data) {
    return NULL;
  }
  memcpy(start, text.data, (size_t)text.len);
  start[text.len] = 0;
  to->at += text.len + 1;
  return start;
}

/* How many items of a decoded list there really are. */
static uint32_t kept(const hearth_list *list) {
  return list->count < list->cap ? list->count : list->cap;
}

/* The block's parts: a request, its lists, its texts.  The texts of a message
   can't be longer than the message, and each gains a NUL. */
typedef struct request_block {
  hearth_request request;
  const char *activities[HEARTH__LIST_CAP], *changes[HEARTH__LIST_CAP];
  hearth_preference preferences[HEARTH__LIST_CAP];
  char texts[];
} request_block;

static void copy_user(writer *to, const hearth_user *user,
                      request_block *block) {
  const hearth_str *activities = user->recent_activities.items;
  const hearth_pair *preferences = user->preferences.items;
  hearth_request_user *out = &block->request.user;

  out->id = copy(to, user->id);
  out->session_id = copy(to, user->session_id);
  out->session_ms = user->session_ms;
  out->recent_activities = block->activities;
  out->recent_activity_count = kept(&user->recent_activities);
  for (uint32_t i = 0; i < out->recent_activity_count; ++i) {
    block->activities[i] = copy(to, activities[i]);
  }
  out->preferences = block->preferences;
  out->preference_count = kept(&user->preferences);
  for (uint32_t i = 0; i < out->preference_count; ++i) {
    block->preferences[i].key = copy(to, preferences[i].key);
    block->preferences[i].value = copy(to, preferences[i].value);
  }
}

static void copy_project(writer *to, const hearth_project *project,
                         request_block *block) {
  const hearth_str *changes = project->recent_changes.items;
  hearth_request_project *out = &block->request.project;

  out->id = copy(to, project->id);
  out->language = copy(to, project->language);
  out->size_lines = project->size_lines;
  out->complexity_score = project->complexity_score;
  out->recent_changes = block->changes;
  out->recent_change_count = kept(&project->recent_changes);
  for (uint32_t i = 0; i < out->recent_change_count; ++i) {
    block->changes[i] = copy(to, changes[i]);
  }
}

hearth_status hearth_request_from_context(hearth_bytes bytes,
                                          hearth_request **out, char *err,
                                          uint64_t err_cap) {
  enum { TEXTS = 7 + 4 * HEARTH__LIST_CAP };
  hearth__lists lists;
  hearth_context context;
  request_block *block;
  writer to;
  hearth_status status;

  hearth_message_init(&hearth_context_schema, &context);
  hearth__lists_lend(&lists, &context.user, &context.project);
  status = hearth_decode(&hearth_context_schema, bytes, &context, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  block = malloc(sizeof(*block) + (size_t)bytes.len + TEXTS);
  if (!block) {
    hearth__tell(err, err_cap, "no memory for a request");
    return HEARTH_NO_MEMORY;
  }
  to.at = block->texts;
  hearth_request_init(&block->request);
  block->request.id = copy(&to, context.request_id);
  block->request.task = copy(&to, context.task);
  block->request.input_length = context.input_length;
  block->request.complexity = context.complexity;
  block->request.priority = context.priority;
  block->request.acceptable_latency_ms = context.acceptable_latency_ms;
  block->request.preferred_hardware = copy(&to, context.preferred_hardware);
  block->request.intent = context.reason == HEARTH_REASON_INTENT;
  copy_user(&to, &context.user, block);
  copy_project(&to, &context.project, block);
  *out = &block->request;
  return HEARTH_OK;
}

typedef struct prediction_block {
  hearth_prediction prediction;
  char texts[];
} prediction_block;

static void copy_models(writer *to, const hearth_model_set *set,
                        hearth_prediction *out) {
  const hearth_plan_model *models = set->models.items;

  out->count = kept(&set->models);
  for (uint32_t i = 0; i < out->count; ++i) {
    out->models[i].model = copy(to, models[i].model);
    out->models[i].confidence = models[i].confidence;
    out->models[i].p_next = models[i].p_next;
    out->models[i].expected_load_ms = models[i].expected_load_ms;
    out->models[i].warm = models[i].action == HEARTH_ACTION_WARM;
    out->models[i].state = HEARTH_STATE_UNKNOWN;
  }
}

hearth_status hearth_prediction_from_model_set(hearth_bytes bytes,
                                               hearth_prediction **out,
                                               char *err, uint64_t err_cap) {
  hearth_plan_model models[HEARTH_PREDICTION_CAP];
  hearth_model_set set;
  prediction_block *block;
  writer to;
  hearth_status status;

  memset(models, 0, sizeof(models));
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models.items = models;
  set.models.cap = HEARTH_PREDICTION_CAP;
  status = hearth_decode(&hearth_model_set_schema, bytes, &set, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  if (set.request_id.len >= HEARTH_ID_CAP) {
    hearth__tell(err, err_cap, "ModelSet.request_id: longer than %d bytes",
                 HEARTH_ID_CAP - 1);
    return HEARTH_LIMIT;
  }
  block = calloc(1, sizeof(*block) + (size_t)bytes.len + HEARTH_PREDICTION_CAP);
  if (!block) {
    hearth__tell(err, err_cap, "no memory for a prediction");
    return HEARTH_NO_MEMORY;
  }
  to.at = block->texts;
  if (set.request_id.len) {
    memcpy(block->prediction.prediction_id, set.request_id.data,
           (size_t)set.request_id.len);
  }
  block->prediction.confidence_score = set.confidence < 0 ? 0 : set.confidence;
  block->prediction.cold_starts_avoided =
      set.performance_impact.cold_starts_avoided;
  block->prediction.wait_saved_ms = set.performance_impact.wait_saved_ms;
  block->prediction.memory_mb = set.performance_impact.memory_mb;
  block->prediction.cpu_percent = set.performance_impact.cpu_percent;
  copy_models(&to, &set, &block->prediction);
  *out = &block->prediction;
  return HEARTH_OK;
}
