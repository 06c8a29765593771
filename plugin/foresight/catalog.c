/* SPDX-License-Identifier: MIT
   Models: their numbers, and which of them may be planned. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/inside.h"
#include "plugin/sdk/wire/decode.h"

/* What a model that no catalog describes is taken to be. */
#define DEFAULT_MEMORY_MB 4096.0
#define DEFAULT_LOAD_MS 10000

static int64_t kilobytes(double memory_mb) {
  const double kb = memory_mb * 1024.0;
  return kb < 1 ? 1 : (int64_t)kb;
}

/* Every head has the same models; one that finds no memory leaves the others a
   model ahead, which does no harm: the name is only given once all have it. */
/* What a head that is a model ahead believes of it, from a name that found no
   memory, is put right. */
static void update_heads(hearth_plugin *f, uint32_t id, double mb,
                         int64_t load_ms) {
  if (f->budget != NULL) {
    foresight_budget_update(f->budget, id, kilobytes(mb), load_ms);
  }
  if (f->price != NULL) {
    foresight_price_set_model(f->price, id, mb, (double)load_ms);
  }
}

static hearth_status add_to_heads(hearth_plugin *f, uint32_t id, double mb,
                                  int64_t load_ms) {
  if (!foresight_next_models(f->next, id + 1)) {
    return HEARTH_NO_MEMORY;
  }
  if (foresight_within_models(f->within) <= id &&
      foresight_within_add_model(f->within) != 0) {
    return HEARTH_NO_MEMORY;
  }
  if (f->budget != NULL && foresight_budget_models(f->budget) <= id &&
      foresight_budget_add(f->budget, kilobytes(mb), load_ms) != 0) {
    return HEARTH_NO_MEMORY;
  }
  if (f->price != NULL && foresight_price_models(f->price) <= id &&
      foresight_price_add_model(f->price, mb, (double)load_ms) != 0) {
    return HEARTH_NO_MEMORY;
  }
  return HEARTH_OK;
}

static hearth_status add(hearth_plugin *f, hearth_str name, double mb,
                         int64_t load_ms, uint32_t *id) {
  const uint32_t next = hearth_names_count(f->names);
  if (next >= FORESIGHT_USERS_MODELS) {
    return HEARTH_LIMIT;
  }
  load_ms = load_ms < 1 ? 1 : load_ms;
  hearth_status status =
      hearth_grow(&f->memory, (void **)&f->models, &f->model_cap, next + 1,
                  sizeof *f->models);
  if (status == HEARTH_OK) {
    status = add_to_heads(f, next, mb, load_ms);
  }
  uint32_t given = next;
  if (status == HEARTH_OK) {
    status = hearth_names_add(f->names, name, &given);
  }
  if (status == HEARTH_OK) {
    f->models[given] = (foresight_model){
        .memory_mb = mb, .load_ms = load_ms, .guess_ms = load_ms};
    update_heads(f, given, mb, load_ms);
    *id = given;
  }
  return status;
}

hearth_status foresight__model(hearth_plugin *f, hearth_str name,
                               uint32_t *id) {
  const uint32_t known = hearth_names_find(f->names, name);
  if (known != HEARTH_NO_NAME) {
    *id = known;
    return HEARTH_OK;
  }
  return add(f, name, DEFAULT_MEMORY_MB, DEFAULT_LOAD_MS, id);
}

static void update(hearth_plugin *f, uint32_t id,
                   const hearth_catalog_model *model) {
  foresight_model *m = &f->models[id];
  const double memory_mb = m->memory_mb;
  const int64_t load_ms = m->load_ms;
  m->memory_mb = model->memory_mb;
  m->guess_ms = model->load_ms < 1 ? 1 : model->load_ms;
  if (m->usage.measured == 0) {
    m->load_ms = m->guess_ms;
  }
  if (m->load_ms != load_ms || m->memory_mb < memory_mb ||
      m->memory_mb > memory_mb) { /* the same again changes nothing */
    update_heads(f, id, m->memory_mb, m->load_ms);
  }
}

hearth_status foresight__take_catalog(hearth_plugin *f,
                                      const hearth_list *models) {
  const hearth_catalog_model *items = models->items;
  const uint32_t known = hearth_names_count(f->names);
  for (uint32_t i = 0; i < models->count; i++) {
    uint32_t id = hearth_names_find(f->names, items[i].model);
    const hearth_status status =
        id != HEARTH_NO_NAME
            ? HEARTH_OK
            : add(f, items[i].model, items[i].memory_mb, items[i].load_ms, &id);
    if (status != HEARTH_OK) {
      return status; /* those added are known, and not yet candidates */
    }
  }
  for (uint32_t id = 0; id < known; id++) {
    f->models[id].candidate = 0;
  }
  for (uint32_t i = 0; i < models->count; i++) {
    const uint32_t id = hearth_names_find(f->names, items[i].model);
    f->models[id].candidate = 1;
    update(f, id, &items[i]);
  }
  return HEARTH_OK;
}

/* How many models a catalog's bytes hold, by decoding it without room. */
hearth_status foresight__set_catalog(hearth_plugin *f, const hearth_call *call,
                                     hearth_bytes bytes) {
  hearth_catalog catalog;
  char *err = call != NULL ? call->err : NULL;
  const uint64_t err_cap = call != NULL ? call->err_cap : 0;
  hearth_message_init(&hearth_catalog_schema, &catalog);
  hearth_status status =
      hearth_decode(&hearth_catalog_schema, bytes, &catalog, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  const uint32_t count = catalog.models.count;
  hearth_catalog_model *items =
      hearth_zalloc(&f->memory, (size_t)count + 1, sizeof *items);
  if (items == NULL) {
    return HEARTH_NO_MEMORY;
  }
  hearth_message_init(&hearth_catalog_schema, &catalog);
  catalog.models = (hearth_list){items, count, 0};
  status = hearth_decode(&hearth_catalog_schema, bytes, &catalog, err, err_cap);
  if (status == HEARTH_OK) {
    foresight__alone(f);
    do {
      status = foresight__take_catalog(f, &catalog.models);
    } while (status == HEARTH_NO_MEMORY && foresight__make_room(f));
    foresight__not_alone(f);
  }
  hearth_release(&f->memory, items);
  return status;
}
