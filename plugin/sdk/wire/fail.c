/* SPDX-License-Identifier: MIT
   The sentences that a decoder fails with. */
#include "plugin/sdk/cold.h"

#include <string.h>

#include "plugin/sdk/wire/state.h"

enum { SHOWN_BYTES = 40 };

static void put(hearth__decoder *d, char c) {
  if (d->err && d->err_len + 1 < d->err_cap) {
    d->err[d->err_len++] = c;
    d->err[d->err_len] = '\0';
  }
}

void hearth__say(hearth__decoder *d, const char *text) {
  while (*text) {
    put(d, *text++);
  }
}

void hearth__say_str(hearth__decoder *d, hearth_str str) {
  put(d, '"');
  for (uint64_t i = 0; i < str.len && i < SHOWN_BYTES; i++) {
    const char c = str.data[i];
    put(d, c >= ' ' && c <= '~' ? c : '?');
  }
  hearth__say(d, str.len > SHOWN_BYTES ? "...\"" : "\"");
}

static void say_uint(hearth__decoder *d, uint64_t number) {
  char digits[20];
  unsigned count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  while (count) {
    put(d, digits[--count]);
  }
}

/* Bounds of a schema: whole, or with three decimals at most. */
void hearth__say_number(hearth__decoder *d, double number) {
  if (number < 0) {
    put(d, '-');
    number = -number;
  }
  uint64_t milli = number < 1e15 ? (uint64_t)(number * 1000 + 0.5) % 1000 : 0;
  const uint64_t whole = (uint64_t)(milli ? number : number + 0.0005);
  say_uint(d, whole);
  if (milli) {
    put(d, '.');
    for (uint64_t unit = 100; milli; unit /= 10) {
      put(d, (char)('0' + milli / unit));
      milli %= unit;
    }
  }
}

static void say_index(hearth__decoder *d, uint32_t index) {
  put(d, '[');
  say_uint(d, index);
  put(d, ']');
}

/* "ExecutionContext.pool.resident[2].model" */
static void say_path(hearth__decoder *d) {
  hearth__say(d, d->schema->name);
  for (uint32_t i = 0; i < d->depth; i++) {
    const hearth__frame *const f = &d->frames[i];
    if (f->kind == HEARTH__IN_STRUCT && f->field) {
      put(d, '.');
      hearth__say(d, f->field->key.text);
    } else if (f->kind != HEARTH__IN_STRUCT && f->kind != HEARTH__IN_SKIPPED) {
      say_index(d, f->at);
    }
  }
}

int hearth__fail(hearth__decoder *d, const char *what) {
  if (d->err && d->err_cap) {
    d->err[0] = '\0';
  }
  d->err_len = 0;
  say_path(d);
  hearth__say(d, what);
  return -1;
}

int hearth__fail_type(hearth__decoder *d, const char *want, hearth__type got) {
  static const char *const names[] = {
      "nil",      "a boolean", "an integer", "an integer above 2^63",
      "a float",  "a string",  "binary",     "an extension type",
      "an array", "a map"};
  hearth__fail(d, ": want ");
  hearth__say(d, want);
  hearth__say(d, ", got ");
  hearth__say(d, names[got]);
  return -1;
}
