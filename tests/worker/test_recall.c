/* SPDX-License-Identifier: MIT
   What a restarted worker is told: a bounded ring of outcomes. */
#include "host-sdk/worker/recall.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit.h"

static hearth_bytes text(const char *words) {
  return (hearth_bytes){(const uint8_t *)words, strlen(words)};
}

/* The next untold one is `words`; it is told. */
static void next(hearth__recall *recall, uint64_t number, const char *words) {
  hearth__kept copy = {NULL, 0};

  CU_ASSERT_EQUAL(hearth__recall_untold(recall, &copy), number);
  if (number) {
    CU_ASSERT(copy.len == strlen(words) &&
              memcmp(copy.data, words, copy.len) == 0);
    recall->told = number;
  }
  free(copy.data);
}

static void test_order_and_bounds(void) {
  hearth__recall recall;

  CU_ASSERT_EQUAL_FATAL(hearth__recall_init(&recall, 3), HEARTH_OK);
  next(&recall, 0, "");
  CU_ASSERT_EQUAL(hearth__recall_add(&recall, text("a")), 1);
  CU_ASSERT_EQUAL(hearth__recall_add(&recall, text("b")), 2);
  next(&recall, 1, "a");
  CU_ASSERT_EQUAL(hearth__recall_add(&recall, text("c")), 3);
  CU_ASSERT_EQUAL(hearth__recall_add(&recall, text("d")), 4);
  CU_ASSERT_EQUAL(recall.lost, 1);
  recall.told = 0; /* a new process */
  next(&recall, 2, "b");
  next(&recall, 3, "c");
  next(&recall, 4, "d");
  next(&recall, 0, "");
  hearth__recall_free(&recall);
}

static void test_dropped_are_not_told(void) {
  hearth__recall recall;

  CU_ASSERT_EQUAL_FATAL(hearth__recall_init(&recall, 8), HEARTH_OK);
  (void)hearth__recall_add(&recall, text("a"));
  (void)hearth__recall_add(&recall, text("poison"));
  (void)hearth__recall_add(&recall, text("c"));
  hearth__recall_drop(&recall, 2, 1);
  hearth__recall_drop(&recall, 2, 1);
  hearth__recall_drop(&recall, 0, 1);
  hearth__recall_drop(&recall, 99, 1);
  CU_ASSERT_EQUAL(recall.lost, 1);
  next(&recall, 1, "a");
  next(&recall, 3, "c");
  next(&recall, 0, "");
  hearth__recall_free(&recall);
}

static void test_a_snapshot_has_what_was_told(void) {
  hearth__recall recall;

  CU_ASSERT_EQUAL_FATAL(hearth__recall_init(&recall, 8), HEARTH_OK);
  for (int i = 0; i < 5; ++i) {
    (void)hearth__recall_add(&recall, text("x"));
  }
  hearth__recall_saved(&recall, 3);
  CU_ASSERT_EQUAL(recall.asked, 2);
  CU_ASSERT_EQUAL(recall.bytes, 2);
  recall.told = 0;
  next(&recall, 4, "x");
  hearth__recall_saved(&recall, 99);
  CU_ASSERT_EQUAL(recall.bytes, 0);
  CU_ASSERT_EQUAL(hearth__recall_add(&recall, text("y")), 6);
  hearth__recall_free(&recall);
}

static void test_bytes_are_bounded(void) {
  hearth__recall recall;
  static uint8_t large[HEARTH__RECALL_BYTES / 2];
  hearth_bytes bytes = {large, sizeof(large)};
  hearth_bytes too_large = {large, (uint64_t)HEARTH__RECALL_BYTES + 1};

  CU_ASSERT_EQUAL_FATAL(hearth__recall_init(&recall, 100), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth__recall_add(&recall, too_large), 0);
  for (int i = 0; i < 5; ++i) {
    CU_ASSERT_NOT_EQUAL(hearth__recall_add(&recall, bytes), 0);
    CU_ASSERT(recall.bytes <= HEARTH__RECALL_BYTES);
  }
  CU_ASSERT_EQUAL(recall.lost, 4);
  hearth__recall_free(&recall);
}

UNIT_MAIN("worker recall", UNIT(test_order_and_bounds),
          UNIT(test_dropped_are_not_told),
          UNIT(test_a_snapshot_has_what_was_told), UNIT(test_bytes_are_bounded))
