/* SPDX-License-Identifier: MIT
   Calls by signature: every letter, every refusal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/instance.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/reflect/setup.h"
#include "tests/unit.h"

static hearth_library *library;
static hearth_instance *instance;
static hearth_output out;
static hearth__answer answer;
static char err[512];

static void begin(void) {
  library = setup_letters();
  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(library, NULL, &instance, NULL, 0), HEARTH_OK);
}

static void end(void) {
  hearth_instance_destroy(instance);
  hearth_library_close(library);
  hearth_output_free(&out);
}

static hearth_status call(const char *function, const char *text) {
  memset(err, 0, sizeof(err));
  return setup_call(instance, function, NULL, &text, text ? 1 : 0, &out,
                    &answer, err);
}

static hearth__token result(void) {
  hearth__reader reader = hearth__reader_of(answer.result);
  hearth__token token = {.type = HEARTH__TOKEN_NIL};

  CU_ASSERT_EQUAL_FATAL(hearth__read(&reader, &token), 0);
  CU_ASSERT_PTR_EQUAL(reader.at, reader.end);
  return token;
}

static void expect_integer(const char *function, const char *text,
                           int64_t want) {
  CU_ASSERT_EQUAL(call(function, text), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_INT);
  CU_ASSERT_EQUAL(result().integer, want);
  CU_ASSERT_FALSE(answer.has_status);
}

static void expect_refused(const char *function, const char *text,
                           const char *says) {
  CU_ASSERT_EQUAL(call(function, text), HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, says));
}

static void test_integers(void) {
  begin();
  expect_integer("echo_i", "2147483647", INT32_MAX);
  expect_integer("echo_i", "-2147483648", INT32_MIN);
  expect_integer("echo_i", "0x10", 16);
  expect_refused("echo_i", "2147483648", "argument 1: want an int32");
  expect_refused("echo_i", "-2147483649", "argument 1: want an int32");
  expect_refused("echo_i", "12a", "not '12a'");
  expect_refused("echo_i", "1.5", "not '1.5'");
  expect_refused("echo_i", "", "not ''");
  expect_refused("echo_i", " 1", "not ' 1'");
  expect_integer("echo_l", "-9223372036854775808", INT64_MIN);
  expect_integer("echo_l", "9223372036854775807", INT64_MAX);
  expect_refused("echo_l", "9223372036854775808", "want an int64");
  expect_integer("echo_u", "0", 0);
  CU_ASSERT_EQUAL(call("echo_u", "18446744073709551615"), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_WHOLE);
  CU_ASSERT_EQUAL(result().whole, UINT64_MAX);
  expect_refused("echo_u", "18446744073709551616", "want a uint64");
  expect_refused("echo_u", "-1", "want a uint64");
  end();
}

static void test_numbers(void) {
  begin();
  CU_ASSERT_EQUAL(call("echo_d", "-0.1"), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_FLOAT);
  CU_ASSERT_DOUBLE_EQUAL(result().number, -0.1, 0);
  CU_ASSERT_EQUAL(call("echo_d", "1e300"), HEARTH_OK);
  CU_ASSERT_DOUBLE_EQUAL(result().number, 1e300, 0);
  expect_refused("echo_d", "one", "want a number");
  expect_refused("echo_d", "1x", "want a number");
  end();
}

static void test_texts(void) {
  begin();
  CU_ASSERT_EQUAL(call("echo_s", "h\xc3\xa9llo"), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_STR);
  CU_ASSERT_EQUAL(result().bytes.len, 6);
  CU_ASSERT_EQUAL(memcmp(result().bytes.data, "h\xc3\xa9llo", 6), 0);
  CU_ASSERT_EQUAL(call("echo_s", ""), HEARTH_OK);
  CU_ASSERT_EQUAL(result().bytes.len, 0);
  CU_ASSERT_EQUAL(call("nothing", NULL), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_NIL);
  expect_refused("echo_s", "\xff", "want UTF-8");
  expect_refused("echo_s", "\xc0\x80", "want UTF-8");
  expect_refused("echo_s", "\xed\xa0\x80", "want UTF-8");
  expect_refused("echo_s", "\xf4\x90\x80\x80", "want UTF-8");
  end();
}

static void test_bytes(void) {
  char at[64];
  FILE *file;

  begin();
  CU_ASSERT_EQUAL(call("echo_b", "hex:00fFa0"), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_BIN);
  CU_ASSERT_EQUAL(result().bytes.len, 3);
  CU_ASSERT_EQUAL(memcmp(result().bytes.data, "\x00\xff\xa0", 3), 0);
  CU_ASSERT_EQUAL(call("echo_b", "text:hex:00"), HEARTH_OK);
  CU_ASSERT_EQUAL(memcmp(result().bytes.data, "hex:00", 6), 0);
  CU_ASSERT_EQUAL(call("echo_b", ""), HEARTH_OK);
  CU_ASSERT_EQUAL(result().bytes.len, 0);
  expect_refused("echo_b", "hex:0", "pairs of hex digits");
  expect_refused("echo_b", "hex:zz", "pairs of hex digits");
  expect_refused("echo_b", "@/nowhere/at all", "can't read /nowhere/at all");
  strcpy(at, "@reflect-XXXXXX");
  file = fdopen(mkstemp(at + 1), "wb");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  fwrite("a\0b", 1, 3, file);
  fclose(file);
  CU_ASSERT_EQUAL(call("echo_b", at), HEARTH_OK);
  CU_ASSERT_EQUAL(result().bytes.len, 3);
  CU_ASSERT_EQUAL(memcmp(result().bytes.data, "a\0b", 3), 0);
  remove(at + 1);
  end();
}

static void test_plugin_and_status(void) {
  begin();
  CU_ASSERT_EQUAL(call("add", "41"), HEARTH_OK);
  CU_ASSERT_EQUAL(result().type, HEARTH__TOKEN_NIL);
  CU_ASSERT_EQUAL(call("add", "1"), HEARTH_OK);
  expect_integer("outcomes", NULL, 42);
  CU_ASSERT_EQUAL(call("status_of", "-8"), HEARTH_OK);
  CU_ASSERT_TRUE(answer.has_status);
  CU_ASSERT_EQUAL(answer.status, HEARTH_LIMIT);
  CU_ASSERT_EQUAL(call("status_of", "-2147483648"), HEARTH_OK);
  CU_ASSERT_EQUAL(answer.status, INT32_MIN);
  end();
}

static void test_all_letters(void) {
  static const char *const texts[] = {"-7",       "20.5", "-30",
                                      "hex:0102", "40",   "xyz"};
  static const char *const counts[] = {"1",  "2",  "3",  "4",  "5",  "6",
                                       "7",  "8",  "9",  "10", "11", "12",
                                       "13", "14", "15", "-16"};
  static const uint8_t want[] = {0x94, 0xd2, 0xff, 0xff, 0xff, 0xf9, 30, 0xa3,
                                 'x',  'y',  'z',  0xc4, 2,    1,    2};

  begin();
  CU_ASSERT_EQUAL(
      setup_call(instance, "all", NULL, texts, 6, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_TRUE(answer.has_status);
  CU_ASSERT_EQUAL(answer.status, HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(answer.out.len, sizeof(want));
  CU_ASSERT_EQUAL(memcmp(answer.out.data, want, sizeof(want)), 0);
  CU_ASSERT_EQUAL(
      setup_call(instance, "sixteen", NULL, counts, 16, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(result().integer, 1240 - 256);
  end();
}

static void test_refusals(void) {
  static const char *const two[] = {"1", "2"};

  begin();
  CU_ASSERT_EQUAL(
      setup_call(instance, "echo_i", NULL, two, 2, &out, &answer, err),
      HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "takes 1 argument (i), not 2"));
  expect_refused("echo_i", NULL, "takes 1 argument (i), not 0");
  CU_ASSERT_EQUAL(call("zebra", NULL), HEARTH_UNSUPPORTED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "no function 'zebra'"));
  CU_ASSERT_EQUAL(call("no_pointer", NULL), HEARTH_UNSUPPORTED);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "no pointer"));
  expect_refused("bad_signature", NULL, "character 3 ('x')");
  expect_refused("no_signature", NULL, "no signature");
  CU_ASSERT_EQUAL(call("flood", NULL), HEARTH_LIMIT);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "16 MiB"));
  CU_ASSERT_EQUAL(call("no_bytes", NULL), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(out.len, 0);
  expect_integer("echo_i", "1", 1); /* goes on */
  end();
}

