/* SPDX-License-Identifier: MIT
   The signature of a reflected function, read and checked. */
#include "host-sdk/reflect/signature.h"

#include <string.h>

#include "host-sdk/library/tell.h"

/* A character as a sentence can show it. */
typedef struct shown {
  char text[12];
} shown;

static shown show(char c) {
  static const char digits[] = "0123456789abcdef";
  const unsigned byte = (unsigned char)c;
  shown out = {"the end"};

  if (byte >= 0x20 && byte < 0x7f) {
    out = (shown){{'\'', c, '\''}};
  } else if (byte) {
    out = (shown){{'0', 'x', digits[byte >> 4], digits[byte & 15]}};
  }
  return out;
}

/* What is wrong with `c` as the next argument, or NULL. */
static const char *refuse(const hearth__signature *so_far, char c) {
  switch (c) {
  case 'i':
  case 'l':
  case 'u':
  case 'd':
  case 's':
  case 'b':
    break;
  case 'p':
    if (so_far->count) {
      return "p can only be the first argument";
    }
    break;
  case 'o':
    if (so_far->sink >= 0) {
      return "a function has one o at most";
    }
    break;
  case 'v':
  case 'h':
    return "v and h are results, not arguments";
  case '\0':
    return "the closing parenthesis is missing";
  default:
    return "an argument is one of p i l u d s b o";
  }
  return so_far->count == HEARTH__SIGNATURE_LETTERS
             ? "a function has 16 arguments at most"
             : NULL;
}

static hearth_status bad(const char *text, const char *at, const char *why,
                         char *err, uint64_t err_cap) {
  hearth__tell(err, err_cap, "signature, character %d (%s): %s",
               (int)(at - text) + 1, show(*at).text, why);
  return HEARTH_BAD_ARG;
}

hearth_status hearth__signature_parse(hearth__signature *out, const char *text,
                                      char *err, uint64_t err_cap) {
  hearth__signature found = {.sink = -1};
  const char *at = text;

  if (!text) {
    hearth__tell(err, err_cap, "the function has no signature");
    return HEARTH_BAD_ARG;
  }
  if (*at == '\0' || !strchr("viludsbh", *at)) {
    return bad(text, at, "a result is one of v i l u d s b h", err, err_cap);
  }
  found.result = *at++;
  if (*at != '(') {
    return bad(text, at, "'(' comes after the result", err, err_cap);
  }
  for (++at; *at != ')'; ++at) {
    const char *why = refuse(&found, *at);

    if (why) {
      return bad(text, at, why, err, err_cap);
    }
    if (*at == 'o') {
      found.sink = (int32_t)found.count;
    } else if (*at != 'p') {
      ++found.inputs;
    }
    found.letters[found.count++] = *at;
  }
  if (*++at != '\0') {
    return bad(text, at, "nothing may follow ')'", err, err_cap);
  }
  *out = found;
  return HEARTH_OK;
}
