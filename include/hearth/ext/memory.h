/* SPDX-License-Identifier: MIT
   Host extension hearth.memory/1: an allocator that is counted and capped. */
#ifndef HEARTH_EXT_MEMORY_H
#define HEARTH_EXT_MEMORY_H

#include "hearth/plugin.h"

#define HEARTH_EXT_MEMORY "hearth.memory/1"

#ifdef __cplusplus
extern "C" {
#endif

/* [any] A plugin that uses it lets the host account for its memory, cap it and
   make it fail in tests.  Blocks belong to the plugin, which frees them all by
   destroy; they are aligned for any C type. */
typedef struct hearth_memory {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* Change a block to `len` bytes as realloc does: block NULL allocates, len 0
     frees and returns NULL.  NULL for len > 0 means no memory, and the old
     block stays. */
  void *(*resize)(const hearth_host *host, void *block, uint64_t len);
  /* Bytes that this host's plugins hold now. */
  uint64_t (*used)(const hearth_host *host);
  /* A new block of `len` zeroed bytes, as calloc does; NULL: no memory, or
     len 0.  Pages that come from the system are zero, and cost nothing until
     they are used.  A block like any other: `resize` changes and frees it.
     Not in every host: absent where `size` ends before it, or NULL. */
  void *(*zeroed)(const hearth_host *host, uint64_t len);
} hearth_memory;

#ifdef __cplusplus
}
#endif

#endif
