/* SPDX-License-Identifier: MIT
   Have memory that will be read soon come nearer. */
#ifndef HEARTH_SDK_FETCH_H
#define HEARTH_SDK_FETCH_H

/* Pays where what is far apart is read one behind another, and each place is
   known ahead.  Any address is allowed; nothing is read or changed. */
static inline void hearth_fetch(const void *address) {
#if defined __GNUC__
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}

#endif
