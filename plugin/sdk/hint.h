/* SPDX-License-Identifier: MIT
   Hints that change no result: what is called seldom, and what will be read
   soon. */
#ifndef HEARTH_SDK_HINT_H
#define HEARTH_SDK_HINT_H

/* A function that shall be small rather than quick, and lie apart from what is
   called often, in a file whose others are.  Files of nothing else include
   cold.h. */
#if defined(__GNUC__)
#define HEARTH_SELDOM __attribute__((noinline, cold))
#else
#define HEARTH_SELDOM
#endif

/* Have memory come nearer.  Pays where what is far apart is read one behind
   another, few lines at once, and each place is known well before.  Any address
   is allowed; nothing is read or changed. */
static inline void hearth_fetch(const void *address) {
#if defined(__GNUC__)
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}

#endif
