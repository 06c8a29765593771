/* SPDX-License-Identifier: MIT
   Foresight's state as strangers would write it: refused, with the instance as
   it was, or else such that any call may follow. */
#include <stdlib.h>
#include <string.h>

#include "plugin/foresight/usage.h"
#include "plugin/sdk/state.h"
#include "tests/foresight/course.h"
#include "tests/sdk/mend.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

static const course budget = {.budget_mb = 8192, .idle_price = -1, .users = 1};
static const course price = {.budget_mb = -1, .idle_price = 100, .users = 1};

static uint64_t next_random(uint64_t *x) {
  *x ^= *x << 13;
  *x ^= *x >> 7;
  *x ^= *x << 17;
  return *x;
}

/* An instance with all heads at work, and its state. */
static hearth_plugin *begin(hearth_buffer *state) {
  hearth_plugin *plugin = course_create(NULL, NULL, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
  course_run(&budget, plugin, 0, 60, NULL);
  course_run(&price, plugin, 60, 120, NULL);
  CU_ASSERT_EQUAL_FATAL(course_save(plugin, state), HEARTH_OK);
  return plugin;
}

/* The state is the same that it was. */
static void is_as_before(hearth_plugin *plugin, const hearth_buffer *state) {
  hearth_buffer now;
  CU_ASSERT_EQUAL(course_save(plugin, &now), HEARTH_OK);
  CU_ASSERT_EQUAL(now.len, state->len);
  CU_ASSERT_EQUAL(memcmp(now.data, state->data, (size_t)state->len), 0);
  hearth_buffer_free(&now);
}

static void end(hearth_plugin *plugin, hearth_buffer *state) {
  foresight_entry.destroy(plugin);
  hearth_buffer_free(state);
}

typedef struct cutter {
  hearth_plugin *plugin;
  const hearth_buffer *state;
} cutter;

static void cut_at(const cutter *c, uint64_t len) {
  char err[256];
  if (len >= c->state->len) {
    return;
  }
  /* On the heap, so that reading on is seen. */
  uint8_t *bytes = malloc((size_t)len + 1);
  CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
  memcpy(bytes, c->state->data, (size_t)len);
  CU_ASSERT_EQUAL(course_load(c->plugin, (hearth_bytes){bytes, len}, 0, err),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "state: "));
  free(bytes);
}

static void cut_around(void *user, size_t at) {
  for (size_t k = at < 2 ? 0 : at - 2; k < at + 18; k++) {
    cut_at(user, k);
  }
}

/* Cut off at every section's ends, in the header, and at places between. */
static void test_truncated(void) {
  hearth_buffer state;
  const cutter c = {begin(&state), &state};
  cutter copy = c;
  cut_around(&copy, 0);
  cut_around(&copy, 20);
  cut_around(&copy, 40);
  mend_walk(state.data, (size_t)state.len, 0, cut_around, &copy);
  for (uint64_t len = 0; len < state.len; len += state.len / 97) {
    cut_at(&c, len);
  }
  is_as_before(c.plugin, &state);
  end(c.plugin, &state);
}

/* One bit is enough, wherever it is. */
static void test_torn(void) {
  hearth_buffer state;
  hearth_plugin *plugin = begin(&state);
  uint64_t random = 88172645463325252u;
  for (int i = 0; i < 400; i++) {
    const uint64_t at = i < 60 ? (uint64_t)i : next_random(&random) % state.len;
    const uint8_t bit = (uint8_t)(1u << (next_random(&random) & 7));
    state.data[at] ^= bit;
    const hearth_status status =
        course_load(plugin, hearth_buffer_bytes(&state), 0, NULL);
    CU_ASSERT(status == HEARTH_BAD_PAYLOAD || status == HEARTH_STATE_VERSION);
    state.data[at] ^= bit;
  }
  is_as_before(plugin, &state);
  end(plugin, &state);
}

