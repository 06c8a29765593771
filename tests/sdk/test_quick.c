/* SPDX-License-Identifier: MIT
   The quick way of decoding says what the long way says, of any bytes. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"
#include "plugin/sdk/wire/state.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

typedef struct reading {
  hearth_status status;
  hearth_buffer again; /* what was read, encoded */
  char err[256];
} reading;

static void read_all(const hearth_schema *schema, hearth_bytes bytes,
                     reading *out) {
  support_any message;
  hearth_arena arena = {NULL};
  memset(out->err, 0, sizeof out->err);
  out->again.len = 0;
  out->status = hearth_message_from_bytes(schema, bytes, &message, &arena,
                                          out->err, sizeof out->err);
  if (out->status == HEARTH_OK) {
    CU_ASSERT_EQUAL(hearth_encode(schema, &message, &out->again.sink),
                    HEARTH_OK);
  }
  hearth_arena_free(&arena);
}

/* The message with {"?": nil} in front, which only the long way reads. */
static hearth_bytes with_unknown(hearth_bytes from, uint8_t *to) {
  const size_t head = from.data[0] == 0xde ? 3 : 1;
  const uint32_t count = head == 1 ? (from.data[0] & 15u)
                                   : (uint32_t)from.data[1] << 8 | from.data[2];
  const uint8_t front[] = {0xde, (uint8_t)((count + 1) >> 8),
                           (uint8_t)(count + 1), 0xa1, '?', 0xc0};
  memcpy(to, front, sizeof front);
  memcpy(to + sizeof front, from.data + head, (size_t)from.len - head);
  return (hearth_bytes){to, from.len - head + sizeof front};
}

/* Read the bytes both ways; returns what they said. */
static hearth_status compare(const hearth_schema *schema, hearth_bytes bytes,
                             reading *quick, reading *slow) {
  uint8_t *const copy = malloc((size_t)bytes.len + 8);
  read_all(schema, bytes, quick);
  read_all(schema, with_unknown(bytes, copy), slow);
  free(copy);
  CU_ASSERT_EQUAL(quick->status, slow->status);
  CU_ASSERT_STRING_EQUAL(quick->err, slow->err);
  CU_ASSERT_EQUAL(quick->again.len, slow->again.len);
  CU_ASSERT(quick->again.len == 0 ||
            memcmp(quick->again.data, slow->again.data,
                   (size_t)quick->again.len) == 0);
  return quick->status;
}

static size_t taken, refused;

/* As it is, then with each byte changed to what means something else. */
static void check(const support_vector *v) {
  static const uint8_t flips[] = {1, 0x10, 0x20, 0x80, 0xff};
  reading quick, slow, first;
  hearth_buffer_init(&quick.again, 0);
  hearth_buffer_init(&slow.again, 0);
  hearth_buffer_init(&first.again, 0);
  read_all(v->schema, (hearth_bytes){v->bytes, v->len}, &first);
  const size_t len = (size_t)first.again.len;
  const hearth_bytes bytes = hearth_buffer_bytes(&first.again);
  if (first.status == HEARTH_OK) {
    compare(v->schema, bytes, &quick, &slow);
    CU_ASSERT_EQUAL(quick.again.len, len);
  }
  for (size_t i = len && first.again.data[0] == 0xde ? 3 : 1; i < len; i++) {
    for (size_t j = 0; j < sizeof flips; j++) {
      first.again.data[i] ^= flips[j];
      const hearth_status status = compare(v->schema, bytes, &quick, &slow);
      taken += status == HEARTH_OK;
      refused += status == HEARTH_BAD_PAYLOAD;
      first.again.data[i] ^= flips[j];
    }
  }
  hearth_buffer_free(&first.again);
  hearth_buffer_free(&slow.again);
  hearth_buffer_free(&quick.again);
}

static void test_both_ways_agree(void) {
  taken = refused = 0;
  CU_ASSERT(support_each_vector(check) > 0);
  CU_ASSERT(taken > 100);
  CU_ASSERT(refused > 100);
}

static int goes_quickly(const hearth_schema *schema, const char *bytes,
                        size_t len, void *message) {
  hearth__decoder d;
  memset(&d, 0, sizeof d);
  d.schema = schema;
  d.message = message;
  d.end = (const uint8_t *)bytes + len;
  return hearth__decode_quick(&d, (const uint8_t *)bytes);
}
#define QUICK(schema, literal, message)                                        \
  goes_quickly(schema, literal, sizeof literal - 1, message)

static void test_what_goes_quickly(void) {
  const hearth_schema *const schema = &hearth_metadata_query_schema;
  hearth_metadata_query query;
  CU_ASSERT(QUICK(schema, "\x82\xa5model\xa1" "a\xa6now_ms\x07", &query));
  CU_ASSERT_EQUAL(query.now_ms, 7);
  CU_ASSERT(QUICK(schema, "\x81\xa5model\xa1" "a", &query));
  CU_ASSERT_EQUAL(query.now_ms, -1);
  CU_ASSERT(!QUICK(schema, "\x82\xa6now_ms\x07\xa5model\xa1" "a", &query));
  CU_ASSERT(!QUICK(schema, "\x82\xa5model\xa1" "a\xa1?\x07", &query));
  CU_ASSERT(!QUICK(schema, "\x81\xa5model\xa1" "a\xc0", &query));
  CU_ASSERT(!QUICK(schema, "\x81\xa6now_ms\x07", &query));
}

static void check_keys(const hearth_schema *schema) {
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    CU_ASSERT_EQUAL(field->key.text[sizeof field->key.text - 1], '\0');
    CU_ASSERT_EQUAL(field->key.head, 0xa0 + strlen(field->key.text));
    if (field->schema) {
      check_keys(field->schema);
    }
  }
}

static void test_keys(void) {
  for (size_t i = 0; i < support_message_count; i++) {
    check_keys(support_messages[i].schema);
  }
}

UNIT_MAIN("wire quick", UNIT(test_both_ways_agree),
          UNIT(test_what_goes_quickly), UNIT(test_keys))