/* Another signature than the plugin's: here one of the same registers. */
static void test_override(void) {
  static const char *const minus[] = {"-1"};

  begin();
  CU_ASSERT_EQUAL(
      setup_call(instance, "echo_u", "l(l)", minus, 1, &out, &answer, err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(result().integer, -1);
  CU_ASSERT_EQUAL(
      setup_call(instance, "echo_u", "l(l", minus, 1, &out, &answer, err),
      HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "character 4 (the end)"));
  end();
}

/* A request as bytes, for what the helper would not write. */
static hearth_status send(const char *bytes, size_t len) {
  const hearth_call given = {
      .size = (uint32_t)sizeof(given), .err = err, .err_cap = sizeof(err)};

  memset(err, 0, sizeof(err));
  return hearth__instance_reflect(
      instance, &given, (hearth_bytes){(const uint8_t *)bytes, len}, &out);
}

#define SEND(text) send(text, sizeof(text) - 1)

/* {function: NAME, args: [one value]}; both are literals. */
#define HEAD                                                                   \
  "\x82\xa8"                                                                   \
  "function"
#define ARGS                                                                   \
  "\xa4"                                                                       \
  "args\x91"

static void test_requests(void) {
  static const char whole[] = "\x83\xa8"
                              "function\xa6"
                              "echo_i\xa1zz\xa4"
                              "args\x91\x07";

  begin();
  CU_ASSERT_EQUAL(SEND("\x83\xa8"
                       "function\xa6"
                       "echo_i\xa1z\x91\xc0" ARGS "\x07"),
                  HEARTH_OK);
  for (size_t len = 0; len < sizeof(whole) - 1; ++len) {
    CU_ASSERT_EQUAL(send(whole, len), HEARTH_BAD_PAYLOAD);
  }
  CU_ASSERT_EQUAL(SEND("\x80"), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "Request.function: is required"));
  CU_ASSERT_EQUAL(SEND("\x81\xa8"
                       "function\x01"),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "is an integer"));
  CU_ASSERT_EQUAL(SEND("\x81\x01\x01"), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(SEND("\x81\xa8"
                       "function\xa7"
                       "nothing\xc0"),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "bytes follow"));
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_i\xa4"
                            "args\xdd\xff\xff\xff\xff"),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_b\xa9"
                            "signature\xa4"
                            "v(\x00)"),
                  HEARTH_BAD_ARG);
  end();
}

