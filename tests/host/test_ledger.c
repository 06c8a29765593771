/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "host-sdk/predictor/ledger.h"
#include "tests/unit.h"

static void test_find_and_add(void) {
  hearth__ledger *ledger = hearth__ledger_new(1);
  hearth__entry *entry;

  CU_ASSERT_PTR_NOT_NULL_FATAL(ledger);
  CU_ASSERT_PTR_NULL(hearth__ledger_find(ledger, "a"));
  entry = hearth__ledger_add(ledger, "a");
  CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
  CU_ASSERT_STRING_EQUAL(entry->id, "a");
  CU_ASSERT_EQUAL(entry->stage, HEARTH__PREDICTED);
  CU_ASSERT_PTR_EQUAL(hearth__ledger_add(ledger, "a"), entry);
  CU_ASSERT_PTR_EQUAL(hearth__ledger_find(ledger, "a"), entry);
  hearth__ledger_free(ledger);
  hearth__ledger_free(NULL);
}

/* What has started stays; of the rest the oldest goes. */
static void test_what_is_forgotten(void) {
  hearth__ledger *ledger = hearth__ledger_new(1);
  hearth__entry *entry;
  char id[32];

  CU_ASSERT_PTR_NOT_NULL_FATAL(ledger);
  entry = hearth__ledger_add(ledger, "runs");
  CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
  hearth__ledger_stage(ledger, entry, HEARTH__STARTED);
  for (int i = 0; i < HEARTH__LEDGER_KEEP + 10; ++i) {
    (void)snprintf(id, sizeof(id), "%d", i);
    CU_ASSERT_PTR_NOT_NULL(hearth__ledger_add(ledger, id));
  }
  CU_ASSERT_PTR_NULL(hearth__ledger_find(ledger, "9"));
  CU_ASSERT_PTR_NOT_NULL(hearth__ledger_find(ledger, "10"));
  CU_ASSERT_PTR_EQUAL(hearth__ledger_find(ledger, "runs"), entry);
  hearth__ledger_stage(ledger, entry, HEARTH__ENDED);
  CU_ASSERT_PTR_NULL(hearth__ledger_find(ledger, "10"));
  CU_ASSERT_PTR_EQUAL(hearth__ledger_find(ledger, "runs"), entry);
  for (int i = 0; i < HEARTH__LEDGER_KEEP; ++i) {
    (void)snprintf(id, sizeof(id), "later-%d", i);
    (void)hearth__ledger_add(ledger, id);
  }
  CU_ASSERT_PTR_NULL(hearth__ledger_find(ledger, "runs"));
  hearth__ledger_free(ledger);
}

UNIT_MAIN("predictor ledger", UNIT(test_find_and_add),
          UNIT(test_what_is_forgotten))
