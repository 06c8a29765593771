/* SPDX-License-Identifier: MIT
   Asking the plugin for a plan, and adopting it. */
#include <string.h>

#include "host-sdk/predictor/predictor.h"

/* A question and its answer, while `planning` is held. */
typedef struct question {
  const hearth_request *request; /* NULL: nobody's, a review */
  int32_t reason;
  hearth_context context;
  hearth__lists lists;
  hearth_model_set set;
  hearth_plan_model models[HEARTH_PREDICTION_CAP];
  hearth__use use; /* the plugin that is asked */
  int32_t cached, fallback, failed;
} question;

/* Every resident model, for a plugin that can't have seen them come.  With the
   lock held. */
static void fill_residents(hearth_predictor *predictor,
                           hearth_pool_info *info) {
  const hearth_pool *pool = predictor->pool;
  uint32_t count = 0;

  for (uint32_t i = hearth_pool_above(pool, HEARTH_NO_MODEL);
       i != HEARTH_NO_MODEL && count < predictor->cap;
       i = hearth_pool_above(pool, i)) {
    hearth_resident *out = &predictor->residents[count++];

    out->model = hearth__str(predictor->models[i].name);
    out->state = hearth_pool_residency(pool, i) == HEARTH_READY
                     ? HEARTH_STATE_WARM
                     : HEARTH_STATE_LOADING;
    out->busy = hearth_pool_busy(pool, i) != 0;
  }
  info->resync = 1;
  info->resident.items = predictor->residents;
  info->resident.cap = info->resident.count = count;
}

/* The same models loaded or loading, in any order, the same number; those of
   another catalog another.  With the lock held. */
static uint64_t residents_hash(const hearth_predictor *predictor) {
  const hearth_pool *pool = predictor->pool;
  uint64_t sum = 0;

  for (uint32_t i = hearth_pool_above(pool, HEARTH_NO_MODEL);
       i != HEARTH_NO_MODEL; i = hearth_pool_above(pool, i)) {
    const uint32_t what[] = {i, hearth_pool_residency(pool, i) == HEARTH_READY};

    sum += hearth_hash(predictor->catalogs, what, sizeof(what));
  }
  return sum ^ predictor->catalogs;
}

/* What the plan for a request depends on.  With the lock held. */
static hearth__cache_key key_of(const hearth_predictor *predictor,
                                const hearth_request *request) {
  hearth__cache_key key =
      hearth__cache_key_of(request, (uint64_t)predictor->options.settings.seed,
                           residents_hash(predictor));

  key.before = hearth__cache_before(predictor->cache, &key);
  return key;
}

/* With the lock held. */
static void fill_context(hearth_predictor *predictor, question *q) {
  static const hearth_request nobody = {
      .input_length = -1,
      .acceptable_latency_ms = -1,
      .user = {.session_ms = -1},
      .project = {.size_lines = -1, .complexity_score = -1}};
  const hearth_predictor_options *options = &predictor->options;
  const hearth_pool_terms terms = hearth__terms_of(predictor);
  hearth_pool_info *info = &q->context.pool;

  hearth__context_fill(q->request ? q->request : &nobody,
                       hearth__now(predictor), &q->lists, &q->context);
  q->context.reason = q->reason;
  q->context.max_models = HEARTH_PREDICTION_CAP;
  info->id = terms.id;
  info->budget_mb = terms.budget_mb;
  info->load_lanes = terms.load_lanes;
  info->idle_price = terms.idle_price;
  info->used_mb = (double)hearth_pool_used_kb(predictor->pool) / 1024;
  info->max_warm = options->settings.max_warm_models;
  if (predictor->resync) {
    fill_residents(predictor, info);
  }
}

static hearth_status decode(question *q, hearth_bytes answer) {
  memset(q->models, 0, sizeof(q->models));
  hearth_message_init(&hearth_model_set_schema, &q->set);
  q->set.models.items = q->models;
  q->set.models.cap = HEARTH_PREDICTION_CAP;
  return hearth_decode(&hearth_model_set_schema, answer, &q->set, NULL, 0);
}

