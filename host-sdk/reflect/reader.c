/* SPDX-License-Identifier: MIT
   msgpack of no schema, read value by value. */
#include "host-sdk/reflect/reader.h"

#include <string.h>

hearth__reader hearth__reader_of(hearth_bytes bytes) {
  static const uint8_t nothing[1];
  const uint8_t *data = bytes.data ? bytes.data : nothing;
  const hearth__reader reader = {data, data + (bytes.data ? bytes.len : 0)};

  return reader;
}

/* A number of `len` bytes, big-endian. */
static int take_number(hearth__reader *r, unsigned len, uint64_t *out) {
  uint64_t number = 0;

  if ((uint64_t)(r->end - r->at) < len) {
    return -1;
  }
  while (len--) {
    number = number << 8 | *r->at++;
  }
  *out = number;
  return 0;
}

static int take_bytes(hearth__reader *r, uint64_t len, hearth__token *out,
                      hearth__token_type type) {
  if ((uint64_t)(r->end - r->at) < len) {
    return -1;
  }
  out->type = type;
  out->bytes = (hearth_bytes){r->at, len};
  r->at += len;
  return 0;
}

static int take_ext(hearth__reader *r, uint64_t len, hearth__token *out) {
  uint64_t type;

  if (take_number(r, 1, &type)) {
    return -1;
  }
  out->integer = type < 0x80 ? (int64_t)type : (int64_t)type - 0x100;
  return take_bytes(r, len, out, HEARTH__TOKEN_EXT);
}

static int put_count(hearth__token *out, hearth__token_type type,
                     uint64_t count) {
  out->type = type;
  out->count = (uint32_t)count;
  return 0;
}

static int put_integer(hearth__token *out, int64_t integer) {
  out->type = HEARTH__TOKEN_INT;
  out->integer = integer;
  return 0;
}

static int put_whole(hearth__token *out, uint64_t whole) {
  if (whole <= INT64_MAX) {
    return put_integer(out, (int64_t)whole);
  }
  out->type = HEARTH__TOKEN_WHOLE;
  out->whole = whole;
  return 0;
}

/* `bits` of a number of `len` bytes, as a signed one. */
static int put_signed(hearth__token *out, uint64_t bits, unsigned len) {
  const uint64_t sign = UINT64_C(1) << (8 * len - 1);

  return put_integer(out, bits & sign
                              ? -(int64_t)(2 * (sign - 1) + 1 - bits) - 1
                              : (int64_t)bits);
}

static int put_float(hearth__token *out, uint64_t bits, int single) {
  const uint32_t few = (uint32_t)bits;
  float number;

  out->type = HEARTH__TOKEN_FLOAT;
  if (single) {
    memcpy(&number, &few, sizeof(number));
    out->number = (double)number;
  } else {
    memcpy(&out->number, &bits, sizeof(bits));
  }
  return 0;
}

/* What begins with a byte of 0xc0 to 0xdf. */
static int take_marked(hearth__reader *r, uint8_t mark, hearth__token *out) {
  /* How many bytes of number or length stand behind the mark. */
  static const uint8_t behind[32] = {0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 4,
                                     8, 1, 2, 4, 8, 1, 2, 4, 8, 0, 0,
                                     0, 0, 0, 1, 2, 4, 2, 4, 2, 4};
  const unsigned len = behind[mark - 0xc0];
  uint64_t n;

  if (mark == 0xc1 || take_number(r, len, &n)) {
    return -1;
  }
  switch (mark) {
  case 0xc0:
    out->type = HEARTH__TOKEN_NIL;
    return 0;
  case 0xc2:
  case 0xc3:
    out->type = HEARTH__TOKEN_BOOL;
    out->integer = mark & 1;
    return 0;
  case 0xca:
  case 0xcb:
    return put_float(out, n, mark == 0xca);
  case 0xdc:
  case 0xdd:
    return put_count(out, HEARTH__TOKEN_LIST, n);
  case 0xde:
  case 0xdf:
    return put_count(out, HEARTH__TOKEN_MAP, n);
  default:
    return mark <= 0xc6   ? take_bytes(r, n, out, HEARTH__TOKEN_BIN)
           : mark <= 0xc9 ? take_ext(r, n, out)
           : mark <= 0xcf ? put_whole(out, n)
           : mark <= 0xd3 ? put_signed(out, n, len)
           : mark <= 0xd8 ? take_ext(r, UINT64_C(1) << (mark - 0xd4), out)
                          : take_bytes(r, n, out, HEARTH__TOKEN_STR);
  }
}

int hearth__read(hearth__reader *reader, hearth__token *out) {
  hearth__reader r = *reader;
  hearth__token token = {.type = HEARTH__TOKEN_NIL};
  uint8_t first;
  int failed;

  if (r.at == r.end) {
    return -1;
  }
  first = *r.at++;
  if (first < 0x80 || first >= 0xe0) {
    failed = put_integer(&token, first < 0x80 ? first : first - 0x100);
  } else if (first < 0xa0) {
    failed =
        put_count(&token, first < 0x90 ? HEARTH__TOKEN_MAP : HEARTH__TOKEN_LIST,
                  first & 15u);
  } else if (first < 0xc0) {
    failed = take_bytes(&r, first & 31u, &token, HEARTH__TOKEN_STR);
  } else {
    failed = take_marked(&r, first, &token);
  }
  if (!failed) {
    *reader = r;
    *out = token;
  }
  return failed;
}

/* Every value takes a byte, so the input's length bounds the work; a count that
   asks for more than there are bytes left is refused at once. */
int hearth__read_value(hearth__reader *reader, hearth_bytes *out) {
  hearth__reader r = *reader;
  uint64_t open = 1;
  hearth__token token;

  for (; open; --open) {
    if (hearth__read(&r, &token)) {
      return -1;
    }
    open += token.type == HEARTH__TOKEN_MAP ? (uint64_t)token.count * 2
                                            : token.count;
    if (open - 1 > (uint64_t)(r.end - r.at)) {
      return -1;
    }
  }
  if (out) {
    *out = (hearth_bytes){reader->at, (uint64_t)(r.at - reader->at)};
  }
  *reader = r;
  return 0;
}

const char *hearth__token_name(const hearth__token *token) {
  static const char *const names[] = {
      "nil",        "a truth value", "an integer", "an integer",
      "a fraction", "a string",      "bytes",      "an extension type",
      "a list",     "a map"};

  return names[token->type];
}

/* Bytes that follow `first` in UTF-8, and the least that it may encode; -1
   where nothing begins so. */
static int followers(uint8_t first, uint32_t *least) {
  if (first < 0x80) {
    return 0;
  }
  if (first < 0xc2 || first > 0xf4) {
    return -1;
  }
  *least = first < 0xe0 ? 0x80u : first < 0xf0 ? 0x800u : 0x10000u;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

int hearth__is_text(hearth_bytes bytes) {
  for (uint64_t i = 0; i < bytes.len;) {
    const uint8_t first = bytes.data[i++];
    uint32_t least = 0, code = first;
    int more = followers(first, &least);

    if (!first || more < 0 || (uint64_t)more > bytes.len - i) {
      return 0;
    }
    if (more) {
      code = first & (0x3fu >> more);
    }
    for (; more; --more, ++i) {
      if ((bytes.data[i] & 0xc0) != 0x80) {
        return 0;
      }
      code = code << 6 | (bytes.data[i] & 0x3fu);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      return 0;
    }
  }
  return 1;
}
