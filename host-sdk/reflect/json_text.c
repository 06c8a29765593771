/* SPDX-License-Identifier: MIT
   msgpack of no schema, as JSON text. */
#include "host-sdk/reflect/json_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "host-sdk/reflect/reader.h"

enum { DEPTH_MOST = 32, STEP = 2 };

typedef struct printer {
  FILE *out;
  hearth__reader reader;
  int indent; /* -1: all in one line */
  int depth;
} printer;

static void print_char(FILE *out, char c) {
  switch (c) {
  case '"':
  case '\\':
    fprintf(out, "\\%c", c);
    break;
  case '\n':
    fputs("\\n", out);
    break;
  case '\t':
    fputs("\\t", out);
    break;
  default:
    if ((unsigned char)c < 0x20 || c == 0x7f) {
      fprintf(out, "\\u%04x", (unsigned)(unsigned char)c);
    } else {
      putc(c, out);
    }
  }
}

/* Bytes that a character at `text` takes, 1 where it is none. */
static uint64_t character(const char *text, uint64_t len, int *whole) {
  const uint8_t first = (uint8_t)*text;
  const uint64_t want = first < 0x80   ? 1
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                                       : 4;

  *whole = first == 0 ||
           (want <= len &&
            hearth__is_text((hearth_bytes){(const uint8_t *)text, want}));
  return *whole ? want : 1;
}

void hearth__json_str(FILE *out, const char *text, uint64_t len) {
  putc('"', out);
  while (len) {
    int whole;
    const uint64_t n = character(text, len, &whole);

    if (!whole) {
      putc('?', out);
    } else if (n == 1) {
      print_char(out, *text);
    } else {
      fwrite(text, 1, (size_t)n, out);
    }
    text += n;
    len -= n;
  }
  putc('"', out);
}

static void print_hex(FILE *out, hearth_bytes bytes) {
  fputs("\"0x", out);
  for (uint64_t i = 0; i < bytes.len; ++i) {
    fprintf(out, "%02x", bytes.data[i]);
  }
  putc('"', out);
}

/* The shortest digits that read back as the same number. */
static void print_number(FILE *out, double number) {
  char text[40];
  int plain = 1;

  if (!isfinite(number)) {
    fprintf(out, "\"%s\"", isnan(number) ? "nan" : number < 0 ? "-inf" : "inf");
    return;
  }
  for (int digits = 15; digits <= 17; ++digits) {
    snprintf(text, sizeof(text), "%.*g", digits, number);
    if (!(strtod(text, NULL) < number) && !(strtod(text, NULL) > number)) {
      break;
    }
  }
  for (const char *at = text; *at; ++at) {
    plain &= *at != '.' && *at != 'e';
  }
  fprintf(out, "%s%s", text, plain ? ".0" : "");
}

static void new_line(const printer *p, int depth) {
  if (p->indent >= 0) {
    fprintf(p->out, "\n%*s", p->indent + depth * STEP, "");
  }
}

static void print_value(printer *p);

/* A key of a map, as a string whatever it is. */
static void print_key(printer *p) {
  hearth__reader ahead = p->reader;
  hearth__token key;
  hearth_bytes raw;

  (void)hearth__read(&ahead, &key);
  if (key.type == HEARTH__TOKEN_STR || key.type == HEARTH__TOKEN_BIN) {
    print_value(p);
  } else if (key.type == HEARTH__TOKEN_INT) {
    fprintf(p->out, "\"%" PRId64 "\"", key.integer);
    p->reader = ahead;
  } else {
    (void)hearth__read_value(&p->reader, &raw);
    print_hex(p->out, raw);
  }
}

static void print_items(printer *p, const hearth__token *token) {
  const int map = token->type == HEARTH__TOKEN_MAP;

  putc(map ? '{' : '[', p->out);
  ++p->depth;
  for (uint32_t i = 0; i < token->count; ++i) {
    fputs(i == 0 ? "" : p->indent >= 0 ? "," : ", ", p->out);
    new_line(p, p->depth);
    if (map) {
      print_key(p);
      fputs(": ", p->out);
    }
    print_value(p);
  }
  --p->depth;
  if (token->count) {
    new_line(p, p->depth);
  }
  putc(map ? '}' : ']', p->out);
}

static void print_scalar(printer *p, const hearth__token *token) {
  switch (token->type) {
  case HEARTH__TOKEN_BOOL:
    fputs(token->integer ? "true" : "false", p->out);
    break;
  case HEARTH__TOKEN_INT:
    fprintf(p->out, "%" PRId64, token->integer);
    break;
  case HEARTH__TOKEN_WHOLE:
    fprintf(p->out, "%" PRIu64, token->whole);
    break;
  case HEARTH__TOKEN_FLOAT:
    print_number(p->out, token->number);
    break;
  case HEARTH__TOKEN_STR:
    hearth__json_str(p->out, (const char *)token->bytes.data, token->bytes.len);
    break;
  case HEARTH__TOKEN_BIN:
    print_hex(p->out, token->bytes);
    break;
  case HEARTH__TOKEN_EXT:
    fprintf(p->out, "{\"ext\": %d, \"data\": ", (int)token->integer);
    print_hex(p->out, token->bytes);
    putc('}', p->out);
    break;
  default:
    fputs("null", p->out);
  }
}

/* The value is whole: that was looked at before. */
static void print_value(printer *p) {
  hearth__token token;

  if (p->depth >= DEPTH_MOST) {
    (void)hearth__read_value(&p->reader, NULL);
    fputs("\"...\"", p->out);
    return;
  }
  (void)hearth__read(&p->reader, &token);
  if (token.type == HEARTH__TOKEN_MAP || token.type == HEARTH__TOKEN_LIST) {
    print_items(p, &token);
  } else {
    print_scalar(p, &token);
  }
}

int hearth__json_value(FILE *out, hearth_bytes bytes, int indent) {
  printer p = {
      .out = out, .reader = hearth__reader_of(bytes), .indent = indent};
  hearth__reader ahead = p.reader;

  if (hearth__read_value(&ahead, NULL) || ahead.at != ahead.end) {
    fputs("null", out);
    return -1;
  }
  print_value(&p);
  return 0;
}
