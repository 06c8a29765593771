/* SPDX-License-Identifier: MIT
   What all arms of an experiment play on: the models and the setting. */
#include "host-sdk/experiment/stage.h"

#include <stdio.h>
#include <stdlib.h>

static hearth_status word(hearth__arena *arena, const char *text,
                          hearth_str *out) {
  uint32_t id;
  if (text == NULL || *text == '\0') {
    *out = (hearth_str){NULL, 0};
    return HEARTH_OK;
  }
  const hearth_status status =
      hearth_names_add(arena->words, hearth_str_from(text), &id);
  if (status == HEARTH_OK) {
    *out = hearth_names_text(arena->words, id);
  }
  return status;
}

static hearth_status add_model(hearth__arena *arena, const hearth_model *model,
                               char *err, uint64_t err_cap) {
  hearth_catalog_model *item = &arena->items[arena->count];
  uint32_t id;
  if (model->name == NULL || !(model->memory_mb > 0) || model->load_ms < 0) {
    snprintf(err, err_cap, "model %u: want a name, memory and a load time",
             arena->count);
    return HEARTH_BAD_ARG;
  }
  hearth_status status =
      hearth_names_add(arena->names, hearth_str_from(model->name), &id);
  if (status == HEARTH_OK && id != arena->count) {
    snprintf(err, err_cap, "model '%s' is there twice", model->name);
    return HEARTH_BAD_ARG;
  }
  hearth_message_init(&hearth_catalog_model_schema, item);
  item->memory_mb = model->memory_mb;
  item->load_ms = model->load_ms;
  item->pinned = model->pinned;
  if (status == HEARTH_OK) {
    item->model = hearth_names_text(arena->names, id);
    status = word(arena, model->group, &item->group);
  }
  if (status == HEARTH_OK) {
    status = word(arena, model->hardware, &item->hardware);
  }
  const double load_s = (double)model->load_ms / 1000;
  arena->longest_s = load_s > arena->longest_s ? load_s : arena->longest_s;
  arena->all_s += load_s;
  arena->count++;
  return status;
}

hearth_status hearth__arena_init(hearth__arena *arena,
                                 const hearth_experiment_options *options,
                                 char *err, uint64_t err_cap) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  *arena = (hearth__arena){
      .budget_mb = options->budget_mb > 0 ? options->budget_mb : -1,
      .idle_price = options->idle_price > 0 ? options->idle_price : -1,
      .load_lanes = options->load_lanes};
  arena->names = hearth_names_new(&memory, 1, 0);
  arena->words = hearth_names_new(&memory, 1, 0);
  arena->items = calloc((size_t)options->model_count + 1, sizeof *arena->items);
  if (arena->names == NULL || arena->words == NULL || arena->items == NULL) {
    return HEARTH_NO_MEMORY;
  }
  hearth_status status =
      word(arena, options->pool_id != NULL ? options->pool_id : "default",
           &arena->pool_id);
  for (uint32_t i = 0; status == HEARTH_OK && i < options->model_count; i++) {
    status = add_model(arena, &options->models[i], err, err_cap);
  }
  return status;
}

void hearth__arena_free(hearth__arena *arena) {
  hearth_names_free(arena->names);
  hearth_names_free(arena->words);
  free(arena->items);
  *arena = (hearth__arena){0};
}

hearth_status hearth__arena_pool(const hearth__arena *arena,
                                 hearth_sim_listen *listen, void *user,
                                 hearth_sim **out, char *err,
                                 uint64_t err_cap) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_pool_options options;
  hearth_pool_options_init(&options);
  options.lanes = arena->load_lanes;
  options.keep_alive = arena->idle_price > 0;
  options.budget_kb =
      arena->budget_mb < 0 ? -1 : (int64_t)(arena->budget_mb * 1024.0);
  hearth_status status = hearth_sim_new(&memory, &options, listen, user, out);
  for (uint32_t m = 0; status == HEARTH_OK && m < arena->count; m++) {
    const hearth_catalog_model *item = &arena->items[m];
    const hearth_pool_model model = {
        .memory_kb = (int64_t)(item->memory_mb * 1024.0 + 0.5),
        .load_ms = item->load_ms,
        .group = item->group.len == 0
                     ? HEARTH_NO_GROUP
                     : hearth_names_find(arena->words, item->group),
        .pinned = item->pinned};
    status = hearth_pool_add(hearth_sim_pool(*out), &model);
    if (status == HEARTH_LIMIT) {
      snprintf(err, err_cap,
               "model '%.*s' needs %.0f MB, the budget is %.0f MB",
               (int)item->model.len, item->model.data, item->memory_mb,
               arena->budget_mb);
    }
  }
  return status;
}