static void test_other_bytes(void) {
  hearth_buffer state;
  char err[256];
  hearth_plugin *plugin = begin(&state);
  uint64_t random = 1234567;
  uint8_t bytes[4096];
  for (int i = 0; i < 100; i++) {
    for (size_t k = 0; k < sizeof bytes; k++) {
      bytes[k] = (uint8_t)next_random(&random);
    }
    const uint64_t len = next_random(&random) % sizeof bytes;
    CU_ASSERT(course_load(plugin, (hearth_bytes){bytes, len}, 0, NULL) < 0);
  }
  CU_ASSERT_EQUAL(course_load(plugin, (hearth_bytes){NULL, 0}, 0, err),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err, "state: section 'header': it ends early");
  memset(bytes, 'x', sizeof bytes);
  CU_ASSERT_EQUAL(course_load(plugin, (hearth_bytes){bytes, 99}, 0, err),
                  HEARTH_STATE_VERSION);
  is_as_before(plugin, &state);
  end(plugin, &state);
}

/* A state may say that all loads that can be counted were measured: one more
   does not make them none.  (Found by fuzz_state.) */
static void test_counts_stay_full(void) {
  foresight_usage usage = {.measured = UINT32_MAX};
  foresight_usage_load(&usage, 5000);
  CU_ASSERT_EQUAL(usage.measured, UINT32_MAX);
  usage.measured = 7;
  foresight_usage_load(&usage, 5000);
  CU_ASSERT_EQUAL(usage.measured, 8);
}

/* A newer version's, an older one's, another plugin's, and one with something
   after its end. */
static void test_foreign(void) {
  hearth_buffer state;
  char err[256];
  hearth_plugin *plugin = begin(&state);
  const uint8_t version = (uint8_t)state.data[8]; /* of the format */
  state.data[8] = (uint8_t)(version + 1);
  mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
  CU_ASSERT_EQUAL(course_load(plugin, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_STATE_VERSION);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "newer version"));
  state.data[8] = 1;
  mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
  CU_ASSERT_EQUAL(course_load(plugin, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_STATE_VERSION);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "older version"));
  state.data[8] = version;
  state.data[20] ^= 1; /* in the plugin's id */
  mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
  CU_ASSERT_EQUAL(course_load(plugin, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_STATE_VERSION);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "another plugin"));
  state.data[20] ^= 1;
  mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
  is_as_before(plugin, &state);
  CU_ASSERT_EQUAL(state.sink.write(&state.sink, "", 1), HEARTH_OK);
  CU_ASSERT_EQUAL(course_load(plugin, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err, "state: there are bytes after its end");
  end(plugin, &state);
}

