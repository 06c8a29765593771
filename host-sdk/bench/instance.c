/* SPDX-License-Identifier: MIT
   An instance for a benchmark, with its catalog. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/bench/bench.h"
#include "host-sdk/replay/policy.h"
#include "plugin/sdk/wire/encode.h"

static hearth_status write_config(const char *text, int64_t lines,
                                  hearth_buffer *out, char *err,
                                  uint64_t err_cap) {
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.prediction_threshold = 0;
  char *copy = strdup(text);
  if (copy == NULL) {
    return HEARTH_NO_MEMORY;
  }
  hearth_status status =
      *copy == '\0' ? HEARTH_OK
                    : hearth_config_parse(&config, copy, err, err_cap);
  if (lines >= 0) {
    config.max_warm_models = lines;
  }
  if (status == HEARTH_OK) {
    status = hearth_encode(&hearth_config_schema, &config, &out->sink);
  }
  free(copy);
  return status;
}

static hearth_status give_catalog(hearth_instance *instance,
                                  const hearth_scene *scene,
                                  hearth_buffer *buffer, char *err,
                                  uint64_t err_cap) {
  hearth_catalog catalog;
  hearth_call call = {.size = sizeof call, .err = err, .err_cap = err_cap};
  hearth_status status = hearth_scene_catalog(scene, &catalog);
  if (status != HEARTH_OK) {
    return status;
  }
  buffer->len = 0;
  status = hearth_encode(&hearth_catalog_schema, &catalog, &buffer->sink);
  free(catalog.models.items);
  return status != HEARTH_OK
             ? status
             : hearth_instance_set_catalog(instance, &call,
                                           hearth_buffer_bytes(buffer));
}

hearth_status hearth__bench_instance(hearth_library *library,
                                     const char *config, int64_t lines,
                                     const hearth_scene *scene,
                                     hearth_host **host,
                                     hearth_instance **out, char *err,
                                     uint64_t err_cap) {
  hearth_buffer buffer;
  hearth_host *made = NULL;
  hearth_instance *instance = NULL;
  hearth_buffer_init(&buffer, 0);
  hearth_status status = write_config(config, lines, &buffer, err, err_cap);
  if (status == HEARTH_OK) {
    status = hearth_host_new(NULL, &made);
  }
  if (status == HEARTH_OK) {
    const hearth_instance_options options = {
        .host = made, .config = hearth_buffer_bytes(&buffer)};
    status =
        hearth_instance_create(library, &options, &instance, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = give_catalog(instance, scene, &buffer, err, err_cap);
  }
  hearth_buffer_free(&buffer);
  if (status != HEARTH_OK) {
    hearth_instance_destroy(instance);
    hearth_host_free(made);
    return status;
  }
  *host = made;
  *out = instance;
  return HEARTH_OK;
}
