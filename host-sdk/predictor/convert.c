/* SPDX-License-Identifier: MIT
   From requests and predictions to messages. */
#include "host-sdk/predictor/convert.h"

#include <string.h>

#define SAME(ours, theirs)                                                     \
  _Static_assert((int)(ours) == (int)(theirs), #ours " is not " #theirs)
SAME(HEARTH_INPUT_SIMPLE, HEARTH_COMPLEXITY_SIMPLE);
SAME(HEARTH_INPUT_COMPLEX, HEARTH_COMPLEXITY_COMPLEX);
SAME(HEARTH_URGENCY_LOW, HEARTH_PRIORITY_LOW);
SAME(HEARTH_URGENCY_CRITICAL, HEARTH_PRIORITY_CRITICAL);
SAME(HEARTH_MODEL_COLD, HEARTH_STATE_COLD);
SAME(HEARTH_MODEL_LOADING, HEARTH_STATE_LOADING);
SAME(HEARTH_MODEL_WARM, HEARTH_STATE_WARM);

void hearth_request_init(hearth_request *request) {
  memset(request, 0, sizeof(*request));
  request->input_length = request->acceptable_latency_ms = -1;
  request->user.session_ms = -1;
  request->project.size_lines = -1;
  request->project.complexity_score = -1;
}

/* A number that is at least 0, or -1 for unknown. */
static int64_t count_or_unknown(int64_t value) {
  return value < 0 ? -1 : value;
}

/* NaN fails both comparisons. */
static double share_or_unknown(double value) {
  return value >= 0 && value <= 1 ? value : -1;
}

static double amount_or_unknown(double value) {
  return value >= 0 && value <= 1e12 ? value : -1;
}

static hearth_list list_of(void *items, uint32_t count) {
  hearth_list list = {items, HEARTH__LIST_CAP, count};

  return list;
}

static hearth_list strings(hearth_str *out, const char *const *texts,
                           uint32_t count) {
  uint32_t kept = 0;

  for (uint32_t i = 0; texts && i < count && kept < HEARTH__LIST_CAP; ++i) {
    if (texts[i]) {
      out[kept++] = hearth__str(texts[i]);
    }
  }
  return list_of(out, kept);
}

static hearth_list pairs(hearth_pair *out, const hearth_preference *given,
                         uint32_t count) {
  uint32_t kept = 0;

  for (uint32_t i = 0; given && i < count && kept < HEARTH__LIST_CAP; ++i) {
    if (given[i].key && given[i].value) {
      out[kept].key = hearth__str(given[i].key);
      out[kept++].value = hearth__str(given[i].value);
    }
  }
  return list_of(out, kept);
}

void hearth__lists_lend(hearth__lists *lists, hearth_user *user,
                        hearth_project *project) {
  user->recent_activities = list_of(lists->activities, 0);
  user->preferences = list_of(lists->preferences, 0);
  project->recent_changes = list_of(lists->changes, 0);
}

void hearth__user_fill(const hearth_request_user *user, hearth__lists *lists,
                       hearth_user *out) {
  out->id = hearth__str(user->id);
  out->session_id = hearth__str(user->session_id);
  out->session_ms = count_or_unknown(user->session_ms);
  out->recent_activities = strings(lists->activities, user->recent_activities,
                                   user->recent_activity_count);
  out->preferences =
      pairs(lists->preferences, user->preferences, user->preference_count);
}

void hearth__project_fill(const hearth_request_project *project,
                          hearth__lists *lists, hearth_project *out) {
  out->id = hearth__str(project->id);
  out->language = hearth__str(project->language);
  out->size_lines = count_or_unknown(project->size_lines);
  out->complexity_score = share_or_unknown(project->complexity_score);
  out->recent_changes = strings(lists->changes, project->recent_changes,
                                project->recent_change_count);
}

int32_t hearth__complexity(const hearth_request *request) {
  int32_t value = request->complexity;

  return value < 0 || value > HEARTH_INPUT_COMPLEX ? 0 : value;
}

int32_t hearth__priority(const hearth_request *request) {
  int32_t value = request->priority;

  return value < 0 || value > HEARTH_URGENCY_CRITICAL ? 0 : value;
}

void hearth__context_fill(const hearth_request *request, int64_t now_ms,
                          hearth__lists *lists, hearth_context *out) {
  hearth_message_init(&hearth_context_schema, out);
  out->request_id = hearth__str(request->id);
  out->now_ms = now_ms;
  out->reason = request->intent ? HEARTH_REASON_INTENT : HEARTH_REASON_REQUEST;
  out->task = hearth__str(request->task);
  out->input_length = count_or_unknown(request->input_length);
  out->complexity = hearth__complexity(request);
  out->priority = hearth__priority(request);
  out->acceptable_latency_ms = count_or_unknown(request->acceptable_latency_ms);
  out->preferred_hardware = hearth__str(request->preferred_hardware);
  hearth__user_fill(&request->user, lists, &out->user);
  hearth__project_fill(&request->project, lists, &out->project);
}

hearth_status hearth_request_to_context(const hearth_request *request,
                                        int64_t now_ms, hearth_output *out) {
  hearth__lists lists;
  hearth_context context;

  hearth__context_fill(request, now_ms, &lists, &context);
  return hearth__encode(&hearth_context_schema, &context, out);
}

hearth_status
hearth_prediction_to_model_set(const hearth_prediction *prediction,
                               hearth_output *out) {
  hearth_plan_model models[HEARTH_PREDICTION_CAP];
  uint32_t count = prediction->count;
  hearth_model_set set;

  if (count > HEARTH_PREDICTION_CAP) {
    return HEARTH_BAD_ARG;
  }
  hearth_message_init(&hearth_model_set_schema, &set);
  set.request_id = hearth__str(prediction->prediction_id);
  set.confidence = share_or_unknown(prediction->confidence_score);
  set.models.items = models;
  set.models.cap = set.models.count = count;
  set.performance_impact.cold_starts_avoided =
      amount_or_unknown(prediction->cold_starts_avoided);
  set.performance_impact.wait_saved_ms =
      amount_or_unknown(prediction->wait_saved_ms);
  set.performance_impact.memory_mb = amount_or_unknown(prediction->memory_mb);
  set.performance_impact.cpu_percent =
      amount_or_unknown(prediction->cpu_percent);
  for (uint32_t i = 0; i < count; ++i) {
    const hearth_predicted_model *from = &prediction->models[i];

    hearth_message_init(&hearth_plan_model_schema, &models[i]);
    models[i].model = hearth__str(from->model);
    models[i].action = from->warm ? HEARTH_ACTION_WARM : HEARTH_ACTION_KEEP;
    models[i].confidence = share_or_unknown(from->confidence);
    models[i].p_next = share_or_unknown(from->p_next);
    models[i].expected_load_ms = count_or_unknown(from->expected_load_ms);
  }
  return hearth__encode(&hearth_model_set_schema, &set, out);
}
