/* SPDX-License-Identifier: MIT
   The signature of a reflected function, read and checked. */
#ifndef HEARTH_REFLECT_SIGNATURE_H
#define HEARTH_REFLECT_SIGNATURE_H

#include "hearth/plugin.h"

/* The grammar (hearth/ext/reflect.h says what each letter is):

     signature = result "(" ["p"] *argument ")"
     result    = "v" / "i" / "l" / "u" / "d" / "s" / "b" / "h"
     argument  = "i" / "l" / "u" / "d" / "s" / "b" / "o"

   with at most one "o" and at most 16 letters between the parentheses. */
enum { HEARTH__SIGNATURE_LETTERS = 16 };

typedef struct hearth__signature {
  char result;                                 /* a letter of `result` */
  char letters[HEARTH__SIGNATURE_LETTERS + 1]; /* of the arguments; a text */
  uint32_t count;                              /* of letters */
  uint32_t inputs; /* arguments that a caller gives: neither p nor o */
  int32_t sink;    /* the place of o among the letters; -1: there is none */
} hearth__signature;

/* Read `text`, which may be NULL.  HEARTH_BAD_ARG: `err` says where in it, from
   character 1, and what is wrong; *out is untouched.  Reads no further than the
   first mistake.  Any thread. */
hearth_status hearth__signature_parse(hearth__signature *out, const char *text,
                                      char *err, uint64_t err_cap);

#endif
