/* SPDX-License-Identifier: MIT
   Arguments of a reflected function, as a person types them. */
#include "host-sdk/reflect/argument.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/reader.h"

enum { FILE_MOST = 16 << 20 };

/* One argument being written. */
typedef struct argument {
  const char *name; /* of the function */
  uint32_t number;  /* from 1 */
  const char *text;
  hearth__pack *pack;
  char *err;
  uint64_t err_cap;
} argument;

static hearth_status refuse(const argument *a, const char *want) {
  hearth__tell(a->err, a->err_cap, "%s: argument %u: want %s, not '%.60s'",
               a->name, (unsigned)a->number, want, a->text);
  return HEARTH_BAD_ARG;
}

static hearth_status write_integer(const argument *a, char letter) {
  static const char *const ranges[] = {
      "an int32, -2147483648 to 2147483647",
      "an int64, -9223372036854775808 to 9223372036854775807",
      "a uint64, 0 to 18446744073709551615"};
  const char *range = ranges[letter == 'i' ? 0 : letter == 'l' ? 1 : 2];
  const char *digits = a->text + (*a->text == '-' || *a->text == '+');
  const int base =
      digits[0] == '0' && tolower((unsigned char)digits[1]) == 'x' ? 16 : 10;
  char *end;

  if (!isdigit((unsigned char)*digits) || (letter == 'u' && *a->text == '-')) {
    return refuse(a, range);
  }
  errno = 0;
  if (letter == 'u') {
    const uint64_t whole = strtoull(a->text, &end, base);

    if (errno || *end) {
      return refuse(a, range);
    }
    hearth__pack_value(a->pack, letter, &whole);
  } else {
    const int64_t integer = strtoll(a->text, &end, base);

    if (errno || *end ||
        (letter == 'i' && (integer < INT32_MIN || integer > INT32_MAX))) {
      return refuse(a, range);
    }
    hearth__pack_value(a->pack, 'l', &integer);
  }
  return a->pack->status;
}

static hearth_status write_number(const argument *a) {
  char *end;
  const double number = strtod(a->text, &end);

  if (end == a->text || *end || isspace((unsigned char)*a->text)) {
    return refuse(a, "a number");
  }
  hearth__pack_value(a->pack, 'd', &number);
  return a->pack->status;
}

static hearth_status write_text(const argument *a) {
  const hearth_bytes text = {(const uint8_t *)a->text, strlen(a->text)};

  if (!hearth__is_text(text)) {
    return refuse(a, "UTF-8");
  }
  hearth__pack_str(a->pack, text);
  return a->pack->status;
}

static int digit_of(char c) {
  static const char digits[] = "0123456789abcdef";
  const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

  return at ? (int)(at - digits) : -1;
}

static hearth_status write_hex(const argument *a, const char *hex) {
  const size_t len = strlen(hex);
  uint8_t *bytes = malloc(len / 2 + 1);
  int bad = len % 2;

  if (!bytes) {
    return HEARTH_NO_MEMORY;
  }
  for (size_t i = 0; !bad && i < len / 2; ++i) {
    const int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);

    bad = high < 0 || low < 0;
    bytes[i] = (uint8_t)(bad ? 0 : high << 4 | low);
  }
  if (!bad) {
    hearth__pack_bin(a->pack, (hearth_bytes){bytes, len / 2});
  }
  free(bytes);
  return bad ? refuse(a, "pairs of hex digits behind hex:") : a->pack->status;
}

static hearth_status write_file(const argument *a, const char *path) {
  uint8_t *bytes = malloc(FILE_MOST + 1);
  FILE *file = bytes ? fopen(path, "rb") : NULL;
  size_t len = 0;
  int failed = 0;

  if (!bytes) {
    return HEARTH_NO_MEMORY;
  }
  if (file) {
    len = fread(bytes, 1, FILE_MOST + 1, file);
    failed = ferror(file) ? errno : len > FILE_MOST ? EFBIG : 0;
    fclose(file);
  } else {
    failed = errno;
  }
  if (failed) {
    hearth__tell(a->err, a->err_cap, "%s: argument %u: can't read %s: %s",
                 a->name, (unsigned)a->number, path, strerror(failed));
  } else {
    hearth__pack_bin(a->pack, (hearth_bytes){bytes, len});
  }
  free(bytes);
  return failed ? HEARTH_BAD_ARG : a->pack->status;
}

static hearth_status write_bytes(const argument *a) {
  const char *text = a->text;

  if (*text == '@') {
    return write_file(a, text + 1);
  }
  if (strncmp(text, "hex:", 4) == 0) {
    return write_hex(a, text + 4);
  }
  text += strncmp(text, "text:", 5) == 0 ? 5 : 0;
  hearth__pack_bin(a->pack,
                   (hearth_bytes){(const uint8_t *)text, strlen(text)});
  return a->pack->status;
}

static hearth_status write_one(const argument *a, char letter) {
  switch (letter) {
  case 'd':
    return write_number(a);
  case 's':
    return write_text(a);
  case 'b':
    return write_bytes(a);
  default:
    return write_integer(a, letter);
  }
}

hearth_status hearth__arguments_write(const char *name,
                                      const hearth__signature *signature,
                                      const char *const *texts, uint32_t count,
                                      hearth_sink *sink, char *err,
                                      uint64_t err_cap) {
  hearth__pack pack;
  argument a = {.name = name, .pack = &pack, .err = err, .err_cap = err_cap};
  hearth_status status = HEARTH_OK;

  if (count != signature->inputs) {
    hearth__tell(err, err_cap, "%s takes %u argument%s (%s), not %u", name,
                 (unsigned)signature->inputs, signature->inputs == 1 ? "" : "s",
                 signature->letters, (unsigned)count);
    return HEARTH_BAD_ARG;
  }
  hearth__pack_init(&pack, sink);
  msgpack_pack_array(&pack.packer, count);
  for (uint32_t i = 0; status == HEARTH_OK && i < signature->count; ++i) {
    const char letter = signature->letters[i];

    if (letter != 'p' && letter != 'o') {
      a.text = texts[a.number++];
      status = write_one(&a, letter);
    }
  }
  if (status == HEARTH_NO_MEMORY) {
    hearth__tell(err, err_cap, "%s: no memory for its arguments", name);
  }
  return status == HEARTH_OK ? pack.status : status;
}
