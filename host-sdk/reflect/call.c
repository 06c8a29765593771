/* SPDX-License-Identifier: MIT
   Calling a reflected function, in this process, by libffi. */
#include "host-sdk/reflect/call.h"

#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/cif.h"
#include "host-sdk/reflect/pack.h"
#include "host-sdk/reflect/reader.h"
#include "plugin/sdk/wire/encode.h"

/* What stands behind o: the first failure sticks, whatever the function makes
   of it. */
typedef struct collector {
  hearth_sink base; /* first */
  hearth_buffer buffer;
  hearth_status status;
} collector;

/* One call under way. */
typedef struct frame {
  const char *name; /* of the function */
  hearth__signature signature;
  hearth__cif cif;
  union value {
    int32_t i;
    int64_t l;
    uint64_t u;
    double d;
    const char *s;
    hearth_bytes b;
    void *p;
  } values[HEARTH__SIGNATURE_LETTERS];
  void *places[HEARTH__SIGNATURE_LETTERS];
  char *texts; /* owned: the strings, each with its NUL */
  size_t texts_used;
  collector out;
  hearth__returned returned;
  char *err;
  uint64_t err_cap;
} frame;

static hearth_status collect(hearth_sink *base, const void *data,
                             uint64_t len) {
  collector *c = (collector *)(void *)base;

  if (c->status == HEARTH_OK && len && !data) {
    c->status = HEARTH_BAD_ARG;
  }
  if (c->status == HEARTH_OK) {
    c->status = c->buffer.sink.write(&c->buffer.sink, data, len);
  }
  return c->status;
}

/* Argument `n`, as a person counts them, is not as it must be. */
static hearth_status refuse(const frame *f, uint32_t n, const char *want,
                            const hearth__token *got) {
  hearth__tell(f->err, f->err_cap, "%s: argument %u: want %s, got %s", f->name,
               (unsigned)n, want, hearth__token_name(got));
  return HEARTH_BAD_ARG;
}

static hearth_status take_integer(const frame *f, uint32_t n, char letter,
                                  const hearth__token *t, union value *out) {
  static const char *const ranges[] = {"an int32: -2147483648 to 2147483647",
                                       "an int64: -2^63 to 2^63 - 1",
                                       "a uint64: 0 to 2^64 - 1"};
  const char *range = ranges[letter == 'i' ? 0 : letter == 'l' ? 1 : 2];
  const int whole = t->type == HEARTH__TOKEN_WHOLE;

  if (t->type != HEARTH__TOKEN_INT && !whole) {
    return refuse(f, n, range, t);
  }
  if (letter == 'u' ? !whole && t->integer < 0
                    : whole || (letter == 'i' && (t->integer < INT32_MIN ||
                                                  t->integer > INT32_MAX))) {
    hearth__tell(f->err, f->err_cap,
                 "%s: argument %u: is out of the range of %s", f->name,
                 (unsigned)n, range);
    return HEARTH_BAD_ARG;
  }
  if (letter == 'i') {
    out->i = (int32_t)t->integer;
  } else if (letter == 'l') {
    out->l = t->integer;
  } else {
    out->u = whole ? t->whole : (uint64_t)t->integer;
  }
  return HEARTH_OK;
}

static hearth_status take_number(const frame *f, uint32_t n,
                                 const hearth__token *t, union value *out) {
  switch (t->type) {
  case HEARTH__TOKEN_INT:
    out->d = (double)t->integer;
    return HEARTH_OK;
  case HEARTH__TOKEN_WHOLE:
    out->d = (double)t->whole;
    return HEARTH_OK;
  case HEARTH__TOKEN_FLOAT:
    out->d = t->number;
    return HEARTH_OK;
  default:
    return refuse(f, n, "a number", t);
  }
}

static hearth_status take_text(frame *f, uint32_t n, const hearth__token *t,
                               union value *out) {
  char *text = f->texts + f->texts_used;

  if (t->type != HEARTH__TOKEN_STR) {
    return refuse(f, n, "a string", t);
  }
  if (!hearth__is_text(t->bytes)) {
    hearth__tell(f->err, f->err_cap,
                 "%s: argument %u: is not UTF-8, or holds a NUL", f->name,
                 (unsigned)n);
    return HEARTH_BAD_ARG;
  }
  if (t->bytes.len) {
    memcpy(text, t->bytes.data, (size_t)t->bytes.len);
  }
  text[t->bytes.len] = '\0';
  f->texts_used += (size_t)t->bytes.len + 1;
  out->s = text;
  return HEARTH_OK;
}

static hearth_status take_value(frame *f, uint32_t n, char letter,
                                hearth__reader *args, union value *out) {
  hearth__token token;

  if (hearth__read(args, &token)) {
    hearth__tell(f->err, f->err_cap, "%s: argument %u: is cut off", f->name,
                 (unsigned)n);
    return HEARTH_BAD_PAYLOAD;
  }
  switch (letter) {
  case 'd':
    return take_number(f, n, &token, out);
  case 's':
    return take_text(f, n, &token, out);
  case 'b':
    if (token.type != HEARTH__TOKEN_BIN && token.type != HEARTH__TOKEN_STR) {
      return refuse(f, n, "bytes", &token);
    }
    out->b = token.bytes;
    return HEARTH_OK;
  default:
    return take_integer(f, n, letter, &token, out);
  }
}

