/* SPDX-License-Identifier: MIT
   Included before all else in a build of fuzz_state: what is saved may be
   twisted to the ends of its range. */
#ifndef HEARTH_TESTS_TWIST_H
#define HEARTH_TESTS_TWIST_H

/* 0: leave it; 1: the least; 2: the greatest; 3: the middle. */
unsigned fuzz_twist(void);

#define HEARTH_STATE_TWIST(x, least, most)                                     \
  __extension__({                                                              \
    const unsigned how_ = fuzz_twist();                                        \
    how_ == 0   ? (x)                                                          \
    : how_ == 1 ? (least)                                                      \
    : how_ == 2 ? (most)                                                       \
                : (least) / 2 + (most) / 2;                                    \
  })

#endif
