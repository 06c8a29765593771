/* SPDX-License-Identifier: MIT
   A replay's guesses, counted for `hearth replay --accuracy`. */
#ifndef HEARTH_ACCURACY_ACCURACY_H
#define HEARTH_ACCURACY_ACCURACY_H

#include "host-sdk/replay/accuracy/figures.h"
#include "host-sdk/replay/future.h"
#include "host-sdk/replay/input/trace.h"
#include "host-sdk/replay/plan.h"

typedef struct hearth_accuracy_book hearth_accuracy_book;

/* Owned by caller; NULL: no memory.  `trace` and `uses` are borrowed. */
hearth_accuracy_book *hearth_accuracy_book_new(const hearth_trace *trace,
                                               const hearth_uses *uses);
void hearth_accuracy_book_free(hearth_accuracy_book *book);

/* What the plugin guessed of a request before it knew the model: the place of
   that model by p_next from 0 (HEARTH_NO_PLACE: none), how many models had the
   threshold or more, whether this one had. */
typedef struct hearth_guessed {
  uint32_t place, said;
  int right;
} hearth_guessed;

/* Request `i` came; each once, in the trace's order. */
void hearth_accuracy_request(hearth_accuracy_book *book, uint32_t i,
                             const hearth_guessed *guessed);

/* predict/1 answered `plan` at `now`. */
void hearth_accuracy_sample(hearth_accuracy_book *book, int64_t now,
                            const hearth_plan *plan);

/* All of it, owned by caller.  `probabilities`: whether the plugin ever gave
   one.  HEARTH_NO_MEMORY, also for what could not be counted on the way. */
hearth_status hearth_accuracy_report(hearth_accuracy_book *book,
                                     int probabilities, hearth_accuracy **out);

#endif
