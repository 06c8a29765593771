/* SPDX-License-Identifier: MIT
   An instance of a reference: its making, its models, its catalog. */
#include "plugin/reference/base.h"

#include <string.h>

#include "plugin/reference/inside.h"

uint32_t reference_count(const reference *ref) {
  return hearth_names_count(ref->names);
}

hearth_status reference__new(const reference_policy *policy,
                             const hearth_plugin_entry *entry,
                             const hearth_host *host,
                             const hearth_config *config, reference **out) {
  const hearth_memory_user memory = hearth_memory_of(host);
  reference *ref = hearth_zalloc(&memory, 1, sizeof *ref);
  if (!ref) {
    return HEARTH_NO_MEMORY;
  }
  ref->entry = entry;
  ref->policy = policy;
  ref->host = host;
  ref->memory = memory;
  ref->config = *config;
  ref->config.ablate = (hearth_str){NULL, 0};
  ref->config.models = (hearth_list){NULL, 0, 0};
  ref->idle_price = config->idle_price > 0 ? config->idle_price : -1;
  ref->latest = REFERENCE_NONE;
  ref->budget_mb = -1;
  ref->lanes = -1;
  hearth_message_init(&hearth_plan_model_schema, &ref->blank);
  ref->names = hearth_names_new(&memory, (uint64_t)config->seed, 0);
  ref->seen = hearth_zalloc(&memory, 1, sizeof *ref->seen);
  ref->self =
      hearth_zalloc(&memory, policy->self_words + 1u, sizeof *ref->self);
  if (!ref->names || !ref->seen || !ref->self) {
    reference_destroy(ref);
    return HEARTH_NO_MEMORY;
  }
  if (policy->configure) {
    policy->configure(ref, config);
  }
  *out = ref;
  return HEARTH_OK;
}

void reference_destroy(hearth_plugin *ref) {
  if (!ref) {
    return;
  }
  const hearth_memory_user memory = ref->memory;
  hearth_names_free(ref->names);
  hearth_release(&memory, ref->models);
  hearth_release(&memory, ref->own);
  hearth_release(&memory, ref->self);
  hearth_release(&memory, ref->p);
  hearth_release(&memory, ref->order);
  hearth_release(&memory, ref->flights);
  hearth_release(&memory, ref->seen);
  hearth_release(&memory, ref->resident);
  hearth_release(&memory, ref->plan);
  hearth_release(&memory, ref);
}

#define GROW(ref, member, cap, want, size)                                     \
  grow(ref, (void **)&(ref)->member, &(ref)->cap, want, size)

static hearth_status grow(reference *ref, void **array, uint32_t *cap,
                          uint32_t want, size_t size) {
  return size == 0 ? HEARTH_OK
                   : hearth_grow(&ref->memory, array, cap, want, size);
}

static hearth_status reserve(reference *ref, uint32_t want) {
  const size_t own = ref->policy->model_words * sizeof *ref->own;
  hearth_status status =
      GROW(ref, models, model_cap, want, sizeof *ref->models);
  if (status == HEARTH_OK) {
    status = GROW(ref, own, own_cap, want, own);
  }
  if (status == HEARTH_OK) {
    status = GROW(ref, p, p_cap, want, sizeof *ref->p);
  }
  if (status == HEARTH_OK) {
    status = GROW(ref, order, order_cap, want, sizeof *ref->order);
  }
  if (status == HEARTH_OK) {
    status = GROW(ref, plan, plan_cap, want, sizeof *ref->plan);
  }
  return status;
}

/* Before it is known better a model is small and quick. */
hearth_status reference__model(reference *ref, hearth_str name, uint32_t *id) {
  const uint32_t found = hearth_names_find(ref->names, name);
  if (found != HEARTH_NO_NAME) {
    *id = found;
    return HEARTH_OK;
  }
  hearth_status status = reserve(ref, reference_count(ref) + 1);
  if (status == HEARTH_OK) {
    status = hearth_names_add(ref->names, name, id);
  }
  if (status == HEARTH_OK) {
    ref->models[*id] = (reference_model){.memory_mb = 1,
                                         .last_used = REFERENCE_NEVER,
                                         .idle_since = REFERENCE_NEVER,
                                         .keep_for = -1,
                                         .candidate = !ref->has_catalog};
  }
  return status;
}

