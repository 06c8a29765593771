/* SPDX-License-Identifier: MIT
   A plugin's allocations: from the host's allocator where it offers one. */
#include "plugin/sdk/cold.h"

#include "plugin/sdk/memory.h"

#include <stdlib.h>
#include <string.h>

hearth_memory_user hearth_memory_of(const hearth_host *host) {
  hearth_memory_user user = {host, NULL, NULL, 0};
  if (!host || !host->get_extension) {
    return user;
  }
  const hearth_memory *const memory =
      host->get_extension(host, HEARTH_EXT_MEMORY);
  const size_t least = offsetof(hearth_memory, used);
  if (memory && memory->size >= least && memory->resize) {
    user.memory = memory;
  }
  return user;
}

static void *resize(const hearth_memory_user *user, void *block, size_t len) {
  if (user->memory) {
    return user->memory->resize(user->host, block, len);
  }
  if (len == 0) { /* what realloc does then is not portable */
    free(block);
    return NULL;
  }
  return realloc(block, len);
}

static void *zeroed(const hearth_memory_user *user, size_t len) {
  static const size_t least = offsetof(hearth_memory, zeroed) + sizeof(void *);
  if (!user->memory) {
    return calloc(1, len);
  }
  if (user->memory->size >= least && user->memory->zeroed) {
    return user->memory->zeroed(user->host, len);
  }
  void *const block = resize(user, NULL, len);
  return block ? memset(block, 0, len) : NULL;
}

/* Before a block that is counted; of the alignment that malloc gives. */
typedef union head {
  size_t len;
  max_align_t align;
} head;

/* Take more of the count; 0: there is not so much. */
static int take(const hearth_memory_user *user, uint64_t more) {
  hearth_memory_count *count = user->count;
  uint_fast64_t used = atomic_load(&count->used);
  do {
    const uint64_t left = count->limit - used; /* used never passes it */
    if (left < user->spare || left - user->spare < more) {
      return 0;
    }
  } while (!atomic_compare_exchange_weak(&count->used, &used, used + more));
  return 1;
}

static void give(const hearth_memory_user *user, uint64_t less) {
  atomic_fetch_sub(&user->count->used, less);
}

/* What was got for a block of `len` bytes with its head, of which `more` are
   new in the count. */
static void *counted(const hearth_memory_user *user, head *got, size_t len,
                     size_t more) {
  if (!got) {
    give(user, more);
    return NULL;
  }
  got->len = len;
  return got + 1;
}

void *hearth_resize(const hearth_memory_user *user, void *block, size_t len) {
  if (!user->count) {
    return resize(user, block, len);
  }
  head *const old = block ? (head *)block - 1 : NULL;
  const size_t had = old ? old->len : 0;
  const size_t want = len + sizeof(head);
  if (len == 0) {
    give(user, had);
    return old ? resize(user, old, 0) : NULL;
  }
  const size_t more = want > had ? want - had : 0;
  if (want < len || (more && !take(user, more))) {
    return NULL;
  }
  head *const made = resize(user, old, want);
  if (made && want < had) {
    give(user, had - want);
  }
  return counted(user, made, want, more);
}

void *hearth_zalloc(const hearth_memory_user *user, size_t count, size_t size) {
  if (size == 0 || count == 0 || count > (SIZE_MAX - sizeof(head)) / size) {
    return NULL;
  }
  const size_t len = count * size;
  if (!user->count) {
    return zeroed(user, len);
  }
  const size_t want = len + sizeof(head);
  return take(user, want) ? counted(user, zeroed(user, want), want, want)
                          : NULL;
}

void hearth_release(const hearth_memory_user *user, void *block) {
  if (block) {
    hearth_resize(user, block, 0);
  }
}

hearth_status hearth_widen(const hearth_memory_user *user, void **array,
                           size_t from, size_t to, size_t size) {
  if (size == 0 || to > SIZE_MAX / size) {
    return HEARTH_NO_MEMORY;
  }
  uint8_t *const wide = hearth_resize(user, *array, to * size);
  if (!wide) {
    return HEARTH_NO_MEMORY;
  }
  memset(wide + from * size, 0, (to - from) * size);
  *array = wide;
  return HEARTH_OK;
}

hearth_status hearth_grow(const hearth_memory_user *user, void **array,
                          uint32_t *cap, uint32_t want, size_t size) {
  if (want <= *cap) {
    return HEARTH_OK;
  }
  uint32_t room = *cap > UINT32_MAX / 2 ? UINT32_MAX : *cap * 2;
  if (room < want) {
    room = want;
  }
  const hearth_status status = hearth_widen(user, array, *cap, room, size);
  *cap = status == HEARTH_OK ? room : *cap;
  return status;
}
