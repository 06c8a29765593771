/* SPDX-License-Identifier: MIT
   Allocations that fail when a test wants, in any thread. */
#include "tests/host/fail.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_ulong countdown;
static atomic_int happened;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

void fail_at(unsigned long nth) {
  atomic_store(&happened, 0);
  atomic_store(&countdown, nth);
}

int fail_happened(void) {
  atomic_store(&countdown, 0);
  return atomic_load(&happened);
}

/* The thread that takes the counter from 1 to 0 fails. */
static int fails(void) {
  unsigned long left = atomic_load(&countdown);
  while (left != 0 &&
         !atomic_compare_exchange_weak(&countdown, &left, left - 1)) {
  }
  if (left != 1) {
    return 0;
  }
  atomic_store(&happened, 1);
  return 1;
}

void *__wrap_malloc(size_t size) {
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
  return fails() ? NULL : __real_realloc(block, size);
}
