/* SPDX-License-Identifier: MIT
   What asks for a reflected function, and what it came to, as messages. */
#include "host-sdk/reflect/message.h"

#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/pack.h"

/* One key of a message: where its value goes, in the bytes it has. */
typedef struct field {
  const char *key;
  hearth__token_type type; /* HEARTH__TOKEN_NIL: any */
  hearth_bytes *raw;       /* the whole value */
  hearth_bytes *bytes;     /* or the bytes of a string */
  int64_t *integer;
  int *found;
} field;

static int is_key(const hearth__token *token, const char *key) {
  const size_t len = strlen(key);

  return token->bytes.len == len && memcmp(token->bytes.data, key, len) == 0;
}

static hearth_status take(const field *f, const char *name,
                          hearth__reader *reader, char *err, uint64_t cap) {
  hearth__reader copy = *reader;
  hearth__token token;
  hearth_bytes raw;

  if (hearth__read(&copy, &token) || hearth__read_value(reader, &raw)) {
    hearth__tell(err, cap, "%s.%s: the message ends within it", name, f->key);
    return HEARTH_BAD_PAYLOAD;
  }
  if (f->type != HEARTH__TOKEN_NIL && token.type != f->type) {
    hearth__tell(err, cap, "%s.%s: is %s", name, f->key,
                 hearth__token_name(&token));
    return HEARTH_BAD_PAYLOAD;
  }
  if (f->raw) {
    *f->raw = raw;
  }
  if (f->bytes) {
    *f->bytes = token.bytes;
  }
  if (f->integer) {
    *f->integer = token.integer;
  }
  if (f->found) {
    *f->found = 1;
  }
  return HEARTH_OK;
}

/* One key and its value, by the fields up to the one without a key. */
static hearth_status take_pair(const field *fields, const char *name,
                               hearth__reader *reader, char *err,
                               uint64_t cap) {
  hearth__token key;

  if (hearth__read(reader, &key) || key.type != HEARTH__TOKEN_STR) {
    hearth__tell(err, cap, "%s: a key is no string", name);
    return HEARTH_BAD_PAYLOAD;
  }
  for (; fields->key; ++fields) {
    if (is_key(&key, fields->key)) {
      return take(fields, name, reader, err, cap);
    }
  }
  if (hearth__read_value(reader, NULL)) {
    hearth__tell(err, cap, "%s: the message is cut off", name);
    return HEARTH_BAD_PAYLOAD;
  }
  return HEARTH_OK;
}

static hearth_status read_map(const field *fields, const char *name,
                              hearth_bytes message, char *err, uint64_t cap) {
  hearth__reader reader = hearth__reader_of(message);
  hearth_status status = HEARTH_OK;
  hearth__token map;

  if (hearth__read(&reader, &map) || map.type != HEARTH__TOKEN_MAP) {
    hearth__tell(err, cap, "%s: is no map", name);
    return HEARTH_BAD_PAYLOAD;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < map.count; ++i) {
    status = take_pair(fields, name, &reader, err, cap);
  }
  if (status == HEARTH_OK && reader.at != reader.end) {
    hearth__tell(err, cap, "%s: bytes follow the message", name);
    status = HEARTH_BAD_PAYLOAD;
  }
  return status;
}

hearth_status hearth__request_read(hearth_bytes message, hearth__request *out,
                                   char *err, uint64_t err_cap) {
  static const uint8_t no_args[1] = {0x90};
  hearth__request found = {.args = {no_args, 1}};
  const field fields[] = {
      {"function", HEARTH__TOKEN_STR, .bytes = &found.function},
      {"signature", HEARTH__TOKEN_STR, .bytes = &found.signature},
      {"args", HEARTH__TOKEN_LIST, .raw = &found.args},
      {.key = NULL}};
  hearth_status status = read_map(fields, "Request", message, err, err_cap);

  if (status == HEARTH_OK && !found.function.len) {
    hearth__tell(err, err_cap, "Request.function: is required");
    status = HEARTH_BAD_PAYLOAD;
  }
  if (status == HEARTH_OK) {
    *out = found;
  }
  return status;
}

hearth_status hearth__request_write(const hearth__request *request,
                                    hearth_sink *sink) {
  hearth__pack pack;

  hearth__pack_init(&pack, sink);
  msgpack_pack_map(&pack.packer,
                   1u + (request->signature.len > 0) + (request->args.len > 0));
  hearth__pack_text(&pack, "function");
  hearth__pack_str(&pack, request->function);
  if (request->signature.len) {
    hearth__pack_text(&pack, "signature");
    hearth__pack_str(&pack, request->signature);
  }
  if (request->args.len) {
    hearth__pack_text(&pack, "args");
    msgpack_pack_str_body(&pack.packer, request->args.data,
                          (size_t)request->args.len);
  }
  return pack.status;
}

hearth_status hearth__answer_read(hearth_bytes message, hearth__answer *out,
                                  char *err, uint64_t err_cap) {
  hearth__answer found = {0};
  int64_t status_code = 0;
  const field fields[] = {{"status", HEARTH__TOKEN_INT, .integer = &status_code,
                           .found = &found.has_status},
                          {"result", HEARTH__TOKEN_NIL, .raw = &found.result},
                          {"out", HEARTH__TOKEN_BIN, .bytes = &found.out},
                          {.key = NULL}};
  hearth_status status = read_map(fields, "Answer", message, err, err_cap);

  if (status == HEARTH_OK &&
      (status_code < INT32_MIN || status_code > INT32_MAX)) {
    hearth__tell(err, err_cap, "Answer.status: is out of range");
    status = HEARTH_BAD_PAYLOAD;
  }
  if (status == HEARTH_OK) {
    found.status = (hearth_status)status_code;
    *out = found;
  }
  return status;
}
