/* SPDX-License-Identifier: MIT
   What a replay plays on: a pool with the catalog's models. */
#include "host-sdk/replay/stage.h"

#include <stdio.h>

static hearth_status add_models(const hearth_replay_options *options,
                                hearth_sim *sim, char *err, uint64_t err_cap) {
  const hearth_models *models = options->models;
  for (uint32_t m = 0; m < models->count; m++) {
    const hearth_catalog_model *item = &models->items[m];
    const uint32_t group = item->group.len == 0
                               ? HEARTH_NO_NAME
                               : hearth_names_find(models->words, item->group);
    const hearth_pool_model model = {
        .memory_kb = (int64_t)(item->memory_mb * 1024.0 + 0.5),
        .load_ms = item->load_ms,
        .group = group == HEARTH_NO_NAME ? HEARTH_NO_GROUP : group,
        .pinned = item->pinned};
    const hearth_status status = hearth_pool_add(hearth_sim_pool(sim), &model);
    if (status == HEARTH_LIMIT) {
      snprintf(err, err_cap,
               "model '%.*s' needs %.0f MB, the budget is %.0f MB",
               (int)item->model.len, item->model.data, item->memory_mb,
               options->setting->budget_mb);
    }
    if (status != HEARTH_OK) {
      return status;
    }
  }
  return HEARTH_OK;
}

hearth_status hearth__stage_new(const hearth_replay_options *options,
                                hearth_sim_listen *listen, void *user,
                                hearth_sim **out, char *err, uint64_t err_cap) {
  const hearth_setting *setting = options->setting;
  const hearth_config *config = options->config;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_pool_options pool;
  hearth_pool_options_init(&pool);
  pool.lanes = setting->load_lanes;
  pool.keep_alive = setting->idle_price > 0;
  pool.budget_kb =
      setting->budget_mb < 0 ? -1 : (int64_t)(setting->budget_mb * 1024.0);
  pool.max_warm =
      config->max_warm_models > 0 && config->max_warm_models < UINT32_MAX
          ? (uint32_t)config->max_warm_models
          : 0;
  const hearth_status status =
      hearth_sim_new(&memory, &pool, listen, user, out);
  return status == HEARTH_OK ? add_models(options, *out, err, err_cap) : status;
}
