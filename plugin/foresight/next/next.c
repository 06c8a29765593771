/* SPDX-License-Identifier: MIT
   Which model comes next: the head's life cycle, predicting and learning. */
#include "plugin/foresight/next/next.h"

#include <stdatomic.h>
#include <string.h>

#include "plugin/foresight/next/next_context.h"
#include "plugin/foresight/next/next_features.h"
#include "plugin/foresight/next/next_math.h"
#include "plugin/foresight/next/next_mixer.h"
#include "plugin/sdk/hint.h"
#include "plugin/sdk/lock.h"

/* The latest prediction of a place (of a thread), for what asks the same again:
   learning that request, as a rule, and explaining.  Where a place is another
   thread's too, who comes second has a frame on its stack. */
enum { PLACES = FORESIGHT_NEXT_PLACES };
typedef struct {
  char apart[HEARTH_APART];
  atomic_flag taken;
  uint64_t version, own, shape; /* as they were for the frame */
  next_frame frame;
} next_kept;

/* How often the state changed: at all; by what was learned of a place's
   requests; and by what leaves no frame of use. */
typedef struct {
  uint64_t all, of[PLACES], shape;
} next_changes;

struct foresight_next {
  foresight_users *users; /* borrowed */
  next_prior *prior;
  next_rhythm *rhythm;
  next_table *table;
  next_kept *kept; /* PLACES of them */
  hearth_memory_user memory;
  uint32_t models;
  uint32_t off;
  char apart[HEARTH_APART]; /* from what learning writes */
  next_changes changes;
  next_evidence evidence;
  next_mixer mixer;
};

HEARTH_SELDOM foresight_next *
foresight_next_new(const hearth_memory_user *memory, foresight_users *users,
                   uint32_t models, uint32_t off) {
  foresight_next *next = hearth_zalloc(memory, 1, sizeof *next);
  if (!next)
    return NULL;
  next->memory = *memory;
  next->users = users;
  next->off = off;
  next->prior = next_prior_new(memory);
  next->rhythm = next_rhythm_new(memory);
  next->table = next_table_new(memory, NEXT_BUCKETS);
  next->kept = hearth_zalloc(memory, PLACES, sizeof *next->kept);
  if (!next->prior || !next->rhythm || !next->table || !next->kept ||
      !foresight_next_models(next, models)) {
    foresight_next_free(next);
    return NULL;
  }
  for (int i = 0; i < PLACES; ++i)
    atomic_flag_clear(&next->kept[i].taken);
  next->changes.all = next->changes.shape = 1;
  next_evidence_init(&next->evidence);
  next_mixer_init(&next->mixer);
  return next;
}

HEARTH_SELDOM void foresight_next_free(foresight_next *next) {
  if (!next)
    return;
  next_prior_free(next->prior);
  next_rhythm_free(next->rhythm);
  next_table_free(next->table);
  const hearth_memory_user memory = next->memory;
  hearth_release(&memory, next->kept);
  hearth_release(&memory, next);
}

