/* SPDX-License-Identifier: MIT
   get_model_metadata: what is known of a model. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/inside.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"

/* 0: nobody has heard of it. */
static int describe(const hearth_plugin *f, const hearth_metadata_query *query,
                    hearth_metadata *metadata) {
  const uint32_t id = hearth_names_find(f->names, query->model);
  if (id == HEARTH_NO_NAME) {
    return 0;
  }
  const foresight_model *m = &f->models[id];
  const foresight_usage *usage = &m->usage;
  hearth_message_init(&hearth_metadata_schema, metadata);
  metadata->model = query->model;
  metadata->expected_load_ms = foresight_usage_loads(usage, m->load_ms);
  metadata->resource_requirements.memory_mb = m->memory_mb;
  const bool known = query->now_ms < 0 ||
                     !foresight__is_expired(f, id, query->now_ms);
  metadata->usage.requests = known ? (int64_t)usage->requests : 0;
  metadata->usage.users = known ? foresight_usage_users(usage) : 0;
  if (known && usage->requests > 0) {
    metadata->usage.last_used_ms = usage->last_used_ms;
  }
  if (known && usage->sessions > 0) {
    metadata->usage.mean_session_ms =
        (int64_t)(usage->session_ms / (double)usage->sessions);
  }
  metadata->estimated = usage->measured == 0;
  return 1;
}

hearth_status foresight__metadata(hearth_plugin *f, const hearth_call *call,
                                  hearth_bytes bytes, hearth_sink *out) {
  hearth_metadata_query query;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  const hearth_status status =
      hearth_decode(&hearth_metadata_query_schema, bytes, &query,
                    call != NULL ? call->err : NULL,
                    call != NULL ? call->err_cap : 0);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_metadata metadata;
  hearth_striped_read(f->locks.shape);
  hearth_mutex_lock(f->locks.models);
  const int known = describe(f, &query, &metadata);
  hearth_mutex_unlock(f->locks.models);
  hearth_striped_read_end(f->locks.shape);
  return known ? hearth_encode(&hearth_metadata_schema, &metadata, out)
               : HEARTH_NO_OPINION;
}
