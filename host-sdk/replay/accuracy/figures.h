/* SPDX-License-Identifier: MIT
   What `hearth replay --accuracy` shows of one plugin in one setting. */
#ifndef HEARTH_ACCURACY_FIGURES_H
#define HEARTH_ACCURACY_FIGURES_H

#include <stdint.h>

#include "plugin/sdk/wire/messages.h"

/* Who guesses a request's model before it is known: the plugin by p_next; the
   models that this user used last; those that this user used most.  The plain
   two fill up with what all users used last (most), and of a request without a
   user know nothing else. */
enum {
  HEARTH_GUESS_PLUGIN,
  HEARTH_GUESS_LAST,
  HEARTH_GUESS_MOST,
  HEARTH_GUESSERS
};

enum {
  HEARTH_RANKS = 3,         /* among the first 1, 3, 5 */
  HEARTH_CATEGORIES = 4,    /* of tasks */
  HEARTH_DISTANCES = 3,     /* times since the user's last request */
  HEARTH_LEAST_USER_DAYS = 10 /* under which no margin is called certain */
};

extern const uint32_t hearth_rank[HEARTH_RANKS];

/* NAN where there is nothing to divide by. */
typedef struct hearth_rates {
  double accuracy, precision, recall, f1;
} hearth_rates;

/* One line of a table.  accuracy: the share of requests whose model was guessed
   first.  precision, recall, f1: of models guessed, which are the plugin's with
   a p_next of the threshold or more, and the first of a plain rule. */
typedef struct hearth_accuracy_row {
  const char *name;
  uint64_t requests;
  hearth_rates by[HEARTH_GUESSERS];
} hearth_accuracy_row;

/* The plugin's hits less a plain rule's, as a share of requests, and the 95 %
   interval of a paired bootstrap over user-days. */
typedef struct hearth_margin {
  double margin, low, high;
  int certain; /* 1: above for sure, -1: below for sure, 0: may be chance */
} hearth_margin;

/* "Used within h", at 0.5, against "used within the last h". */
typedef struct hearth_within_rates {
  uint64_t samples;
  hearth_rates plugin, plain;
} hearth_within_rates;

typedef struct hearth_accuracy {
  int probabilities; /* the plugin gave any p_next: else its figures are NAN */
  hearth_accuracy_row *tasks; /* owned, as their names are */
  uint32_t task_count;
  hearth_accuracy_row all, categories[HEARTH_CATEGORIES];
  hearth_accuracy_row distances[HEARTH_DISTANCES];
  double hit[HEARTH_GUESSERS][HEARTH_RANKS];
  hearth_margin over[HEARTH_GUESSERS][HEARTH_RANKS]; /* none over itself */
  uint32_t user_days;
  hearth_within_rates within[HEARTH_HORIZONS];
} hearth_accuracy;

/* NULL is a no-op. */
void hearth_accuracy_free(hearth_accuracy *accuracy);

#endif
