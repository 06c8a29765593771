/* SPDX-License-Identifier: MIT
   Plugin extension hearth.reflect/1: further functions, called by name. */
#ifndef HEARTH_EXT_REFLECT_H
#define HEARTH_EXT_REFLECT_H

#include "hearth/plugin.h"

#define HEARTH_EXT_REFLECT "hearth.reflect/1"

#ifdef __cplusplus
extern "C" {
#endif

/* A function that a person or a script may call with libffi.

   The signature is `result(arguments)`, one letter a type, as it crosses:
     v nothing (result only)   i int32_t   l int64_t   u uint64_t   d double
     s const char *, UTF-8, borrowed until return
     b hearth_bytes, by value, borrowed until return
     o hearth_sink *, where the function writes a msgpack message
     p hearth_plugin *, which the caller fills in; only as the first argument
     h hearth_status (result only)
   For example "h(ps)": hearth_status forget_user(hearth_plugin *, const char *).
   A wrong signature can't be seen from outside and is undefined; hosts call
   these in a worker process. [control] */
typedef struct hearth_function {
  uint32_t size;
  uint32_t flags;        /* 0 */
  const char *name;      /* static */
  const char *signature; /* static */
  const char *help;      /* static; one sentence */
  void (*pointer)(void); /* cast to the signature */
} hearth_function;

typedef struct hearth_reflect {
  uint32_t size;
  uint32_t count;
  const hearth_function *functions; /* static, `count` of them */
} hearth_reflect;

#ifdef __cplusplus
}
#endif

#endif