/* Ask the plugin; the answer is decoded into q->set on HEARTH_OK. */
static hearth_status ask(hearth_predictor *predictor, question *q) {
  hearth_bytes context;
  hearth_status status =
      hearth__encode(&hearth_context_schema, &q->context, &predictor->context);

  if (status != HEARTH_OK) {
    return status;
  }
  context.data = predictor->context.data;
  context.len = predictor->context.len;
  status = hearth_instance_prepare_models(q->use.live->instance, NULL, context,
                                          &predictor->answer);
  if (status == HEARTH_OK || status == HEARTH_NO_OPINION) {
    predictor->resync = 0;
  }
  if (status != HEARTH_OK) {
    return status;
  }
  return decode(q,
                (hearth_bytes){predictor->answer.data, predictor->answer.len});
}

/* Have q->set, by the cache or by the plugin; what the plugin said. */
static hearth_status answer(hearth_predictor *predictor, question *q,
                            const hearth__cache_key *key) {
  int may_cache =
      predictor->cache && !predictor->resync &&
      (q->reason == HEARTH_REASON_REQUEST || q->reason == HEARTH_REASON_INTENT);
  int64_t now = q->context.now_ms;
  hearth_bytes kept = {NULL, 0};
  hearth_status status;

  if (may_cache) {
    kept = hearth__cache_get(predictor->cache, key, now);
  }
  q->cached = kept.len && decode(q, kept) == HEARTH_OK;
  if (q->cached) {
    return HEARTH_OK;
  }
  status = ask(predictor, q);
  q->fallback = status != HEARTH_OK;
  q->failed = status < 0;
  kept.data = predictor->answer.data;
  kept.len = predictor->answer.len;
  if (may_cache && status == HEARTH_OK) {
    hearth__cache_put(predictor->cache, key, kept, now);
  }
  return status;
}

/* The plugin that is current now.  One that was not asked before has not seen
   the models come, and the plans of another are not its own. */
static void turn_to_plugin(hearth_predictor *predictor, question *q) {
  hearth__slot_get(predictor->slot, &q->use);
  if (q->use.generation == predictor->generation) {
    return;
  }
  predictor->generation = q->use.generation;
  predictor->resync = 1;
  if (predictor->cache) {
    hearth__cache_clear(predictor->cache);
  }
}

/* Put the question until there is an answer: a plugin that is rolled back by
   its failure is followed by the one before.  With `planning` held. */
static void put_question(hearth_predictor *predictor, question *q) {
  hearth__cache_key key = {0};
  hearth_status status;
  int again = 1;

  while (again) {
    q->cached = q->fallback = q->failed = 0;
    turn_to_plugin(predictor, q);
    pthread_mutex_lock(&predictor->lock);
    fill_context(predictor, q);
    if (q->request && predictor->cache) {
      key = key_of(predictor, q->request);
    }
    pthread_mutex_unlock(&predictor->lock);
    status = answer(predictor, q, &key);
    if (q->cached) {
      hearth__slot_drop(predictor->slot, &q->use);
      again = 0;
    } else {
      again = hearth__slot_put(predictor->slot, &q->use, status);
    }
  }
}

/* -1: the plugin gave none. */
static double confidence_of(const hearth_plan_model *model) {
  return model->confidence >= 0 ? model->confidence : model->p_next;
}

static int predicted(const hearth_predictor *predictor,
                     const hearth_plan_model *model) {
  double threshold = predictor->options.settings.prediction_threshold;

  return threshold <= 0 || confidence_of(model) >= threshold;
}

/* One line of the plan, for the pool.  What the threshold or the settings keep
   from being loaded ahead still has its rank. */
static void add_entry(const hearth_predictor *predictor,
                      const hearth_plan_model *from, uint32_t model, int later,
                      hearth_plan_entry *to) {
  int warm = from->action == HEARTH_ACTION_WARM &&
             predictor->options.settings.max_warm_models != 0 &&
             predicted(predictor, from);

  to->model = model;
  to->action = warm && !later ? HEARTH_ACTION_WARM : HEARTH_ACTION_KEEP;
  to->start_at_ms = from->start_at_ms;
  to->warm_by_ms = from->warm_by_ms;
  to->keep_for_ms = from->keep_for_ms;
}

