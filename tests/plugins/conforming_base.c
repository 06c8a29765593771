/* SPDX-License-Identifier: MIT
   The functions of a plugin that keeps the whole contract. */
#include "tests/plugins/conforming.h"

enum { ANSWER = 64, RESIDENTS = 64 };

static hearth_status decode(const hearth_schema *schema,
                            const hearth_call *call, hearth_bytes bytes,
                            void *message) {
  return hearth_decode(schema, bytes, message, call ? call->err : NULL,
                       call ? call->err_cap : 0);
}

static hearth_status add(hearth_plugin *plugin, hearth_str name, uint32_t *id) {
  void *grown = plugin->known;
  const uint32_t count = hearth_names_count(plugin->names);
  hearth_status status = hearth_grow(&plugin->memory, &grown,
                                     &plugin->known_cap, count + 1,
                                     sizeof *plugin->known);
  plugin->known = grown;
  if (status == HEARTH_OK) {
    status = hearth_names_add(plugin->names, name, id);
  }
  if (status == HEARTH_OK && *id == count) {
    plugin->known[*id] = (known){0, -1, -1, 0};
  }
  return status;
}

/* Decode a message with a list of models, whose room goes into *list. */
static hearth_status decode_models(hearth_plugin *plugin,
                                   const hearth_schema *schema,
                                   const hearth_call *call, hearth_bytes bytes,
                                   void *message, hearth_list *list) {
  hearth_message_init(schema, message);
  const hearth_status status = decode(schema, call, bytes, message);
  const uint32_t count = list->count;
  if (status != HEARTH_OK || count == 0) {
    return status;
  }
  void *items =
      hearth_zalloc(&plugin->memory, count, sizeof(hearth_catalog_model));
  if (!items) {
    return HEARTH_NO_MEMORY;
  }
  hearth_message_init(schema, message);
  *list = (hearth_list){items, count, 0};
  return decode(schema, call, bytes, message);
}

static hearth_status adopt(hearth_plugin *plugin, const hearth_list *list) {
  const hearth_catalog_model *models = list->items;
  hearth_status status = HEARTH_OK;
  uint32_t id = 0;
  for (uint32_t i = 0; status == HEARTH_OK && i < list->count; i++) {
    status = add(plugin, models[i].model, &id);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  for (id = 0; id < hearth_names_count(plugin->names); id++) {
    plugin->known[id].candidate = 0;
  }
  for (uint32_t i = 0; i < list->count; i++) {
    id = hearth_names_find(plugin->names, models[i].model);
    plugin->known[id].candidate = 1;
  }
  return HEARTH_OK;
}

hearth_status conforming_create(const hearth_plugin_entry *self,
                                const hearth_host *host,
                                const hearth_call *call, hearth_bytes bytes,
                                hearth_plugin **out) {
  const hearth_memory_user memory = hearth_memory_of(host);
  hearth_plugin *plugin = hearth_zalloc(&memory, 1, sizeof *plugin);
  hearth_config config;
  (void)self;
  if (!plugin) {
    return HEARTH_NO_MEMORY;
  }
  plugin->memory = memory;
  plugin->host = host;
  plugin->names = hearth_names_new(&memory, 0, 0);
  hearth_message_init(&hearth_config_schema, &config);
  hearth_status status = plugin->names ? HEARTH_OK : HEARTH_NO_MEMORY;
  if (status == HEARTH_OK) {
    status = decode_models(plugin, &hearth_config_schema, call, bytes, &config,
                           &config.models);
  }
  if (status == HEARTH_OK) {
    status = adopt(plugin, &config.models);
  }
  hearth_release(&memory, config.models.items);
  if (status != HEARTH_OK) {
    conforming_destroy(plugin);
    return status;
  }
  *out = plugin;
  return HEARTH_OK;
}

void conforming_destroy(hearth_plugin *plugin) {
  if (plugin) {
    const hearth_memory_user memory = plugin->memory;
    hearth_names_free(plugin->names);
    hearth_release(&memory, plugin->known);
    hearth_release(&memory, plugin);
  }
}

hearth_status conforming_catalog(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes bytes) {
  hearth_catalog catalog;
  hearth_status status = decode_models(plugin, &hearth_catalog_schema, call,
                                       bytes, &catalog, &catalog.models);
  if (status == HEARTH_OK) {
    status = adopt(plugin, &catalog.models);
  }
  hearth_release(&plugin->memory, catalog.models.items);
  return status;
}

/* The places of the most used candidates, in order. */
static uint32_t best(const hearth_plugin *plugin, uint32_t most,
                     uint32_t place[ANSWER]) {
  uint32_t count = 0;
  for (uint32_t id = 0; id < hearth_names_count(plugin->names); id++) {
    if (!plugin->known[id].candidate || plugin->known[id].requests == 0) {
      continue;
    }
    uint32_t at = count < most ? count++ : most;
    for (; at > 0 && plugin->known[place[at - 1]].requests <
                         plugin->known[id].requests;
         at--) {
      if (at < most) {
        place[at] = place[at - 1];
      }
    }
    if (at < most) {
      place[at] = id;
    }
  }
  return count;
}

hearth_status conforming_answer(hearth_plugin *plugin, const hearth_call *call,
                                hearth_bytes bytes, hearth_sink *out,
                                conforming_spoil *spoil) {
  hearth_context context;
  hearth_model_set set;
  hearth_resident residents[RESIDENTS];
  hearth_plan_model plan[ANSWER];
  uint32_t place[ANSWER];
  hearth_message_init(&hearth_context_schema, &context);
  context.pool.resident = (hearth_list){residents, RESIDENTS, 0};
  const hearth_status status =
      decode(&hearth_context_schema, call, bytes, &context);
  if (status != HEARTH_OK) {
    return status;
  }
  const uint32_t most =
      context.max_models < ANSWER ? (uint32_t)context.max_models : ANSWER;
  const uint32_t count = best(plugin, most, place);
  hearth_message_init(&hearth_model_set_schema, &set);
  for (uint32_t i = 0; i < count; i++) {
    const double p = (double)plugin->known[place[i]].requests /
                     (double)(plugin->total + 1);
    hearth_message_init(&hearth_plan_model_schema, &plan[i]);
    plan[i].model = hearth_names_text(plugin->names, place[i]);
    plan[i].p_next = p;
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      plan[i].p_within.p[h] = p;
    }
  }
  set.request_id = context.request_id;
  set.pool = context.pool.id;
  set.now_ms = context.now_ms;
  set.models = (hearth_list){plan, count, count};
  if (spoil) {
    spoil(plugin, &context, &set);
  }
  return hearth_encode(&hearth_model_set_schema, &set, out);
}

