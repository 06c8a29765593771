/* SPDX-License-Identifier: MIT
   The models that there are, as a table. */
#include "host-sdk/replay/input/catalog.h"

#include <string.h>

#include "host-sdk/replay/input/out.h"

hearth_status hearth_models_init(hearth_models *models,
                                 const hearth_memory_user *memory) {
  memset(models, 0, sizeof *models);
  models->memory = *memory;
  models->names = hearth_names_new(memory, 0, 0);
  models->words = hearth_names_new(memory, 0, 0);
  if (!models->names || !models->words) {
    hearth_models_free(models);
    return HEARTH_NO_MEMORY;
  }
  return HEARTH_OK;
}

void hearth_models_free(hearth_models *models) {
  if (models) {
    hearth_names_free(models->names);
    hearth_names_free(models->words);
    hearth_release(&models->memory, models->items);
    memset(models, 0, sizeof *models);
  }
}

/* Replace a borrowed word by a lasting one. */
static hearth_status keep_word(hearth_models *models, hearth_str *word) {
  uint32_t id = 0;
  if (!word->len) {
    *word = (hearth_str){NULL, 0};
    return HEARTH_OK;
  }
  hearth_status status = hearth_names_add(models->words, *word, &id);
  if (status == HEARTH_OK) {
    *word = hearth_names_text(models->words, id);
  }
  return status;
}

hearth_status hearth_models_add(hearth_models *models,
                                const hearth_catalog_model *model) {
  hearth_catalog_model item = *model;
  uint32_t id = 0;
  if (hearth_names_find(models->names, model->model) != HEARTH_NO_NAME) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status =
      hearth_grow(&models->memory, (void **)&models->items, &models->cap,
                  models->count + 1, sizeof *models->items);
  if (status == HEARTH_OK) {
    status = keep_word(models, &item.group);
  }
  if (status == HEARTH_OK) {
    status = keep_word(models, &item.hardware);
  }
  if (status == HEARTH_OK) {
    status = hearth_names_add(models->names, model->model, &id);
  }
  if (status == HEARTH_OK) {
    item.model = hearth_names_text(models->names, id);
    models->items[models->count++] = item;
  }
  return status;
}

double hearth_models_total_mb(const hearth_models *models) {
  double total = 0;
  for (uint32_t i = 0; i < models->count; i++) {
    total += models->items[i].memory_mb;
  }
  return total;
}

double hearth_models_largest_mb(const hearth_models *models) {
  double largest = 0;
  for (uint32_t i = 0; i < models->count; i++) {
    if (models->items[i].memory_mb > largest) {
      largest = models->items[i].memory_mb;
    }
  }
  return largest;
}

/* Which of the optional columns hold anything. */
typedef struct used {
  int storage, cpu, network, pinned, group, hardware;
} used;

static used find_used(const hearth_models *models) {
  used u = {0};
  for (uint32_t i = 0; i < models->count; i++) {
    const hearth_catalog_model *m = &models->items[i];
    u.storage |= m->storage_mb >= 0;
    u.cpu |= m->cpu_percent >= 0;
    u.network |= m->network_bandwidth_mbps >= 0;
    u.pinned |= m->pinned;
    u.group |= m->group.len > 0;
    u.hardware |= m->hardware.len > 0;
  }
  return u;
}

static void write_header(hearth__out *out, const used *u) {
  const struct {
    const char *name;
    int is_used;
  } columns[] = {{"model", 1},
                 {"memory_mb", 1},
                 {"load_ms", 1},
                 {"storage_mb", u->storage},
                 {"cpu_percent", u->cpu},
                 {"network_bandwidth_mbps", u->network},
                 {"pinned", u->pinned},
                 {"group", u->group},
                 {"hardware", u->hardware}};
  for (unsigned i = 0; i < sizeof columns / sizeof *columns; i++) {
    if (columns[i].is_used) {
      hearth__out_text(out, hearth_str_from(columns[i].name));
    }
  }
  hearth__out_end(out);
}

static void write_model(hearth__out *out, const used *u,
                        const hearth_catalog_model *m) {
  hearth__out_text(out, m->model);
  hearth__out_real(out, m->memory_mb);
  hearth__out_int(out, m->load_ms);
  if (u->storage) {
    hearth__out_real(out, m->storage_mb);
  }
  if (u->cpu) {
    hearth__out_real(out, m->cpu_percent);
  }
  if (u->network) {
    hearth__out_real(out, m->network_bandwidth_mbps);
  }
  if (u->pinned) {
    hearth__out_int(out, m->pinned);
  }
  if (u->group) {
    hearth__out_text(out, m->group);
  }
  if (u->hardware) {
    hearth__out_text(out, m->hardware);
  }
  hearth__out_end(out);
}

hearth_status hearth_models_save(const hearth_models *models, const char *path,
                                 char *err, uint64_t err_cap) {
  hearth__out *out = NULL;
  hearth_status status =
      hearth__out_open(&models->memory, path, err, err_cap, &out);
  if (status != HEARTH_OK) {
    return status;
  }
  used u = find_used(models);
  write_header(out, &u);
  for (uint32_t i = 0; i < models->count; i++) {
    write_model(out, &u, &models->items[i]);
  }
  return hearth__out_commit(out);
}
