/* SPDX-License-Identifier: MIT
   One sentence for the caller, where it gave room for one. */
#ifndef HEARTH_LIBRARY_TELL_H
#define HEARTH_LIBRARY_TELL_H

#include <stdint.h>

#if defined(__GNUC__)
#define HEARTH__PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define HEARTH__PRINTF(text, first)
#endif

/* Print into `err`, cut to fit and ended by NUL; nothing if `err` is NULL or
   `cap` 0. */
void hearth__tell(char *err, uint64_t cap, const char *format, ...)
    HEARTH__PRINTF(3, 4);

#endif
