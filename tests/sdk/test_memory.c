/* SPDX-License-Identifier: MIT */
#include "plugin/sdk/memory.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sdk/support.h"
#include "tests/unit.h"

/* Every function, with whatever allocator it is given. */
static void exercise(const hearth_memory_user *user) {
  char *text = hearth_resize(user, NULL, 4);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  memcpy(text, "abc", 4);
  text = hearth_resize(user, text, 4000);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  CU_ASSERT_STRING_EQUAL(text, "abc");
  CU_ASSERT_PTR_NULL(hearth_resize(user, text, 0));
  uint64_t *const zeros = hearth_zalloc(user, 100, sizeof *zeros);
  CU_ASSERT_PTR_NOT_NULL_FATAL(zeros);
  for (int i = 0; i < 100; i++) {
    CU_ASSERT_EQUAL(zeros[i], 0);
  }
  hearth_release(user, zeros);
  hearth_release(user, NULL);
  CU_ASSERT_PTR_NULL(hearth_zalloc(user, SIZE_MAX / 2, 4));
}

static void test_the_c_library(void) {
  const hearth_memory_user none = hearth_memory_of(NULL);
  CU_ASSERT_PTR_NULL(none.memory);
  exercise(&none);
}

static void test_the_host(void) {
  support_host host;
  support_host_init(&host, 0);
  const hearth_memory_user user = hearth_memory_of(&host.host);
  CU_ASSERT_PTR_NOT_NULL(user.memory);
  exercise(&user);
  CU_ASSERT(host.calls >= 3);
  CU_ASSERT_EQUAL(host.used, 0);
}

/* Never less than is wanted, and a quarter more than there was. */
static void test_room(void) {
  CU_ASSERT_EQUAL(hearth_room(0, 64), 64);
  CU_ASSERT_EQUAL(hearth_room(64, 65), 80);
  CU_ASSERT_EQUAL(hearth_room(64, 200), 200);
  CU_ASSERT_EQUAL(hearth_room(1, 2), 2);
  CU_ASSERT_EQUAL(hearth_room(UINT32_MAX - 1, UINT32_MAX), UINT32_MAX);
}

/* A limit is kept, and what is counted is what is taken. */
static void test_counting(void) {
  support_host host;
  support_host_init(&host, 0);
  hearth_memory_count count = {.limit = 20000};
  hearth_memory_user user = hearth_memory_of(&host.host);
  user.count = &count;
  exercise(&user);
  CU_ASSERT_EQUAL(atomic_load(&count.used), 0);
  char *text = hearth_resize(&user, NULL, 15000);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  text[14999] = 7;
  CU_ASSERT_EQUAL(atomic_load(&count.used), host.used);
  CU_ASSERT_PTR_NULL(hearth_resize(&user, NULL, 6000));
  CU_ASSERT_PTR_NULL(hearth_resize(&user, text, 21000));
  CU_ASSERT_EQUAL(text[14999], 7);
  user.spare = 4000; /* which others may take */
  CU_ASSERT_PTR_NULL(hearth_resize(&user, NULL, 2000));
  user.spare = 0;
  char *more = hearth_resize(&user, NULL, 2000);
  CU_ASSERT_PTR_NOT_NULL(more);
  text = hearth_resize(&user, text, 100);
  CU_ASSERT_EQUAL(atomic_load(&count.used), host.used);
  hearth_release(&user, text);
  hearth_release(&user, more);
  CU_ASSERT_EQUAL(atomic_load(&count.used), 0);
}

static uint32_t zeroings;
static int refuses;

static void *zeroed(const hearth_host *host, uint64_t len) {
  (void)host;
  zeroings++;
  return refuses ? NULL : calloc(1, (size_t)len);
}

static void *change(const hearth_host *host, void *block, uint64_t len) {
  (void)host;
  if (len == 0) {
    free(block);
    return NULL;
  }
  if (refuses) {
    return NULL;
  }
  uint8_t *const made = realloc(block, (size_t)len);
  return made != NULL && block == NULL ? memset(made, 7, (size_t)len) : made;
}