/* Values of another type than the letter's, or of one that will do. */
static void test_values(void) {
  begin();
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_i" ARGS "\xa1"
                            "7"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "got a string"));
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_i" ARGS "\xce\xff\xff\xff\xff"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "out of the range of an int32"));
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_u" ARGS "\xff"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_l" ARGS
                            "\xcf\xff\xff\xff\xff\xff\xff\xff\xff"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_s" ARGS "\xa1\x00"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "holds a NUL"));
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_s" ARGS "\xc4\x00"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_b" ARGS "\x01"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_d" ARGS "\xc3"),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_d" ARGS "\x07"),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(SEND(HEAD "\xa6"
                            "echo_b" ARGS "\xa1"
                            "7"),
                  HEARTH_OK);
  end();
}

/* Lists that can't be. */
static void test_broken_lists(void) {
  const hearth_function right = {sizeof(right), 0, "f", "v()", NULL, NULL};
  hearth_function two[2] = {right, right};
  hearth_reflect list = {sizeof(list), 1, &right};
  hearth_function found;

  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 0, &found, err, sizeof(err)),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 1, &found, err, sizeof(err)),
                  HEARTH_NO_OPINION);
  list.size -= 8;
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 0, &found, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "too short"));
  list = (hearth_reflect){sizeof(list), 1, NULL};
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 0, &found, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  list = (hearth_reflect){sizeof(list), 1025, &right};
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 0, &found, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  list = (hearth_reflect){sizeof(list), 0, NULL};
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 0, &found, err, sizeof(err)),
                  HEARTH_NO_OPINION);
  list = (hearth_reflect){sizeof(list), 2, two};
  two[1].size = 8;
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 1, &found, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  two[0].size = 8;
  CU_ASSERT_EQUAL(hearth__reflect_function(&list, 0, &found, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "size of its functions"));
  CU_ASSERT_EQUAL(
      hearth__reflect_serve(NULL, NULL,
                            (hearth_bytes){(const uint8_t *)"\x81\xa8"
                                                            "function\xa1"
                                                            "f",
                                           12},
                            NULL, err, sizeof(err)),
      HEARTH_UNSUPPORTED);
}

/* A newer plugin's functions are larger. */
static void test_larger_functions(void) {
  const struct larger {
    hearth_function base;
    uint64_t more[2];
  } functions[] = {
      {{sizeof(struct larger), 0, "a", "v()", NULL, NULL}, {1, 2}},
      {{sizeof(struct larger), 0, "b", "i()", NULL, NULL}, {3, 4}}};
  const hearth_reflect list = {sizeof(list), 2, &functions[0].base};
  hearth_function found;

  CU_ASSERT_EQUAL(hearth__reflect_find(&list,
                                       (hearth_bytes){(const uint8_t *)"b", 1},
                                       &found, err, sizeof(err)),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(found.signature, "i()");
}

UNIT_MAIN("reflect call", UNIT(test_integers), UNIT(test_numbers),
          UNIT(test_texts), UNIT(test_bytes), UNIT(test_plugin_and_status),
          UNIT(test_all_letters), UNIT(test_refusals), UNIT(test_override),
          UNIT(test_requests), UNIT(test_values), UNIT(test_broken_lists),
          UNIT(test_larger_functions))
