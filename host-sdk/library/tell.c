/* SPDX-License-Identifier: MIT
   One sentence for the caller, where it gave room for one. */
#include "host-sdk/library/tell.h"

#include <stdarg.h>
#include <stdio.h>

void hearth__tell(char *err, uint64_t cap, const char *format, ...) {
  va_list arguments;

  if (!err || !cap) {
    return;
  }
  va_start(arguments, format);
  (void)vsnprintf(err, cap, format, arguments);
  va_end(arguments);
}
