/* SPDX-License-Identifier: MIT
   Bytes of an enemy: cut, changed, random, deep and huge, each ending where the
   next byte can't be read. */
#define _GNU_SOURCE

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

enum { EDGE_BYTES = 1 << 20 };

/* Memory whose end is the end of the readable world. */
static uint8_t *edge;

static int make_edge(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  uint8_t *const map = mmap(NULL, EDGE_BYTES + page, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED || mprotect(map + EDGE_BYTES, page, PROT_NONE)) {
    CU_FAIL("no guarded page");
    return 0;
  }
  edge = map + EDGE_BYTES;
  return 1;
}

static void drop_edge(void) {
  munmap(edge - EDGE_BYTES, EDGE_BYTES + (size_t)sysconf(_SC_PAGESIZE));
}

/* Decode bytes that end at the edge, with lists that hold two items, and with
   all the room that they ask for. */
static hearth_status decode(const hearth_schema *schema, const void *bytes,
                            size_t len, char *err, size_t cap) {
  support_any message;
  hearth_arena arena = {NULL};
  hearth_bytes at_edge = {edge - len, len};
  memcpy(edge - len, bytes, len);
  memset(&message, 0, sizeof message);
  const hearth_status status =
      hearth_decode(schema, at_edge, &message, err, cap);
  const hearth_status again =
      hearth_message_from_bytes(schema, at_edge, &message, &arena, err, cap);
  if (status == HEARTH_BAD_PAYLOAD) {
    CU_ASSERT_EQUAL(again, HEARTH_BAD_PAYLOAD);
  }
  hearth_arena_free(&arena);
  return again;
}

static void cut(const support_vector *v) {
  char err[256];
  for (size_t len = 1; !v->error && len < v->len; len++) {
    err[0] = '\0';
    CU_ASSERT_EQUAL(decode(v->schema, v->bytes, len, err, sizeof err),
                    HEARTH_BAD_PAYLOAD);
    CU_ASSERT_EQUAL(strncmp(err, v->schema->name, strlen(v->schema->name)), 0);
  }
}

static void test_cut_at_every_byte(void) {
  if (make_edge()) {
    CU_ASSERT(support_each_vector(cut) > 0);
    drop_edge();
  }
}

static uint64_t state = 20240607;

static uint32_t random32(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33);
}

/* Change one to three bytes of a vector, many times. */
static void change(const support_vector *v) {
  uint8_t *const copy = malloc(v->len + 1);
  char err[256];
  for (int i = 0; i < 300 && v->len; i++) {
    memcpy(copy, v->bytes, v->len);
    for (uint32_t n = random32() % 3 + 1; n > 0; n--) {
      copy[random32() % v->len] = (uint8_t)random32();
    }
    const hearth_status status =
        decode(v->schema, copy, v->len, err, sizeof err);
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_BAD_PAYLOAD);
  }
  free(copy);
}

static void test_changed_bytes(void) {
  if (make_edge()) {
    CU_ASSERT(support_each_vector(change) > 0);
    drop_edge();
  }
}

static void test_random_bytes(void) {
  uint8_t bytes[64];
  char err[64];
  if (!make_edge()) {
    return;
  }
  for (int i = 0; i < 30000; i++) {
    const size_t len = random32() % sizeof bytes + 1;
    for (size_t j = 0; j < len; j++) {
      bytes[j] = (uint8_t)random32();
    }
    bytes[0] = (uint8_t)(0x80 | (bytes[0] & 0x0f)); /* get into a map */
    decode(support_messages[(size_t)i % support_message_count].schema, bytes,
           len, err, sizeof err);
  }
  drop_edge();
}

/* {"x": [[[[...]]]]} and {"user": {"user": ...}}, far deeper than allowed. */
static void test_depth_bombs(void) {
  static uint8_t bomb[200000];
  char err[256];
  if (!make_edge()) {
    return;
  }
  memset(bomb, 0x91, sizeof bomb);
  memcpy(bomb, "\x81\xa1x", 3);
  CU_ASSERT_EQUAL(decode(&hearth_context_schema, bomb, sizeof bomb, err, 256),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err, "ExecutionContext.?: nested more than 16 deep");
  for (size_t i = 0; i + 6 <= sizeof bomb; i += 6) {
    memcpy(bomb + i, "\x81\xa4user", 6);
  }
  CU_ASSERT_EQUAL(decode(&hearth_context_schema, bomb, sizeof bomb, err, 256),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err,
                         "ExecutionContext.user.?: nested more than 16 deep");
  /* As deep as allowed. */
  memset(bomb, 0x91, 32);
  memcpy(bomb, "\x81\xa1x", 3);
  bomb[18] = 0x01;
  CU_ASSERT_EQUAL(decode(&hearth_config_schema, bomb, 19, err, 256), HEARTH_OK);
  drop_edge();
}

/* Every header with a length, with the greatest, as the message, as a known
   member, as a skipped one and as a key. */
static void test_huge_lengths(void) {
  static const uint8_t headers[] = {0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xd9,
                                    0xda, 0xdb, 0xdc, 0xdd, 0xde, 0xdf};
  static const char *const before[] = {"", "\x81\xa6models", "\x81\xa1x",
                                       "\x81",
                                       "\x81\xa6models\x91\x81\xa5model"};
  char err[256];
  if (!make_edge()) {
    return;
  }
  for (size_t i = 0; i < sizeof headers; i++) {
    for (size_t j = 0; j < sizeof before / sizeof *before; j++) {
      uint8_t bytes[40];
      size_t len = strlen(before[j]);
      memcpy(bytes, before[j], len);
      bytes[len++] = headers[i];
      memset(bytes + len, 0xff, 8);
      CU_ASSERT_EQUAL(
          decode(&hearth_catalog_schema, bytes, len + 8, err, sizeof err),
          HEARTH_BAD_PAYLOAD);
    }
  }
  drop_edge();
}

/* A list of more items than allowed, in a message that has the bytes. */
static void test_too_many_items(void) {
  enum { ITEMS = HEARTH_WIRE_MAX_ITEMS + 1, HEAD = 8 };
  uint8_t *const bytes = malloc(HEAD + ITEMS);
  char err[256];
  hearth_context context;
  memset(bytes, 0xa0, HEAD + ITEMS); /* empty strings */
  memcpy(bytes, "\x81\xa1x\xdd\x00\x10\x00\x01", HEAD);
  hearth_bytes message = {bytes, HEAD + ITEMS};
  hearth_message_init(&hearth_context_schema, &context);
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_context_schema, message, &context, err, sizeof err),
      HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(err, "ExecutionContext.?: more than 1048576 items");
  bytes[7] = 0; /* just as many as allowed */
  message.len--;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  CU_ASSERT_EQUAL(
      hearth_decode(&hearth_config_schema, message, &config, err, sizeof err),
      HEARTH_OK);
  free(bytes);
}

UNIT_MAIN("wire hostile", UNIT(test_cut_at_every_byte),
          UNIT(test_changed_bytes), UNIT(test_random_bytes),
          UNIT(test_depth_bombs), UNIT(test_huge_lengths),
          UNIT(test_too_many_items))
