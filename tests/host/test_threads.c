/* SPDX-License-Identifier: MIT
   Locks by capability, and a predictor in many hands. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "tests/host/plugins.h"
#include "tests/host/scripted.h"
#include "tests/unit.h"

/* A plugin that sees who is in it at the same time. */
static struct {
  atomic_int workers, controls, saves;
  atomic_int clash;    /* something was there that must not be */
  atomic_int wait_for; /* a worker stays until so many are in (or saves) */
  atomic_int together; /* workers that met */
} seen;

struct hearth_plugin {
  int nothing;
};
static hearth_plugin only;

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  (void)self;
  (void)host;
  (void)call;
  (void)config;
  *out = &only;
  return HEARTH_OK;
}

static void destroy(hearth_plugin *plugin) {
  (void)plugin;
}

static hearth_status control(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes bytes) {
  (void)plugin;
  (void)call;
  (void)bytes;
  if (atomic_fetch_add(&seen.controls, 1) || atomic_load(&seen.workers)) {
    atomic_store(&seen.clash, 1);
  }
  atomic_fetch_sub(&seen.controls, 1);
  return HEARTH_OK;
}

/* Stays until the others that the test wants have come in too. */
static hearth_status work(hearth_plugin *plugin, const hearth_call *call,
                          hearth_bytes bytes, hearth_sink *out) {
  (void)plugin;
  (void)call;
  if (atomic_load(&seen.controls)) {
    atomic_store(&seen.clash, 1);
  }
  atomic_fetch_add(&seen.workers, 1);
  while (atomic_load(&seen.workers) + atomic_load(&seen.saves) <
         atomic_load(&seen.wait_for)) {
    sched_yield();
  }
  atomic_store(&seen.wait_for, 0);
  if (atomic_load(&seen.workers) > 1) {
    atomic_fetch_add(&seen.together, 1);
  }
  atomic_fetch_sub(&seen.workers, 1);
  return out->write(out, bytes.data, bytes.len);
}

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  (void)plugin;
  (void)call;
  atomic_fetch_add(&seen.saves, 1);
  while (atomic_load(&seen.wait_for)) {
    sched_yield();
  }
  atomic_fetch_sub(&seen.saves, 1);
  return out->write(out, "state", 5);
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes bytes) {
  (void)plugin;
  (void)call;
  (void)bytes;
  return HEARTH_OK;
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  (void)plugin;
  (void)call;
  (void)in;
  return HEARTH_OK;
}

