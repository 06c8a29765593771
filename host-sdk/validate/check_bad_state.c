/* SPDX-License-Identifier: MIT
   Checks of state that is wrong: cut, flipped, random, foreign. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/checks.h"

/* Large states take their time: a sample of them is enough. */
#define ENOUGH_NS UINT64_C(4000000000)

/* A state of some learning, and an instance with other learning, whose own
   state must survive every refusal. */
typedef struct pair {
  validate__scene scene;
  hearth_buffer state, own, now;
  hearth_plugin *plugin;
} pair;

static void begin(validate_job *job, pair *p, uint32_t requests) {
  validate__open(job);
  validate__needs(job, HEARTH_CAP_STATE);
  hearth_buffer_init(&p->state, 0);
  hearth_buffer_init(&p->own, 0);
  hearth_buffer_init(&p->now, 0);
  validate__scene_make(job, &p->scene, 6, requests, VALIDATE__START_MS);
  hearth_plugin *teacher = validate__create(job);
  validate__play(job, teacher, &p->scene, 0, p->scene.count, NULL, NULL);
  validate__save(job, teacher, &p->state);
  job->entry->destroy(teacher);
  p->plugin = validate__create(job);
  validate__play(job, p->plugin, &p->scene, 0, p->scene.count / 2, NULL, NULL);
  validate__save(job, p->plugin, &p->own);
}

static void unchanged(validate_job *job, pair *p, const char *what) {
  p->now.len = 0;
  validate__save(job, p->plugin, &p->now);
  validate__same(job, &p->own, &p->now, what);
}

/* Load bytes; a refusal leaves the instance as it was.  What was taken is lived
   with no longer: a new instance gets the old state. */
static hearth_status try(validate_job *job, pair *p, hearth_bytes bytes,
                         const char *what) {
  const hearth_status status = validate__load(job, p->plugin, bytes);
  if (status == HEARTH_OK) {
    job->entry->destroy(p->plugin);
    p->plugin = validate__create(job);
    if (validate__load(job, p->plugin, hearth_buffer_bytes(&p->own)) !=
        HEARTH_OK) {
      validate__fail(job, "expected its own state to be taken after %s, got a "
                          "refusal",
                     what);
    }
    return status;
  }
  if (status < HEARTH_INTERNAL || status > HEARTH_BAD_ARG) {
    validate__fail(job, "expected a failure of the ABI for %s, got %s", what,
                   validate__status(status));
  }
  return status;
}

static int is_refusal(hearth_status status) {
  return status == HEARTH_BAD_PAYLOAD || status == HEARTH_STATE_VERSION;
}

static void expect_refusal(validate_job *job, hearth_status status,
                           const char *what) {
  if (!is_refusal(status)) {
    validate__fail(job, "expected HEARTH_BAD_PAYLOAD or HEARTH_STATE_VERSION "
                        "for %s, got %s",
                   what, validate__status(status));
  }
}

static void truncated(validate_job *job) {
  pair p;
  begin(job, &p, 30);
  const uint64_t most = validate__times(job, 3000, 150);
  const uint64_t step = p.state.len > most ? p.state.len / most : 1;
  const uint64_t until = hearth_monotonic_ns() + ENOUGH_NS;
  for (uint64_t len = 0;
       len < p.state.len && hearth_monotonic_ns() < until; len += step) {
    /* The bytes lie in a block of their own, so that overreading shows. */
    uint8_t *copy = validate__need(job, malloc((size_t)len + 1));
    memcpy(copy, p.state.data, (size_t)len);
    validate__doing(job, "load_state of the first %llu of %llu bytes",
                    (unsigned long long)len, (unsigned long long)p.state.len);
    expect_refusal(job, try(job, &p, (hearth_bytes){copy, len}, "a cut state"),
                   "a state that ends too early");
    free(copy);
  }
  unchanged(job, &p, "a refused state to change nothing");
}

static void random_bytes(validate_job *job) {
  pair p;
  uint8_t bytes[600];
  uint64_t random = job->seed + 5;
  begin(job, &p, 12);
  const uint32_t times = validate__times(job, 3000, 200);
  for (uint32_t i = 0; i < times; i++) {
    const uint64_t len = 1 + validate__random(&random) % sizeof bytes;
    for (uint64_t b = 0; b < len; b++) {
      bytes[b] = (uint8_t)validate__random(&random);
    }
    validate__doing(job, "load_state of random bytes, number %u of seed %llu",
                    i, (unsigned long long)job->seed);
    expect_refusal(job, try(job, &p, (hearth_bytes){bytes, len}, "randomness"),
                   "random bytes");
  }
  unchanged(job, &p, "a refused state to change nothing");
}

