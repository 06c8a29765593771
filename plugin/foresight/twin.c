/* SPDX-License-Identifier: MIT
   A copy of what a state is made of, to be written while calls go on. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/inside.h"

/* The heads that f has, with `models`. */
static int make_heads(hearth_plugin *twin, uint32_t models, int budget,
                      int price) {
  const foresight_budget_options options = {.loads_limit = 0};
  const foresight_price_config config = {.idle_price = 1};
  twin->models =
      hearth_zalloc(&twin->memory, models, sizeof *twin->models);
  twin->model_cap = models;
  twin->within = foresight_within_create(&twin->memory, 0);
  int failed = twin->models == NULL || twin->within == NULL;
  if (budget && !failed) {
    twin->budget = foresight_budget_new(&twin->memory, &options);
    failed = twin->budget == NULL;
  }
  if (price && !failed) {
    failed = foresight_price_new(&twin->memory, &config, &twin->price) != 0;
  }
  for (uint32_t i = 0; i < models && !failed; i++) {
    failed = foresight_within_add_model(twin->within) != 0 ||
             (budget && foresight_budget_add(twin->budget, 1, 1) != 0) ||
             (price && foresight_price_add_model(twin->price, 1, 1) != 0);
  }
  return failed;
}

static void copy_ahead(hearth_plugin *twin, hearth_plugin *f) {
  int more = 1;
  for (uint32_t i = 0; more; i++) {
    hearth_striped_read(f->locks.shape);
    hearth_shared_read(f->locks.within);
    more = foresight_within_copy_ahead(twin->within, f->within, i);
    hearth_shared_read_end(f->locks.within);
    hearth_striped_read_end(f->locks.shape);
  }
  more = twin->budget != NULL;
  for (uint32_t i = 0; more; i++) {
    hearth_striped_read(f->locks.shape);
    hearth_mutex_lock(f->locks.decide);
    more = foresight_budget_copy_ahead(twin->budget, f->budget, i);
    hearth_mutex_unlock(f->locks.decide);
    hearth_striped_read_end(f->locks.shape);
  }
  more = twin->price != NULL;
  for (uint32_t i = 0; more; i++) {
    hearth_striped_read(f->locks.shape);
    hearth_mutex_lock(f->locks.decide);
    more = foresight_price_copy_ahead(twin->price, f->price, i);
    hearth_mutex_unlock(f->locks.decide);
    hearth_striped_read_end(f->locks.shape);
  }
}

hearth_plugin *foresight__twin(hearth_plugin *f) {
  hearth_plugin *twin = hearth_zalloc(&f->memory, 1, sizeof *twin);
  if (twin == NULL) {
    return NULL;
  }
  twin->memory = f->memory;
  hearth_striped_read(f->locks.shape);
  /* A head may be a model ahead of the names: catalog.c. */
  const uint32_t models = hearth_names_count(f->names) + 1;
  const int budget = f->budget != NULL, price = f->price != NULL;
  hearth_striped_read_end(f->locks.shape);
  if (make_heads(twin, models, budget, price)) {
    foresight__twin_free(twin);
    return NULL;
  }
  copy_ahead(twin, f);
  return twin;
}

void foresight__twin_free(hearth_plugin *twin) {
  if (twin != NULL) {
    foresight_price_free(twin->price);
    foresight_budget_free(twin->budget);
    foresight_within_free(twin->within);
    hearth_release(&twin->memory, twin->models);
    const hearth_memory_user memory = twin->memory;
    hearth_release(&memory, twin);
  }
}

int foresight__become(hearth_plugin *twin, hearth_plugin *f) {
  const uint32_t count = hearth_names_count(f->names);
  if (count > twin->model_cap ||
      (twin->budget == NULL) != (f->budget == NULL) ||
      (twin->price == NULL) != (f->price == NULL) ||
      foresight_within_copy(twin->within, f->within) != 0 ||
      (f->budget && foresight_budget_copy(twin->budget, f->budget) != 0) ||
      (f->price && foresight_price_copy(twin->price, f->price) != 0)) {
    return -1;
  }
  if (count > 0) {
    memcpy(twin->models, f->models, count * sizeof *twin->models);
  }
  twin->names = f->names;
  twin->tasks = f->tasks;
  twin->budget_mb = f->budget_mb;
  twin->idle_price = f->idle_price;
  twin->lanes = f->lanes;
  twin->seen = f->seen;
  return 0;
}