static void add_predicted(const char *name, const hearth_plan_model *from,
                          hearth_prediction *out) {
  hearth_predicted_model *to = &out->models[out->count++];

  to->model = name;
  to->confidence = from->confidence;
  to->p_next = from->p_next;
  to->expected_load_ms = from->expected_load_ms;
  to->warm = from->action == HEARTH_ACTION_WARM;
  to->state = 0;
}

static uint32_t set_count(const question *q) {
  return q->set.models.count < q->set.models.cap ? q->set.models.count
                                                 : q->set.models.cap;
}

/* The plan becomes the pool's standing order, and the prediction.  With the
   lock held. */
static void adopt(hearth_predictor *predictor, const question *q,
                  int background, hearth_prediction *out) {
  hearth_plan_entry entries[HEARTH_PREDICTION_CAP];
  int64_t now = hearth__now(predictor);
  uint32_t count = 0;

  for (uint32_t i = 0; i < set_count(q); ++i) {
    const hearth_plan_model *model = &q->models[i];
    uint32_t number = hearth__model_find(predictor, model->model);

    if (number == HEARTH_NO_MODEL) {
      continue;
    }
    add_entry(predictor, model, number, !background && model->start_at_ms > now,
              &entries[count++]);
    if (out && predicted(predictor, model)) {
      add_predicted(predictor->models[number].name, model, out);
    }
  }
  if (count) {
    hearth_pool_plan(predictor->pool, entries, count, now);
  }
  predictor->review_at_ms = q->set.review_at_ms < 0 ? HEARTH_NEVER
                            : q->set.review_at_ms > now + 1000
                                ? q->set.review_at_ms
                                : now + 1000;
}

/* Without a plan the least recently used model goes first: the one just used
   goes on top, and nothing else changes.  With the lock held. */
static void fall_back(hearth_predictor *predictor, uint32_t model) {
  hearth_plan_entry entry = {model, HEARTH_ACTION_KEEP, -1, -1, -1};

  if (model != HEARTH_NO_MODEL) {
    hearth_pool_plan(predictor->pool, &entry, 1, hearth__now(predictor));
  }
}

/* What is said of the prediction as a whole. */
static void conclude(const question *q, hearth_prediction *out) {
  const hearth_impact *impact = &q->set.performance_impact;
  double best = 0;

  out->cached = q->cached;
  out->fallback = q->fallback;
  if (q->fallback) {
    return;
  }
  for (uint32_t i = 0; i < out->count; ++i) {
    if (out->models[i].confidence > best) {
      best = out->models[i].confidence;
    }
  }
  out->confidence_score = q->set.confidence >= 0 ? q->set.confidence : best;
  out->cold_starts_avoided = impact->cold_starts_avoided;
  out->wait_saved_ms = impact->wait_saved_ms;
  out->memory_mb = impact->memory_mb;
  out->cpu_percent = impact->cpu_percent;
}

static void begin(hearth_prediction *out) {
  out->confidence_score = 0;
  out->count = 0;
  out->cached = out->fallback = 0;
  out->cold_starts_avoided = out->wait_saved_ms = -1;
  out->memory_mb = out->cpu_percent = -1;
}

void hearth__plan(hearth_predictor *predictor, const hearth_request *request,
                  int32_t reason, uint32_t model, hearth_prediction *out) {
  int background = hearth__background(predictor);
  question q;

  q.request = request;
  q.reason = reason;
  if (out) {
    begin(out);
  }
  pthread_mutex_lock(&predictor->planning);
  put_question(predictor, &q);
  pthread_mutex_lock(&predictor->lock);
  if (q.fallback) {
    fall_back(predictor, model);
  } else {
    adopt(predictor, &q, background, out);
  }
  if (out) {
    conclude(&q, out);
  }
  if (!q.cached) {
    predictor->metrics.failing = q.failed;
    predictor->metrics.counts.plugin_failures += q.failed != 0;
  }
  pthread_mutex_unlock(&predictor->lock);
  pthread_mutex_unlock(&predictor->planning);
}
