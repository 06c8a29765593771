/* SPDX-License-Identifier: MIT
   The predictor's plugin, replaced while requests run. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/host/scripted.h"
#include "tests/slot/counter.h"
#include "tests/unit.h"

static hearth_library *markov(void) {
  hearth_library *library = NULL;
  char err[512] = "";

  CU_ASSERT_EQUAL(
      hearth_library_open(unit_build("plugin/reference/.libs/hearth-markov.so"),
                          NULL, &library, err, sizeof(err)),
      HEARTH_OK);
  if (!library) {
    printf("# %s\n", err);
  }
  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  return library;
}

static hearth_status swap_to(hearth_predictor *predictor,
                             hearth_library *library,
                             hearth_swap_report *report) {
  hearth_status status =
      hearth_predictor_swap(predictor, library, NULL, report, NULL, 0);

  hearth_library_close(library);
  return status;
}

static hearth_prediction predict(hearth_predictor *predictor, const char *id) {
  hearth_request request = scripted_request(id, "chat", "ann");
  hearth_prediction prediction;

  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_OK);
  return prediction;
}

static void test_cache_and_residents(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;

  scripted_reset();
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_WARM, 0.9);
  scripted_options(&options, "production", 200);
  predictor = scripted_create(&options);
  (void)predict(predictor, "1"); /* tells the residents; not kept */
  (void)predict(predictor, "2");
  CU_ASSERT_EQUAL(scripted.residents, 0);
  CU_ASSERT_EQUAL(predict(predictor, "3").cached, 1);
  CU_ASSERT_EQUAL(swap_to(predictor, scripted_library(), NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(predict(predictor, "4").cached, 0);
  CU_ASSERT_EQUAL(scripted.residents, 1);
  CU_ASSERT_EQUAL(predict(predictor, "5").cached, 0);
  CU_ASSERT_EQUAL(scripted.residents, 0);
  CU_ASSERT_EQUAL(predict(predictor, "6").cached, 1);
  CU_ASSERT_EQUAL(hearth_predictor_rollback(predictor, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(predict(predictor, "7").cached, 0);
  CU_ASSERT_EQUAL(scripted.residents, 1);
  hearth_predictor_destroy(predictor);
}

static void test_catalog_of_the_day(void) {
  static const hearth_model fewer[] = {{"a", 100, 10, 0, NULL, NULL}};
  hearth_predictor_options options;
  hearth_predictor *predictor;

  scripted_reset();
  scripted_options(&options, "development", 200);
  predictor = scripted_create(&options);
  CU_ASSERT_EQUAL(swap_to(predictor, scripted_library(), NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(scripted.catalog_models, 4);
  CU_ASSERT_EQUAL(hearth_predictor_set_models(predictor, fewer, 1, NULL, 0),
                  HEARTH_OK);
  scripted.catalog_models = 0;
  CU_ASSERT_EQUAL(swap_to(predictor, scripted_library(), NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(scripted.catalog_models, 1);
  hearth_predictor_destroy(predictor);
}

/* A plugin whose answers are no plans, and that takes no outcomes. */
static void test_bad_plugin_is_rolled_back(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor;
  hearth_slot_stats stats;
  counter_kind bad;
  char id[16];
  int fallbacks = 0;

  scripted_reset();
  scripted_plan(HEARTH_REASON_REQUEST, "a", HEARTH_ACTION_KEEP, 0.9);
  scripted_options(&options, "development", 200);
  options.settings.prediction_cache_ttl_seconds = 0;
  predictor = scripted_create(&options);
  counter_init(&bad, "org.hearth.tests.counter", 1, 0);
  CU_ASSERT_EQUAL(swap_to(predictor, counter_library(&bad), NULL), HEARTH_OK);
  for (int i = 0; i < 20; ++i) {
    (void)snprintf(id, sizeof(id), "%d", i);
    fallbacks += predict(predictor, id).fallback;
  }
  CU_ASSERT_EQUAL(fallbacks, 7);
  CU_ASSERT_EQUAL(scripted.asked[HEARTH_REASON_REQUEST], 13);
  hearth_slot_get_stats(hearth_predictor_slot(predictor), &stats);
  CU_ASSERT_EQUAL(stats.auto_rollbacks, 1);
  CU_ASSERT_STRING_EQUAL(stats.name, "scripted");
  CU_ASSERT_EQUAL(swap_to(predictor, counter_library(&bad), NULL),
                  HEARTH_UNAVAILABLE);
  hearth_predictor_destroy(predictor);
  CU_ASSERT_EQUAL(bad.instances, 0);
}

/* What a store would hold: messages one after the other. */
typedef struct shelf {
  uint8_t data[1 << 18];
  uint64_t len[4096], bytes;
  uint32_t count;
} shelf;

static shelf stored;

static void put_away(void *user, hearth_bytes outcome) {
  shelf *to = user;

  CU_ASSERT_FATAL(to->bytes + outcome.len <= sizeof(to->data) &&
                  to->count < 4096);
  memcpy(to->data + to->bytes, outcome.data, (size_t)outcome.len);
  to->bytes += outcome.len;
  to->len[to->count++] = outcome.len;
}

static void serve(hearth_predictor *predictor, int from, int to) {
  static const char *const models[] = {"a", "b", "a", "c"};
  char id[16];

  for (int i = from; i < to; ++i) {
    (void)snprintf(id, sizeof(id), "r%d", i);
    scripted_serve(predictor, id, "ann", models[i % 4]);
    orchestrator.now_ms += 1000;
  }
}

static hearth_predictor *markov_predictor(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor = NULL;

  scripted_options(&options, "development", 200);
  options.library = markov();
  options.on_outcome = put_away;
  options.outcome_user = &stored;
  CU_ASSERT_EQUAL_FATAL(hearth_predictor_create(&options, &predictor, NULL, 0),
                        HEARTH_OK);
  hearth_library_close(options.library);
  return predictor;
}

static hearth_output state_of(hearth_predictor *predictor, uint64_t *outcomes) {
  hearth_output state = {0};

  CU_ASSERT_EQUAL(
      hearth_predictor_save_state(predictor, &state, outcomes, NULL, 0),
      HEARTH_OK);
  return state;
}

static void check_same(hearth_output *a, hearth_output *b) {
  CU_ASSERT_EQUAL(a->len, b->len);
  CU_ASSERT(a->len == b->len && memcmp(a->data, b->data, (size_t)a->len) == 0);
  hearth_output_free(b);
}

/* Of 60 requests of serve. */
static void check_learned(hearth_predictor *predictor) {
  static const char *const models[] = {"a", "b", "c"};
  static const int64_t requests[] = {30, 15, 15};
  hearth_model_metadata metadata;

  for (int i = 0; i < 3; ++i) {
    CU_ASSERT_EQUAL(
        hearth_predictor_get_model_metadata(predictor, models[i], &metadata),
        HEARTH_OK);
    CU_ASSERT_EQUAL(metadata.requests, requests[i]);
  }
}

static void test_real_plugin_keeps_what_it_learned(void) {
  hearth_predictor *predictor;
  hearth_output before, after;
  hearth_swap_report report;
  uint64_t outcomes = 0;

  scripted_reset();
  memset(&stored, 0, sizeof(stored));
  predictor = markov_predictor();
  serve(predictor, 0, 40);
  before = state_of(predictor, &outcomes);
  CU_ASSERT(before.len > 100);
  CU_ASSERT_EQUAL(outcomes, stored.count);
  CU_ASSERT_EQUAL(swap_to(predictor, markov(), &report), HEARTH_OK);
  CU_ASSERT_EQUAL(report.handover, HEARTH_HANDOVER_STATE);
  CU_ASSERT_EQUAL(report.state_bytes, before.len);
  after = state_of(predictor, NULL);
  check_same(&before, &after);
  hearth_output_free(&before);
  /* Both learn on. */
  serve(predictor, 40, 60);
  check_learned(predictor);
  CU_ASSERT_EQUAL(hearth_predictor_rollback(predictor, NULL, 0), HEARTH_OK);
  check_learned(predictor);
  hearth_predictor_destroy(predictor);
}

/* A restart: a snapshot, and the outcomes that the store has after it. */
static void test_restart_from_a_store(void) {
  hearth_predictor *predictor;
  hearth_output snapshot;
  uint64_t outcomes = 0, at = 0;
  uint32_t count;

  scripted_reset();
  memset(&stored, 0, sizeof(stored));
  predictor = markov_predictor();
  serve(predictor, 0, 40);
  snapshot = state_of(predictor, &outcomes);
  serve(predictor, 40, 60);
  hearth_predictor_destroy(predictor);
  predictor = markov_predictor();
  CU_ASSERT_EQUAL(
      hearth_predictor_load_state(
          predictor, (hearth_bytes){snapshot.data, snapshot.len}, NULL, 0),
      HEARTH_OK);
  count = stored.count;
  for (uint32_t i = 0; i < count; ++i) {
    if (i >= outcomes) {
      CU_ASSERT_EQUAL(hearth_predictor_teach(
                          predictor,
                          (hearth_bytes){stored.data + at, stored.len[i]}, NULL,
                          0),
                      HEARTH_OK);
    }
    at += stored.len[i];
  }
  CU_ASSERT_EQUAL(stored.count, count); /* they are not stored again */
  check_learned(predictor);
  hearth_output_free(&snapshot);
  hearth_predictor_destroy(predictor);
}

/* ---- Many hands ---- */

enum { THREADS = 4, REQUESTS = 150 };

static hearth_status load(void *user, const char *model) {
  (void)user;
  (void)model;
  return HEARTH_OK;
}

static void unload(void *user, const char *model) {
  (void)user;
  (void)model;
}

typedef struct server {
  pthread_t thread;
  hearth_predictor *predictor;
  atomic_uint *served;
  int number;
} server;

static void *serve_many(void *user) {
  static const char *const models[] = {"a", "b", "c", "d"};
  server *self = user;

  for (int i = 0; i < REQUESTS; ++i) {
    hearth_prediction prediction;
    hearth_request request;
    char id[32];

    (void)snprintf(id, sizeof(id), "%d-%d", self->number, i);
    request = scripted_request(id, "chat", "ann");
    if (hearth_predict_and_warm(self->predictor, &request, &prediction) ==
            HEARTH_OK &&
        !prediction.fallback &&
        hearth_predictor_started(self->predictor, id, &request, models[i % 4],
                                 NULL) == HEARTH_OK &&
        hearth_predictor_finished(self->predictor, id, HEARTH_REQUEST_DONE, 0,
                                  1) == HEARTH_OK) {
      atomic_fetch_add(self->served, 1);
    }
  }
  return NULL;
}

static void test_requests_run_meanwhile(void) {
  hearth_predictor_options options;
  hearth_predictor *predictor = NULL;
  server servers[THREADS];
  atomic_uint served = 0;
  hearth_slot_stats stats;
  int swaps = 0;

  scripted_reset();
  scripted_options(&options, "replay", 0);
  options.library = markov();
  options.now_ms = NULL;
  options.monotonic_ns = NULL;
  options.cpu_percent = NULL;
  options.orchestrator = (hearth_orchestrator){.load = load, .unload = unload};
  CU_ASSERT_EQUAL_FATAL(hearth_predictor_create(&options, &predictor, NULL, 0),
                        HEARTH_OK);
  hearth_library_close(options.library);
  scripted_serve(predictor, "first", "ann", "a");
  for (int i = 0; i < THREADS; ++i) {
    servers[i] = (server){.predictor = predictor, .served = &served};
    servers[i].number = i;
    CU_ASSERT_EQUAL_FATAL(
        pthread_create(&servers[i].thread, NULL, serve_many, &servers[i]), 0);
  }
  while (swaps < 20 || atomic_load(&served) < THREADS * REQUESTS / 2) {
    CU_ASSERT_EQUAL(swap_to(predictor, markov(), NULL), HEARTH_OK);
    ++swaps;
  }
  for (int i = 0; i < THREADS; ++i) {
    pthread_join(servers[i].thread, NULL);
  }
  CU_ASSERT_EQUAL(served, THREADS * REQUESTS);
  hearth_slot_get_stats(hearth_predictor_slot(predictor), &stats);
  CU_ASSERT_EQUAL(stats.swaps, (uint64_t)swaps);
  CU_ASSERT_EQUAL(stats.auto_rollbacks, 0);
  printf("# %d swaps under %d requests; the longest wait %.3f ms\n", swaps,
         THREADS * REQUESTS, (double)stats.longest_wait_ns / 1e6);
  hearth_predictor_destroy(predictor);
}

UNIT_MAIN("predictor swap", UNIT(test_cache_and_residents),
          UNIT(test_catalog_of_the_day), UNIT(test_bad_plugin_is_rolled_back),
          UNIT(test_real_plugin_keeps_what_it_learned),
          UNIT(test_restart_from_a_store), UNIT(test_requests_run_meanwhile))
