/* SPDX-License-Identifier: MIT
   Allocations that fail when a test wants. */
#include "tests/host/fail.h"

#include <stdatomic.h>
#include <stddef.h>

/* Threads may allocate too. */
static atomic_ulong countdown;
static atomic_int happened;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

void fail_at(unsigned long nth) {
  countdown = nth;
  happened = 0;
}

int fail_happened(void) {
  countdown = 0;
  return happened;
}

static int fails(void) {
  if (!atomic_load(&countdown) || atomic_fetch_sub(&countdown, 1) != 1) {
    return 0;
  }
  happened = 1;
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
