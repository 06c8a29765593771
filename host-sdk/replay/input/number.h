/* SPDX-License-Identifier: MIT
   Decimal numbers from text, the same on every machine and in every locale. */
#ifndef HEARTH_REPLAY_NUMBER_H
#define HEARTH_REPLAY_NUMBER_H

#include <stdint.h>

#include "plugin/sdk/wire/schema.h"

typedef enum hearth__number_result {
  HEARTH__NUMBER_OK,
  HEARTH__NUMBER_NOT,      /* "", "abc", "nan", "1,5" */
  HEARTH__NUMBER_NEGATIVE, /* below zero; "-0" is zero */
  HEARTH__NUMBER_HUGE      /* above the limit */
} hearth__number_result;

/* Digits, perhaps with a fraction and an exponent ("12", "12.0", "1.2e1"), in
   [0, max].  An integer is cut off after the point; a double is right to the
   last place but one.  On failure *out is untouched. */
hearth__number_result hearth__number_int(hearth_str text, int64_t max,
                                         int64_t *out);
hearth__number_result hearth__number_double(hearth_str text, double max,
                                            double *out);

#endif
