/* SPDX-License-Identifier: MIT
   Checks with bytes that nobody sends in good faith. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/mutate.h"
#include "host-sdk/validate/page.h"

/* A scene, an instance, and a page to end messages at. */
typedef struct stage {
  validate__scene scene;
  hearth_plugin *plugin;
  validate__page page;
  validate__sink sink;
} stage;

static void begin(validate_job *job, stage *s) {
  validate__open(job);
  s->plugin = validate__create(job);
  validate__scene_make(job, &s->scene, 4, 12, VALIDATE__START_MS);
  validate__play(job, s->plugin, &s->scene, 0, s->scene.count, NULL, NULL);
  validate__page_open(job, &s->page, 1 << 17);
  validate__sink_init(&s->sink);
}

static void finish(validate_job *job, stage *s) {
  validate__doing(job, "a usual life after hostile messages");
  validate__play(job, s->plugin, &s->scene, 0, 1, NULL, NULL);
  job->entry->destroy(s->plugin);
}

static hearth_status give(validate_job *job, stage *s, validate__kind kind,
                          hearth_bytes bytes) {
  validate__sink_reset(&s->sink, UINT64_MAX, HEARTH_LIMIT);
  return validate__give(job, s->plugin, NULL, kind,
                        validate__page_put(job, &s->page, bytes),
                        &s->sink.base);
}

/* The sample of each kind that is truncated and flipped; a whole Config stands
   in config-truncated. */
static hearth_bytes sample(stage *s, validate__kind kind) {
  return validate__step_bytes(&s->scene,
                              validate__scene_next(&s->scene, 0, kind));
}

static void truncated(validate_job *job) {
  stage s;
  begin(job, &s);
  const uint64_t step = validate__times(job, 1, 5);
  for (int k = VALIDATE__CATALOG; k < VALIDATE__KINDS; k++) {
    const validate__kind kind = (validate__kind)k;
    const hearth_bytes whole = sample(&s, kind);
    for (uint64_t len = 0; len < whole.len; len += step) {
      validate__doing(job, "%s with the first %llu of %llu bytes of its message",
                      validate__function(kind), (unsigned long long)len,
                      (unsigned long long)whole.len);
      const hearth_status status =
          give(job, &s, kind, (hearth_bytes){whole.data, len});
      if (status != HEARTH_BAD_PAYLOAD) {
        validate__fail(job, "expected HEARTH_BAD_PAYLOAD of %s for the first "
                            "%llu of %llu bytes, got %s",
                       validate__function(kind), (unsigned long long)len,
                       (unsigned long long)whole.len,
                       validate__status(status));
      }
    }
  }
  finish(job, &s);
}

static void expect_sane(validate_job *job, validate__kind kind,
                        hearth_status status, const char *what) {
  if (!validate__allowed(kind, status)) {
    validate__fail(job, "expected a status of the ABI from %s for %s, got %s",
                   validate__function(kind), what, validate__status(status));
  }
}

static void random_bytes(validate_job *job) {
  enum { LONGEST = 200 };
  stage s;
  uint64_t random = job->seed + 77;
  begin(job, &s);
  const uint32_t times = validate__times(job, 4000, 300);
  for (uint32_t i = 0; i < times * VALIDATE__KINDS; i++) {
    const validate__kind kind = (validate__kind)(i % VALIDATE__KINDS);
    uint8_t bytes[LONGEST];
    const uint64_t len = 1 + validate__random(&random) % LONGEST;
    for (uint64_t b = 0; b < len; b++) {
      bytes[b] = (uint8_t)validate__random(&random);
    }
    if (i % 2) { /* half of them begin as a map does */
      bytes[0] = (uint8_t)(0x80 | (bytes[0] & 0x0f));
    }
    validate__doing(job, "%s with random bytes, number %u of seed %llu",
                    validate__function(kind), i, (unsigned long long)job->seed);
    const hearth_status status =
        give(job, &s, kind, (hearth_bytes){bytes, len});
    expect_sane(job, kind, status, "random bytes");
    if (status != HEARTH_BAD_PAYLOAD && i % 2 == 0 && bytes[0] < 0x80) {
      validate__fail(job, "expected HEARTH_BAD_PAYLOAD of %s for an integer in "
                          "place of a map, got %s",
                     validate__function(kind), validate__status(status));
    }
  }
  finish(job, &s);
}

