/* SPDX-License-Identifier: MIT
   A table that is copied in parts while it changes. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/parts.h"

#include <string.h>

void foresight_parts_copy_all(void *to, const void *from, size_t bytes,
                              uint8_t *changed, uint32_t first,
                              uint32_t count) {
  memset(changed + first, 0, count);
  memcpy((char *)to + first * bytes, (const char *)from + first * bytes,
         count * bytes);
}

void foresight_parts_copy(void *to, const void *from, size_t bytes,
                          uint8_t *changed, uint32_t count) {
  const uint8_t *at = changed, *const end = changed + count;
  while ((at = memchr(at, 1, (size_t)(end - at))) != NULL) {
    const uint32_t i = (uint32_t)(at++ - changed);
    foresight_parts_copy_all(to, from, bytes, changed, i, 1);
  }
}
