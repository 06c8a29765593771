/* SPDX-License-Identifier: MIT
   Where a decoder is: the containers it is in, and what it will say if it
   fails. */
#ifndef HEARTH_SDK_WIRE_STATE_H
#define HEARTH_SDK_WIRE_STATE_H

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/schema.h"

typedef enum hearth__frame_kind {
  HEARTH__IN_STRUCT, /* a map by a schema */
  HEARTH__IN_STRS,
  HEARTH__IN_MAPS,
  HEARTH__IN_STRMAP,
  HEARTH__IN_SKIPPED /* anything below an unknown key */
} hearth__frame_kind;

/* A container that was begun and has not ended. */
typedef struct hearth__frame {
  hearth__frame_kind kind;
  uint32_t left;               /* keys and values still to come */
  uint32_t at;                 /* lists: elements so far; STRUCT: the field
                                  that comes next if keys are in order */
  uint64_t seen;               /* STRUCT: fields so far, one bit each */
  const hearth_schema *schema; /* STRUCT */
  const hearth_field *field; /* STRUCT: whose value comes, NULL: a key comes */
  uint8_t *base;             /* STRUCT: the struct */
  hearth_list *list;         /* lists */
  hearth_str key;            /* STRMAP: whose value comes; data NULL: a key */
} hearth__frame;

typedef struct hearth__decoder {
  const hearth_schema *schema;
  void *message;
  const unsigned char *at, *end; /* in the input, where a container begins */
  char *err;
  uint64_t err_cap, err_len;
  uint32_t depth; /* frames in use */
  hearth__frame frames[HEARTH_WIRE_MAX_DEPTH];
} hearth__decoder;

/* A value as it was read. */
typedef enum hearth__type {
  HEARTH__NIL,
  HEARTH__BOOL,
  HEARTH__INT,
  HEARTH__UINT, /* beyond INT64_MAX */
  HEARTH__FLOAT,
  HEARTH__STR,
  HEARTH__BIN,
  HEARTH__EXT,
  HEARTH__LIST,
  HEARTH__MAP
} hearth__type;

typedef struct hearth__value {
  hearth__type type;
  int64_t integer; /* BOOL, INT */
  double number;   /* FLOAT */
  hearth_str str;  /* STR */
} hearth__value;

/* Begin the error's sentence with the way to where the decoder is, say what,
   and go on with text and numbers.  hearth__fail returns -1 for convenience. */
int hearth__fail(hearth__decoder *d, const char *what);
void hearth__say(hearth__decoder *d, const char *text);
void hearth__say_str(hearth__decoder *d, hearth_str str); /* printable, short */
void hearth__say_number(hearth__decoder *d, double number);

/* "Outcome.at_ms: want an integer, got a string". */
int hearth__fail_type(hearth__decoder *d, const char *want, hearth__type got);

/* Decode d->message from `at` to d->end if it is what our own encoder writes:
   known keys, in the schema's order, all well.  0: it may be anything, and the
   message holds anything; decode it the long way.  Tells no error. */
int hearth__decode_quick(hearth__decoder *d, const uint8_t *at);

/* Put a value that is no container into a member; 0, or -1 with the error. */
int hearth__store(hearth__decoder *d, const hearth_field *field, void *member,
                  const hearth__value *value);
int hearth__store_str(hearth__decoder *d, const hearth__value *value,
                      hearth_str *out);

#endif
