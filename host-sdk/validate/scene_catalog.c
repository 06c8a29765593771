/* SPDX-License-Identifier: MIT
   The scene's models and settings. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/scene.h"
#include "plugin/sdk/wire/messages.h"

static hearth_catalog_model *models_of(validate_job *job, uint32_t first,
                                       uint32_t count, char (**names)[32]) {
  hearth_catalog_model *models =
      validate__need(job, calloc(count + 1u, sizeof *models));
  *names = validate__need(job, calloc(count + 1u, sizeof **names));
  for (uint32_t i = 0; i < count; i++) {
    const uint32_t number = first + i;
    hearth_message_init(&hearth_catalog_model_schema, &models[i]);
    models[i].model =
        hearth_str_from(validate__model(number, (*names)[i]));
    models[i].memory_mb = 2048 + 512 * (double)(number % 5);
    models[i].load_ms = 2000 + 250 * (int64_t)(number % 7);
    models[i].storage_mb = 4096;
    models[i].cpu_percent = 50;
    models[i].hardware = hearth_str_from(number % 3 ? "gpu" : "cpu");
  }
  return models;
}

void validate__catalog(validate_job *job, uint32_t first, uint32_t count,
                       hearth_buffer *out) {
  char(*names)[32];
  hearth_catalog catalog;
  hearth_message_init(&hearth_catalog_schema, &catalog);
  hearth_catalog_model *models = models_of(job, first, count, &names);
  catalog.models = (hearth_list){models, count, count};
  if (hearth_encode(&hearth_catalog_schema, &catalog, &out->sink) !=
      HEARTH_OK) {
    validate__skip(job, "the catalog can't be encoded");
  }
  free(models);
  free(names);
}

void validate__config(validate_job *job, uint32_t models, hearth_buffer *out) {
  char(*names)[32];
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  hearth_catalog_model *list = models_of(job, 0, models, &names);
  config.prediction_threshold = 0.25;
  config.usage_window_seconds = 3600;
  config.learning_rate = 0.1;
  config.max_warm_models = 8;
  config.max_memory_mb = 256;
  config.max_cpu_percent = 50;
  config.prediction_cache_ttl_seconds = 60;
  config.data_retention_seconds = 86400 * 30;
  config.decay_rate = 0.5;
  config.idle_price = 40;
  config.speculation_share = 0.5;
  config.seed = 12345;
  config.ttl_seconds = 300;
  config.models = (hearth_list){list, models, models};
  if (hearth_encode(&hearth_config_schema, &config, &out->sink) != HEARTH_OK) {
    validate__skip(job, "the configuration can't be encoded");
  }
  free(list);
  free(names);
}
