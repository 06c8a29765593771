/* SPDX-License-Identifier: MIT
   The head that decides: for a budget, or for a price of idle memory. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/inside.h"

static int64_t kilobytes(double memory_mb) {
  const double kb = memory_mb * 1024.0;
  return kb < 1 ? 1 : (int64_t)kb;
}

static void tell_pool(const hearth_plugin *f, foresight_budget *budget) {
  foresight_budget_pool(budget, kilobytes(f->budget_mb),
                        f->lanes > 0 ? (uint32_t)f->lanes : UINT32_MAX);
}

hearth_status foresight__make_budget(hearth_plugin *f) {
  foresight_budget_options options;
  foresight_budget_options_init(&options);
  options.without |= f->off.budget;
  options.loads_limit = foresight_loads_limit(f->config.speculation_share,
                                              options.loads_limit);
  if (!f->config.background_warmup_enabled ||
      f->config.speculation_share == 0) {
    options.without |= FORESIGHT_BUDGET_NO_PREWARM;
  }
  foresight_budget *budget = foresight_budget_new(&f->memory, &options);
  hearth_status status = budget == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
  const uint32_t count = hearth_names_count(f->names);
  for (uint32_t id = 0; status == HEARTH_OK && id < count; id++) {
    const foresight_model *m = &f->models[id];
    if (foresight_budget_add(budget, kilobytes(m->memory_mb), m->load_ms)) {
      status = HEARTH_NO_MEMORY;
    }
  }
  if (status != HEARTH_OK) {
    foresight_budget_free(budget);
    return status;
  }
  tell_pool(f, budget);
  f->budget = budget;
  return HEARTH_OK;
}

hearth_status foresight__make_price(hearth_plugin *f) {
  const foresight_price_config config = {
      .idle_price = f->idle_price,
      .seed = (uint64_t)f->config.seed,
      .off = f->off.price | (f->config.background_warmup_enabled &&
                                     f->config.speculation_share != 0
                                 ? 0
                                 : FORESIGHT_PRICE_OFF_PREWARM),
      .user = foresight__asked,
      .context = f};
  foresight_price *price;
  if (foresight_price_new(&f->memory, &config, &price) != 0) {
    return HEARTH_NO_MEMORY;
  }
  const uint32_t count = hearth_names_count(f->names);
  for (uint32_t id = 0; id < count; id++) {
    const foresight_model *m = &f->models[id];
    if (foresight_price_add_model(price, m->memory_mb, (double)m->load_ms)) {
      foresight_price_free(price);
      return HEARTH_NO_MEMORY;
    }
  }
  f->price = price;
  return HEARTH_OK;
}

/* What was learned of gaps holds at any price. */
static hearth_status take_price(hearth_plugin *f, double idle_price) {
  const double before = f->idle_price;
  f->idle_price = idle_price;
  if (f->price == NULL) {
    const hearth_status status = foresight__make_price(f);
    f->idle_price = status == HEARTH_OK ? idle_price : before;
    return status;
  }
  foresight_price_set_price(f->price, idle_price);
  for (uint32_t id = 0; id < hearth_names_count(f->names); id++) {
    const foresight_model *m = &f->models[id];
    foresight_price_set_model(f->price, id, m->memory_mb, (double)m->load_ms);
  }
  return HEARTH_OK;
}

static hearth_status take_budget(hearth_plugin *f,
                                 const hearth_pool_terms *pool) {
  const double budget_mb = f->budget_mb;
  const int64_t lanes = f->lanes;
  f->budget_mb = pool->budget_mb;
  f->lanes = pool->load_lanes;
  if (f->budget != NULL) {
    tell_pool(f, f->budget);
    return HEARTH_OK;
  }
  const hearth_status status = foresight__make_budget(f);
  if (status != HEARTH_OK) {
    f->budget_mb = budget_mb;
    f->lanes = lanes;
  }
  return status;
}

static hearth_status take_residents(hearth_plugin *f,
                                    const hearth_context *context) {
  const hearth_resident *residents = context->pool.resident.items;
  uint32_t count = context->pool.resident.count;
  count = count < context->pool.resident.cap ? count
                                             : context->pool.resident.cap;
  for (uint32_t id = 0; id < hearth_names_count(f->names); id++) {
    f->models[id].resident = 0;
  }
  for (uint32_t i = 0; i < count; i++) {
    uint32_t id;
    const hearth_status status =
        foresight__model(f, residents[i].model, &id);
    if (status != HEARTH_OK) {
      return status;
    }
    f->models[id].resident = 1;
    if (f->budget != NULL) {
      foresight_budget_loaded(f->budget, id, context->now_ms, 0);
    }
    if (f->price != NULL) {
      foresight_price_loaded(f->price, id);
    }
  }
  return HEARTH_OK;
}

static double price_of(const hearth_plugin *f, const hearth_pool_terms *pool) {
  return f->config.idle_price > 0 ? f->config.idle_price : pool->idle_price;
}

int foresight__terms_differ(const hearth_plugin *f,
                            const hearth_pool_terms *pool) {
  const double price = price_of(f, pool);
  return pool->budget_mb > 0
             ? f->budget == NULL || pool->budget_mb != f->budget_mb ||
                   pool->load_lanes != f->lanes
             : price > 0 && (f->price == NULL || price != f->idle_price);
}

hearth_status foresight__take_terms(hearth_plugin *f,
                                    const hearth_pool_terms *pool) {
  if (!foresight__terms_differ(f, pool)) {
    return HEARTH_OK;
  }
  return pool->budget_mb > 0 ? take_budget(f, pool)
                             : take_price(f, price_of(f, pool));
}

hearth_status foresight__take_pool(hearth_plugin *f,
                                   const hearth_context *context) {
  const hearth_pool_terms terms = hearth_pool_terms_of(&context->pool);
  const hearth_status status = foresight__take_terms(f, &terms);
  return status == HEARTH_OK && context->pool.resync
             ? take_residents(f, context)
             : status;
}
