/* SPDX-License-Identifier: MIT
   Which model comes next: the head's life cycle, predicting and learning. */
#include "plugin/foresight/next/next.h"

#include <string.h>

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_features.h"
#include "plugin/foresight/next/next_mixer.h"

struct foresight_next {
  foresight_users *users; /* borrowed */
  next_prior *prior;
  next_rhythm *rhythm;
  next_table *table;
  hearth_memory_user memory;
  uint32_t models;
  uint32_t off;
  bool ready; /* the frame holds a prediction by the present state */
  next_evidence evidence;
  next_mixer mixer;
  next_frame frame;
  uint8_t slot[UINT16_MAX + 1];
};

foresight_next *foresight_next_new(const hearth_memory_user *memory,
                                   foresight_users *users, uint32_t models,
                                   uint32_t off) {
  foresight_next *next = hearth_zalloc(memory, 1, sizeof *next);
  if (!next)
    return NULL;
  next->memory = *memory;
  next->users = users;
  next->off = off;
  next->prior = next_prior_new(memory);
  next->rhythm = next_rhythm_new(memory);
  next->table = next_table_new(memory, NEXT_BUCKETS);
  if (!next->prior || !next->rhythm || !next->table ||
      !foresight_next_models(next, models)) {
    foresight_next_free(next);
    return NULL;
  }
  next_evidence_init(&next->evidence);
  next_mixer_init(&next->mixer);
  return next;
}

void foresight_next_free(foresight_next *next) {
  if (!next)
    return;
  next_prior_free(next->prior);
  next_rhythm_free(next->rhythm);
  next_table_free(next->table);
  const hearth_memory_user memory = next->memory;
  hearth_release(&memory, next);
}

bool foresight_next_models(foresight_next *next, uint32_t models) {
  if (models > FORESIGHT_USERS_MODELS)
    models = FORESIGHT_USERS_MODELS;
  if (models <= next->models)
    return true;
  if (!next_prior_grow(next->prior, models) ||
      !next_rhythm_grow(next->rhythm, models))
    return false;
  next->models = models;
  return true;
}

static foresight_next_request masked(const foresight_next *next,
                                     const foresight_next_request *request) {
  foresight_next_request r = *request;
  if (r.task > 255)
    r.task = 255;
  if (next->off & 1u << FORESIGHT_NEXT_TASK)
    r.task = r.kind = 0;
  if (r.input_length < 0 || next->off & 1u << FORESIGHT_NEXT_LENGTH)
    r.input_length = -1;
  if (next->off & 1u << FORESIGHT_NEXT_PROJECT)
    r.project = 0;
  return r;
}

static bool same(const foresight_next_request *a,
                 const foresight_next_request *b) {
  return a->user == b->user && a->task == b->task &&
         a->input_length == b->input_length && a->now_ms == b->now_ms &&
         a->project == b->project && a->kind == b->kind;
}

static void prepare(foresight_next *next,
                    const foresight_next_request *request) {
  next_frame *f = &next->frame;
  const foresight_next_request r = masked(next, request);
  if (next->ready && same(&r, &f->request))
    return;
  next_features_clear(f, next->slot);
  f->request = r;
  next_context_describe(f, next->users, next->off);
  next_context_gather(f, next->table);
  next_features_choose(f, next->prior, next->slot);
  next->ready = true;
  if (!f->count)
    return;
  next_features_fill(f, next->prior, next->rhythm, next->table, next->slot,
                     &next->evidence, next->off);
  next_mixer_score(&next->mixer, f);
}

