/* SPDX-License-Identifier: MIT
   A libFuzzer target: any bytes into any message, and what was taken there and
   back.  Built by `make fuzz`, with clang. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/json/message_json.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever does not hold ends the program. */
static void must(int holds) {
  if (!holds) {
    abort();
  }
}

static void encode(const hearth_schema *schema, const void *message,
                   hearth_buffer *buffer) {
  hearth_buffer_init(buffer, 0);
  must(hearth_encode(schema, message, &buffer->sink) == HEARTH_OK);
}

/* A message that was taken is written, taken again and written as before. */
static void there_and_back(const hearth_schema *schema, const void *message) {
  _Alignas(max_align_t) char again[2048];
  hearth_arena arena = {NULL};
  hearth_buffer first, second;
  encode(schema, message, &first);
  must(hearth_message_from_bytes(schema, hearth_buffer_bytes(&first), again,
                                 &arena, NULL, 0) == HEARTH_OK);
  encode(schema, again, &second);
  must(first.len == second.len &&
       memcmp(first.data, second.data, (size_t)first.len) == 0);
  json_t *const json = hearth_message_to_json(schema, again);
  must(json != NULL);
  json_decref(json);
  hearth_buffer_free(&first);
  hearth_buffer_free(&second);
  hearth_arena_free(&arena);
}

/* The first byte says which message the others are meant to be. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const hearth_schema *const schemas[] = {
      &hearth_catalog_schema,        &hearth_context_schema,
      &hearth_model_set_schema,      &hearth_outcome_schema,
      &hearth_metadata_query_schema, &hearth_metadata_schema,
      &hearth_config_schema};
  if (size == 0) {
    return 0;
  }
  const hearth_schema *const schema =
      schemas[data[0] % (sizeof schemas / sizeof *schemas)];
  const hearth_bytes bytes = {data + 1, size - 1};
  _Alignas(max_align_t) char message[2048];
  hearth_arena arena = {NULL};
  char err[200] = "";
  const hearth_status status = hearth_message_from_bytes(
      schema, bytes, message, &arena, err, sizeof err);
  if (status == HEARTH_OK) {
    there_and_back(schema, message);
  } else {
    must(status == HEARTH_BAD_PAYLOAD && err[0] != '\0');
  }
  hearth_arena_free(&arena);
  return 0;
}
