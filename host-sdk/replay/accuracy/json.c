/* SPDX-License-Identifier: MIT
   The accuracy of a comparison's plugins, as JSON. */
#include <math.h>

#include "host-sdk/replay/accuracy/present.h"

static const char *const guesser[HEARTH_GUESSERS] = {"plugin", "last_used",
                                                     "most_used"};
static const char *const rank_key[HEARTH_RANKS] = {"1", "3", "5"};
static const char *const distance_key[HEARTH_DISTANCES] = {"300", "3600",
                                                           "beyond"};
static const char *const horizon_key[HEARTH_HORIZONS] = {"300", "3600",
                                                         "21600"};

static json_t *number(double value) {
  return isnan(value) ? json_null() : json_real(value);
}

static json_t *rates(const hearth_rates *r) {
  return json_pack("{s:o, s:o, s:o, s:o}", "accuracy", number(r->accuracy),
                   "precision", number(r->precision), "recall",
                   number(r->recall), "f1", number(r->f1));
}

static json_t *row(const hearth_accuracy_row *r) {
  return json_pack("{s:I, s:o, s:o, s:o}", "requests", (json_int_t)r->requests,
                   guesser[0], rates(&r->by[0]), guesser[1], rates(&r->by[1]),
                   guesser[2], rates(&r->by[2]));
}

static json_t *rows(const hearth_accuracy_row *of, uint32_t count,
                    const char *const *keys) {
  json_t *object = json_object();
  for (uint32_t i = 0; i < count; i++) {
    json_object_set_new(object, keys != NULL ? keys[i] : of[i].name,
                        row(&of[i]));
  }
  return object;
}

static json_t *hits(const double hit[HEARTH_RANKS]) {
  json_t *object = json_object();
  for (int k = 0; k < HEARTH_RANKS; k++) {
    json_object_set_new(object, rank_key[k], number(hit[k]));
  }
  return object;
}

static json_t *margins(const hearth_margin over[HEARTH_RANKS]) {
  json_t *object = json_object();
  for (int k = 0; k < HEARTH_RANKS; k++) {
    json_object_set_new(
        object, rank_key[k],
        json_pack("{s:o, s:o, s:o, s:b, s:b}", "margin", number(over[k].margin),
                  "low", number(over[k].low), "high", number(over[k].high),
                  "certain", over[k].certain > 0, "certain_below",
                  over[k].certain < 0));
  }
  return object;
}

static json_t *within(const hearth_within_rates *of) {
  json_t *object = json_object();
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    json_object_set_new(object, horizon_key[h],
                        json_pack("{s:I, s:o, s:o}", "samples",
                                  (json_int_t)of[h].samples, "plugin",
                                  rates(&of[h].plugin), "used_in_the_last",
                                  rates(&of[h].plain)));
  }
  return object;
}

json_t *hearth_accuracy_json(const hearth_accuracy *a) {
  json_t *hit = json_object(), *over = json_object();
  for (int g = 0; g < HEARTH_GUESSERS; g++) {
    json_object_set_new(hit, guesser[g], hits(a->hit[g]));
    if (g != HEARTH_GUESS_PLUGIN) {
      json_object_set_new(over, guesser[g], margins(a->over[g]));
    }
  }
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "all",
                   row(&a->all), "by_task",
                   rows(a->tasks, a->task_count, NULL), "by_category",
                   rows(a->categories, HEARTH_CATEGORIES, NULL),
                   "by_time_since_last_request",
                   rows(a->distances, HEARTH_DISTANCES, distance_key), "hit",
                   hit, "margin_over", over, "user_days",
                   (json_int_t)a->user_days, "within", within(a->within));
}
