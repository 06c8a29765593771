/* SPDX-License-Identifier: MIT */
#include "host-sdk/predictor/cache.h"
#include "tests/host/plugins.h"
#include "tests/unit.h"

static hearth__cache_key key_of(const char *task, const char *user,
                                const char *project, int64_t length,
                                uint64_t residents) {
  hearth_request request;

  hearth_request_init(&request);
  request.task = task;
  request.user.id = user;
  request.project.id = project;
  request.input_length = length;
  return hearth__cache_key_of(&request, 7, residents);
}

static int has(hearth__cache *cache, const hearth__cache_key *key) {
  return hearth__cache_get(cache, key, 0).len != 0;
}

/* Lengths are the same within a power of two; all else must be equal. */
static void test_what_a_key_tells_apart(void) {
  hearth__cache *cache = hearth__cache_new(4, 1000);
  hearth__cache_key key = key_of("chat", "u", "p", 100, 1);
  hearth__cache_key others[] = {
      key_of("edit", "u", "p", 100, 1), key_of("chat", "v", "p", 100, 1),
      key_of("chat", "u", "q", 100, 1), key_of("chat", "u", "p", 128, 1),
      key_of("chat", "u", "p", 100, 2), key_of("chat", "u", NULL, 100, 1),
      key_of("chat", "u", "p", -1, 1),  key_of(NULL, "u", "p", 100, 1)};
  hearth__cache_key alike = key_of("chat", "u", "p", 64, 1);

  CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
  hearth__cache_put(cache, &key, bytes_of("plan"), 0);
  CU_ASSERT(has(cache, &key));
  CU_ASSERT(has(cache, &alike));
  for (size_t i = 0; i < sizeof(others) / sizeof(*others); ++i) {
    CU_ASSERT(!has(cache, &others[i]));
  }
  hearth__cache_clear(cache);
  CU_ASSERT(!has(cache, &key));
  hearth__cache_free(cache);
  hearth__cache_free(NULL);
}

static void test_what_an_outcome_drops(void) {
  hearth__cache *cache = hearth__cache_new(8, 1000);
  hearth__cache_key ann = key_of("chat", "ann", "p", 1, 1);
  hearth__cache_key bob = key_of("chat", "bob", "p", 1, 1);
  hearth__cache_key cid = key_of("chat", "cid", NULL, 1, 1);
  hearth__cache_key chat = key_of("chat", NULL, NULL, 1, 1);
  hearth__cache_key edit = key_of("edit", NULL, NULL, 1, 1);
  hearth__cache_key *all[] = {&ann, &bob, &cid, &chat, &edit};

  CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
  for (int i = 0; i < 5; ++i) {
    hearth__cache_put(cache, all[i], bytes_of("plan"), 0);
  }
  hearth__cache_drop(cache, &ann);
  CU_ASSERT(!has(cache, &ann));
  CU_ASSERT(!has(cache, &bob)); /* the same project */
  CU_ASSERT(has(cache, &cid));
  CU_ASSERT(!has(cache, &chat)); /* nobody's, for the same task */
  CU_ASSERT(has(cache, &edit));
  hearth__cache_free(cache);
}

static void test_a_clock_set_back(void) {
  hearth__cache *cache = hearth__cache_new(1, 1000);
  hearth__cache_key key = key_of("chat", "u", "p", 1, 1);

  CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
  hearth__cache_put(cache, &key, bytes_of("plan"), 5000);
  CU_ASSERT_EQUAL(hearth__cache_get(cache, &key, 5999).len, 4);
  CU_ASSERT_EQUAL(hearth__cache_get(cache, &key, 4999).len, 0);
  CU_ASSERT_EQUAL(hearth__cache_get(cache, &key, 5000).len, 0);
  hearth__cache_put(cache, &key, bytes_of(""), 5000);
  CU_ASSERT_EQUAL(hearth__cache_get(cache, &key, 5000).len, 0);
  hearth__cache_free(cache);
}

/* An asker is known by user and project; who names neither, by the task. */
static void test_what_came_before(void) {
  hearth__cache *cache = hearth__cache_new(1, 1000);
  hearth__cache_key ann = key_of("chat", "ann", "p", 1, 1);
  hearth__cache_key other = key_of("chat", "ann", "q", 1, 1);
  hearth__cache_key chat = key_of("chat", NULL, NULL, 1, 1);
  uint64_t first;

  CU_ASSERT_PTR_NOT_NULL_FATAL(cache);
  CU_ASSERT_EQUAL(hearth__cache_before(cache, &ann), 0);
  hearth__cache_started(cache, &ann, 0);
  first = hearth__cache_before(cache, &ann);
  CU_ASSERT(first != 0);
  CU_ASSERT_EQUAL(hearth__cache_before(cache, &other), 0);
  CU_ASSERT_EQUAL(hearth__cache_before(cache, &chat), 0);
  hearth__cache_started(cache, &ann, 1);
  CU_ASSERT(hearth__cache_before(cache, &ann) != first);
  hearth__cache_started(cache, &ann, 0);
  first = hearth__cache_before(cache, &ann);
  hearth__cache_started(cache, &ann, 1);
  hearth__cache_started(cache, &ann, 0);
  CU_ASSERT_EQUAL(hearth__cache_before(cache, &ann), first);
  hearth__cache_free(cache);
}

UNIT_MAIN("predictor cache", UNIT(test_what_a_key_tells_apart),
          UNIT(test_what_an_outcome_drops),
          UNIT(test_what_came_before), UNIT(test_a_clock_set_back))
