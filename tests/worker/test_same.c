/* SPDX-License-Identifier: MIT
   The same bytes in process and in a worker. */
#include <string.h>

#include "tests/unit.h"
#include "tests/worker/scene.h"

enum { CALLS = 120 };

typedef struct both {
  hearth_instance *here, *there;
  hearth_output in, one, other;
} both;

typedef hearth_status answer_function(hearth_instance *, const hearth_call *,
                                      hearth_bytes, hearth_output *);

/* One call of each: status, message and bytes. */
static void ask(both *pair, answer_function *function) {
  char said[2][256] = {"", ""};
  hearth_call calls[2] = {
      {sizeof(hearth_call), 0, 1, 0, said[0], sizeof(said[0])},
      {sizeof(hearth_call), 0, 1, 0, said[1], sizeof(said[1])}};
  hearth_bytes in = scene_bytes(&pair->in);
  hearth_status one = function(pair->here, &calls[0], in, &pair->one);
  hearth_status other = function(pair->there, &calls[1], in, &pair->other);

  CU_ASSERT_EQUAL(one, other);
  CU_ASSERT_STRING_EQUAL(said[0], said[1]);
  CU_ASSERT_EQUAL(pair->one.len, pair->other.len);
  CU_ASSERT(!pair->one.len || pair->one.len != pair->other.len ||
            memcmp(pair->one.data, pair->other.data, pair->one.len) == 0);
}

static void tell(both *pair, uint32_t number) {
  scene_outcome(number, &pair->in);
  CU_ASSERT_EQUAL(
      hearth_instance_record_outcome(pair->here, NULL, scene_bytes(&pair->in)),
      hearth_instance_record_outcome(pair->there, NULL,
                                     scene_bytes(&pair->in)));
}

static void metrics(both *pair) {
  for (uint32_t i = 0;; ++i) {
    hearth_metric one = {0}, other = {0};
    hearth_status status = hearth_instance_metric(pair->here, i, &one);

    CU_ASSERT_EQUAL(hearth_instance_metric(pair->there, i, &other), status);
    if (status != HEARTH_OK) {
      break;
    }
    CU_ASSERT_STRING_EQUAL(one.name, other.name ? other.name : "");
    CU_ASSERT_EQUAL(one.kind, other.kind);
  }
}

static hearth_status save(hearth_instance *instance, const hearth_call *call,
                          hearth_bytes none, hearth_output *out) {
  (void)none;
  return hearth_instance_save_state(instance, call, out);
}

static void state(both *pair) {
  pair->in.len = 0;
  ask(pair, save);
  if (pair->one.len) {
    CU_ASSERT_EQUAL(
        hearth_instance_load_state(pair->there, NULL, scene_bytes(&pair->one)),
        HEARTH_OK);
    ask(pair, save);
  }
  CU_ASSERT_EQUAL(
      hearth_instance_load_state(pair->here, NULL, (hearth_bytes){NULL, 0}),
      hearth_instance_load_state(pair->there, NULL, (hearth_bytes){NULL, 0}));
}

static void same(const char *path) {
  hearth_library *library = NULL;
  both pair = {0};

  CU_ASSERT_EQUAL_FATAL(
      hearth_library_open(unit_build(path), NULL, &library, NULL, 0),
      HEARTH_OK);
  pair.here = scene_instance(library);
  pair.there = scene_worker_instance(path, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(pair.here);
  CU_ASSERT_PTR_NOT_NULL_FATAL(pair.there);
  CU_ASSERT_STRING_EQUAL(hearth_instance_entry(pair.here)->id,
                         hearth_instance_entry(pair.there)->id);
  CU_ASSERT_STRING_EQUAL(hearth_instance_entry(pair.here)->version,
                         hearth_instance_entry(pair.there)->version);
  for (uint32_t i = 0; i < CALLS; ++i) {
    tell(&pair, i);
    scene_context(i / 3, &pair.in);
    ask(&pair, hearth_instance_prepare_models);
    ask(&pair, hearth_instance_predict);
    ask(&pair, hearth_instance_explain);
    scene_query(i, &pair.in);
    ask(&pair, hearth_instance_get_model_metadata);
    pair.in.len /= 2; /* cut off: both refuse it with the same sentence */
    ask(&pair, hearth_instance_get_model_metadata);
  }
  scene_catalog(&pair.in, 50);
  CU_ASSERT_EQUAL(
      hearth_instance_set_catalog(pair.here, NULL, scene_bytes(&pair.in)),
      hearth_instance_set_catalog(pair.there, NULL, scene_bytes(&pair.in)));
  scene_context(CALLS, &pair.in);
  ask(&pair, hearth_instance_prepare_models);
  metrics(&pair);
  state(&pair);
  hearth_instance_destroy(pair.here);
  hearth_instance_destroy(pair.there);
  hearth_output_free(&pair.in);
  hearth_output_free(&pair.one);
  hearth_output_free(&pair.other);
}

static void test_references(void) {
  static const char *const paths[] = {
      "plugin/reference/.libs/hearth-breakeven.so",
      "plugin/reference/.libs/hearth-echo.so",
      "plugin/reference/.libs/hearth-exponential.so",
      "plugin/reference/.libs/hearth-gdsf-forgetful.so",
      "plugin/reference/.libs/hearth-gdsf.so",
      "plugin/reference/.libs/hearth-hazard.so",
      "plugin/reference/.libs/hearth-hybrid-histogram.so",
      "plugin/reference/.libs/hearth-lfu.so",
      "plugin/reference/.libs/hearth-lru.so",
      "plugin/reference/.libs/hearth-markov.so",
      "plugin/reference/.libs/hearth-ttl.so"};

  for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); ++i) {
    same(paths[i]);
  }
}

static void test_foresight(void) {
  same("plugin/foresight/.libs/hearth-foresight.so");
}

UNIT_MAIN("the same in a worker", UNIT(test_references), UNIT(test_foresight))
