/* SPDX-License-Identifier: MIT
   What the orchestrator has loaded, into the books. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/predictor/predictor.h"

/* What the orchestrator listed; `there` has a byte a model. */
typedef struct listing {
  hearth_predictor *predictor;
  uint8_t *there;
  uint32_t count;
} listing;

static void found(void *context, const char *name) {
  listing *list = context;
  uint32_t model;

  pthread_mutex_lock(&list->predictor->lock);
  model = hearth__model_find(list->predictor, hearth__str(name));
  pthread_mutex_unlock(&list->predictor->lock);
  if (model < list->count) {
    list->there[model] = 1;
  }
}

/* A model that is there and not in the books is asked for: its load is only
   booked then (act.c), under the rules that hold for any other. */
static void want(hearth_predictor *predictor, uint32_t model) {
  if (hearth_pool_residency(predictor->pool, model) != HEARTH_ABSENT) {
    return;
  }
  predictor->models[model].adopt = 1;
  hearth_pool_request(predictor->pool, model, hearth__now(predictor));
}

/* A model that went without us.  Those who ran on it are given up. */
static void miss(hearth_predictor *predictor, uint32_t model) {
  if (hearth_pool_residency(predictor->pool, model) != HEARTH_READY) {
    return;
  }
  hearth_pool_lost(predictor->pool, model, hearth__now(predictor));
  ++predictor->models[model].losses;
  pthread_cond_broadcast(&predictor->changed);
}

static void compare(hearth_predictor *predictor, const listing *list) {
  pthread_mutex_lock(&predictor->lock);
  for (uint32_t i = 0; i < list->count; ++i) {
    if (list->there[i] && predictor->models[i].listed) {
      want(predictor, i);
    } else if (!list->there[i]) {
      miss(predictor, i);
    }
  }
  ++predictor->catalogs;
  pthread_mutex_unlock(&predictor->lock);
}

/* The models that found no room are unloaded. */
static void give_back(hearth_predictor *predictor, uint32_t count) {
  const hearth_orchestrator *orchestrator = &predictor->options.orchestrator;

  pthread_mutex_lock(&predictor->acting);
  for (uint32_t i = 0; i < count; ++i) {
    const char *name;
    int left;

    pthread_mutex_lock(&predictor->lock);
    name = predictor->models[i].name;
    left = predictor->models[i].adopt && !predictor->models[i].load;
    if (left) {
      predictor->models[i].adopt = 0;
      hearth_pool_abandon(predictor->pool, i, hearth__now(predictor));
    }
    pthread_mutex_unlock(&predictor->lock);
    if (left) {
      orchestrator->unload(orchestrator->user, name);
    }
  }
  pthread_mutex_unlock(&predictor->acting);
}

hearth_status hearth__resync(hearth_predictor *predictor) {
  const hearth_orchestrator *orchestrator = &predictor->options.orchestrator;
  listing list = {predictor, NULL, 0};

  pthread_mutex_lock(&predictor->planning);
  predictor->resync = 1;
  pthread_mutex_unlock(&predictor->planning);
  if (!orchestrator->list) {
    return HEARTH_OK;
  }
  pthread_mutex_lock(&predictor->lock);
  list.count = predictor->count;
  pthread_mutex_unlock(&predictor->lock);
  list.there = calloc(list.count, 1);
  if (!list.there) {
    return HEARTH_NO_MEMORY;
  }
  orchestrator->list(orchestrator->user, found, &list);
  compare(predictor, &list);
  free(list.there);
  hearth__act(predictor);
  give_back(predictor, list.count);
  return HEARTH_OK;
}

hearth_status hearth_predictor_resync(hearth_predictor *predictor) {
  return hearth__resync(predictor);
}
