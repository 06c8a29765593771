/* SPDX-License-Identifier: MIT
   What a reference knows of a model: the catalog, and what it measured. */
#include "plugin/reference/inside.h"
#include "plugin/sdk/wire/encode.h"

hearth_status reference_metadata(hearth_plugin *ref, const hearth_call *call,
                                 hearth_bytes bytes, hearth_sink *out) {
  hearth_metadata_query query;
  hearth_metadata metadata;
  if (!ref || !out) {
    return HEARTH_BAD_ARG;
  }
  hearth_message_init(&hearth_metadata_query_schema, &query);
  hearth_message_init(&hearth_metadata_schema, &metadata);
  const hearth_status status =
      reference__decode(&hearth_metadata_query_schema, call, bytes, &query);
  if (status != HEARTH_OK) {
    return status;
  }
  const uint32_t id = hearth_names_find(ref->names, query.model);
  if (id == HEARTH_NO_NAME) {
    return HEARTH_NO_OPINION;
  }
  const reference_model *model = &ref->models[id];
  metadata.model = query.model;
  metadata.expected_load_ms.p50 = (int64_t)model->load_ms;
  metadata.expected_load_ms.p90 = (int64_t)model->load_ms;
  metadata.resource_requirements.memory_mb = model->memory_mb;
  metadata.usage.requests = (int64_t)model->requests;
  if (model->last_used != REFERENCE_NEVER) {
    metadata.usage.last_used_ms = model->last_used;
  }
  metadata.estimated = !model->measured;
  return hearth_encode(&hearth_metadata_schema, &metadata, out);
}
