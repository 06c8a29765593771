/* SPDX-License-Identifier: MIT
   Included first by files whose functions are called seldom: those shall be
   small rather than quick. */
#ifndef HEARTH_SDK_COLD_H
#define HEARTH_SDK_COLD_H

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif

#endif
