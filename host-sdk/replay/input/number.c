/* SPDX-License-Identifier: MIT
   Decimal numbers from text, the same on every machine and in every locale. */
#include "host-sdk/replay/input/number.h"

/* The parts of a number: its digits with `point` of them before the point, once
   the exponent is counted in. */
typedef struct decimal {
  const char *text; /* digits, with at most one '.' among them */
  uint64_t len;
  int64_t point;
  int negative;
} decimal;

static int is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Digits and one optional point from *at on; how many digits, -1 for none. */
static int64_t scan_mantissa(hearth_str text, uint64_t *at, int64_t *point) {
  int64_t digits = 0;
  *point = -1;
  for (; *at < text.len; (*at)++) {
    if (text.data[*at] == '.' && *point < 0) {
      *point = digits;
    } else if (is_digit(text.data[*at])) {
      digits++;
    } else {
      break;
    }
  }
  if (*point < 0) {
    *point = digits;
  }
  return digits ? digits : -1;
}

/* An exponent up to the end; 0 if it is none. */
static int scan_exponent(hearth_str text, uint64_t at, int64_t *out) {
  int negative = 0;
  int64_t value = 0;
  if (at < text.len && (text.data[at] == '+' || text.data[at] == '-')) {
    negative = text.data[at++] == '-';
  }
  if (at == text.len) {
    return 0;
  }
  for (; at < text.len; at++) {
    if (!is_digit(text.data[at])) {
      return 0;
    }
    if (value < 100000) {
      value = value * 10 + (text.data[at] - '0');
    }
  }
  *out = negative ? -value : value;
  return 1;
}

static int scan(hearth_str text, decimal *out) {
  uint64_t at = 0;
  int64_t exponent = 0;
  out->negative = 0;
  if (text.len && (text.data[0] == '+' || text.data[0] == '-')) {
    out->negative = text.data[at++] == '-';
  }
  out->text = text.data + at;
  uint64_t begin = at;
  if (scan_mantissa(text, &at, &out->point) < 0) {
    return 0;
  }
  out->len = at - begin;
  if (at < text.len) {
    if (text.data[at] != 'e' && text.data[at] != 'E') {
      return 0;
    }
    if (!scan_exponent(text, at + 1, &exponent)) {
      return 0;
    }
  }
  out->point += exponent;
  return 1;
}

static int is_zero(const decimal *d) {
  for (uint64_t i = 0; i < d->len; i++) {
    if (d->text[i] != '0' && d->text[i] != '.') {
      return 0;
    }
  }
  return 1;
}

/* The value of the digits before the point; -1 above max. */
static int64_t whole_part(const decimal *d, int64_t max) {
  int64_t value = 0, taken = 0;
  for (uint64_t i = 0; taken < d->point; i++) {
    if (i < d->len && d->text[i] == '.') {
      continue;
    }
    int digit = i < d->len ? d->text[i] - '0' : 0;
    if (value > max / 10 || value * 10 > max - digit) {
      return -1;
    }
    value = value * 10 + digit;
    taken++;
  }
  return value;
}

hearth__number_result hearth__number_int(hearth_str text, int64_t max,
                                         int64_t *out) {
  decimal d;
  if (!scan(text, &d)) {
    return HEARTH__NUMBER_NOT;
  }
  if (is_zero(&d)) {
    *out = 0;
    return HEARTH__NUMBER_OK;
  }
  if (d.negative) {
    return HEARTH__NUMBER_NEGATIVE;
  }
  int64_t value = whole_part(&d, max);
  if (value < 0) {
    return HEARTH__NUMBER_HUGE;
  }
  *out = value;
  return HEARTH__NUMBER_OK;
}

/* x * 10^exponent by steps that stay within the exact powers of ten. */
static double scale(double x, int64_t exponent) {
  static const double pow10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  while (exponent > 22 && x < 1e300) {
    x *= pow10[22];
    exponent -= 22;
  }
  while (exponent < -22 && x > 0) {
    x /= pow10[22];
    exponent += 22;
  }
  if (exponent > 22 || exponent < -22) {
    return x;
  }
  return exponent >= 0 ? x * pow10[exponent] : x / pow10[-exponent];
}

hearth__number_result hearth__number_double(hearth_str text, double max,
                                            double *out) {
  decimal d;
  uint64_t mantissa = 0;
  int64_t taken = 0;
  if (!scan(text, &d)) {
    return HEARTH__NUMBER_NOT;
  }
  if (d.negative && !is_zero(&d)) {
    return HEARTH__NUMBER_NEGATIVE;
  }
  for (uint64_t i = 0; i < d.len && mantissa < UINT64_C(100000000000000000);
       i++) {
    if (d.text[i] != '.') {
      mantissa = mantissa * 10 + (uint64_t)(d.text[i] - '0');
      taken++;
    }
  }
  double value = scale((double)mantissa, d.point - taken);
  if (!(value <= max)) {
    return HEARTH__NUMBER_HUGE;
  }
  *out = value;
  return HEARTH__NUMBER_OK;
}
