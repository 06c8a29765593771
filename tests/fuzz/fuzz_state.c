/* SPDX-License-Identifier: MIT
   A libFuzzer target: any bytes as a state of Foresight, with checksums that
   agree; and real states with fields at the ends of their ranges.  What was
   taken is lived with, and saved as it was loaded.  Built by `make fuzz`, with
   clang. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/foresight/course.h"
#include "tests/fuzz/twist.h"
#include "tests/sdk/mend.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned int seed);

/* Mostly a field or two is changed in its place, to what is at the edge of
   something; else whatever libFuzzer does, which seldom leaves a state whole.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
                               unsigned int seed) {
  static const uint64_t edges[] = {0,
                                   1,
                                   2,
                                   0x7f,
                                   0xff,
                                   0xffff,
                                   0x7fffffff,
                                   0xffffffff,
                                   0x3f800000,
                                   0xbf800000,
                                   0x7f800000,
                                   0x7fc00000,
                                   0x7149f2ca, /* 1, -1, inf, nan, 1e30 */
                                   0x3ff0000000000000,
                                   0x7ff0000000000000,
                                   0x46293e5939a08cea,
                                   0x7fffffffffffffff,
                                   0x8000000000000000,
                                   0x0020000000000000,
                                   0xffe0000000000000};
  const size_t count = sizeof edges / sizeof *edges;
  uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;
  if (seed % 4 == 0 && max_size >= 8) {
    memcpy(data, &x, sizeof x);
    return sizeof x;
  }
  if (seed % 4 == 1 || size < 70) {
    return LLVMFuzzerMutate(data, size, max_size);
  }
  for (unsigned n = 0; n <= seed / 4 % 3; n++) {
    x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
    const size_t at = 60 + (size_t)(x >> 8) % (size - 68);
    const size_t len = (size_t)1 << (x >> 60 & 3);
    uint64_t value = edges[(x >> 40 & 0xffff) % count];
    value = x >> 58 & 1 ? x : value;
    for (size_t i = 0; i < len; i++) {
      data[at + i] = (uint8_t)(value >> (8 * i));
    }
  }
  return size;
}

/* Whatever does not hold ends the program. */
static void must(int holds) {
  if (!holds) {
    abort();
  }
}

static hearth_plugin *create(void) {
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.max_memory_mb = 12; /* few users, so that it is quick */
  hearth_plugin *plugin = course_create(NULL, &config, 4);
  must(plugin != NULL);
  return plugin;
}

/* A state that was loaded and saved again is one that loads, and is saved the
   same. */
static void there_and_back(hearth_plugin *plugin) {
  hearth_plugin *other = create();
  hearth_buffer first, second;
  char err[256] = "";
  must(course_save(plugin, &first) == HEARTH_OK);
  if (course_load(other, hearth_buffer_bytes(&first), 0, err) != HEARTH_OK) {
    fputs(err, stderr);
    abort();
  }
  must(course_save(other, &second) == HEARTH_OK);
  must(first.len == second.len &&
       memcmp(first.data, second.data, (size_t)first.len) == 0);
  hearth_buffer_free(&first);
  hearth_buffer_free(&second);
  foresight_entry.destroy(other);
}

static const course budget = {.budget_mb = 8192, .idle_price = -1, .users = 1};
static const course price = {.budget_mb = -1, .idle_price = 100, .users = 1};

/* One of so many fields is twisted; 0: none. */
static uint64_t twists, twist_random;

unsigned fuzz_twist(void) {
  if (twists == 0) {
    return 0;
  }
  twist_random ^= twist_random << 13;
  twist_random ^= twist_random >> 7;
  twist_random ^= twist_random << 17;
  return twist_random % twists == 0 ? (unsigned)(twist_random >> 40) & 3 : 0;
}

static void live_on(hearth_plugin *plugin) {
  there_and_back(plugin);
  course_run(&budget, plugin, 100, 134, NULL);
  course_run(&price, plugin, 134, 168, NULL);
  there_and_back(plugin);
}

/* A state that is sound but for some fields, which are at the ends of their
   ranges. */
static int twisted(const uint8_t *data, size_t size) {
  hearth_plugin *from = create(), *to = create();
  hearth_buffer state;
  twist_random = 88172645463325252u;
  for (size_t i = 0; i < size; i++) {
    twist_random = (twist_random + data[i]) * 0x9e3779b97f4a7c15u;
  }
  twist_random |= 1;
  const uint64_t steps = twist_random >> 20 & 63;
  course_run(&budget, from, 100 - steps, 100 - steps / 2, NULL);
  course_run(&price, from, 100 - steps / 2, 100, NULL);
  twists = (uint64_t)4 << (twist_random >> 50 & 7);
  must(course_save(from, &state) == HEARTH_OK);
  twists = 0;
  if (course_load(to, hearth_buffer_bytes(&state), 0, NULL) == HEARTH_OK) {
    live_on(to);
  }
  hearth_buffer_free(&state);
  foresight_entry.destroy(from);
  foresight_entry.destroy(to);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char err[256];
  if (size < 60) { /* no state is so short: a seed */
    return twisted(data, size);
  }
  uint8_t *bytes = malloc(size + 1);
  hearth_plugin *plugin = create();
  must(bytes != NULL);
  memcpy(bytes, data, size);
  mend_walk(bytes, size, 1, NULL, NULL);
  const hearth_status status =
      course_load(plugin, (hearth_bytes){bytes, size}, 0, err);
  free(bytes);
  if (status == HEARTH_OK) {
    live_on(plugin);
  } else {
    must(err[0] != '\0');
  }
  foresight_entry.destroy(plugin);
  return 0;
}
