/* SPDX-License-Identifier: MIT
   Marks a function that is called seldom, in a file whose others are not. */
#ifndef HEARTH_SDK_SELDOM_H
#define HEARTH_SDK_SELDOM_H

/* It shall be small rather than quick, and lie apart from what is called often.
   Files of nothing else include cold.h. */
#if defined(__GNUC__)
#define HEARTH_SELDOM __attribute__((noinline, cold))
#else
#define HEARTH_SELDOM
#endif

#endif
