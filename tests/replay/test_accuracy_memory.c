/* SPDX-License-Identifier: MIT
   Accuracy and signals where the n-th allocation fails, for every n. */
#include <string.h>

#include "host-sdk/replay/ablate/signals.h"
#include "host-sdk/replay/accuracy/accuracy.h"
#include "tests/host/fail.h"
#include "tests/replay/setup.h"
#include "tests/unit.h"

enum { ENOUGH = 100 };

static setup fixture;

/* Ten models of one user: room for them grows twice. */
static void begin(void) {
  char model[2] = "a";
  setup_begin(&fixture);
  for (; *model <= 'j'; (*model)++) {
    setup_model(&fixture, model, 1024, 1000);
  }
  for (*model = 'a'; *model <= 'j'; (*model)++) {
    hearth_trace_row row;
    hearth_trace_row_init(&row);
    row.ts_ms = *model;
    row.name[HEARTH_TRACE_USER] = hearth_str_from("ann");
    row.name[HEARTH_TRACE_MODEL] = hearth_str_from(model);
    row.name[HEARTH_TRACE_TASK] = hearth_str_from("chat");
    CU_ASSERT_EQUAL_FATAL(hearth_trace_add(&fixture.trace, &row), HEARTH_OK);
  }
  setup_ready(&fixture);
}

static hearth_status count_all(hearth_accuracy **out) {
  static const hearth_guessed guessed = {0, 1, 1};
  hearth_accuracy_book *book =
      hearth_accuracy_book_new(&fixture.trace, &fixture.uses);
  if (book == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; i < fixture.trace.count; i++) {
    hearth_accuracy_request(book, i, &guessed);
  }
  const hearth_status status = hearth_accuracy_report(book, 1, out);
  hearth_accuracy_book_free(book);
  return status;
}

static void test_accuracy(void) {
  hearth_status status = HEARTH_NO_MEMORY;
  unsigned long n = 0;
  begin();
  while (status != HEARTH_OK && ++n < ENOUGH) {
    hearth_accuracy *accuracy = NULL;
    fail_at(n);
    status = count_all(&accuracy);
    (void)fail_happened();
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    CU_ASSERT_EQUAL(accuracy == NULL, status != HEARTH_OK);
    hearth_accuracy_free(accuracy);
  }
  CU_ASSERT_EQUAL(status, HEARTH_OK);
  CU_ASSERT(n > 12);
  setup_end(&fixture);
}

static void test_signals(void) {
  static const uint8_t bytes[] = {0x91, 0xa1, 'x'};
  hearth_signals signals;
  fail_at(1);
  CU_ASSERT_EQUAL(
      hearth_signals_read(&signals, (hearth_bytes){bytes, sizeof bytes}),
      HEARTH_NO_MEMORY);
  (void)fail_happened();
  CU_ASSERT_PTR_NULL(signals.names);
}

UNIT_MAIN("replay: accuracy, failing memory", UNIT(test_accuracy),
          UNIT(test_signals))