/* How many there are is checked first, so that the sentence can say it. */
static hearth_status take_count(const frame *f, hearth__reader *args) {
  const uint32_t want = f->signature.inputs;
  hearth__token list;

  if (hearth__read(args, &list) || list.type != HEARTH__TOKEN_LIST) {
    hearth__tell(f->err, f->err_cap, "%s: the arguments are no list", f->name);
    return HEARTH_BAD_PAYLOAD;
  }
  if (list.count != want) {
    hearth__tell(f->err, f->err_cap, "%s takes %u argument%s (%s), not %u",
                 f->name, (unsigned)want, want == 1 ? "" : "s",
                 f->signature.letters, (unsigned)list.count);
    return HEARTH_BAD_ARG;
  }
  return HEARTH_OK;
}

static hearth_status take_args(frame *f, hearth_plugin *plugin,
                               hearth_bytes args) {
  hearth__reader reader = hearth__reader_of(args);
  hearth_status status = take_count(f, &reader);
  uint32_t n = 0;

  if (status != HEARTH_OK) {
    return status;
  }
  f->texts = malloc((size_t)args.len + HEARTH__SIGNATURE_LETTERS);
  if (!f->texts) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; status == HEARTH_OK && i < f->signature.count; ++i) {
    const char letter = f->signature.letters[i];

    f->places[i] = &f->values[i];
    if (letter == 'p') {
      f->values[i].p = plugin;
    } else if (letter == 'o') {
      f->values[i].p = &f->out.base;
    } else {
      status = take_value(f, ++n, letter, &reader, &f->values[i]);
    }
  }
  if (status == HEARTH_OK && reader.at != reader.end) {
    hearth__tell(f->err, f->err_cap, "%s: bytes follow the arguments", f->name);
    status = HEARTH_BAD_PAYLOAD;
  }
  return status;
}

static hearth_status write_answer(frame *f, hearth_sink *answer) {
  const char result = f->signature.result;
  const int32_t small = hearth__returned_int(&f->returned);
  hearth__pack pack;

  if (f->out.status != HEARTH_OK) {
    hearth__tell(f->err, f->err_cap, "%s: what it wrote was refused: %s",
                 f->name,
                 f->out.status == HEARTH_LIMIT ? "over 16 MiB"
                                               : "no bytes, or "
                                                 "no memory");
    return f->out.status;
  }
  hearth__pack_init(&pack, answer);
  msgpack_pack_map(&pack.packer, 1u + (f->signature.sink >= 0));
  hearth__pack_text(&pack, result == 'h' ? "status" : "result");
  hearth__pack_value(&pack, result,
                     result == 'i' || result == 'h' ? (const void *)&small
                                                    : &f->returned);
  if (f->signature.sink >= 0) {
    hearth__pack_text(&pack, "out");
    hearth__pack_bin(&pack, hearth_buffer_bytes(&f->out.buffer));
  }
  if (pack.status != HEARTH_OK) {
    hearth__tell(f->err, f->err_cap, "%s: its answer does not fit", f->name);
  }
  return pack.status;
}

static hearth_status call(frame *f, const hearth_function *function,
                          hearth_plugin *plugin, hearth_bytes args,
                          hearth_sink *answer) {
  hearth_status status = take_args(f, plugin, args);

  if (status == HEARTH_OK) {
    status = hearth__cif_prepare(&f->cif, &f->signature);
  }
  if (status == HEARTH_NO_MEMORY || status == HEARTH_UNSUPPORTED) {
    hearth__tell(f->err, f->err_cap, "%s: %s", f->name,
                 status == HEARTH_NO_MEMORY
                     ? "no memory for its arguments"
                     : "libffi can't call such a function here");
  }
  if (status != HEARTH_OK) {
    return status;
  }
  ffi_call(&f->cif.cif, function->pointer, &f->returned, f->places);
  return write_answer(f, answer);
}

hearth_status hearth__reflect_call(const hearth_function *function,
                                   const char *signature, hearth_plugin *plugin,
                                   hearth_bytes args, hearth_sink *answer,
                                   char *err, uint64_t err_cap) {
  frame f = {.name = function->name ? function->name : "(no name)",
             .err = err,
             .err_cap = err_cap};
  char why[128];
  hearth_status status = hearth__signature_parse(
      &f.signature, signature ? signature : function->signature, why,
      sizeof(why));

  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "%s: %s", f.name, why);
    return status;
  }
  if (!function->pointer) {
    hearth__tell(err, err_cap, "%s: the plugin gives no pointer to it", f.name);
    return HEARTH_UNSUPPORTED;
  }
  hearth_buffer_init(&f.out.buffer, HEARTH__REFLECT_OUT);
  f.out.base.size = (uint32_t)sizeof(f.out.base);
  f.out.base.write = collect;
  status = call(&f, function, plugin, args, answer);
  hearth_buffer_free(&f.out.buffer);
  free(f.texts);
  return status;
}
