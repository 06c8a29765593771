/* SPDX-License-Identifier: MIT
   msgpack of no schema, as JSON text. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/reflect/json_text.h"
#include "tests/unit.h"

static void expect_json(const char *bytes, size_t len, const char *want) {
  char text[1024] = "";
  FILE *out = fmemopen(text, sizeof(text), "w");

  (void)hearth__json_value(out, (hearth_bytes){(const uint8_t *)bytes, len},
                           -1);
  fclose(out);
  CU_ASSERT_STRING_EQUAL(text, want);
}

#define EXPECT_JSON(bytes, want) expect_json(bytes, sizeof(bytes) - 1, want)

static void test_json(void) {
  char deep[40];

  EXPECT_JSON("\x94\xc0\xc3\xc2\x90", "[null, true, false, []]");
  EXPECT_JSON("\x93\xe0\xd1\x80\x00\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
              "[-32, -32768, 18446744073709551615]");
  EXPECT_JSON("\x92\xca\x3f\x00\x00\x00\xcb\x3f\xb9\x99\x99\x99\x99\x99\x9a",
              "[0.5, 0.1]");
  EXPECT_JSON("\x92\xca\x7f\xc0\x00\x00\xca\xff\x80\x00\x00",
              "[\"nan\", \"-inf\"]");
  EXPECT_JSON("\xca\x40\x00\x00\x00", "2.0");
  EXPECT_JSON("\xa6\"\\\n\x01\xff\xc3", "\"\\\"\\\\\\n\\u0001??\"");
  EXPECT_JSON("\xa2\xc3\xa9", "\"\xc3\xa9\"");
  EXPECT_JSON("\xc4\x02\x00\xff", "\"0x00ff\"");
  EXPECT_JSON("\xd4\xff\x01", "{\"ext\": -1, \"data\": \"0x01\"}");
  EXPECT_JSON("\x82\x01\xc0\x90\xc0", "{\"1\": null, \"0x90\": null}");
  EXPECT_JSON("", "null");
  EXPECT_JSON("\x92\x01", "null");
  EXPECT_JSON("\x01\x01", "null");
  EXPECT_JSON("\xc1", "null");
  EXPECT_JSON("\xdf\xff\xff\xff\xff\x01\x01", "null");
  memset(deep, 0x91, sizeof(deep) - 1);
  deep[sizeof(deep) - 1] = '\x01';
  expect_json(
      deep, sizeof(deep),
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"...\"]]]]]]]]]]]]]]]]]]]]]]]]]]"
      "]]]]]]");
}

UNIT_MAIN("reflect json", UNIT(test_json))
