/* SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "host-sdk/replay/input/instant.h"
#include "host-sdk/replay/input/number.h"
#include "host-sdk/replay/input/text.h"
#include "tests/unit.h"

/* The value, or the failure as a negative number. */
static int64_t whole(const char *text, int64_t max) {
  int64_t value = -77;
  hearth__number_result result =
      hearth__number_int(hearth_str_from(text), max, &value);
  return result == HEARTH__NUMBER_OK ? value : -(int64_t)result;
}

static void test_whole_numbers(void) {
  CU_ASSERT_EQUAL(whole("0", 10), 0);
  CU_ASSERT_EQUAL(whole("10", 10), 10);
  CU_ASSERT_EQUAL(whole("+7", 10), 7);
  CU_ASSERT_EQUAL(whole("12.0", 99), 12);
  CU_ASSERT_EQUAL(whole("12.99", 99), 12);
  CU_ASSERT_EQUAL(whole(".9", 99), 0);
  CU_ASSERT_EQUAL(whole("9.", 99), 9);
  CU_ASSERT_EQUAL(whole("1.5e3", 9999), 1500);
  CU_ASSERT_EQUAL(whole("1234e-2", 9999), 12);
  CU_ASSERT_EQUAL(whole("1e-400", 9), 0);
  CU_ASSERT_EQUAL(whole("-0.0", 9), 0);
  CU_ASSERT_EQUAL(whole("0e999999", 9), 0);
  CU_ASSERT_EQUAL(whole("9223372036854775807", INT64_MAX), INT64_MAX);
  CU_ASSERT_EQUAL(whole("000000000000000000000000000000000012", 99), 12);
}

static void test_no_numbers(void) {
  static const char *const texts[] = {"",    "-",   "+",    ".",    "abc",
                                      "1,5", "1 ",  " 1",   "nan",  "inf",
                                      "1e",  "1e+", "1e1x", "0x10", "1.2.3"};
  for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
    CU_ASSERT_EQUAL(whole(texts[i], 99), -HEARTH__NUMBER_NOT);
  }
  CU_ASSERT_EQUAL(whole("-1", 99), -HEARTH__NUMBER_NEGATIVE);
  CU_ASSERT_EQUAL(whole("-1e-9", 99), -HEARTH__NUMBER_NEGATIVE);
  CU_ASSERT_EQUAL(whole("100", 99), -HEARTH__NUMBER_HUGE);
  CU_ASSERT_EQUAL(whole("2", 1), -HEARTH__NUMBER_HUGE);
  CU_ASSERT_EQUAL(whole("1e999999999999", INT64_MAX), -HEARTH__NUMBER_HUGE);
  CU_ASSERT_EQUAL(whole("9223372036854775808", INT64_MAX),
                  -HEARTH__NUMBER_HUGE);
}

static double real(const char *text) {
  double value = -77;
  hearth__number_result result =
      hearth__number_double(hearth_str_from(text), 1e15, &value);
  return result == HEARTH__NUMBER_OK ? value : -(double)result;
}

static void test_real_numbers(void) {
  CU_ASSERT_EQUAL(real("0"), 0);
  CU_ASSERT_EQUAL(real("12.5"), 12.5);
  CU_ASSERT_EQUAL(real("0.25e1"), 2.5);
  CU_ASSERT_EQUAL(real("5160.142570018768"), 5160.142570018768);
  CU_ASSERT_DOUBLE_EQUAL(real("123456789012345.67890123"), 123456789012345.67,
                         0.02);
  CU_ASSERT_EQUAL(real("1e-300"), 1e-300);
  CU_ASSERT_EQUAL(real("1e-99999"), 0);
  CU_ASSERT_EQUAL(real("0e99999"), 0);
  CU_ASSERT_EQUAL(real("1e16"), -HEARTH__NUMBER_HUGE);
  CU_ASSERT_EQUAL(real("1e99999"), -HEARTH__NUMBER_HUGE);
  CU_ASSERT_EQUAL(real("-0.5"), -HEARTH__NUMBER_NEGATIVE);
  CU_ASSERT_EQUAL(real("nan"), -HEARTH__NUMBER_NOT);
}

static int64_t instant(const char *text) {
  int64_t ms = -1;
  return hearth__instant(hearth_str_from(text), &ms) ? ms : -1;
}

static void test_instants(void) {
  CU_ASSERT_EQUAL(instant("1970-01-01 00:00:00"), 0);
  CU_ASSERT_EQUAL(instant("2026-01-05T00:00:00Z"), 1767571200000);
  CU_ASSERT_EQUAL(instant("2024-02-29 12:34:56.789"), 1709210096789);
  CU_ASSERT_EQUAL(instant("2024-02-29T12:34:56.7899999+01:30"), 1709204696789);
  CU_ASSERT_EQUAL(instant("2000-03-01T00:00:00-00:30"), 951870600000);
  CU_ASSERT_EQUAL(instant("2023-02-29 00:00:00"), -1);
  CU_ASSERT_EQUAL(instant("2024-13-01 00:00:00"), -1);
  CU_ASSERT_EQUAL(instant("2024-00-01 00:00:00"), -1);
  CU_ASSERT_EQUAL(instant("1969-12-31 23:59:59"), -1);
  CU_ASSERT_EQUAL(instant("1970-01-01 00:00:00+01:00"), -1);
  CU_ASSERT_EQUAL(instant("2024-01-01"), -1);
  CU_ASSERT_EQUAL(instant("2024-01-01 24:00:00"), -1);
  CU_ASSERT_EQUAL(instant("2024-01-01 10:00:00 UTC"), -1);
  CU_ASSERT_EQUAL(instant("2024-01-01 10:00:00Zz"), -1);
  CU_ASSERT_EQUAL(instant("2024-01-01 10:00"), -1);
  CU_ASSERT_EQUAL(instant(""), -1);
}

static int is_name(const char *text) {
  return !hearth__name_fault(hearth_str_from(text));
}

static void test_names(void) {
  CU_ASSERT(is_name(""));
  CU_ASSERT(is_name("deepseek-r1/0"));
  CU_ASSERT(is_name("mod\xc3\xa8le \xe2\x82\xac \xf0\x9f\x94\xa5"));
  CU_ASSERT(!is_name("\xff"));
  CU_ASSERT(!is_name("\xc3"));
  CU_ASSERT(!is_name("\xc0\xaf"));         /* longer than it must be */
  CU_ASSERT(!is_name("\xed\xa0\x80"));     /* half of a pair */
  CU_ASSERT(!is_name("\xf4\x90\x80\x80")); /* past the last character */
  CU_ASSERT(!is_name("a\x80"));
  static char long_name[514];
  for (int i = 0; i < 513; i++) {
    long_name[i] = 'x';
  }
  CU_ASSERT(!is_name(long_name));
  long_name[512] = '\0';
  CU_ASSERT(is_name(long_name));
}

UNIT_MAIN("numbers, instants and names", UNIT(test_whole_numbers),
          UNIT(test_no_numbers), UNIT(test_real_numbers), UNIT(test_instants),
          UNIT(test_names))
