/* SPDX-License-Identifier: MIT
   The names that a plugin writes of its signals. */
#include "host-sdk/replay/ablate/signals.h"

#include <string.h>

#include "tests/unit.h"

static hearth_signals signals;

static hearth_status read(const char *bytes, size_t len) {
  return hearth_signals_read(
      &signals, (hearth_bytes){(const uint8_t *)bytes, (uint64_t)len});
}

static void test_names(void) {
  static const char two[] = "\x92\xa3one\xa5next-";
  CU_ASSERT_EQUAL_FATAL(read(two, sizeof two - 1), HEARTH_OK);
  CU_ASSERT_EQUAL(signals.count, 2);
  CU_ASSERT_STRING_EQUAL(signals.names[0], "one");
  CU_ASSERT_STRING_EQUAL(signals.names[1], "next-");
  hearth_signals_free(&signals);
  static const char wide[] = "\xdc\x00\x01\xa1"
                             "x";
  CU_ASSERT_EQUAL_FATAL(read(wide, sizeof wide - 1), HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(signals.names[0], "x");
  hearth_signals_free(&signals);
  hearth_signals_free(&signals);
}

static void test_refused(void) {
  static const struct {
    const char *bytes;
    size_t len;
  } bad[] = {{"", 0},
             {"\x90", 1},              /* none */
             {"\xdc\x00\x00", 3},      /* none */
             {"\xdc\x01\x01", 3},      /* too many */
             {"\xdc\x00", 2},          /* torn */
             {"\x92\xa1x", 3},         /* one of two */
             {"\x91\xa2x", 3},         /* torn */
             {"\x91\xa0", 2},          /* empty */
             {"\x91\xa1\0", 3},        /* with a zero */
             {"\x91\x07", 2},          /* a number */
             {"\x91\xd9\x01x", 4},     /* not in its shortest form */
             {"\x81\xa1x\xa1y", 5}};   /* a map */
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CU_ASSERT_EQUAL(read(bad[i].bytes, bad[i].len), HEARTH_BAD_PAYLOAD);
    CU_ASSERT_PTR_NULL(signals.names);
    CU_ASSERT_EQUAL(signals.count, 0);
  }
}

UNIT_MAIN("replay: signals", UNIT(test_names), UNIT(test_refused))
