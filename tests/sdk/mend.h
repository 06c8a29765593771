/* SPDX-License-Identifier: MIT
   A state whose checksums are made right again after it was changed. */
#ifndef HEARTH_TESTS_MEND_H
#define HEARTH_TESTS_MEND_H

#include <stddef.h>
#include <stdint.h>

/* Walks the blocks of plugin/sdk/state.h as far as they go, and calls `each`
   (may be NULL) with where each begins, and where the last one ends.  With
   `mend`, checksums are corrected, and lengths that go past the end. */
void mend_walk(uint8_t *state, size_t len, int mend,
               void (*each)(void *user, size_t at), void *user);

#endif