static void flipped(validate_job *job) {
  stage s;
  begin(job, &s);
  const uint64_t step = validate__times(job, 1, 7);
  for (int k = VALIDATE__CATALOG; k < VALIDATE__KINDS; k++) {
    const validate__kind kind = (validate__kind)k;
    const hearth_bytes whole = sample(&s, kind);
    uint8_t *copy = validate__need(job, malloc((size_t)whole.len));
    for (uint64_t bit = 0; bit < whole.len * 8; bit += step) {
      memcpy(copy, whole.data, (size_t)whole.len);
      copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
      validate__doing(job, "%s with bit %llu of its message flipped",
                      validate__function(kind), (unsigned long long)bit);
      expect_sane(job, kind,
                  give(job, &s, kind, (hearth_bytes){copy, whole.len}),
                  "a flipped bit");
    }
    free(copy);
  }
  finish(job, &s);
}

/* A message that is containers in containers, plain and below a key. */
static void depth(validate_job *job) {
  static const uint32_t depths[] = {17, 100, 10000, 100000};
  stage s;
  begin(job, &s);
  for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
    for (int k = 0; k < 2 * VALIDATE__KINDS; k++) {
      const validate__kind kind = (validate__kind)(k / 2);
      hearth_buffer message = {0}, minimal = {0};
      hearth_buffer_init(&message, 0);
      hearth_buffer_init(&minimal, 0);
      validate__minimal(job, kind, &minimal);
      if (k % 2) {
        validate__unknown_keys(job, hearth_buffer_bytes(&minimal), depths[i],
                               &message);
      } else {
        for (uint32_t d = 0; d < depths[i]; d++) {
          validate__put_byte(job, &message, 0x91);
        }
        validate__put_byte(job, &message, 0xc0);
      }
      validate__doing(job, "%s with a message %u deep",
                      validate__function(kind), depths[i]);
      const hearth_status status =
          give(job, &s, kind, hearth_buffer_bytes(&message));
      if (status != HEARTH_BAD_PAYLOAD) {
        validate__fail(job, "expected HEARTH_BAD_PAYLOAD of %s for containers "
                            "%u deep, got %s",
                       validate__function(kind), depths[i],
                       validate__status(status));
      }
      hearth_buffer_free(&message);
      hearth_buffer_free(&minimal);
    }
  }
  finish(job, &s);
}

/* A length of 2^32 - 1 where a message, or a known key's value, stands. */
static void lengths(validate_job *job) {
  static const uint8_t kinds_of[] = {0xdd, 0xdf, 0xdb, 0xc6, 0xc9};
  static const char *const keys[VALIDATE__KINDS] = {"models", "models", "user",
                                                    "model", "task"};
  stage s;
  begin(job, &s);
  const uint64_t before = hearth_host_memory_peak(job->host);
  for (int k = 0; k < VALIDATE__KINDS * (int)sizeof kinds_of * 2; k++) {
    const validate__kind kind = (validate__kind)(k / 2 % VALIDATE__KINDS);
    const uint8_t head = kinds_of[k / 2 / VALIDATE__KINDS];
    static const uint8_t most[] = {0xff, 0xff, 0xff, 0xff, 1, 2};
    hearth_buffer message = {0};
    hearth_buffer_init(&message, 0);
    if (k % 2) {
      validate__put_byte(job, &message, 0x81);
      validate__put_str(job, &message, keys[kind]);
    }
    validate__put_byte(job, &message, head);
    validate__put(job, &message, most, sizeof most);
    validate__doing(job, "%s with a length of 2^32 - 1 of the type 0x%02x",
                    validate__function(kind), head);
    const hearth_status status =
        give(job, &s, kind, hearth_buffer_bytes(&message));
    if (status != HEARTH_BAD_PAYLOAD) {
      validate__fail(job, "expected HEARTH_BAD_PAYLOAD of %s for a length of "
                          "2^32 - 1, got %s",
                     validate__function(kind), validate__status(status));
    }
    hearth_buffer_free(&message);
  }
  if (hearth_host_memory_peak(job->host) > before + (64u << 20)) {
    validate__fail(job, "expected no memory to be taken on trust of a length, "
                        "got a peak of %llu bytes",
                   (unsigned long long)hearth_host_memory_peak(job->host));
  }
  finish(job, &s);
}

static const validate_check checks[] = {
    {"hostile-truncated", "a message cut at any byte is refused, not overread",
     "docs/wire-format.md, Error sentences", truncated},
    {"hostile-random", "random bytes do no harm",
     "plugin.h: every function checks what it is given", random_bytes},
    {"hostile-flipped", "a flipped bit does no harm",
     "plugin.h: every function checks what it is given", flipped},
    {"hostile-depth", "containers 17 to 100,000 deep are refused",
     "docs/wire-format.md, Bounds", depth},
    {"hostile-lengths", "a length that can't be true is refused",
     "docs/wire-format.md, Bounds", lengths}};

VALIDATE__THEME(validate__hostile, checks);
