/* SPDX-License-Identifier: MIT
   msgpack of no schema, written into a sink. */
#ifndef HEARTH_REFLECT_PACK_H
#define HEARTH_REFLECT_PACK_H

#include <msgpack/pack.h>

#include "hearth/plugin.h"
#include "host-sdk/reflect/signature.h"

/* The sink's first failure sticks in `status`; nothing is written after it. */
typedef struct hearth__pack {
  msgpack_packer packer;
  hearth_sink *sink;
  hearth_status status;
} hearth__pack;

/* Stays where it is: the packer points into it. */
void hearth__pack_init(hearth__pack *pack, hearth_sink *sink);

void hearth__pack_text(hearth__pack *pack, const char *text);
void hearth__pack_str(hearth__pack *pack, hearth_bytes str);
void hearth__pack_bin(hearth__pack *pack, hearth_bytes bin);

/* A C value of the letter i l u d s b h, in the type that it has there:
   int32_t, int64_t, uint64_t, double, const char *, hearth_bytes; a NULL text
   is nil. */
void hearth__pack_value(hearth__pack *pack, char letter, const void *value);

#endif
