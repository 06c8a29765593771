/* SPDX-License-Identifier: MIT
   Making and ending a predictor; its clocks; what is due. */
#include "host-sdk/predictor/predictor.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host-sdk/library/tell.h"

enum { CACHE_ENTRIES = 256, CATALOG_LIMIT = 1 << 20 };

int64_t hearth__now(const hearth_predictor *predictor) {
  const hearth_predictor_options *options = &predictor->options;
  struct timespec now;

  if (options->now_ms) {
    return options->now_ms(options->clock_user);
  }
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t hearth__ticks(const hearth_predictor *predictor) {
  const hearth_predictor_options *options = &predictor->options;

  return options->monotonic_ns ? options->monotonic_ns(options->clock_user)
                               : hearth_monotonic_ns();
}

int hearth__background(const hearth_predictor *predictor) {
  const hearth_predictor_options *options = &predictor->options;
  double limit = options->settings.max_cpu_percent;

  if (!options->settings.background_warmup_enabled) {
    return 0;
  }
  return limit < 0 || !options->cpu_percent ||
         options->cpu_percent(options->clock_user) <= limit;
}

double hearth__memory_mb(const hearth_predictor *predictor) {
  const hearth_host *host = predictor->options.host;
  const hearth_memory *memory;
  hearth_slot_stats stats;

  if (host) {
    memory = host->get_extension ? host->get_extension(host, HEARTH_EXT_MEMORY)
                                 : NULL;
    return memory && memory->used ? (double)memory->used(host) / (1024 * 1024)
                                  : -1;
  }
  hearth_slot_get_stats(predictor->slot, &stats);
  return (double)stats.memory_bytes / (1024 * 1024);
}

/* What is wrong with the options, or NULL. */
static const char *problem(const hearth_predictor_options *options) {
  const hearth_settings *settings = &options->settings;

  if (!options->library) {
    return "give the plugin's library";
  }
  if (!options->orchestrator.load || !options->orchestrator.unload) {
    return "give the orchestrator's load and unload";
  }
  if (!(settings->prediction_threshold >= 0 &&
        settings->prediction_threshold <= 1)) {
    return "prediction_threshold must be within 0 and 1";
  }
  if (settings->max_warm_models < -1 ||
      settings->max_warm_models > UINT32_MAX) {
    return "max_warm_models must be -1 or a count";
  }
  if (settings->prediction_cache_ttl_seconds < 0 ||
      settings->prediction_cache_ttl_seconds > INT32_MAX) {
    return "prediction_cache_ttl_seconds must be within 0 and 2^31";
  }
  if (!(options->budget_mb <= 1e12)) {
    return "budget_mb must be at most 1e12";
  }
  return NULL;
}

static hearth_status make_pool(hearth_predictor *predictor) {
  const hearth_predictor_options *options = &predictor->options;
  hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_pool_options pool;

  hearth_pool_options_init(&pool);
  if (options->budget_mb > 0) {
    pool.budget_kb = (int64_t)(options->budget_mb * 1024);
  }
  pool.lanes = options->load_lanes;
  pool.keep_alive = options->settings.idle_price >= 0;
  if (options->settings.max_warm_models > 0) {
    pool.max_warm = (uint32_t)options->settings.max_warm_models;
  }
  pool.speculation_share = options->settings.speculation_share;
  return hearth_pool_new(&memory, &pool, &predictor->pool);
}

static char *copy_text(const char *text) {
  char *copy = malloc(strlen(text) + 1);

  return copy ? memcpy(copy, text, strlen(text) + 1) : NULL;
}

/* The parts that need nothing but memory. */
static hearth_status make_parts(hearth_predictor *predictor) {
  hearth_predictor_options *options = &predictor->options;
  hearth_memory_user memory = hearth_memory_of(NULL);
  uint64_t seed = (uint64_t)options->settings.seed;
  int64_t ttl_s = options->settings.prediction_cache_ttl_seconds;

  predictor->pool_id =
      copy_text(options->pool_id ? options->pool_id : "default");
  predictor->names = hearth_names_new(&memory, seed, CATALOG_LIMIT);
  predictor->groups = hearth_names_new(&memory, seed, CATALOG_LIMIT);
  predictor->ledger = hearth__ledger_new(seed);
  if (ttl_s > 0) {
    predictor->cache = hearth__cache_new(
        options->cache_entries ? options->cache_entries : CACHE_ENTRIES,
        ttl_s * 1000);
  }
  return predictor->pool_id && predictor->names && predictor->groups &&
                 predictor->ledger && (ttl_s <= 0 || predictor->cache)
             ? HEARTH_OK
             : HEARTH_NO_MEMORY;
}

/* How the slot is to be: each plugin in it with its memory capped. */
static void slot_options(const hearth_predictor *predictor,
                         hearth_slot_options *out) {
  const hearth_predictor_options *options = &predictor->options;
  double cap = options->settings.max_memory_mb;

  hearth_slot_options_init(out);
  out->host = options->host;
  if (cap > 0 && cap < 1e12) {
    out->host_options.memory_cap = (uint64_t)(cap * 1024 * 1024);
  }
  out->on_outcome = options->on_outcome;
  out->user = options->outcome_user;
}

static hearth_status make_slot(hearth_predictor *predictor, char *err,
                               uint64_t err_cap) {
  const hearth_predictor_options *options = &predictor->options;
  hearth_output config = {0}, catalog = {0};
  hearth_slot_options slot;
  hearth_status status = hearth_settings_to_config(
      &options->settings, options->models, options->model_count, &config);

  if (status == HEARTH_OK) {
    status =
        hearth__catalog_encode(options->models, options->model_count, &catalog);
  }
  if (status == HEARTH_OK) {
    slot_options(predictor, &slot);
    slot.config = (hearth_bytes){config.data, config.len};
    slot.catalog = (hearth_bytes){catalog.data, catalog.len};
    status = hearth_slot_create(options->library, &slot, &predictor->slot, err,
                                err_cap);
  } else {
    hearth__tell(err, err_cap, "the settings can't be told to the plugin: %s",
                 hearth_status_text(status));
  }
  hearth_output_free(&config);
  hearth_output_free(&catalog);
  return status;
}

static int init_locks(hearth_predictor *predictor) {
  pthread_condattr_t clock;
  int failed = pthread_condattr_init(&clock);

  failed |= pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  failed |= pthread_cond_init(&predictor->changed, &clock);
  pthread_condattr_destroy(&clock);
  failed |= pthread_mutex_init(&predictor->planning, NULL);
  failed |= pthread_mutex_init(&predictor->acting, NULL);
  failed |= pthread_mutex_init(&predictor->lock, NULL);
  failed |= pthread_mutex_init(&predictor->telling, NULL);
  return failed == 0;
}

hearth_status hearth_predictor_create(const hearth_predictor_options *options,
                                      hearth_predictor **out, char *err,
                                      uint64_t err_cap) {
  const char *wrong = problem(options);
  hearth_predictor *predictor;
  hearth_status status;

  if (wrong) {
    hearth__tell(err, err_cap, "hearth_predictor_create: %s", wrong);
    return HEARTH_BAD_ARG;
  }
  hearth__tell(err, err_cap, "no memory for a predictor");
  predictor = calloc(1, sizeof(*predictor));
  if (!predictor) {
    return HEARTH_NO_MEMORY;
  }
  predictor->options = *options;
  predictor->review_at_ms = HEARTH_NEVER;
  if (!init_locks(predictor)) {
    free(predictor);
    return HEARTH_NO_MEMORY;
  }
  status = make_parts(predictor);
  if (status == HEARTH_OK) {
    status = make_pool(predictor);
  }
  if (status == HEARTH_BAD_ARG) {
    hearth__tell(err, err_cap,
                 "hearth_predictor_create: the pool can't work "
                 "with these settings");
  }
  if (status == HEARTH_OK) {
    status = hearth__models_take(predictor, options->models,
                                 options->model_count, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = make_slot(predictor, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = hearth__resync(predictor);
  }
  if (status != HEARTH_OK) {
    hearth_predictor_destroy(predictor);
    return status;
  }
  hearth__tell(err, err_cap, "%s", "");
  predictor->options.library = NULL; /* borrowed until now */
  predictor->options.models = NULL;
  *out = predictor;
  return HEARTH_OK;
}

void hearth_predictor_destroy(hearth_predictor *predictor) {
  if (!predictor) {
    return;
  }
  hearth_slot_destroy(predictor->slot);
  hearth_pool_free(predictor->pool);
  hearth_names_free(predictor->names);
  hearth_names_free(predictor->groups);
  hearth__ledger_free(predictor->ledger);
  hearth__cache_free(predictor->cache);
  for (uint32_t i = 0; i < predictor->count; ++i) {
    free(predictor->models[i].name);
  }
  free(predictor->models);
  free(predictor->residents);
  free(predictor->pool_id);
  hearth_output_free(&predictor->context);
  hearth_output_free(&predictor->answer);
  hearth_output_free(&predictor->outcome);
  pthread_mutex_destroy(&predictor->planning);
  pthread_mutex_destroy(&predictor->acting);
  pthread_mutex_destroy(&predictor->lock);
  pthread_mutex_destroy(&predictor->telling);
  pthread_cond_destroy(&predictor->changed);
  free(predictor);
}

hearth_slot *hearth_predictor_slot(hearth_predictor *predictor) {
  return predictor->slot;
}

int64_t hearth_predictor_next_ms(hearth_predictor *predictor) {
  int64_t next, at;

  pthread_mutex_lock(&predictor->lock);
  next = hearth_pool_next_expiry(predictor->pool);
  at = hearth_pool_next_start(predictor->pool);
  if (at < next) {
    next = at;
  }
  if (predictor->options.settings.background_warmup_enabled &&
      predictor->review_at_ms < next) {
    next = predictor->review_at_ms;
  }
  pthread_mutex_unlock(&predictor->lock);
  return next;
}

void hearth_predictor_tick(hearth_predictor *predictor) {
  int wanted = predictor->options.settings.background_warmup_enabled;
  int due;

  /* A busy machine's background work waits for a later tick. */
  if (wanted && !hearth__background(predictor)) {
    return;
  }
  pthread_mutex_lock(&predictor->lock);
  due = wanted && hearth__now(predictor) >= predictor->review_at_ms;
  if (due) {
    predictor->review_at_ms = HEARTH_NEVER;
  }
  pthread_mutex_unlock(&predictor->lock);
  if (due) {
    hearth__plan(predictor, NULL, HEARTH_REASON_TICK, HEARTH_NO_MODEL, NULL);
  }
  hearth__act(predictor);
}
