/* SPDX-License-Identifier: MIT
   Who asks for what, as numbers: users, tasks, kinds of request. */
#include "plugin/foresight/inside.h"

/* 32 bits of a seeded hash: no list of users is kept, and of a million some
   hundred share a key with another, which then learn together. */
uint32_t foresight__user(const hearth_plugin *f, hearth_str id) {
  if (id.len == 0) {
    return FORESIGHT_NOBODY;
  }
  const uint64_t hash =
      hearth_hash((uint64_t)f->config.seed, id.data, id.len);
  const uint32_t key = (uint32_t)(hash ^ hash >> 32);
  return key == FORESIGHT_NOBODY ? 0 : key;
}

static uint32_t task_of(const hearth_plugin *f, hearth_str task) {
  if (task.len == 0) {
    return 0;
  }
  const uint32_t id = hearth_names_find(f->tasks, task);
  return id == HEARTH_NO_NAME ? FORESIGHT_TASKS : id + 1;
}

int foresight__is_new_task(const hearth_plugin *f, hearth_str task) {
  return hearth_names_count(f->tasks) < FORESIGHT_TASKS - 1 && task.len > 0 &&
         hearth_names_find(f->tasks, task) == HEARTH_NO_NAME;
}

/* What else is known of a request before its model is: a hash, 0 for nothing. */
static uint32_t kind_of(const hearth_plugin *f, int32_t complexity,
                        int32_t priority, hearth_str language) {
  if (complexity == 0 && priority == 0 && language.len == 0) {
    return 0;
  }
  const uint64_t seed = (uint64_t)f->config.seed +
                        (uint64_t)complexity * 16 + (uint64_t)priority;
  return (uint32_t)hearth_hash(seed, language.data, language.len) | 1;
}

foresight_next_request foresight__request(const hearth_plugin *f,
                                          const foresight_asked *asked) {
  const uint32_t user = foresight__user(f, asked->user->id);
  const hearth_project *project = asked->project;
  return (foresight_next_request){
      .user = user == FORESIGHT_NOBODY ? FORESIGHT_NEXT_NOBODY : user,
      .task = task_of(f, asked->task),
      .input_length = asked->input_length,
      .now_ms = asked->now_ms,
      .project = project->id.len == 0
                     ? 0
                     : hearth_hash((uint64_t)f->config.seed, project->id.data,
                                   project->id.len),
      .kind = kind_of(f, asked->complexity, asked->priority,
                      project->language)};
}

foresight_next_request foresight__request_of(const hearth_plugin *f,
                                             const hearth_context *context) {
  const foresight_asked asked = {.now_ms = context->now_ms,
                                 .input_length = context->input_length,
                                 .task = context->task,
                                 .complexity = context->complexity,
                                 .priority = context->priority,
                                 .user = &context->user,
                                 .project = &context->project};
  foresight_next_request request = foresight__request(f, &asked);
  if (request.user != FORESIGHT_NEXT_NOBODY &&
      foresight__is_forgotten(f, (uint32_t)request.user, context->now_ms)) {
    request.user = FORESIGHT_NEXT_NOBODY;
  }
  return request;
}

static uint32_t model_or_none(uint32_t model) {
  return model == FORESIGHT_USERS_NONE ? FORESIGHT_PRICE_NONE : model;
}

const foresight_price_user *foresight__asked(void *plugin, uint32_t user) {
  hearth_plugin *f = plugin;
  foresight_user_view view;
  hearth_shared_read(f->locks.next);
  const int known = foresight__view_user(f, user, &view);
  hearth_shared_read_end(f->locks.next);
  if (!known) {
    return NULL;
  }
  f->asked = (foresight_price_user){
      .last = model_or_none(view.last),
      .before = model_or_none(view.before),
      .count = view.count,
      .run = view.run,
      .time_ms = view.last_ms,
      .duration_ms = view.last_duration_s < 0
                         ? 0
                         : (int64_t)((double)view.last_duration_s * 1000.0)};
  return &f->asked;
}
