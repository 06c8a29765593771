/* SPDX-License-Identifier: MIT
   A state's bytes: the same description writes, reads and checks. */
#include "plugin/sdk/state.h"

#include <math.h>
#include <string.h>

#include "plugin/sdk/seen.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/unit.h"

static const char *const id = "org.example.state";

typedef struct thing {
  uint8_t a;
  int32_t b;
  int64_t c;
  float f[40];
  double g;
  uint32_t count;
} thing;

static void visit(hearth_state *s, thing *t) {
  hearth_state_section(s, "thing");
  hearth_state_u8(s, "a", &t->a, 1, 9);
  hearth_state_i32(s, "b", &t->b, -5, 5);
  hearth_state_i64(s, "c", &t->c, INT64_MIN, INT64_MAX);
  hearth_state_sparse_f32s(s, "f", t->f, 40, -1, 1);
  hearth_state_f64(s, "g", &t->g, 0, 1e300);
  (void)hearth_state_count(s, "count", &t->count, 7);
}

static const hearth_memory_user memory = {0};

static hearth_buffer saved(thing *t) {
  hearth_buffer out;
  hearth_state s;
  hearth_buffer_init(&out, 0);
  hearth_state_save(&s, &memory, NULL, &out.sink, id, 3, 77, 88);
  visit(&s, t);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  return out;
}

typedef struct reader {
  hearth_source source;
  const uint8_t *at;
  uint64_t left, most;
} reader;

static hearth_status read_some(hearth_source *source, void *data, uint64_t cap,
                               uint64_t *got) {
  reader *r = (reader *)source;
  uint64_t n = cap < r->most ? cap : r->most;
  n = n < r->left ? n : r->left;
  if (n > 0) {
    memcpy(data, r->at, (size_t)n);
  }
  r->at += n;
  r->left -= n;
  *got = n;
  return HEARTH_OK;
}

static reader reader_of(const hearth_buffer *b, uint64_t most) {
  return (reader){{sizeof(hearth_source), 0, read_some}, b->data, b->len, most};
}

static hearth_status loaded(const hearth_buffer *b, uint32_t newest, thing *t,
                            char err[256]) {
  hearth_state s;
  reader r = reader_of(b, 5);
  const hearth_call call = {.size = sizeof call, .err = err, .err_cap = 256};
  err[0] = '\0';
  hearth_state_load(&s, &memory, &call, &r.source, id, newest);
  visit(&s, t);
  return hearth_state_end(&s);
}

static void test_there_and_back(void) {
  thing t = {.a = 4, .b = -3, .c = INT64_MIN, .g = 0.1, .count = 7};
  thing u = {0};
  char err[256];
  t.f[0] = -0.5f;
  t.f[31] = 1;
  t.f[39] = -0.0f;
  hearth_buffer b = saved(&t);
  CU_ASSERT_EQUAL(loaded(&b, 3, &u, err), HEARTH_OK);
  CU_ASSERT_EQUAL(t.a, u.a);
  CU_ASSERT_EQUAL(t.b, u.b);
  CU_ASSERT_EQUAL(t.c, u.c);
  CU_ASSERT_EQUAL(memcmp(t.f, u.f, sizeof t.f), 0);
  CU_ASSERT_EQUAL(memcmp(&t.g, &u.g, sizeof t.g), 0);
  CU_ASSERT_EQUAL(t.count, u.count);
  CU_ASSERT_EQUAL(loaded(&b, 2, &u, err), HEARTH_STATE_VERSION);
  hearth_buffer_free(&b);
}

/* What is out of bounds is saved as the nearest within. */
static void test_clamps(void) {
  thing t = {.a = 200, .b = -900, .g = (double)INFINITY, .count = 3};
  thing u = {0};
  char err[256];
  t.f[1] = NAN;
  t.f[2] = 17;
  hearth_buffer b = saved(&t);
  CU_ASSERT_EQUAL(t.a, 200); /* which it stays */
  CU_ASSERT_EQUAL(loaded(&b, 3, &u, err), HEARTH_OK);
  CU_ASSERT_EQUAL(u.a, 9);
  CU_ASSERT_EQUAL(u.b, -5);
  CU_ASSERT_DOUBLE_EQUAL(u.g, 1e300, 0);
  CU_ASSERT_DOUBLE_EQUAL(u.f[1], -1, 0);
  CU_ASSERT_DOUBLE_EQUAL(u.f[2], 1, 0);
  hearth_buffer_free(&b);
}

