/* SPDX-License-Identifier: MIT
   What the book of a replay's guesses holds. */
#ifndef HEARTH_ACCURACY_BOOK_H
#define HEARTH_ACCURACY_BOOK_H

#include "host-sdk/replay/accuracy/accuracy.h"
#include "host-sdk/replay/accuracy/bootstrap.h"
#include "host-sdk/replay/accuracy/plain.h"
#include "host-sdk/replay/accuracy/within.h"

typedef struct hearth__tally {
  uint64_t requests;
  uint64_t first[HEARTH_GUESSERS]; /* the first guess was right */
  uint64_t said[HEARTH_GUESSERS], right[HEARTH_GUESSERS];
} hearth__tally;

struct hearth_accuracy_book {
  const hearth_trace *trace; /* borrowed */
  hearth_plain *plain;
  hearth_within within;
  hearth__tally *tasks; /* by the trace's number; the last is "unknown" */
  uint32_t task_count;
  hearth__tally distances[HEARTH_DISTANCES];
  hearth_user_day *days;
  uint32_t *day_of; /* by request */
  uint32_t day_count;
  int64_t *last_ms; /* by user; the last of anyone's */
  uint32_t users;
  hearth_status status; /* what went wrong on the way */
};

/* The number of request i's user; of no user: the one behind the last. */
static inline uint32_t hearth__book_user(const hearth_accuracy_book *book,
                                         uint32_t i) {
  const uint32_t user = book->trace->id[HEARTH_TRACE_USER][i];
  return user == HEARTH_NO_NAME ? book->users : user;
}

#endif
