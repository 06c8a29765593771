/* SPDX-License-Identifier: MIT
   msgpack of no schema, read value by value. */
#ifndef HEARTH_REFLECT_READER_H
#define HEARTH_REFLECT_READER_H

#include "hearth/plugin.h"

/* The sdk's decoder fills structs by their schema; what reflected functions
   take and write has none, so that it is read piece by piece.  Nothing is
   trusted, nothing is allocated. */

typedef enum hearth__token_type {
  HEARTH__TOKEN_NIL,
  HEARTH__TOKEN_BOOL,  /* integer: 0 or 1 */
  HEARTH__TOKEN_INT,   /* integer */
  HEARTH__TOKEN_WHOLE, /* whole: over INT64_MAX */
  HEARTH__TOKEN_FLOAT, /* number */
  HEARTH__TOKEN_STR,   /* bytes */
  HEARTH__TOKEN_BIN,   /* bytes */
  HEARTH__TOKEN_EXT,   /* bytes, with integer as its type */
  HEARTH__TOKEN_LIST,  /* count values follow */
  HEARTH__TOKEN_MAP    /* count keys follow, each with its value */
} hearth__token_type;

typedef struct hearth__token {
  hearth__token_type type;
  int64_t integer;
  uint64_t whole;
  double number;
  hearth_bytes bytes; /* borrowed from what is read */
  uint32_t count;
} hearth__token;

/* What is still to be read. */
typedef struct hearth__reader {
  const uint8_t *at, *end;
} hearth__reader;

hearth__reader hearth__reader_of(hearth_bytes bytes);

/* Read one token: 0, or -1 at the end, where it is cut off, or at a byte that
   msgpack does not use; the reader then stays. */
int hearth__read(hearth__reader *reader, hearth__token *out);

/* Read one whole value, and where it lies (`out` may be NULL). */
int hearth__read_value(hearth__reader *reader, hearth_bytes *out);

/* "an integer", "a list": what a token is, for messages. */
const char *hearth__token_name(const hearth__token *token);

/* Whether bytes are UTF-8 without a NUL. */
int hearth__is_text(hearth_bytes bytes);

#endif
