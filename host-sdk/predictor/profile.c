/* SPDX-License-Identifier: MIT
   Settings: the profiles, and the message a plugin is created with. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/predictor/convert.h"

hearth_status hearth_settings_init(hearth_settings *settings,
                                   const char *profile) {
#define PROFILE(name, threshold, window, rate, warm, background, ttl)          \
  {#name,                                                                      \
   {threshold, window, rate, warm, -1, -1, background, ttl, -1, 1, -1, -1,     \
    0}},
  static const struct {
    const char *name;
    hearth_settings settings;
  } profiles[] = {HEARTH_PROFILES(PROFILE)};
#undef PROFILE

  for (size_t i = 0; i < sizeof(profiles) / sizeof(*profiles); ++i) {
    if (profile && strcmp(profiles[i].name, profile) == 0) {
      *settings = profiles[i].settings;
      return HEARTH_OK;
    }
  }
  return HEARTH_BAD_ARG;
}

hearth_str hearth__str(const char *text) {
  hearth_str str = {text, text ? strlen(text) : 0};

  return str;
}

void hearth__catalog_fill(hearth_catalog_model *out, const hearth_model *models,
                          uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    hearth_message_init(&hearth_catalog_model_schema, &out[i]);
    out[i].model = hearth__str(models[i].name);
    out[i].memory_mb = models[i].memory_mb;
    out[i].load_ms = models[i].load_ms;
    out[i].pinned = models[i].pinned;
    out[i].group = hearth__str(models[i].group);
    out[i].hardware = hearth__str(models[i].hardware);
  }
}

hearth_status hearth__encode(const hearth_schema *schema, const void *message,
                             hearth_output *out) {
  hearth__sink sink;
  hearth_status status;

  hearth__sink_init(&sink, out);
  status = hearth_encode(schema, message, &sink.base);
  if (status != HEARTH_OK) {
    out->len = 0;
  }
  return status;
}

hearth_status hearth_settings_to_config(const hearth_settings *settings,
                                        const hearth_model *models,
                                        uint32_t count, hearth_output *out) {
  hearth_catalog_model *catalog = calloc(count ? count : 1, sizeof(*catalog));
  hearth_config config;
  hearth_status status;

  if (!catalog) {
    return HEARTH_NO_MEMORY;
  }
  hearth__catalog_fill(catalog, models, count);
  hearth_message_init(&hearth_config_schema, &config);
  config.prediction_threshold = settings->prediction_threshold;
  config.usage_window_seconds = settings->usage_window_seconds;
  config.learning_rate = settings->learning_rate;
  config.max_warm_models = settings->max_warm_models;
  config.max_memory_mb = settings->max_memory_mb;
  config.max_cpu_percent = settings->max_cpu_percent;
  config.background_warmup_enabled = settings->background_warmup_enabled;
  config.prediction_cache_ttl_seconds = settings->prediction_cache_ttl_seconds;
  config.data_retention_seconds = settings->data_retention_seconds;
  config.decay_rate = settings->decay_rate;
  config.idle_price = settings->idle_price;
  config.speculation_share = settings->speculation_share;
  config.seed = settings->seed;
  config.models.items = catalog;
  config.models.cap = config.models.count = count;
  status = hearth__encode(&hearth_config_schema, &config, out);
  free(catalog);
  return status;
}
