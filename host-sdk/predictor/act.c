/* SPDX-License-Identifier: MIT
   From the pool's actions to the orchestrator's functions. */
#include "host-sdk/predictor/predictor.h"

/* An action taken from the pool; `load` is the number of the load it begins, or
   of the one it ends. */
typedef struct task {
  hearth_action action;
  uint64_t load;
  const char *name;
  int32_t adopt;   /* LOAD: the model is loaded already */
  int32_t in_load; /* CANCEL: the orchestrator's load still runs */
} task;

/* Take the next action; with the lock held.  Its model may still be within a
   load that was cancelled: its orchestrator is let finish with it first.  The
   models may move while waiting. */
static int take(hearth_predictor *predictor, task *out) {
  int64_t now = hearth__now(predictor);
  hearth__model *model;

  hearth_pool_expire(predictor->pool, now);
  if (!hearth_pool_next(predictor->pool, now, &out->action)) {
    return 0;
  }
  if (out->action.kind == HEARTH_DO_LOAD) {
    while (predictor->models[out->action.model].in_load) {
      pthread_cond_wait(&predictor->changed, &predictor->lock);
    }
  }
  model = &predictor->models[out->action.model];
  out->name = model->name;
  out->adopt = model->adopt;
  out->in_load = model->in_load;
  if (out->action.kind == HEARTH_DO_LOAD) {
    out->load = model->load = ++predictor->loads;
    model->load_began_ms = now;
    model->in_load = !model->adopt;
    if (!model->adopt && out->action.demand) {
      ++predictor->metrics.counts.loads_demanded;
    } else if (!model->adopt) {
      ++predictor->metrics.counts.loads_ahead;
    }
  } else {
    model->load = 0;
    predictor->metrics.counts.unloads += out->action.kind == HEARTH_DO_EVICT;
  }
  return 1;
}

/* A load is over.  With the lock held; tells what is to be told in *outcome. */
static void settle(hearth_predictor *predictor, uint32_t number,
                   hearth_status status, hearth_outcome *outcome) {
  hearth__model *model = &predictor->models[number];
  int demanded =
      hearth_pool_residency(predictor->pool, number) == HEARTH_DEMANDED;
  int64_t now = hearth__now(predictor);

  model->load = 0;
  if (status == HEARTH_OK) {
    hearth_pool_loaded(predictor->pool, number, now);
    hearth__outcome_of(predictor, HEARTH_PHASE_LOADED, number, outcome);
    outcome->load_ms =
        now > model->load_began_ms ? now - model->load_began_ms : 0;
  } else {
    hearth_pool_lost(predictor->pool, number, now);
    ++model->losses;
    ++predictor->metrics.counts.load_failures;
    hearth__outcome_of(predictor, HEARTH_PHASE_LOAD_CANCELLED, number, outcome);
  }
  outcome->at_ms = now;
  outcome->load = demanded ? HEARTH_LOAD_DEMAND : HEARTH_LOAD_PREWARM;
  pthread_cond_broadcast(&predictor->changed);
}

/* A model that was there before: only the books change. */
static void adopt(hearth_predictor *predictor, const task *todo) {
  uint32_t number = todo->action.model;
  int64_t now;

  pthread_mutex_lock(&predictor->lock);
  now = hearth__now(predictor);
  predictor->models[number].adopt = 0;
  predictor->models[number].load = 0;
  hearth_pool_loaded(predictor->pool, number, now);
  hearth_pool_finish(predictor->pool, number, now);
  pthread_cond_broadcast(&predictor->changed);
  pthread_mutex_unlock(&predictor->lock);
}

/* Without any lock: this may take minutes. */
static void load(hearth_predictor *predictor, const task *todo) {
  const hearth_orchestrator *orchestrator = &predictor->options.orchestrator;
  uint32_t number = todo->action.model;
  hearth__model *model;
  hearth_outcome outcome;
  int over = 0, stray = 0;
  hearth_status status = orchestrator->load(orchestrator->user, todo->name);

  pthread_mutex_lock(&predictor->lock);
  model = &predictor->models[number];
  if (model->load == todo->load && status != HEARTH_BUSY) {
    settle(predictor, number, status, &outcome);
    over = 1;
  } else if (model->load != todo->load && model->reported != todo->load) {
    /* Cancelled while it ran; nobody but us can give the memory back. */
    stray =
        !orchestrator->cancel && (status == HEARTH_OK || status == HEARTH_BUSY);
  }
  pthread_mutex_unlock(&predictor->lock);
  if (stray) {
    orchestrator->unload(orchestrator->user, todo->name);
  }
  pthread_mutex_lock(&predictor->lock);
  predictor->models[number].in_load = 0;
  pthread_cond_broadcast(&predictor->changed);
  pthread_mutex_unlock(&predictor->lock);
  if (over) {
    hearth__tell_outcome(predictor, &outcome);
  }
}

/* With `acting` held, so that memory is given back before a load that counts on
   it begins. */
static void unload(hearth_predictor *predictor, const task *todo) {
  const hearth_orchestrator *orchestrator = &predictor->options.orchestrator;
  int cancelled = todo->action.kind == HEARTH_DO_CANCEL;
  hearth_outcome outcome;

  if (!cancelled) {
    orchestrator->unload(orchestrator->user, todo->name);
  } else if (orchestrator->cancel) {
    orchestrator->cancel(orchestrator->user, todo->name);
  } else if (!todo->in_load) {
    orchestrator->unload(orchestrator->user, todo->name);
  }
  pthread_mutex_lock(&predictor->lock);
  hearth__outcome_of(
      predictor, cancelled ? HEARTH_PHASE_LOAD_CANCELLED : HEARTH_PHASE_EVICTED,
      todo->action.model, &outcome);
  pthread_mutex_unlock(&predictor->lock);
  if (cancelled) {
    outcome.load = HEARTH_LOAD_PREWARM;
  }
  hearth__tell_outcome(predictor, &outcome);
}

void hearth__act(hearth_predictor *predictor) {
  task todo;
  int more = 1;

  while (more) {
    pthread_mutex_lock(&predictor->acting);
    pthread_mutex_lock(&predictor->lock);
    more = take(predictor, &todo);
    pthread_mutex_unlock(&predictor->lock);
    if (more && todo.action.kind != HEARTH_DO_LOAD) {
      unload(predictor, &todo);
    }
    pthread_mutex_unlock(&predictor->acting);
    if (more && todo.action.kind == HEARTH_DO_LOAD) {
      if (todo.adopt) {
        adopt(predictor, &todo);
      } else {
        load(predictor, &todo);
      }
    }
  }
}

hearth_status hearth_predictor_loaded(hearth_predictor *predictor,
                                      const char *model, hearth_status status) {
  hearth_outcome outcome;
  hearth__model *found;
  uint32_t number;

  if (!model || status == HEARTH_BUSY) {
    return HEARTH_BAD_ARG;
  }
  pthread_mutex_lock(&predictor->lock);
  number = hearth_names_find(predictor->names, hearth__str(model));
  found = number < predictor->count ? &predictor->models[number] : NULL;
  if (!found || !found->load) {
    pthread_mutex_unlock(&predictor->lock);
    return HEARTH_BAD_ARG;
  }
  found->reported = found->load;
  settle(predictor, number, status, &outcome);
  pthread_mutex_unlock(&predictor->lock);
  hearth__tell_outcome(predictor, &outcome);
  hearth__act(predictor);
  return HEARTH_OK;
}
