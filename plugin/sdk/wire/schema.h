/* SPDX-License-Identifier: MIT
   How a message is described: one table of fields serves both directions. */
#ifndef HEARTH_SDK_WIRE_SCHEMA_H
#define HEARTH_SDK_WIRE_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

/* A message is a msgpack map with string keys.  Its C form is a plain struct;
   a hearth_schema says which key goes to which member.  decode.h and encode.h
   work from the schema alone, so a new key is one line in messages.c. */

/* A string of a message: borrowed from the buffer that was decoded, or from
   whoever fills a struct to be encoded.  Not NUL-ended; any bytes, for UTF-8 is
   not checked.  {NULL, 0} is absent, and so is any member of length 0. */
typedef struct hearth_str {
  const char *data;
  uint64_t len;
} hearth_str;

/* A string from a literal or any NUL-ended text that lives on. */
hearth_str hearth_str_from(const char *text);

/* Whether two strings hold the same bytes. */
int hearth_str_equal(hearth_str a, hearth_str b);

/* A list within a message.  The owner of the struct gives room: `items` for
   `cap` elements of the element type that the member's comment names.  Decoding
   stores the first `cap` elements and sets `count` to how many the message
   held, so count > cap means that some did not fit.  Encoding writes the first
   min(count, cap) items.  Where elements hold lists of their own (a plan's
   reasons), decoding keeps the room that each element has: give elements that
   are zeroed or went through hearth_message_init (messages.h), never raw ones.
 */
typedef struct hearth_list {
  void *items;
  uint32_t cap, count;
} hearth_list;

typedef enum hearth_field_kind {
  HEARTH_FIELD_STR,   /* hearth_str; msgpack str, UTF-8 */
  HEARTH_FIELD_I64,   /* int64_t; an integer, or a float without fraction */
  HEARTH_FIELD_F64,   /* double; any finite number */
  HEARTH_FIELD_BOOL,  /* int32_t 0 or 1 */
  HEARTH_FIELD_ENUM,  /* int32_t; a string from `names` */
  HEARTH_FIELD_MAP,   /* a nested struct, in place, by `schema` */
  HEARTH_FIELD_STRS,  /* hearth_list of hearth_str */
  HEARTH_FIELD_MAPS,  /* hearth_list of the struct of `schema` */
  HEARTH_FIELD_STRMAP /* hearth_list of hearth_pair: string to string */
} hearth_field_kind;

/* An element of a HEARTH_FIELD_STRMAP list. */
typedef struct hearth_pair {
  hearth_str key, value;
} hearth_pair;

#define HEARTH_FIELD_REQUIRED 0x1u /* its absence is an error */
#define HEARTH_FIELD_ALWAYS 0x2u   /* written even when it is the default */

struct hearth_schema;

/* A key as it is written, header and text in one piece, so that to write it is
   one copy of fixed size and to know it one comparison. */
typedef struct hearth_key {
  uint8_t head;  /* of a msgpack fixstr */
  char text[31]; /* NUL-ended */
} hearth_key;

/* Of a literal of at most 30 bytes. */
#define HEARTH_KEY(literal)                                                    \
  { (uint8_t)(0xa0 + sizeof literal - 1), literal }

typedef struct hearth_field {
  hearth_key key;
  uint8_t kind;    /* hearth_field_kind */
  uint8_t flags;   /* HEARTH_FIELD_* */
  uint16_t offset; /* of the member in the struct */
  /* What an absent key means, and what is not written: the value of a number,
     bool or enum.  Strings are absent as {NULL, 0}, lists as count 0. */
  double fallback;
  /* The least and the greatest value of a number (both 0: any).  The fallback
     of an optional key is allowed besides. */
  double min, max;
  const char *const *names;           /* ENUM: NULL-ended, index = value */
  const struct hearth_schema *schema; /* MAP, MAPS */
} hearth_field;

typedef struct hearth_schema {
  const char *name; /* for error messages: "ExecutionContext" */
  uint32_t size;    /* of the struct */
  uint32_t count;   /* of fields; at most 64 */
  const hearth_field *fields;
  /* NULL, or looks at a decoded struct as a whole: NULL where it is right, else
     "key: what is wrong", static. */
  const char *(*check)(const void *message);
  /* NULL, or the struct with each member at its default, to be copied and to be
     compared with.  Then its size is of whole words, the fields stand in the
     order of their members, and these two tell: */
  const void *blank;
  uint16_t plain; /* fields before the first in which there is a list */
  uint16_t needs; /* fields up to the last that is always there */
} hearth_schema;

#endif