hearth_status conforming_prepare(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes context, hearth_sink *out) {
  return conforming_answer(plugin, call, context, out, NULL);
}

hearth_status conforming_metadata(hearth_plugin *plugin,
                                  const hearth_call *call, hearth_bytes bytes,
                                  hearth_sink *out) {
  hearth_metadata_query query;
  hearth_metadata metadata;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  const hearth_status status =
      decode(&hearth_metadata_query_schema, call, bytes, &query);
  if (status != HEARTH_OK) {
    return status;
  }
  const uint32_t id = hearth_names_find(plugin->names, query.model);
  if (id == HEARTH_NO_NAME) {
    return HEARTH_NO_OPINION;
  }
  hearth_message_init(&hearth_metadata_schema, &metadata);
  metadata.model = query.model;
  metadata.expected_load_ms.p50 = plugin->known[id].load_ms;
  metadata.expected_load_ms.p90 = plugin->known[id].load_ms;
  metadata.usage.requests = (int64_t)plugin->known[id].requests;
  metadata.usage.last_used_ms = plugin->known[id].last_used_ms;
  return hearth_encode(&hearth_metadata_schema, &metadata, out);
}

static int is_new(hearth_plugin *plugin, const hearth_outcome *outcome) {
  const uint64_t hash = hearth_hash((uint64_t)outcome->phase,
                                    outcome->request_id.data,
                                    outcome->request_id.len) |
                        1;
  uint64_t *slot = &plugin->seen[hash % SEEN];
  const int fresh = *slot != hash;
  *slot = hash;
  return outcome->request_id.len == 0 || fresh;
}

hearth_status conforming_record(hearth_plugin *plugin, const hearth_call *call,
                                hearth_bytes bytes) {
  hearth_outcome outcome;
  uint32_t id = 0;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  hearth_status status = decode(&hearth_outcome_schema, call, bytes, &outcome);
  if (status != HEARTH_OK || outcome.model.len == 0) {
    return status;
  }
  status = add(plugin, outcome.model, &id);
  if (status != HEARTH_OK || !is_new(plugin, &outcome)) {
    return status;
  }
  if (outcome.phase == HEARTH_PHASE_STARTED) {
    plugin->known[id].requests++;
    plugin->known[id].last_used_ms = outcome.at_ms;
    plugin->total++;
  } else if (outcome.phase == HEARTH_PHASE_LOADED) {
    plugin->known[id].load_ms = outcome.load_ms;
  }
  return HEARTH_OK;
}

static hearth_status metric(hearth_plugin *plugin, uint32_t index,
                            hearth_metric *out) {
  if (index) {
    return HEARTH_NO_OPINION;
  }
  out->kind = HEARTH_METRIC_COUNTER;
  out->name = "requests_total";
  out->help = "Requests that were told.";
  out->value = (double)plugin->total;
  return HEARTH_OK;
}

const void *conforming_extension(hearth_plugin *plugin, const char *id) {
  static const hearth_metrics metrics = {sizeof metrics, 0, metric};
  (void)plugin;
  return strcmp(id, HEARTH_EXT_METRICS) == 0 ? &metrics : NULL;
}
