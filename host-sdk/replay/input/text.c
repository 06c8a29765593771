/* SPDX-License-Identifier: MIT
   What a name from a file may be. */
#include "host-sdk/replay/input/text.h"

/* How many bytes the character at `p` has; 0 if it is none of UTF-8. */
static uint64_t character(const unsigned char *p, uint64_t left) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (*p < 0x80) {
    return 1;
  }
  uint64_t len = *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc0 ? 2 : 0;
  if (!len || len > left || *p > 0xf4) {
    return 0;
  }
  uint32_t code = *p & (0x7fu >> len);
  for (uint64_t i = 1; i < len; i++) {
    if ((p[i] & 0xc0) != 0x80) {
      return 0;
    }
    code = code << 6 | (p[i] & 0x3fu);
  }
  int surrogate = code >= 0xd800 && code < 0xe000;
  return code < least[len] || code > 0x10ffff || surrogate ? 0 : len;
}

const char *hearth__name_fault(hearth_str name) {
  const unsigned char *p = (const unsigned char *)name.data;
  if (name.len > HEARTH__MAX_NAME) {
    return "which is longer than 512 bytes";
  }
  for (uint64_t i = 0; i < name.len;) {
    uint64_t len = character(p + i, name.len - i);
    if (!len) {
      return "which is not UTF-8";
    }
    i += len;
  }
  return 0;
}