/* The message says where: here a model's memory is made negative. */
static void test_names_the_field(void) {
  hearth_buffer state;
  char err[256];
  hearth_plugin *plugin = begin(&state);
  const uint8_t mb_1024[8] = {0, 0, 0, 0, 0, 0, 0x90, 0x40};
  uint64_t at = 0;
  while (memcmp(state.data + at, mb_1024, 8) != 0) {
    at++;
  }
  state.data[at + 7] = 0xc0;
  mend_walk(state.data, (size_t)state.len, 1, NULL, NULL);
  CU_ASSERT_EQUAL(course_load(plugin, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(
      err, "state: section 'models': field 'memory_mb': out of range");
  end(plugin, &state);
}

/* Changed anywhere, with checksums that agree: refused, or lived with. */
static void change(const hearth_buffer *state, uint64_t *random, int *taken) {
  hearth_plugin *plugin = course_create(NULL, NULL, COURSE_MODELS);
  uint8_t *bytes = malloc((size_t)state->len);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
  CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
  memcpy(bytes, state->data, (size_t)state->len);
  for (uint64_t n = 1 + next_random(random) % 3; n > 0; n--) {
    const uint64_t at = 60 + next_random(random) % (state->len - 60);
    const uint64_t how = next_random(random);
    bytes[at] = (uint8_t)(how & 1   ? bytes[at] ^ (1u << (how >> 8 & 7))
                          : how & 2 ? 0xff
                                    : how >> 16);
  }
  mend_walk(bytes, (size_t)state->len, 1, NULL, NULL);
  if (course_load(plugin, (hearth_bytes){bytes, state->len}, 0, NULL) ==
      HEARTH_OK) {
    ++*taken;
    course_run(&budget, plugin, 120, 170, NULL);
    course_run(&price, plugin, 170, 220, NULL);
  }
  free(bytes);
  foresight_entry.destroy(plugin);
}

static void test_changed(void) {
  const int times = getenv("HEARTH_LONG") ? 3000 : 60;
  hearth_buffer state;
  hearth_plugin *plugin = begin(&state);
  uint64_t random = 362436069;
  int taken = 0;
  for (int i = 0; i < times; i++) {
    change(&state, &random, &taken);
  }
  CU_ASSERT(taken > 0);
  CU_ASSERT(taken < times);
  end(plugin, &state);
}

/* At every allocation of a load and a save: no memory, and nothing changed. */
static void test_failing_memory(void) {
  support_host host;
  hearth_buffer state, again;
  hearth_plugin *from = begin(&state);
  support_host_init(&host, 0);
  hearth_plugin *to = course_create(&host.host, NULL, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(to);
  course_run(&budget, to, 0, 30, NULL);
  hearth_buffer before;
  CU_ASSERT_EQUAL(course_save(to, &before), HEARTH_OK);
  const uint64_t held = host.used;
  hearth_status status = HEARTH_NO_MEMORY;
  uint64_t tries = 0;
  for (; status != HEARTH_OK && tries < 1000; tries++) {
    host.fail_at = host.calls + 1 + tries;
    status = course_load(to, hearth_buffer_bytes(&state), 0, NULL);
    host.fail_at = 0;
    if (status != HEARTH_OK) {
      CU_ASSERT_EQUAL(status, HEARTH_NO_MEMORY);
      CU_ASSERT_EQUAL(host.used, held);
      is_as_before(to, &before);
    }
  }
  CU_ASSERT_EQUAL(status, HEARTH_OK);
  CU_ASSERT(tries > 20);
  is_as_before(to, &state);
  status = HEARTH_NO_MEMORY;
  for (tries = 0; status != HEARTH_OK && tries < 100; tries++) {
    host.fail_at = host.calls + 1 + tries;
    status = course_save(to, &again);
    host.fail_at = 0;
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    hearth_buffer_free(&again);
  }
  CU_ASSERT(tries > 1);
  is_as_before(to, &state);
  foresight_entry.destroy(to);
  CU_ASSERT_EQUAL(host.blocks, 0);
  hearth_buffer_free(&before);
  end(from, &state);
}

/* More models than the settings have room for, whatever they are. */
static void test_too_many_models(void) {
  hearth_config config;
  hearth_state s;
  hearth_buffer state;
  char err[256];
  uint32_t count = 2000;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_message_init(&hearth_config_schema, &config);
  config.max_memory_mb = 12;
  hearth_plugin *plugin = course_create(NULL, &config, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
  hearth_buffer_init(&state, 0);
  hearth_state_save(&s, &memory, NULL, &state.sink, foresight_entry.id, 2, 0,
                    0);
  hearth_state_section(&s, "models");
  (void)hearth_state_count(&s, "count", &count, UINT32_MAX);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  CU_ASSERT_EQUAL(course_load(plugin, hearth_buffer_bytes(&state), 0, err),
                  HEARTH_LIMIT);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "max_memory_mb"));
  course_run(&budget, plugin, 0, 10, NULL);
  end(plugin, &state);
}

UNIT_MAIN("foresight hostile state", UNIT(test_truncated), UNIT(test_torn),
          UNIT(test_other_bytes), UNIT(test_counts_stay_full),
          UNIT(test_foreign), UNIT(test_names_the_field), UNIT(test_changed),
          UNIT(test_failing_memory), UNIT(test_too_many_models))
