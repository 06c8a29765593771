/* SPDX-License-Identifier: MIT
   A table that is copied in parts while it changes. */
#ifndef FORESIGHT_PARTS_H
#define FORESIGHT_PARTS_H

#include <stddef.h>
#include <stdint.h>

/* Whoever changes the table marks the part, of so many bytes, with a 1.  So the
   whole can be copied before the moment that the copy shall be of, at which
   only those parts are copied again that have changed since. */
void foresight_parts_copy_all(void *to, const void *from, size_t bytes,
                              uint8_t *changed, uint32_t first,
                              uint32_t count);
void foresight_parts_copy(void *to, const void *from, size_t bytes,
                          uint8_t *changed, uint32_t count);

#endif
