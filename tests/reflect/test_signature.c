/* SPDX-License-Identifier: MIT
   The grammar of signatures, and everything beside it. */
#include <string.h>

#include "host-sdk/reflect/signature.h"
#include "tests/unit.h"

static hearth__signature parsed;
static char err[256];

static hearth_status parse(const char *text) {
  err[0] = '\0';
  return hearth__signature_parse(&parsed, text, err, sizeof(err));
}

static void test_right(void) {
  CU_ASSERT_EQUAL(parse("h(ps)"), HEARTH_OK);
  CU_ASSERT_EQUAL(parsed.result, 'h');
  CU_ASSERT_STRING_EQUAL(parsed.letters, "ps");
  CU_ASSERT_EQUAL(parsed.count, 2);
  CU_ASSERT_EQUAL(parsed.inputs, 1);
  CU_ASSERT_EQUAL(parsed.sink, -1);
  CU_ASSERT_EQUAL(parse("v()"), HEARTH_OK);
  CU_ASSERT_EQUAL(parsed.count, 0);
  CU_ASSERT_EQUAL(parse("b(pildusbo)"), HEARTH_OK);
  CU_ASSERT_EQUAL(parsed.sink, 7);
  CU_ASSERT_EQUAL(parsed.inputs, 6);
  CU_ASSERT_EQUAL(parse("i(oi)"), HEARTH_OK);
  CU_ASSERT_EQUAL(parsed.sink, 0);
  CU_ASSERT_EQUAL(parse("i(piiiiiiiiiiiiiii)"), HEARTH_OK);
  CU_ASSERT_EQUAL(parsed.count, 16);
  CU_ASSERT_EQUAL(strlen(parsed.letters), 16);
  for (const char *r = "viludsbh"; *r; ++r) {
    const char text[] = {*r, '(', ')', '\0'};

    CU_ASSERT_EQUAL(parse(text), HEARTH_OK);
  }
}

/* Each with the place and the reason that the sentence must have. */
static void test_wrong(void) {
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"", "character 1 (the end): a result is one of"},
      {"x()", "character 1 ('x')"},
      {"o()", "character 1 ('o')"},
      {"p()", "character 1 ('p')"},
      {"()", "character 1 ('(')"},
      {"V()", "character 1 ('V')"},
      {"v", "character 2 (the end): '('"},
      {"v[", "character 2 ('[')"},
      {"v (", "character 2 (' ')"},
      {"v(", "character 3 (the end): the closing"},
      {"v(i", "character 4 (the end): the closing"},
      {"v(ip)", "character 4 ('p'): p can only be the first"},
      {"v(pp)", "character 4 ('p'): p can only"},
      {"v(oo)", "character 4 ('o'): a function has one o"},
      {"v(v)", "character 3 ('v'): v and h are results"},
      {"v(h)", "character 3 ('h'): v and h are results"},
      {"v(i,i)", "character 4 (','): an argument is one of"},
      {"v(x)", "character 3 ('x')"},
      {"v(\xff)", "character 3 (0xff)"},
      {"v(\n)", "character 3 (0x0a)"},
      {"v())", "character 4 (')'): nothing may follow"},
      {"v() ", "character 4 (' '): nothing may follow"},
      {"v(iiiiiiiiiiiiiiiii)", "character 19 ('i'): a function has 16"},
      {"v(iiiiiiiiiiiiiiiio)", "character 19 ('o'): a function has 16"}};

  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); ++i) {
    memset(&parsed, 'x', sizeof(parsed));
    CU_ASSERT_EQUAL(parse(cases[i].text), HEARTH_BAD_ARG);
    CU_ASSERT_PTR_NOT_NULL(strstr(err, cases[i].says));
    CU_ASSERT_EQUAL(parsed.result, 'x'); /* untouched */
  }
  CU_ASSERT_EQUAL(parse(NULL), HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "no signature"));
  CU_ASSERT_EQUAL(hearth__signature_parse(&parsed, "x", NULL, 0),
                  HEARTH_BAD_ARG);
}

/* The grammar once more, by another way: a count of what may stand where. */
static int by_rule(const char *text) {
  const size_t len = strlen(text);
  size_t sinks = 0;

  if (len < 3 || len > 19 || !strchr("viludsbh", text[0]) || text[1] != '(' ||
      text[len - 1] != ')') {
    return 0;
  }
  for (size_t i = 2; i < len - 1; ++i) {
    if (!strchr("iludsbo", text[i]) && !(text[i] == 'p' && i == 2)) {
      return 0;
    }
    sinks += text[i] == 'o';
  }
  return sinks <= 1;
}

static uint32_t next_random(uint32_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

/* Texts out of the letters that mean something, mostly well formed. */
static void test_random(void) {
  static const char any[] = "viludsbhpo()viludsb \x01\xff";
  uint32_t state = 20260704, right = 0;
  char text[32];

  for (int n = 0; n < 200000; ++n) {
    size_t len = next_random(&state) % 22;
    const int shaped = next_random(&state) % 4 != 0;

    for (size_t i = 0; i < len; ++i) {
      text[i] = any[next_random(&state) % (shaped ? 8 : sizeof(any) - 1)];
      text[i] = shaped && text[i] == 'h' && i ? 'o' : text[i];
      text[i] = shaped && text[i] == 'v' && i ? 'i' : text[i];
    }
    if (shaped && len > 2) {
      text[1] = '(';
      text[len - 1] = ')';
    }
    text[len] = '\0';
    CU_ASSERT_EQUAL_FATAL(parse(text) == HEARTH_OK, by_rule(text));
    right += parse(text) == HEARTH_OK;
  }
  CU_ASSERT(right > 1000);
}

UNIT_MAIN("reflect signature", UNIT(test_right), UNIT(test_wrong),
          UNIT(test_random))
