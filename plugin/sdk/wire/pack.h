/* SPDX-License-Identifier: MIT
   msgpack-c's template that packs into a writer's room.  Included by encode.c
   alone, in its middle: there is room already where these are called. */
#ifndef HEARTH_SDK_WIRE_PACK_H
#define HEARTH_SDK_WIRE_PACK_H

#include <msgpack/pack_define.h>
#include <msgpack/timestamp.h>

#define msgpack_pack_inline_func(name) static inline int pack##name
#define msgpack_pack_inline_func_cint(name) static inline int pack##name
#define msgpack_pack_inline_func_fixint(name) static inline int pack_fix##name
#define msgpack_pack_user writer *
#define msgpack_pack_append_buffer(w, bytes, len)                              \
  return (memcpy((w)->at, bytes, len), (w)->at += (len), 0)

#include <msgpack/pack_template.h>

#endif
