/* SPDX-License-Identifier: MIT
   Dates and times from text. */
#include "host-sdk/replay/input/instant.h"

typedef struct reader {
  const char *at, *end;
  int failed;
} reader;

/* Exactly `count` digits, within [lo, hi]. */
static int64_t digits(reader *r, int count, int64_t lo, int64_t hi) {
  int64_t value = 0;
  for (int i = 0; i < count; i++, r->at++) {
    if (r->at == r->end || *r->at < '0' || *r->at > '9') {
      r->failed = 1;
      return lo;
    }
    value = value * 10 + (*r->at - '0');
  }
  r->failed |= value < lo || value > hi;
  return value;
}

static void expect(reader *r, char c) {
  if (r->at == r->end || *r->at != c) {
    r->failed = 1;
  } else {
    r->at++;
  }
}

/* Days from 1970-01-01 in the Gregorian calendar, by counting years from a
   March, so that a leap day comes last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
  int64_t y = month > 2 ? year : year - 1;
  int64_t m = month > 2 ? month - 3 : month + 9;
  int64_t leap = y / 4 - y / 100 + y / 400;
  return y * 365 + leap + (m * 153 + 2) / 5 + day - 1 - 719468;
}

static int64_t month_length(int64_t year, int64_t month) {
  static const int64_t length[] = {31, 28, 31, 30, 31, 30,
                                   31, 31, 30, 31, 30, 31};
  int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return length[month - 1] + (month == 2 && leap);
}

static int64_t date(reader *r) {
  int64_t year = digits(r, 4, 1970, 9999);
  expect(r, '-');
  int64_t month = digits(r, 2, 1, 12);
  expect(r, '-');
  int64_t day = digits(r, 2, 1, 31);
  if (r->failed || day > month_length(year, month)) {
    r->failed = 1;
    return 0;
  }
  return days_of(year, month, day);
}

/* A fraction of a second in milliseconds; further digits are cut off. */
static int64_t fraction(reader *r) {
  int64_t value = 0, scale = 100;
  for (r->at++; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
    value += scale * (*r->at - '0');
    scale /= 10;
  }
  return value;
}

/* The zone in minutes east of Greenwich; "", "Z", "+01:00". */
static int64_t zone(reader *r) {
  if (r->at == r->end) {
    return 0;
  }
  char sign = *r->at++;
  if (sign == 'Z' || sign == 'z') {
    return 0;
  }
  r->failed |= sign != '+' && sign != '-';
  int64_t hours = digits(r, 2, 0, 23);
  expect(r, ':');
  int64_t minutes = hours * 60 + digits(r, 2, 0, 59);
  return sign == '-' ? -minutes : minutes;
}

int hearth__instant(hearth_str text, int64_t *ms) {
  reader r = {text.data, text.data + text.len, 0};
  int64_t days = date(&r);
  if (r.at == r.end || (*r.at != ' ' && *r.at != 'T')) {
    return 0;
  }
  r.at++;
  int64_t hours = digits(&r, 2, 0, 23);
  expect(&r, ':');
  int64_t minutes = digits(&r, 2, 0, 59);
  expect(&r, ':');
  int64_t seconds = digits(&r, 2, 0, 60);
  int64_t milli = r.at < r.end && *r.at == '.' ? fraction(&r) : 0;
  minutes -= zone(&r);
  int64_t result =
      ((days * 24 + hours) * 60 + minutes) * 60000 + seconds * 1000 + milli;
  if (r.failed || r.at != r.end || result < 0) {
    return 0;
  }
  *ms = result;
  return 1;
}
