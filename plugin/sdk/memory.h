/* SPDX-License-Identifier: MIT
   A plugin's allocations: from the host's allocator where it offers one. */
#ifndef HEARTH_SDK_MEMORY_H
#define HEARTH_SDK_MEMORY_H

#include <stdatomic.h>
#include <stddef.h>

#include "hearth/ext/memory.h"
#include "hearth/plugin.h"

/* What an instance has taken, in bytes, and may take. */
typedef struct hearth_memory_count {
  atomic_uint_fast64_t used;
  uint64_t limit; /* UINT64_MAX: none */
} hearth_memory_count;

/* Where an instance gets its memory.  A value; copy it freely.  Where it counts
   (16 bytes a block, for the length), nothing is given past the limit, nor into
   the last `spare` bytes below it, which are for users with a smaller one. */
typedef struct hearth_memory_user {
  const hearth_host *host;
  const hearth_memory *memory; /* NULL: realloc and free */
  hearth_memory_count *count;  /* borrowed; NULL: it does not count */
  uint64_t spare;
} hearth_memory_user;

/* From the host's hearth.memory/1, or the C library's where there is none or
   `host` is NULL. */
hearth_memory_user hearth_memory_of(const hearth_host *host);

/* As realloc; len 0 frees and returns NULL. */
void *hearth_resize(const hearth_memory_user *user, void *block, size_t len);

/* `count` zeroed elements of `size` bytes; NULL on overflow or no memory. */
void *hearth_zalloc(const hearth_memory_user *user, size_t count, size_t size);

void hearth_release(const hearth_memory_user *user, void *block);

/* Have an array of `from` elements hold `to`, at least as many; new ones are
   zeroed.  HEARTH_NO_MEMORY leaves it as it was. */
hearth_status hearth_widen(const hearth_memory_user *user, void **array,
                           size_t from, size_t to, size_t size);

/* Make room for `want` elements in an array that has *cap of them, at least
   doubling; new elements are zeroed.  HEARTH_NO_MEMORY leaves it as it was. */
hearth_status hearth_grow(const hearth_memory_user *user, void **array,
                          uint32_t *cap, uint32_t want, size_t size);

/* How many elements to have room for, when an array of large ones has room for
   `cap` and must hold `want`: a quarter more, so that little of it is empty. */
static inline uint32_t hearth_room(uint32_t cap, uint32_t want) {
  const uint64_t more = (uint64_t)cap + cap / 4;
  return more > UINT32_MAX ? UINT32_MAX
         : more > want     ? (uint32_t)more
                           : want;
}

#endif