static hearth_status adopt_catalog(reference *ref,
                                   const hearth_catalog_model *models,
                                   uint32_t count) {
  hearth_status status = HEARTH_OK;
  uint32_t id = 0;
  for (uint32_t i = 0; status == HEARTH_OK && i < count; i++) {
    status = reference__model(ref, models[i].model, &id);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  ref->has_catalog = 1;
  for (id = 0; id < reference_count(ref); id++) {
    ref->models[id].candidate = 0;
  }
  for (uint32_t i = 0; i < count; i++) {
    reference_model *model =
        &ref->models[hearth_names_find(ref->names, models[i].model)];
    model->candidate = 1;
    model->memory_mb = models[i].memory_mb;
    if (!model->measured) {
      model->load_ms = (double)models[i].load_ms;
    }
  }
  return HEARTH_OK;
}

/* Decode a message that holds a list of models; the list is the caller's to
   release. */
static hearth_status decode_models(const hearth_memory_user *memory,
                                   const hearth_schema *schema,
                                   const hearth_call *call, hearth_bytes bytes,
                                   void *message, hearth_list *list) {
  hearth_message_init(schema, message);
  hearth_status status = reference__decode(schema, call, bytes, message);
  const uint32_t count = list->count;
  if (status != HEARTH_OK || count == 0) {
    return status;
  }
  void *items = hearth_zalloc(memory, count, sizeof(hearth_catalog_model));
  if (!items) {
    return HEARTH_NO_MEMORY;
  }
  hearth_message_init(schema, message);
  *list = (hearth_list){items, count, 0};
  status = reference__decode(schema, call, bytes, message);
  if (status != HEARTH_OK) {
    hearth_release(memory, items);
    list->items = NULL;
  }
  return status;
}

hearth_status reference_set_catalog(hearth_plugin *ref, const hearth_call *call,
                                    hearth_bytes bytes) {
  hearth_catalog catalog;
  if (!ref) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status = decode_models(&ref->memory, &hearth_catalog_schema,
                                       call, bytes, &catalog, &catalog.models);
  if (status == HEARTH_OK) {
    status = adopt_catalog(ref, catalog.models.items, catalog.models.count);
    hearth_release(&ref->memory, catalog.models.items);
  }
  return status;
}

hearth_status reference_create(const reference_policy *policy,
                               const hearth_plugin_entry *entry,
                               const hearth_host *host, const hearth_call *call,
                               hearth_bytes bytes, hearth_plugin **out) {
  const hearth_memory_user memory = hearth_memory_of(host);
  hearth_config config;
  reference *ref = NULL;
  hearth_status status = HEARTH_OK;
  hearth_message_init(&hearth_config_schema, &config);
  if (bytes.len > 0) {
    status = decode_models(&memory, &hearth_config_schema, call, bytes, &config,
                           &config.models);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  status = reference__new(policy, entry, host, &config, &ref);
  if (status == HEARTH_OK && config.models.count > 0) {
    status = adopt_catalog(ref, config.models.items, config.models.count);
  }
  hearth_release(&memory, config.models.items);
  if (status != HEARTH_OK) {
    reference_destroy(ref);
    return status;
  }
  *out = ref;
  return HEARTH_OK;
}

int64_t reference_break_even(const reference *ref, uint32_t model) {
  const reference_model *m = &ref->models[model];
  const double ms = ref->idle_price * m->load_ms / m->memory_mb * 1024;
  if (ref->idle_price <= 0) {
    return -1;
  }
  return ms < 1e15 ? (int64_t)ms : (int64_t)1e15;
}

int64_t reference_next_use(const reference *ref, uint32_t model,
                           int64_t after_ms) {
  const hearth_future *future =
      ref->host && ref->host->get_extension
          ? ref->host->get_extension(ref->host, HEARTH_EXT_FUTURE)
          : NULL;
  const hearth_str name = hearth_names_text(ref->names, model);
  return future && future->next_use
             ? future->next_use(ref->host, name.data, name.len, after_ms)
             : INT64_MAX;
}
