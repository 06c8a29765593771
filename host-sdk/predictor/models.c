/* SPDX-License-Identifier: MIT
   The catalog: models by name and number. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/predictor/predictor.h"

uint32_t hearth__model_find(const hearth_predictor *predictor,
                            hearth_str name) {
  uint32_t model = hearth_names_find(predictor->names, name);

  if (model >= predictor->count || !predictor->models[model].listed) {
    return HEARTH_NO_MODEL;
  }
  return model;
}

int32_t hearth__model_state(const hearth_predictor *predictor, uint32_t model) {
  switch (hearth_pool_residency(predictor->pool, model)) {
  case HEARTH_ABSENT:
    return HEARTH_MODEL_COLD;
  case HEARTH_QUEUED:
  case HEARTH_DEMANDED:
  case HEARTH_PREWARMING:
    return HEARTH_MODEL_LOADING;
  case HEARTH_READY:
    return HEARTH_MODEL_WARM;
  }
  return 0;
}

/* What is wrong with a catalog's entry, or NULL. */
static const char *entry_problem(const hearth_model *model) {
  if (!model->name || !*model->name) {
    return "has no name";
  }
  if (!(model->memory_mb > 0 && model->memory_mb <= 1e9)) {
    return "needs memory_mb over 0 and at most 1e9";
  }
  if (model->load_ms < 0) {
    return "has a negative load_ms";
  }
  return NULL;
}

/* How the pool sees an entry. */
static hearth_status pool_model(hearth_predictor *predictor,
                                const hearth_model *model,
                                hearth_pool_model *out) {
  double kb = model->memory_mb * 1024;

  out->memory_kb = (int64_t)kb;
  if ((double)out->memory_kb < kb) {
    ++out->memory_kb;
  }
  out->load_ms = model->load_ms;
  out->pinned = model->pinned != 0;
  out->group = HEARTH_NO_GROUP;
  if (!model->group || !*model->group) {
    return HEARTH_OK;
  }
  return hearth_names_add(predictor->groups, hearth__str(model->group),
                          &out->group);
}

/* Room for one model more, in every list that grows with the models. */
static hearth_status reserve(hearth_predictor *predictor) {
  uint32_t cap = predictor->cap ? predictor->cap * 2 : 16;
  hearth__model *models;
  hearth_resident *residents;

  if (predictor->count < predictor->cap) {
    return HEARTH_OK;
  }
  residents = realloc(predictor->residents, cap * sizeof(*residents));
  if (!residents) {
    return HEARTH_NO_MEMORY;
  }
  predictor->residents = residents;
  models = realloc(predictor->models, cap * sizeof(*models));
  if (!models) {
    return HEARTH_NO_MEMORY;
  }
  memset(models + predictor->cap, 0, (cap - predictor->cap) * sizeof(*models));
  predictor->models = models;
  predictor->cap = cap;
  return HEARTH_OK;
}

/* The next model, named by what the names have under its number. */
static hearth_status append(hearth_predictor *predictor,
                            const hearth_pool_model *as) {
  hearth_str text = hearth_names_text(predictor->names, predictor->count);
  hearth_status status = reserve(predictor);
  char *name = status == HEARTH_OK ? malloc((size_t)text.len + 1) : NULL;

  if (!name) {
    return HEARTH_NO_MEMORY;
  }
  status = hearth_pool_add(predictor->pool, as);
  if (status != HEARTH_OK) {
    free(name);
    return status;
  }
  memcpy(name, text.data, (size_t)text.len);
  name[text.len] = 0;
  predictor->models[predictor->count++].name = name;
  return HEARTH_OK;
}

/* A name stays even if memory runs out after it was added; the next catalog
   then finds that the models are behind the names, and fills them up. */
