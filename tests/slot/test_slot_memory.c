/* SPDX-License-Identifier: MIT
   Every allocation of a slot and of a swap fails once: the old one stays live,
   nothing leaks, and no outcome is lost. */
#include <string.h>

#include "host-sdk/slot/journal.h"
#include "tests/host/fail.h"
#include "tests/slot/counter.h"
#include "tests/unit.h"

static counter_kind one, two;
static hearth_slot *slot;
static uint32_t told;

static void tell(void) {
  CU_ASSERT_EQUAL(counter_tell(slot, 0, told), HEARTH_OK);
  ++told;
}

static hearth_status create(hearth_library *library) {
  hearth_slot_options options;
  hearth_slot *made = NULL;
  hearth_status status;
  char err[128] = "";

  hearth_slot_options_init(&options);
  options.config = options.catalog = (hearth_bytes){(const uint8_t *)"c", 1};
  status = hearth_slot_create(library, &options, &made, err, sizeof(err));
  CU_ASSERT((status == HEARTH_OK) == (made != NULL));
  CU_ASSERT(status == HEARTH_OK || strlen(err) > 0);
  hearth_slot_destroy(made);
  return status;
}

static void test_create(void) {
  hearth_library *library;
  hearth_status status = HEARTH_NO_MEMORY;
  unsigned long nth = 0;

  counter_init(&one, "org.hearth.tests.counter", 1, HEARTH_CAP_STATE);
  library = counter_library(&one);
  while (status != HEARTH_OK && nth < 100) {
    fail_at(++nth);
    status = create(library);
    CU_ASSERT_EQUAL(fail_happened(), status != HEARTH_OK);
    CU_ASSERT_EQUAL(one.instances, 0);
  }
  CU_ASSERT_EQUAL(status, HEARTH_OK);
  CU_ASSERT(nth > 5);
  hearth_library_close(library);
}

/* An outcome comes while the new one learns, so that the journal has one. */
static hearth_status warm(void *user, uint64_t outcomes, hearth_bytes *next) {
  (void)user;
  (void)outcomes;
  (void)next;
  tell();
  return HEARTH_NO_OPINION;
}

/* The status of a swap in which the nth allocation fails.  `id`: of the new
   one; the same hands the state over. */
static hearth_status swap(const char *id, unsigned long nth, int *failed) {
  hearth_swap_options options = {.config = {(const uint8_t *)"new", 3},
                                 .warm = warm};
  hearth_library *library;
  hearth_status status;
  char err[256] = "";

  counter_init(&one, "org.hearth.tests.counter", 1, HEARTH_CAP_STATE);
  counter_init(&two, id, 2, HEARTH_CAP_STATE);
  told = 0;
  slot = counter_slot(&one, NULL);
  library = counter_library(&two);
  tell();
  fail_at(nth);
  status = hearth_slot_swap(slot, library, &options, NULL, err, sizeof(err));
  *failed = fail_happened();
  CU_ASSERT(status == HEARTH_OK || strlen(err) > 0);
  CU_ASSERT_EQUAL(counter_ask(slot).version, status == HEARTH_OK ? 2 : 1);
  CU_ASSERT_EQUAL(two.instances, status == HEARTH_OK ? 1 : 0);
  CU_ASSERT_EQUAL(one.instances, 1);
  if (status == HEARTH_OK) {
    CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  } else {
    /* It was not the plugin's fault, and goes well with memory. */
    CU_ASSERT_EQUAL(hearth_slot_swap(slot, library, &options, NULL, NULL, 0),
                    HEARTH_OK);
    CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  }
  tell();
  CU_ASSERT_EQUAL(counter_total(slot), told);
  CU_ASSERT_EQUAL(counter_ask(slot).wrong, 0);
  hearth_slot_destroy(slot);
  hearth_library_close(library);
  CU_ASSERT_EQUAL(one.instances + two.instances, 0);
  return status;
}

static void every_failure(const char *id) {
  unsigned long nth = 0;
  int failed = 1;

  while (failed && nth < 100) {
    hearth_status status = swap(id, ++nth, &failed);

    CU_ASSERT(status == HEARTH_OK || failed);
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY ||
              status == HEARTH_LIMIT);
  }
  CU_ASSERT(!failed);
  CU_ASSERT(nth > 5);
}

static void test_swap_with_state(void) {
  every_failure("org.hearth.tests.counter");
}

static void test_swap_with_stored_outcomes(void) {
  every_failure("org.hearth.tests.other");
}

static void test_catalog(void) {
  hearth_bytes catalog = {(const uint8_t *)"catalog", 7};

  counter_init(&one, "org.hearth.tests.counter", 1, 0);
  slot = counter_slot(&one, NULL);
  fail_at(1);
  CU_ASSERT_EQUAL(hearth_slot_set_catalog(slot, NULL, catalog),
                  HEARTH_NO_MEMORY);
  CU_ASSERT(fail_happened());
  CU_ASSERT_EQUAL(one.catalogs, 0);
  CU_ASSERT_EQUAL(hearth_slot_set_catalog(slot, NULL, catalog), HEARTH_OK);
  hearth_slot_destroy(slot);
}

static hearth_bytes bytes(const uint8_t *data, uint64_t len) {
  return (hearth_bytes){data, len};
}

/* Entries of all sizes come back as they went in, across chunks. */
static void test_journal(void) {
  static const uint64_t sizes[] = {0,     1, 70000,  8, 65528, 65529,
                                   40000, 3, 100000, 0, 40000};
  enum { COUNT = sizeof(sizes) / sizeof(*sizes) };
  static uint8_t data[100000 + COUNT];
  hearth__journal journal = {.limit = UINT64_MAX};
  hearth__mark mark = {0};
  hearth_bytes entry;

  for (size_t i = 0; i < sizeof(data); ++i) {
    data[i] = (uint8_t)(i % 251);
  }
  for (size_t i = 0; i < COUNT; ++i) {
    CU_ASSERT_EQUAL(hearth__journal_add(&journal, bytes(data + i, sizes[i])),
                    HEARTH_OK);
  }
  for (size_t i = 0; i < COUNT; ++i) {
    CU_ASSERT_FATAL(hearth__journal_next(&journal, &mark, &entry));
    CU_ASSERT_EQUAL(entry.len, sizes[i]);
    CU_ASSERT(!entry.len || memcmp(entry.data, data + i, entry.len) == 0);
  }
  CU_ASSERT(!hearth__journal_next(&journal, &mark, &entry));
  hearth__journal_clear(&journal);
  memset(&mark, 0, sizeof(mark));
  CU_ASSERT(!hearth__journal_next(&journal, &mark, &entry));
  journal.limit = 20;
  CU_ASSERT_EQUAL(hearth__journal_add(&journal, bytes(data, 13)), HEARTH_LIMIT);
  CU_ASSERT_EQUAL(hearth__journal_add(&journal, bytes(data, 12)), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth__journal_add(&journal, bytes(data, 0)), HEARTH_LIMIT);
  CU_ASSERT_EQUAL(hearth__journal_add(&journal, bytes(data, UINT64_MAX)),
                  HEARTH_LIMIT);
  hearth__journal_clear(&journal);
}

UNIT_MAIN("slot memory", UNIT(test_create), UNIT(test_swap_with_state),
          UNIT(test_swap_with_stored_outcomes), UNIT(test_catalog),
          UNIT(test_journal))