/* The host's zeros are used where it has them, and made where it has not. */
static void test_zeros(void) {
  hearth_memory memory = {sizeof memory, 0, change, NULL, zeroed};
  hearth_memory_count count = {.limit = 1000};
  hearth_memory_user user = {NULL, &memory, NULL, 0};
  zeroings = 0;
  exercise(&user);
  CU_ASSERT_EQUAL(zeroings, 1);
  refuses = 1;
  CU_ASSERT_PTR_NULL(hearth_zalloc(&user, 13, 1));
  refuses = 0;
  memory.size = offsetof(hearth_memory, zeroed);
  exercise(&user);
  memory.size = sizeof memory;
  memory.zeroed = NULL;
  exercise(&user);
  CU_ASSERT_EQUAL(zeroings, 2);
  memory.zeroed = zeroed;
  user.count = &count;
  CU_ASSERT_PTR_NULL(hearth_zalloc(&user, 1000, 1)); /* no room for a head */
  CU_ASSERT_EQUAL(zeroings, 2);
  void *const block = hearth_zalloc(&user, 20, 10);
  CU_ASSERT_PTR_NOT_NULL(block);
  CU_ASSERT(atomic_load(&count.used) >= 200);
  CU_ASSERT_EQUAL(zeroings, 3);
  hearth_release(&user, block);
  CU_ASSERT_EQUAL(atomic_load(&count.used), 0);
}

/* What the host refuses is not taken from the limit. */
static void test_refused(void) {
  const hearth_memory memory = {sizeof memory, 0, change, NULL, zeroed};
  hearth_memory_count count = {.limit = 1000};
  const hearth_memory_user user = {NULL, &memory, &count, 0};
  char *block = hearth_resize(&user, NULL, 100);
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  block[99] = 5;
  const uint64_t used = atomic_load(&count.used);
  refuses = 1;
  CU_ASSERT_PTR_NULL(hearth_zalloc(&user, 100, 1));
  CU_ASSERT_EQUAL(atomic_load(&count.used), used);
  CU_ASSERT_PTR_NULL(hearth_resize(&user, NULL, 100));
  CU_ASSERT_EQUAL(atomic_load(&count.used), used);
  CU_ASSERT_PTR_NULL(hearth_resize(&user, block, 200));
  CU_ASSERT_EQUAL(atomic_load(&count.used), used);
  CU_ASSERT_PTR_NULL(hearth_resize(&user, block, 50));
  CU_ASSERT_EQUAL(atomic_load(&count.used), used);
  refuses = 0;
  CU_ASSERT_EQUAL(block[99], 5);
  hearth_release(&user, block);
  CU_ASSERT_EQUAL(atomic_load(&count.used), 0);
}

static const void *no_extension(const hearth_host *host, const char *id) {
  (void)host, (void)id;
  return NULL;
}

static const void *short_extension(const hearth_host *host, const char *id) {
  static const hearth_memory too_short = {.size = 8};
  (void)host, (void)id;
  return &too_short;
}

/* Hosts that offer nothing, or less than it takes. */
static void test_poor_hosts(void) {
  hearth_host host = {.size = sizeof host};
  CU_ASSERT_PTR_NULL(hearth_memory_of(&host).memory);
  host.get_extension = no_extension;
  CU_ASSERT_PTR_NULL(hearth_memory_of(&host).memory);
  host.get_extension = short_extension;
  CU_ASSERT_PTR_NULL(hearth_memory_of(&host).memory);
}

static void test_grow(void) {
  support_host host;
  support_host_init(&host, 0);
  const hearth_memory_user user = hearth_memory_of(&host.host);
  void *array = NULL;
  uint32_t cap = 0;
  for (uint32_t want = 1; want < 1000; want++) {
    CU_ASSERT_EQUAL(hearth_grow(&user, &array, &cap, want, sizeof(uint32_t)),
                    HEARTH_OK);
    CU_ASSERT(cap >= want);
    CU_ASSERT_EQUAL(((uint32_t *)array)[want - 1], 0);
    ((uint32_t *)array)[want - 1] = want;
  }
  CU_ASSERT(host.calls <= 11);
  for (uint32_t i = 0; i < 999; i++) {
    CU_ASSERT_EQUAL(((uint32_t *)array)[i], i + 1);
  }
  void *const before = array;
  const uint32_t cap_before = cap;
  CU_ASSERT_EQUAL(hearth_grow(&user, &array, &cap, 10, SIZE_MAX), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_grow(&user, &array, &cap, 5000, SIZE_MAX),
                  HEARTH_NO_MEMORY);
  host.fail_at = 1;
  CU_ASSERT_EQUAL(hearth_grow(&user, &array, &cap, 5000, sizeof(uint32_t)),
                  HEARTH_NO_MEMORY);
  CU_ASSERT_PTR_EQUAL(array, before);
  CU_ASSERT_EQUAL(cap, cap_before);
  hearth_release(&user, array);
  CU_ASSERT_EQUAL(host.used, 0);
}

UNIT_MAIN("memory", UNIT(test_the_c_library), UNIT(test_the_host),
          UNIT(test_room), UNIT(test_counting), UNIT(test_zeros),
          UNIT(test_refused), UNIT(test_poor_hosts), UNIT(test_grow))
