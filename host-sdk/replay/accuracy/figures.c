/* SPDX-License-Identifier: MIT
   From the book of a replay's guesses to figures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/accuracy/book.h"
#include "host-sdk/replay/accuracy/category.h"

const uint32_t hearth_rank[HEARTH_RANKS] = {1, 3, 5};

static const char *const distance_name[HEARTH_DISTANCES] = {
    "under 5 min", "5 min to 1 h", "over 1 h, or first"};

void hearth_accuracy_free(hearth_accuracy *accuracy) {
  if (accuracy != NULL) {
    for (uint32_t i = 0; i < accuracy->task_count; i++) {
      free((char *)(uintptr_t)accuracy->tasks[i].name);
    }
    free(accuracy->tasks);
    free(accuracy);
  }
}

static double share(uint64_t part, uint64_t whole) {
  return whole == 0 ? NAN : (double)part / (double)whole;
}

static hearth_accuracy_row row_of(const char *name, const hearth__tally *t,
                                  int probabilities) {
  hearth_accuracy_row row = {.name = name, .requests = t->requests};
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    row.by[g] = (hearth_rates){
        .accuracy = share(t->first[g], t->requests),
        .precision = share(t->right[g], t->said[g]),
        .recall = share(t->right[g], t->requests),
        .f1 = share(2 * t->right[g], t->said[g] + t->requests)};
  }
  if (!probabilities) {
    row.by[HEARTH_GUESS_PLUGIN] = (hearth_rates){NAN, NAN, NAN, NAN};
  }
  return row;
}

static void add(hearth__tally *to, const hearth__tally *t) {
  to->requests += t->requests;
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    to->first[g] += t->first[g];
    to->said[g] += t->said[g];
    to->right[g] += t->right[g];
  }
}

static char *copy(hearth_str text) {
  char *out = malloc((size_t)text.len + 1);
  if (out != NULL) {
    memcpy(out, text.data, (size_t)text.len);
    out[text.len] = '\0';
  }
  return out;
}

static hearth_status report_tasks(const hearth_accuracy_book *book,
                                  hearth_accuracy *out) {
  const hearth_names *names = book->trace->names[HEARTH_TRACE_TASK];
  hearth__tally all = {0}, categories[HEARTH_CATEGORIES] = {0};
  out->tasks = calloc((size_t)book->task_count + 1, sizeof *out->tasks);
  if (out->tasks == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t k = 0; k <= book->task_count; k++) {
    const hearth__tally *t = &book->tasks[k];
    const int named = k < book->task_count;
    const hearth_str text =
        named ? hearth_names_text(names, k) : hearth_str_from("unknown");
    if (t->requests == 0) {
      continue;
    }
    char *name = copy(text);
    if (name == NULL) {
      return HEARTH_NO_MEMORY;
    }
    out->tasks[out->task_count++] = row_of(name, t, out->probabilities);
    add(&all, t);
    add(&categories[named ? hearth_task_category(text) : HEARTH_CUSTOM], t);
  }
  out->all = row_of("all", &all, out->probabilities);
  for (int c = 0; c < HEARTH_CATEGORIES; c++) {
    out->categories[c] =
        row_of(hearth_category_name(c), &categories[c], out->probabilities);
  }
  return HEARTH_OK;
}

static hearth_status report_hits(const hearth_accuracy_book *book,
                                 hearth_accuracy *out) {
  hearth_user_day all = {0};
  for (uint32_t d = 0; d < book->day_count; d++) {
    all.requests += book->days[d].requests;
    for (int g = 0; g < HEARTH_GUESSERS; g++) {
      for (int k = 0; k < HEARTH_RANKS; k++) {
        all.hits[g][k] += book->days[d].hits[g][k];
      }
    }
  }
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    const int known = out->probabilities || g != HEARTH_GUESS_PLUGIN;
    for (int k = 0; k < HEARTH_RANKS; k++) {
      out->hit[g][k] = known ? share(all.hits[g][k], all.requests) : NAN;
    }
  }
  out->user_days = book->day_count;
  return hearth_bootstrap(book->days, out->probabilities ? book->day_count : 0,
                          out->over);
}

hearth_status hearth_accuracy_report(hearth_accuracy_book *book,
                                     int probabilities, hearth_accuracy **out) {
  hearth_accuracy *accuracy = calloc(1, sizeof *accuracy);
  if (accuracy == NULL) {
    return HEARTH_NO_MEMORY;
  }
  accuracy->probabilities = probabilities;
  hearth_status status = book->status;
  if (status == HEARTH_OK) {
    status = report_tasks(book, accuracy);
  }
  if (status == HEARTH_OK) {
    status = report_hits(book, accuracy);
  }
  if (status != HEARTH_OK) {
    hearth_accuracy_free(accuracy);
    return status;
  }
  for (int d = 0; d < HEARTH_DISTANCES; d++) {
    accuracy->distances[d] =
        row_of(distance_name[d], &book->distances[d], probabilities);
  }
  hearth_within_report(&book->within, accuracy->within);
  *out = accuracy;
  return HEARTH_OK;
}
