/* SPDX-License-Identifier: MIT
   The byte vectors of tests/vectors, in every direction. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

static size_t good, exact, bad;

static void say(const support_vector *v, const char *what, const char *got) {
  printf("# %s, %s: %s %s\n", v->schema->name, v->name, what, got);
  CU_FAIL("vector");
}

static void show(const support_vector *v, const json_t *got) {
  char text[4096] = "";
  const size_t len = json_dumpb(got, text, sizeof text - 1, JSON_COMPACT);
  text[len < sizeof text ? len : 0] = '\0';
  say(v, "got", text);
}

static void check_good(const support_vector *v) {
  support_any message;
  hearth_arena arena = {NULL};
  char err[512] = "";
  const hearth_bytes bytes = {v->bytes, v->len};
  const hearth_status status = hearth_message_from_bytes(
      v->schema, bytes, &message, &arena, err, sizeof err);
  if (status != HEARTH_OK) {
    say(v, "refused:", err);
  } else {
    json_t *const json = hearth_message_to_json(v->schema, &message);
    if (!json_equal(json, v->json)) {
      show(v, json);
    }
    json_decref(json);
  }
  hearth_arena_free(&arena);
}

/* From the JSON to a struct to bytes. */
static void check_encoded(const support_vector *v) {
  support_any message;
  hearth_arena arena = {NULL};
  char err[512] = "";
  hearth_buffer buffer;
  hearth_buffer_init(&buffer, 0);
  if (hearth_message_from_json(v->schema, v->json, &message, &arena, err,
                               sizeof err) != HEARTH_OK) {
    say(v, "its JSON was refused:", err);
  } else if (hearth_encode(v->schema, &message, &buffer.sink) != HEARTH_OK) {
    say(v, "could not be encoded", "");
  } else if (v->exact && (buffer.len != v->len ||
                          memcmp(buffer.data, v->bytes, v->len) != 0)) {
    say(v, "other bytes", "");
  }
  hearth_buffer_free(&buffer);
  hearth_arena_free(&arena);
}

static void check_bad(const support_vector *v) {
  support_any message;
  hearth_arena arena = {NULL};
  char err[512] = "";
  const hearth_bytes bytes = {v->bytes, v->len};
  const hearth_status status = hearth_message_from_bytes(
      v->schema, bytes, &message, &arena, err, sizeof err);
  if (status != HEARTH_BAD_PAYLOAD) {
    say(v, "was not refused", "");
  } else if (strcmp(err, v->error) != 0) {
    say(v, "another sentence:", err);
  }
  hearth_arena_free(&arena);
}

static void check(const support_vector *v) {
  if (v->error) {
    check_bad(v);
    bad++;
    return;
  }
  check_good(v);
  check_encoded(v);
  good++;
  exact += v->exact != 0;
}

static void test_vectors(void) {
  CU_ASSERT(support_each_vector(check) > 150);
  CU_ASSERT(good > 50);
  CU_ASSERT(exact > 20);
  CU_ASSERT(bad > 100);
}

UNIT_MAIN("wire vectors", UNIT(test_vectors))
