/* SPDX-License-Identifier: MIT
   A replay's guesses, counted for `hearth replay --accuracy`. */
#include "host-sdk/replay/accuracy/accuracy.h"

#include <stdlib.h>

#include "host-sdk/replay/accuracy/book.h"

#define DAY_MS INT64_C(86400000)
#define NEVER INT64_MIN

/* Give each request its user-day; the number of those. */
static uint32_t number_days(hearth_accuracy_book *book, int64_t *day,
                            uint32_t *current) {
  const hearth_trace *trace = book->trace;
  uint32_t count = 0;
  for (uint32_t u = 0; u <= book->users; u++) {
    day[u] = NEVER;
  }
  for (uint32_t i = 0; i < trace->count; i++) {
    const uint32_t u = hearth__book_user(book, i);
    const int64_t today = trace->ts_ms[i] / DAY_MS;
    if (day[u] != today) {
      day[u] = today;
      current[u] = count++;
    }
    book->day_of[i] = current[u];
  }
  return count;
}

static hearth_status make_days(hearth_accuracy_book *book) {
  const size_t people = (size_t)book->users + 1;
  int64_t *day = calloc(people, sizeof *day);
  uint32_t *current = calloc(people, sizeof *current);
  book->day_of = calloc((size_t)book->trace->count + 1, sizeof(uint32_t));
  hearth_status status = HEARTH_NO_MEMORY;
  if (day != NULL && current != NULL && book->day_of != NULL) {
    book->day_count = number_days(book, day, current);
    book->days = calloc((size_t)book->day_count + 1, sizeof *book->days);
    status = book->days == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
  }
  free(current);
  free(day);
  return status;
}

static hearth_status make_tallies(hearth_accuracy_book *book) {
  const size_t people = (size_t)book->users + 1;
  book->task_count = hearth_trace_count(book->trace, HEARTH_TRACE_TASK);
  book->tasks = calloc((size_t)book->task_count + 1, sizeof *book->tasks);
  book->last_ms = calloc(people, sizeof *book->last_ms);
  if (book->tasks == NULL || book->last_ms == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (size_t u = 0; u < people; u++) {
    book->last_ms[u] = NEVER;
  }
  return HEARTH_OK;
}

hearth_accuracy_book *hearth_accuracy_book_new(const hearth_trace *trace,
                                               const hearth_uses *uses) {
  hearth_accuracy_book *book = calloc(1, sizeof *book);
  if (book == NULL) {
    return NULL;
  }
  const int64_t end = trace->count > 0 ? trace->ts_ms[trace->count - 1] : 0;
  book->trace = trace;
  book->users = hearth_trace_count(trace, HEARTH_TRACE_USER);
  book->plain = hearth_plain_new(uses->models->count, book->users);
  hearth_status status = hearth_within_init(&book->within, uses, end);
  if (status == HEARTH_OK) {
    status = make_days(book);
  }
  if (status == HEARTH_OK) {
    status = make_tallies(book);
  }
  if (status != HEARTH_OK || book->plain == NULL) {
    hearth_accuracy_book_free(book);
    return NULL;
  }
  return book;
}

void hearth_accuracy_book_free(hearth_accuracy_book *book) {
  if (book != NULL) {
    hearth_plain_free(book->plain);
    hearth_within_free(&book->within);
    free(book->tasks);
    free(book->day_of);
    free(book->days);
    free(book->last_ms);
    free(book);
  }
}

/* The bin of the time since this user's last request; of no user: of anyone's.
   The first ever is as far as can be. */
static int distance_of(hearth_accuracy_book *book, uint32_t i, uint32_t user) {
  const int64_t now = book->trace->ts_ms[i];
  const int64_t last = book->last_ms[user];
  book->last_ms[user] = now;
  book->last_ms[book->users] = now;
  if (last == NEVER) {
    return HEARTH_DISTANCES - 1;
  }
  for (int d = 0; d < HEARTH_DISTANCES - 1; d++) {
    if (now - last < hearth_horizon_s[d] * INT64_C(1000)) {
      return d;
    }
  }
  return HEARTH_DISTANCES - 1;
}

static void count(hearth__tally *tally, const hearth_guessed *by) {
  tally->requests++;
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    tally->first[g] += by[g].place == 0;
    tally->said[g] += by[g].said;
    tally->right[g] += (uint64_t)by[g].right;
  }
}

static void count_day(hearth_user_day *day, const hearth_guessed *by) {
  day->requests++;
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    for (int k = 0; k < HEARTH_RANKS; k++) {
      day->hits[g][k] += by[g].place < hearth_rank[k];
    }
  }
}

/* A plain rule always says one thing, once there has been a request. */
static hearth_guessed plain_guess(hearth_accuracy_book *book, uint32_t user,
                                  int most, uint32_t model) {
  const uint32_t place = hearth_plain_place(book->plain, user, most, model);
  return (hearth_guessed){.place = place,
                          .said = (uint32_t)hearth_plain_knows(book->plain),
                          .right = place == 0};
}

void hearth_accuracy_request(hearth_accuracy_book *book, uint32_t i,
                             const hearth_guessed *guessed) {
  const hearth_trace *trace = book->trace;
  const uint32_t model = trace->id[HEARTH_TRACE_MODEL][i];
  const uint32_t task = trace->id[HEARTH_TRACE_TASK][i];
  const uint32_t user = trace->id[HEARTH_TRACE_USER][i];
  const uint32_t person = hearth__book_user(book, i);
  const hearth_guessed by[HEARTH_GUESSERS] = {
      *guessed, plain_guess(book, user, 0, model),
      plain_guess(book, user, 1, model)};
  count(&book->tasks[task == HEARTH_NO_NAME ? book->task_count : task], by);
  count(&book->distances[distance_of(book, i, person)], by);
  count_day(&book->days[book->day_of[i]], by);
  if (hearth_plain_learn(book->plain, user, model) != HEARTH_OK) {
    book->status = HEARTH_NO_MEMORY;
  }
}

void hearth_accuracy_sample(hearth_accuracy_book *book, int64_t now,
                            const hearth_plan *plan) {
  hearth_within_sample(&book->within, now, plan);
}
