/* SPDX-License-Identifier: MIT
   msgpack of no schema, as JSON text. */
#ifndef HEARTH_REFLECT_JSON_TEXT_H
#define HEARTH_REFLECT_JSON_TEXT_H

#include <stdio.h>

#include "hearth/plugin.h"

/* Print the one value in `bytes`, with its keys as they lie there.  `indent`:
   the column that a new line begins at, or -1 for all in one line.  Bytes are
   "0x00ff"; extension types {"ext": 1, "data": "0x00"}; a number that is not
   finite "nan", "inf" or "-inf"; a key that is no string is printed as one;
   what lies deeper than 32 is "..."; a byte that is not UTF-8 is '?'.  -1 where
   the bytes are not one msgpack value: `null` is printed then. */
int hearth__json_value(FILE *out, hearth_bytes bytes, int indent);

/* A text in quotes; `len` bytes. */
void hearth__json_str(FILE *out, const char *text, uint64_t len);

#endif