void foresight_next_predict(foresight_next *next,
                            const foresight_next_request *request,
                            foresight_next_result *result) {
  const next_frame *f = &next->frame;
  bool listed[NEXT_MAX] = {false};
  prepare(next, request);
  result->count = 0;
  result->other = f->count ? f->other : 1.0f;
  for (uint32_t r = 0; f->count && r < f->tops; ++r) {
    const uint32_t i = f->top[r];
    listed[i] = true;
    result->guess[result->count].model = f->model[i];
    result->guess[result->count++].p = f->p[i];
  }
  for (uint32_t i = 0; i < f->count; ++i)
    if (!listed[i]) {
      result->guess[result->count].model = f->model[i];
      result->guess[result->count++].p = f->p[i];
    }
}

void foresight_next_learn(foresight_next *next,
                          const foresight_next_request *request,
                          uint32_t model) {
  next_frame *f = &next->frame;
  if (model >= next->models)
    return;
  prepare(next, request);
  const uint32_t truth = next->slot[model] ? next->slot[model] - 1u : NEXT_NONE;
  if (f->count)
    next_mixer_learn(&next->mixer, f, truth);
  next_features_learn(f, &next->evidence, model);
  if (truth < f->familiar) /* not new to this user */
    f->live[NEXT_C_NEW_LAST] = false;
  next_context_learn(f, next->table, model);
  next_rhythm_use(next->rhythm, model, request->now_ms,
                  truth == NEXT_NONE ? 0.0f : f->q[NEXT_PRIOR][truth]);
  next_prior_use(next->prior, model, request->now_ms);
  foresight_users_started(next->users, request->user, model, f->request.task,
                          request->input_length, request->now_ms);
  next->ready = false;
}

bool foresight_next_explain(const foresight_next *next, uint32_t model,
                            float group[FORESIGHT_NEXT_GROUPS]) {
  const next_frame *f = &next->frame;
  memset(group, 0, FORESIGHT_NEXT_GROUPS * sizeof *group);
  if (!next->ready || model >= next->models || !next->slot[model])
    return false;
  const uint32_t m = next->slot[model] - 1u;
  const float others = 1.0f - f->p_mixed[m];
  const float scale = 1.0f / (others > 1e-6f ? others : 1e-6f);
  for (uint32_t j = 0; j < NEXT_F_COUNT; ++j) {
    float x = 0.0f, mean = 0.0f;
    for (uint32_t k = 0; k < f->entries[j]; ++k) {
      const bool own = f->at[j][k] == m;
      mean += own ? 0.0f : f->p_mixed[f->at[j][k]] * f->value[j][k];
      x += own ? f->value[j][k] : 0.0f;
    }
    group[next_feature_group(j)] +=
        next_mixer_weight(&next->mixer, f, j) * (x - scale * mean);
  }
  return true;
}

void foresight_next_finished(foresight_next *next, uint64_t user,
                             uint32_t model, int64_t duration_ms) {
  foresight_users_finished(next->users, user, model, duration_ms);
  next->ready = false;
}

void foresight_next_forget(foresight_next *next, uint64_t user) {
  foresight_users_forget(next->users, user);
  next_table_forget(next->table, next_context_owner(user));
  next->ready = false;
}

void foresight_next_set_rate(foresight_next *next, float scale) {
  next->mixer.rate = scale > 4.0f ? 4.0f : scale > 0.0f ? scale : 0.0f;
}

void foresight_next_set_decay(foresight_next *next, double factor) {
  next_prior_set_decay(next->prior, factor);
}

void foresight_next_state(hearth_state *s, foresight_next *next,
                          uint32_t models) {
  next_prior_state(s, next->prior, models);
  next_rhythm_state(s, next->rhythm, models);
  next_table_state(s, next->table, models);
  next_evidence_visit(s, &next->evidence);
  next_mixer_state(s, &next->mixer);
  next->ready = false;
}

void foresight_next_weights(const foresight_next *next, foresight_dump *d) {
  next_mixer_weights(&next->mixer, d);
}

size_t foresight_next_bytes(const foresight_next *next) {
  return sizeof *next + next_prior_bytes(next->prior) +
         next_rhythm_bytes(next->rhythm) + next_table_bytes(next->table);
}