/* A flipped bit that is noticed is refused; one that is not must leave an
   instance that can work. */
static void flipped(validate_job *job) {
  pair p;
  begin(job, &p, 20);
  const uint64_t most = validate__times(job, 1500, 100);
  const uint64_t bits = p.state.len * 8;
  const uint64_t step = bits > most ? (bits / most) | 1 : 1;
  uint8_t *copy = validate__need(job, malloc((size_t)p.state.len));
  const uint64_t until = hearth_monotonic_ns() + ENOUGH_NS;
  for (uint64_t bit = 0; bit < bits && hearth_monotonic_ns() < until;
       bit += step) {
    memcpy(copy, p.state.data, (size_t)p.state.len);
    copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    hearth_plugin *plugin = validate__create(job);
    validate__doing(job, "load_state with bit %llu flipped",
                    (unsigned long long)bit);
    const hearth_status status =
        validate__load(job, plugin, (hearth_bytes){copy, p.state.len});
    if (status != HEARTH_OK && !is_refusal(status) && status != HEARTH_LIMIT) {
      validate__fail(job, "expected a flipped bit to be refused or to do no "
                          "harm, got %s",
                     validate__status(status));
    }
    validate__doing(job, "calls after load_state with bit %llu flipped",
                    (unsigned long long)bit);
    validate__play(job, plugin, &p.scene, 0, 12, NULL, NULL);
    p.now.len = 0;
    validate__save(job, plugin, &p.now);
    job->entry->destroy(plugin);
  }
  free(copy);
}

/* What is at the head says whose state it is, and of which version: some
   change there has to be told from mere damage. */
static void foreign(validate_job *job) {
  static const char other[] = "{\"plugin\":\"org.example.other\",\"version\":"
                              "99,\"state\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0]}";
  pair p;
  begin(job, &p, 12);
  validate__doing(job, "load_state of another plugin's state");
  hearth_status status =
      try(job, &p, (hearth_bytes){(const uint8_t *)other, sizeof other - 1},
          "another plugin's state");
  expect_refusal(job, status, "another plugin's state");
  int told = status == HEARTH_STATE_VERSION;
  for (uint64_t at = 0; at < 64 && at < p.state.len; at++) {
    p.state.data[at] ^= 0x20;
    validate__doing(job, "load_state with another byte %llu in its head",
                    (unsigned long long)at);
    status = try(job, &p, hearth_buffer_bytes(&p.state), "another head");
    p.state.data[at] ^= 0x20;
    told |= status == HEARTH_STATE_VERSION;
  }
  unchanged(job, &p, "a refused state to change nothing");
  if (!told) {
    validate__warn(job, "expected HEARTH_STATE_VERSION for foreign or newer "
                        "state, got it for no change of the first 64 bytes");
  }
}

static void source_fails(validate_job *job) {
  static const hearth_status failures[] = {HEARTH_NO_MEMORY, HEARTH_INTERNAL};
  pair p;
  begin(job, &p, 20);
  const uint64_t most = validate__times(job, 500, 60);
  const uint64_t step = p.state.len > most ? p.state.len / most : 1;
  for (uint64_t at = 0; at < p.state.len; at += step) {
    validate__source source;
    validate__source_init(&source, hearth_buffer_bytes(&p.state));
    source.fail_at = at;
    source.failure = failures[at / step % 2];
    validate__doing(job, "load_state of a source that fails after %llu bytes",
                    (unsigned long long)at);
    const hearth_status status =
        job->entry->load_state(p.plugin, NULL, &source.base);
    if (status != source.failure) {
      validate__fail(job, "expected load_state to return the source's %s, got "
                          "%s",
                     validate__status(source.failure),
                     validate__status(status));
    }
  }
  unchanged(job, &p, "a load that failed to change nothing");
}

static const validate_check checks[] = {
    {"state-truncated", "a state cut at any byte is refused",
     "plugin.h, hearth_plugin_entry.load_state", truncated},
    {"state-random", "random bytes are no state",
     "plugin.h, hearth_plugin_entry.load_state", random_bytes},
    {"state-flipped", "a flipped bit is refused or harmless",
     "plugin.h, hearth_plugin_entry.load_state", flipped},
    {"state-foreign", "foreign and newer state gets STATE_VERSION",
     "plugin.h, HEARTH_STATE_VERSION", foreign},
    {"state-source-fails", "a source's failure is returned, and changes "
                           "nothing",
     "plugin.h, hearth_source.read", source_fails}};

VALIDATE__THEME(validate__bad_state, checks);