static hearth_instance *instance_with(uint64_t caps) {
  static hearth_plugin_entry entry;
  hearth_library *library = NULL;
  hearth_instance *instance = NULL;

  memset(&seen, 0, sizeof(seen));
  entry = (hearth_plugin_entry){.size = sizeof(entry),
                                .id = "t",
                                .name = "t",
                                .version = "1",
                                .caps = caps | HEARTH_CAP_STATE,
                                .create = create,
                                .destroy = destroy,
                                .set_catalog = control,
                                .prepare_models = work,
                                .get_model_metadata = work,
                                .record_outcome = record,
                                .save_state = save,
                                .load_state = load};
  CU_ASSERT_EQUAL_FATAL(
      hearth_library_wrap(&entry, "t", NULL, &library, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(library, NULL, &instance, NULL, 0), HEARTH_OK);
  hearth_library_close(library);
  return instance;
}

static void *ask_once(void *instance) {
  hearth_output output = {0};

  (void)hearth_instance_prepare_models(instance, NULL, bytes_of("x"), &output);
  hearth_output_free(&output);
  return NULL;
}

/* Both must be inside at the same time, or this does not return. */
static void test_reentrant_workers_meet(void) {
  hearth_instance *instance = instance_with(HEARTH_CAP_REENTRANT);
  pthread_t other;

  atomic_store(&seen.wait_for, 2);
  CU_ASSERT_EQUAL_FATAL(pthread_create(&other, NULL, ask_once, instance), 0);
  ask_once(instance);
  pthread_join(other, NULL);
  hearth_instance_destroy(instance);
}

static void *save_once(void *instance) {
  hearth_output output = {0};

  (void)hearth_instance_save_state(instance, NULL, &output);
  hearth_output_free(&output);
  return NULL;
}

static void test_concurrent_save_meets_a_worker(void) {
  hearth_instance *instance = instance_with(HEARTH_CAP_CONCURRENT_SAVE);
  pthread_t other;

  atomic_store(&seen.wait_for, 2);
  CU_ASSERT_EQUAL_FATAL(pthread_create(&other, NULL, save_once, instance), 0);
  ask_once(instance);
  pthread_join(other, NULL);
  hearth_instance_destroy(instance);
}

static void *ask_and_control(void *instance) {
  for (int i = 0; i < 500; ++i) {
    ask_once(instance);
    if (i % 10 == 0) {
      (void)hearth_instance_set_catalog(instance, NULL, bytes_of("x"));
    }
    if (i % 50 == 0) {
      save_once(instance);
    }
  }
  return NULL;
}

static void hammer(uint64_t caps) {
  hearth_instance *instance = instance_with(caps);
  pthread_t others[3];

  for (int i = 0; i < 3; ++i) {
    CU_ASSERT_EQUAL_FATAL(
        pthread_create(&others[i], NULL, ask_and_control, instance), 0);
  }
  for (int i = 0; i < 3; ++i) {
    pthread_join(others[i], NULL);
  }
  CU_ASSERT_EQUAL(atomic_load(&seen.clash), 0);
  if (!(caps & HEARTH_CAP_REENTRANT)) {
    CU_ASSERT_EQUAL(atomic_load(&seen.together), 0);
  }
  hearth_instance_destroy(instance);
}

static void test_control_is_alone(void) {
  hammer(HEARTH_CAP_REENTRANT);
  hammer(0);
}

/* An orchestrator that checks what it is asked for: no model is loaded twice,
   unloaded when it is not there, or over the budget. */
static struct {
  pthread_mutex_t lock;
  int resident[4], total, wrong;
} store = {PTHREAD_MUTEX_INITIALIZER, {0}, 0, 0};

static hearth_status store_load(void *user, const char *model) {
  (void)user;
  pthread_mutex_lock(&store.lock);
  if (store.resident[*model - 'a']++ || ++store.total > 2) {
    store.wrong = 1;
  }
  pthread_mutex_unlock(&store.lock);
  return HEARTH_OK;
}

static void store_unload(void *user, const char *model) {
  (void)user;
  pthread_mutex_lock(&store.lock);
  if (!store.resident[*model - 'a']) {
    store.wrong = 1;
  }
  store.resident[*model - 'a'] = 0;
  --store.total;
  pthread_mutex_unlock(&store.lock);
}

static void *serve(void *predictor) {
  static const char *const models[] = {"a", "b", "c", "d"};
  static atomic_int ids;

  for (int i = 0; i < 200; ++i) {
    const char *model = models[(i * 7 + i / 3) % 4];
    hearth_request request = scripted_request(NULL, "chat", model);
    hearth_prediction prediction;
    char id[32];

    (void)snprintf(id, sizeof(id), "%d", atomic_fetch_add(&ids, 1));
    request.id = id;
    (void)hearth_predict_and_warm(predictor, &request, &prediction);
    if (hearth_predictor_started(predictor, id, &request, model, NULL) !=
            HEARTH_OK ||
        hearth_predictor_wait(predictor, id, -1) != HEARTH_OK) {
      store.wrong = 1;
    }
    pthread_mutex_lock(&store.lock);
    if (!store.resident[*model - 'a']) {
      store.wrong = 1;
    }
    pthread_mutex_unlock(&store.lock);
    (void)hearth_predictor_finished(predictor, id, HEARTH_REQUEST_DONE, 0, 0);
    hearth_predictor_tick(predictor);
  }
  return NULL;
}

static void test_a_predictor_in_many_hands(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_predictor_metrics metrics;
  pthread_t others[4];

  scripted_reset();
  scripted_options(&options, "replay", 200);
  options.orchestrator.load = store_load;
  options.orchestrator.unload = store_unload;
  options.orchestrator.list = NULL;
  options.settings.prediction_cache_ttl_seconds = 60;
  options.monotonic_ns = NULL;
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_WARM, 0.9);
  predictor = scripted_create(&options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predictor);
  for (int i = 0; i < 4; ++i) {
    CU_ASSERT_EQUAL_FATAL(pthread_create(&others[i], NULL, serve, predictor),
                          0);
  }
  for (int i = 0; i < 4; ++i) {
    pthread_join(others[i], NULL);
  }
  CU_ASSERT_EQUAL(store.wrong, 0);
  hearth_predictor_get_metrics(predictor, &metrics);
  CU_ASSERT_EQUAL(metrics.requests, 800);
  CU_ASSERT_EQUAL(metrics.warm + metrics.cold + metrics.delayed, 800);
  hearth_predictor_destroy(predictor);
}

UNIT_MAIN("host threads", UNIT(test_reentrant_workers_meet),
          UNIT(test_concurrent_save_meets_a_worker),
          UNIT(test_control_is_alone), UNIT(test_a_predictor_in_many_hands))