static hearth_status add(hearth_predictor *predictor,
                         const hearth_model *model) {
  hearth_pool_model as;
  uint32_t number;
  hearth_status status = pool_model(predictor, model, &as);

  if (status == HEARTH_OK) {
    status =
        hearth_names_add(predictor->names, hearth__str(model->name), &number);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  if (number < predictor->count) {
    status = hearth_pool_update(predictor->pool, number, &as);
  }
  while (status == HEARTH_OK && predictor->count <= number) {
    status = append(predictor, &as);
  }
  if (status == HEARTH_OK) {
    predictor->models[number].listed = 1;
  }
  return status;
}

/* Whether no name is in a catalog twice. */
static hearth_status check_names(const hearth_model *models, uint32_t count,
                                 char *err, uint64_t err_cap) {
  hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_names *names = hearth_names_new(&memory, 0, count);
  hearth_status status = names ? HEARTH_OK : HEARTH_NO_MEMORY;
  uint32_t number;

  for (uint32_t i = 0; i < count && status == HEARTH_OK; ++i) {
    status = hearth_names_add(names, hearth__str(models[i].name), &number);
    if (status == HEARTH_OK && number < i) {
      hearth__tell(err, err_cap, "model %s is in the catalog twice",
                   models[i].name);
      status = HEARTH_BAD_ARG;
    }
  }
  if (status == HEARTH_NO_MEMORY) {
    hearth__tell(err, err_cap, "no memory for a catalog");
  }
  hearth_names_free(names);
  return status;
}

/* Every entry on its own, and no name twice. */
static hearth_status check(const hearth_predictor *predictor,
                           const hearth_model *models, uint32_t count,
                           char *err, uint64_t err_cap) {
  double budget = predictor->options.budget_mb;

  for (uint32_t i = 0; i < count; ++i) {
    const char *problem = entry_problem(&models[i]);

    if (problem) {
      hearth__tell(err, err_cap, "model %lu (%s) %s", (unsigned long)i,
                   models[i].name ? models[i].name : "", problem);
      return HEARTH_BAD_ARG;
    }
    if (budget > 0 && models[i].memory_mb > budget) {
      hearth__tell(err, err_cap,
                   "model %s needs %.0f MB, more than the budget of %.0f MB",
                   models[i].name, models[i].memory_mb, budget);
      return HEARTH_LIMIT;
    }
  }
  return check_names(models, count, err, err_cap);
}

hearth_status hearth__models_take(hearth_predictor *predictor,
                                  const hearth_model *models, uint32_t count,
                                  char *err, uint64_t err_cap) {
  hearth_status status;

  if (!models || !count) {
    hearth__tell(err, err_cap, "the catalog has no models");
    return HEARTH_BAD_ARG;
  }
  status = check(predictor, models, count, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  for (uint32_t i = 0; i < predictor->count; ++i) {
    predictor->models[i].listed = 0;
  }
  for (uint32_t i = 0; i < count && status == HEARTH_OK; ++i) {
    status = add(predictor, &models[i]);
  }
  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "the catalog could not be taken in: %s",
                 hearth_status_text(status));
  }
  return status;
}

/* A model that is gone from the catalog and idle leaves the pool; 0: it does
   not. With the lock held. */
static int retire(hearth_predictor *predictor, uint32_t model,
                  hearth_outcome *outcome) {
  if (predictor->models[model].listed ||
      hearth_pool_residency(predictor->pool, model) != HEARTH_READY ||
      hearth_pool_busy(predictor->pool, model)) {
    return 0;
  }
  hearth_pool_lost(predictor->pool, model, hearth__now(predictor));
  hearth__outcome_of(predictor, HEARTH_PHASE_EVICTED, model, outcome);
  ++predictor->metrics.counts.unloads;
  ++predictor->catalogs;
  return 1;
}

static void retire_all(hearth_predictor *predictor, uint32_t count) {
  const hearth_orchestrator *orchestrator = &predictor->options.orchestrator;
  hearth_outcome outcome;

  pthread_mutex_lock(&predictor->acting);
  for (uint32_t i = 0; i < count; ++i) {
    const char *name;
    int gone;

    pthread_mutex_lock(&predictor->lock);
    name = predictor->models[i].name;
    gone = retire(predictor, i, &outcome);
    pthread_mutex_unlock(&predictor->lock);
    if (!gone) {
      continue;
    }
    orchestrator->unload(orchestrator->user, name);
    hearth__tell_outcome(predictor, &outcome);
  }
  pthread_mutex_unlock(&predictor->acting);
}

hearth_status hearth__catalog_encode(const hearth_model *models, uint32_t count,
                                     hearth_output *out) {
  hearth_catalog_model *items = calloc(count, sizeof(*items));
  hearth_catalog catalog;
  hearth_status status;

  if (!items) {
    return HEARTH_NO_MEMORY;
  }
  hearth__catalog_fill(items, models, count);
  catalog.models.items = items;
  catalog.models.cap = catalog.models.count = count;
  status = hearth__encode(&hearth_catalog_schema, &catalog, out);
  free(items);
  return status;
}

static hearth_status tell_catalog(hearth_predictor *predictor,
                                  const hearth_model *models, uint32_t count,
                                  char *err, uint64_t err_cap) {
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, err, err_cap};
  hearth_output message = {0};
  hearth_status status = hearth__catalog_encode(models, count, &message);

  if (status == HEARTH_OK) {
    status = hearth_slot_set_catalog(predictor->slot, &call,
                                     (hearth_bytes){message.data, message.len});
  } else {
    hearth__tell(err, err_cap, "the catalog can't be told to the plugin: %s",
                 hearth_status_text(status));
  }
  hearth_output_free(&message);
  return status;
}

hearth_status hearth_predictor_set_models(hearth_predictor *predictor,
                                          const hearth_model *models,
                                          uint32_t count, char *err,
                                          uint64_t err_cap) {
  uint32_t known;
  hearth_status status;

  pthread_mutex_lock(&predictor->planning);
  pthread_mutex_lock(&predictor->lock);
  status = hearth__models_take(predictor, models, count, err, err_cap);
  known = predictor->count;
  pthread_mutex_unlock(&predictor->lock);
  if (status == HEARTH_OK) {
    status = tell_catalog(predictor, models, count, err, err_cap);
  }
  if (predictor->cache) {
    hearth__cache_clear(predictor->cache);
  }
  pthread_mutex_unlock(&predictor->planning);
  retire_all(predictor, known);
  hearth__act(predictor);
  return status;
}
