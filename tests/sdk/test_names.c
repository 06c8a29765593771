/* SPDX-License-Identifier: MIT */
#include "plugin/sdk/names.h"

#include <stdio.h>
#include <string.h>

#include "tests/sdk/support.h"
#include "tests/unit.h"

static const hearth_memory_user plain;

/* Computed by an independent SipHash-1-3 that agrees with its authors'. */
static void test_hash(void) {
  static const uint8_t bytes[23] = {0,  1,  2,  3,  4,  5,  6,  7,
                                    8,  9,  10, 11, 12, 13, 14, 15,
                                    16, 17, 18, 19, 20, 21, 22};
  CU_ASSERT_EQUAL(hearth_hash(0, NULL, 0), 0x1653806f2353e1d6u);
  CU_ASSERT_EQUAL(hearth_hash(0, "a", 1), 0x4b9baa120ffac4dbu);
  CU_ASSERT_EQUAL(hearth_hash(42, "phi-3-mini", 10), 0x1d9fe9c0be49aeefu);
  CU_ASSERT_EQUAL(hearth_hash(42, "12345678", 8), 0xdd375648878f6adbu);
  CU_ASSERT_EQUAL(hearth_hash(UINT64_MAX, bytes, 23), 0x8d2d2d77451f593fu);
}

static void test_numbers_come_in_order(void) {
  hearth_names *const names = hearth_names_new(&plain, 7, 0);
  uint32_t id = 99;
  CU_ASSERT_EQUAL(hearth_names_count(names), 0);
  CU_ASSERT_EQUAL(hearth_names_find(names, hearth_str_from("a")),
                  HEARTH_NO_NAME);
  CU_ASSERT_EQUAL(hearth_names_add(names, hearth_str_from("a"), &id),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(id, 0);
  CU_ASSERT_EQUAL(hearth_names_add(names, hearth_str_from("b"), &id),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(id, 1);
  CU_ASSERT_EQUAL(hearth_names_add(names, hearth_str_from("a"), &id),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(id, 0);
  CU_ASSERT_EQUAL(hearth_names_find(names, hearth_str_from("b")), 1);
  CU_ASSERT_EQUAL(hearth_names_count(names), 2);
  hearth_names_free(names);
  hearth_names_free(NULL);
}

/* Any bytes are a name: none, with a NUL, prefixes of each other, long ones. */
static void test_odd_names(void) {
  static char big[10000];
  const hearth_str odd[] = {
      {NULL, 0}, {"\0", 1},       {"\0\0", 2},       {"ab", 1},
      {"ab", 2}, {"\xff\xfe", 2}, {big, sizeof big}, {big, sizeof big - 1}};
  hearth_names *const names = hearth_names_new(&plain, 0, 0);
  for (uint32_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    uint32_t id = 99;
    CU_ASSERT_EQUAL(hearth_names_add(names, odd[i], &id), HEARTH_OK);
    CU_ASSERT_EQUAL(id, i);
  }
  for (uint32_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    CU_ASSERT_EQUAL(hearth_names_find(names, odd[i]), i);
    CU_ASSERT(hearth_str_equal(hearth_names_text(names, i), odd[i]));
    CU_ASSERT(odd[i].len == 0 ||
              hearth_names_text(names, i).data != odd[i].data);
  }
  hearth_names_free(names);
}

/* Enough names that the table grows and every chain is walked. */
static void test_many(void) {
  enum { COUNT = 20000 };
  hearth_names *const names = hearth_names_new(&plain, 12345, 0);
  char text[32];
  for (uint32_t i = 0; i < COUNT; i++) {
    uint32_t id = 0;
    snprintf(text, sizeof text, "user-%u", i);
    CU_ASSERT_EQUAL(hearth_names_add(names, hearth_str_from(text), &id),
                    HEARTH_OK);
    CU_ASSERT_EQUAL(id, i);
  }
  for (uint32_t i = 0; i < COUNT; i++) {
    snprintf(text, sizeof text, "user-%u", i);
    CU_ASSERT_EQUAL(hearth_names_find(names, hearth_str_from(text)), i);
    CU_ASSERT(
        hearth_str_equal(hearth_names_text(names, i), hearth_str_from(text)));
  }
  CU_ASSERT_EQUAL(hearth_names_find(names, hearth_str_from("user-20000")),
                  HEARTH_NO_NAME);
  hearth_names_free(names);
}

static void test_limit(void) {
  hearth_names *const names = hearth_names_new(&plain, 1, 2);
  uint32_t id = 99;
  hearth_names_add(names, hearth_str_from("a"), &id);
  hearth_names_add(names, hearth_str_from("b"), &id);
  id = 99;
  CU_ASSERT_EQUAL(hearth_names_add(names, hearth_str_from("c"), &id),
                  HEARTH_LIMIT);
  CU_ASSERT_EQUAL(id, 99);
  CU_ASSERT_EQUAL(hearth_names_count(names), 2);
  CU_ASSERT_EQUAL(hearth_names_add(names, hearth_str_from("a"), &id),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(id, 0);
  hearth_names_free(names);
}

/* Add 40 names with an allocator that fails from its nth call on; the set must
   hold exactly what it said it does. */
static int add_some(uint64_t fail_at) {
  support_host host;
  support_host_init(&host, fail_at);
  const hearth_memory_user memory = hearth_memory_of(&host.host);
  hearth_names *const names = hearth_names_new(&memory, 3, 0);
  int failed = names == NULL;
  char text[2000];
  memset(text, 'x', sizeof text);
  for (uint32_t i = 0; names && i < 40; i++) {
    text[0] = (char)('A' + i);
    const hearth_str name = {text, 300 + i};
    const uint32_t before = hearth_names_count(names);
    uint32_t id = 99;
    if (hearth_names_add(names, name, &id) == HEARTH_OK) {
      CU_ASSERT_EQUAL(id, before);
      CU_ASSERT_EQUAL(hearth_names_find(names, name), before);
    } else {
      failed = 1;
      CU_ASSERT_EQUAL(id, 99);
      CU_ASSERT_EQUAL(hearth_names_count(names), before);
      CU_ASSERT_EQUAL(hearth_names_find(names, name), HEARTH_NO_NAME);
    }
  }
  hearth_names_free(names);
  CU_ASSERT_EQUAL(host.used, 0);
  CU_ASSERT_EQUAL(host.blocks, 0);
  return failed;
}

static void test_no_memory(void) {
  uint64_t fail_at = 1;
  while (add_some(fail_at)) {
    fail_at++;
  }
  CU_ASSERT(fail_at > 8);
}

UNIT_MAIN("names", UNIT(test_hash), UNIT(test_numbers_come_in_order),
          UNIT(test_odd_names), UNIT(test_many), UNIT(test_limit),
          UNIT(test_no_memory))
