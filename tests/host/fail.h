/* SPDX-License-Identifier: MIT
   Allocations that fail when a test wants: for programs linked with
   -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc. */
#ifndef HEARTH_TESTS_HOST_FAIL_H
#define HEARTH_TESTS_HOST_FAIL_H

/* The n-th allocation from now fails (1: the next); 0: none. */
void fail_at(unsigned long nth);

/* Whether it has come to that since; fails nothing any more. */
int fail_happened(void);

#endif