/* Another description of the same bytes: refused, by name, and untouched. */
static void test_refuses(void) {
  thing t = {.a = 4};
  uint8_t a = 42;
  char err[256];
  hearth_state s;
  hearth_buffer b = saved(&t);
  const hearth_call call = {.size = sizeof call, .err = err, .err_cap = 256};
  reader r = reader_of(&b, 4096);
  hearth_state_load(&s, &memory, &call, &r.source, id, 3);
  CU_ASSERT_EQUAL(s.version, 3);
  CU_ASSERT_EQUAL(s.cursor, 77);
  CU_ASSERT_EQUAL(s.seed, 88);
  hearth_state_section(&s, "thing");
  hearth_state_u8(&s, "age", &a, 5, 9);
  CU_ASSERT_EQUAL(a, 42);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err,
                         "state: section 'thing': field 'age': out of range");
  r = reader_of(&b, 4096);
  hearth_state_load(&s, &memory, &call, &r.source, id, 3);
  hearth_state_section(&s, "other");
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "another section"));
  r = reader_of(&b, 4096);
  hearth_state_load(&s, &memory, &call, &r.source, id, 3);
  hearth_state_section(&s, "thing");
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "holds more"));
  r = reader_of(&b, 4096);
  hearth_state_load(&s, &memory, &call, &r.source, "org.example.other", 3);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_STATE_VERSION);
  hearth_buffer_free(&b);
}

/* Texts and numbers over many blocks. */
static void visit_long(hearth_state *s, uint8_t *ones, char *text,
                       uint64_t *words, uint32_t count) {
  hearth_state_section(s, "long");
  for (uint32_t i = 0; i < count; i++) {
    hearth_state_u8(s, "one", ones, 0, 255);
    hearth_state_u64(s, "word", &words[i], 0, UINT64_MAX);
  }
  const hearth_str got =
      hearth_state_text(s, "text", (hearth_str){text, 65536}, text);
  CU_ASSERT_EQUAL(got.len, 65536);
}

static void test_many_blocks(void) {
  enum { COUNT = 30000 };
  static uint64_t words[COUNT], read[COUNT];
  static char text[65536], text_read[65536];
  uint8_t one = 1;
  hearth_buffer b;
  hearth_state s;
  for (uint32_t i = 0; i < COUNT; i++) {
    words[i] = i * 0x9e3779b97f4a7c15u;
  }
  memset(text, 'q', sizeof text);
  hearth_buffer_init(&b, 0);
  hearth_state_save(&s, &memory, NULL, &b.sink, id, 1, 0, 0);
  visit_long(&s, &one, text, words, COUNT);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  CU_ASSERT(b.len > 5 * (uint64_t)HEARTH_STATE_BLOCK);
  reader r = reader_of(&b, 1000);
  hearth_state_load(&s, &memory, NULL, &r.source, id, 1);
  visit_long(&s, &one, text_read, read, COUNT);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  CU_ASSERT_EQUAL(memcmp(words, read, sizeof words), 0);
  CU_ASSERT_EQUAL(memcmp(text, text_read, sizeof text), 0);
  hearth_buffer_free(&b);
}

static void test_seen(void) {
  static hearth_seen seen, other;
  hearth_buffer b;
  hearth_state s;
  memset(&seen, 0, sizeof seen);
  memset(&other, 0, sizeof other);
  for (uint64_t i = 1; i < 2000; i++) {
    CU_ASSERT(!hearth_seen_before(&seen, i * 0x9e3779b97f4a7c15u));
  }
  CU_ASSERT(hearth_seen_before(&seen, 1999 * 0x9e3779b97f4a7c15u));
  hearth_buffer_init(&b, 0);
  hearth_state_save(&s, &memory, NULL, &b.sink, id, 1, 0, 0);
  hearth_state_section(&s, "seen");
  hearth_seen_state(&s, &seen);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  reader r = reader_of(&b, 1000);
  hearth_state_load(&s, &memory, NULL, &r.source, id, 1);
  hearth_state_section(&s, "seen");
  hearth_seen_state(&s, &other);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  CU_ASSERT_EQUAL(memcmp(&seen, &other, sizeof seen), 0);
  hearth_buffer_free(&b);
}

UNIT_MAIN("sdk state", UNIT(test_there_and_back), UNIT(test_clamps),
          UNIT(test_refuses), UNIT(test_many_blocks), UNIT(test_seen))