HEARTH_SELDOM bool foresight_next_models(foresight_next *next,
                                         uint32_t models) {
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

static void fill(const foresight_next *next, const foresight_next_request *r,
                 next_frame *f) {
  f->request = *r;
  next_context_describe(f, next->users, next->off);
  next_context_gather(f, next->table);
  next_features_choose(f, next->models, next->prior, &next->evidence);
  if (!f->count)
    return;
  next_features_fill(f, next->prior, next->rhythm, next->table, &next->evidence,
                     next->off);
  next_mixer_score(&next->mixer, f);
}

uint32_t foresight_next_place(void) {
  return hearth_thread_number() % PLACES;
}

static void refill(const foresight_next *next, uint32_t place,
                   const foresight_next_request *masked_request) {
  next_kept *kept = &next->kept[place];
  fill(next, masked_request, &kept->frame);
  kept->version = next->changes.all;
  kept->own = next->changes.of[place];
  kept->shape = next->changes.shape;
}

/* The kept frame, filled for the request: for whoever has taken it. */
static next_frame *keep(const foresight_next *next, uint32_t place,
                        const foresight_next_request *request) {
  next_kept *kept = &next->kept[place];
  const foresight_next_request r = masked(next, request);
  if (kept->version != next->changes.all || !same(&r, &kept->frame.request))
    refill(next, place, &r);
  return &kept->frame;
}

/* The frame to learn by.  What other places learned since it was filled leaves
   it good enough for a step of the weights, as where gradients come late
   (Recht et al., Hogwild, NIPS 2011, section 4); its pointers must be new. */
static next_frame *keep_to_learn(foresight_next *next, uint32_t place,
                                 const foresight_next_request *request) {
  next_kept *kept = &next->kept[place];
  const foresight_next_request r = masked(next, request);
  if (kept->shape != next->changes.shape ||
      kept->own != next->changes.of[place] || !same(&r, &kept->frame.request))
    refill(next, place, &r);
  else if (kept->version != next->changes.all)
    kept->frame.user = foresight_users_find(next->users, r.user);
  return &kept->frame;
}

static bool take(next_kept *kept) {
  return !atomic_flag_test_and_set_explicit(&kept->taken, memory_order_acquire);
}

static void give_back(next_kept *kept) {
  atomic_flag_clear_explicit(&kept->taken, memory_order_release);
}

static void tell(const next_frame *f, foresight_next_result *result) {
  uint8_t rest[NEXT_MAX];
  const uint32_t count = f->count;
  foresight_next_guess *guess = result->guess;
  memset(rest, 1, sizeof rest);
  result->count = count;
  result->other = count ? f->other : 1.0f;
  for (uint32_t r = 0; count && r < f->tops; ++r) {
    const uint32_t i = f->top[r];
    rest[i] = 0;
    *guess++ = (foresight_next_guess){f->model[i], f->p[i]};
  }
  /* Without a branch: who was told already is written, and written over.  So
     the last one must be new. */
  uint32_t end = count;
  while (end && !rest[end - 1])
    --end;
  for (uint32_t i = 0; i < end; ++i) {
    *guess = (foresight_next_guess){f->model[i], f->p[i]};
    guess += rest[i];
  }
}

static void predict_aside(const foresight_next *next,
                          const foresight_next_request *request,
                          foresight_next_result *result) {
  const foresight_next_request r = masked(next, request);
  next_frame frame;
  fill(next, &r, &frame);
  tell(&frame, result);
}

void foresight_next_predict(const foresight_next *next,
                            const foresight_next_request *request,
                            foresight_next_result *result) {
  const uint32_t place = foresight_next_place();
  if (!take(&next->kept[place])) {
    predict_aside(next, request, result);
    return;
  }
  tell(keep(next, place, request), result);
  give_back(&next->kept[place]);
}

static void changed(foresight_next *next, uint32_t place) {
  ++next->changes.all;
  ++next->changes.of[place];
}

static void new_shape(foresight_next *next) {
  ++next->changes.all;
  ++next->changes.shape;
}

void foresight_next_learn(foresight_next *next,
                          const foresight_next_request *request, uint32_t model,
                          uint32_t place) {
  if (model >= next->models)
    return;
  next_frame *f = keep_to_learn(next, place, request);
  const uint32_t truth = next_frame_find(f, model);
  if (f->count)
    next_mixer_learn(&next->mixer, f, truth);
  next_features_learn(f, &next->evidence, model,
                      next_rhythm_number(next->rhythm));
  if (truth < f->familiar) /* not new to this user */
    f->live[NEXT_C_NEW_LAST] = false;
  next_context_learn(f, next->table, model);
  next_rhythm_use(next->rhythm, model, request->now_ms,
                  truth == NEXT_NONE ? 0.0f : f->share[NEXT_PRIOR][truth]);
  next_prior_use(next->prior, model, request->now_ms);
  foresight_users_started(next->users, request->user, model, f->request.task,
                          request->input_length, request->now_ms);
  changed(next, place);
}

HEARTH_SELDOM static float share(const next_frame *f, uint32_t feature,
                                 uint32_t m) {
  const float others = 1.0f - f->p_mixed[m];
  const bool dense = feature < NEXT_F_DENSE;
  const uint32_t entries = dense ? f->count : f->entries[feature];
  const float *value = dense ? f->dense[feature] : &f->value[f->first[feature]];
  float x = 0.0f, mean = 0.0f;
  for (uint32_t k = 0; k < entries; ++k) {
    const uint32_t i = dense ? k : f->at[f->first[feature] + k];
    const bool own = i == m;
    mean += own ? 0.0f : f->p_mixed[i] * value[k];
    x += own ? value[k] : 0.0f;
  }
  return x - 1.0f / (others > 1e-6f ? others : 1e-6f) * mean;
}

static bool explain(const next_frame *f, uint32_t model, float *group) {
  const uint32_t m = next_frame_find(f, model);
  if (m == NEXT_NONE)
    return false;
  for (uint32_t j = 0; j < NEXT_F_COUNT; ++j)
    group[next_feature_group(j)] += f->weight[j] * share(f, j, m);
  return true;
}

static bool explain_aside(const foresight_next *next,
                          const foresight_next_request *request, uint32_t model,
                          float *group) {
  const foresight_next_request r = masked(next, request);
  next_frame frame;
  fill(next, &r, &frame);
  return explain(&frame, model, group);
}

HEARTH_SELDOM bool foresight_next_explain(const foresight_next *next,
                                          const foresight_next_request *request,
                                          uint32_t model,
                                          float group[FORESIGHT_NEXT_GROUPS]) {
  memset(group, 0, FORESIGHT_NEXT_GROUPS * sizeof *group);
  const uint32_t place = foresight_next_place();
  if (!take(&next->kept[place]))
    return explain_aside(next, request, model, group);
  const bool known = explain(keep(next, place, request), model, group);
  give_back(&next->kept[place]);
  return known;
}

void foresight_next_finished(foresight_next *next, uint64_t user,
                             uint32_t model, int64_t duration_ms,
                             uint32_t place) {
  foresight_users_finished(next->users, user, model, duration_ms);
  changed(next, place);
}

HEARTH_SELDOM void foresight_next_limit_users(foresight_next *next,
                                              uint32_t cap) {
  foresight_users_limit(next->users, cap);
  new_shape(next);
}

HEARTH_SELDOM void foresight_next_forget(foresight_next *next, uint64_t user) {
  foresight_users_forget(next->users, user);
  next_table_forget(next->table, next_context_owner(user));
  new_shape(next);
}

HEARTH_SELDOM void foresight_next_set_rate(foresight_next *next, float scale) {
  next->mixer.rate = scale > 4.0f ? 4.0f : scale > 0.0f ? scale : 0.0f;
}

void foresight_next_set_decay(foresight_next *next, double factor) {
  next_prior_set_decay(next->prior, factor);
}

/* Of what is saved; 1 had no number, but a clock there. */
enum { LAYOUT = 2 };

HEARTH_SELDOM static void visit_layout(hearth_state *s) {
  uint32_t layout = LAYOUT;
  hearth_state_u32(s, "layout", &layout, 0, UINT32_MAX);
  if (layout != LAYOUT)
    hearth_state_fail(s, HEARTH_STATE_VERSION, "layout",
                      "it is of another version of this head");
}

HEARTH_SELDOM void foresight_next_state(hearth_state *s, foresight_next *next,
                                        uint32_t models) {
  visit_layout(s);
  next_prior_state(s, next->prior, models);
  next_rhythm_state(s, next->rhythm, models);
  next_table_state(s, next->table, models);
  next_evidence_visit(s, &next->evidence);
  next_mixer_state(s, &next->mixer);
  if (!hearth_state_saving(s))
    new_shape(next);
}

void foresight_next_weights(const foresight_next *next, foresight_dump *d) {
  next_mixer_weights(&next->mixer, d);
}
