/* SPDX-License-Identifier: MIT
   A plugin's allocations: from the host's allocator where it offers one. */
#include "plugin/sdk/memory.h"

#include <stdlib.h>
#include <string.h>

hearth_memory_user hearth_memory_of(const hearth_host *host) {
  hearth_memory_user user = {host, NULL};
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

void *hearth_resize(const hearth_memory_user *user, void *block, size_t len) {
  if (user->memory) {
    return user->memory->resize(user->host, block, len);
  }
  if (len == 0) { /* what realloc does then is not portable */
    free(block);
    return NULL;
  }
  return realloc(block, len);
}

void *hearth_zalloc(const hearth_memory_user *user, size_t count, size_t size) {
  if (size == 0 || count == 0 || count > SIZE_MAX / size) {
    return NULL;
  }
  void *const block = hearth_resize(user, NULL, count * size);
  if (block) {
    memset(block, 0, count * size);
  }
  return block;
}

void hearth_release(const hearth_memory_user *user, void *block) {
  if (block) {
    hearth_resize(user, block, 0);
  }
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
  if (size == 0 || room > SIZE_MAX / size) {
    return HEARTH_NO_MEMORY;
  }
  uint8_t *const grown = hearth_resize(user, *array, room * size);
  if (!grown) {
    return HEARTH_NO_MEMORY;
  }
  memset(grown + *cap * size, 0, (room - *cap) * size);
  *array = grown;
  *cap = room;
  return HEARTH_OK;
}
