/* SPDX-License-Identifier: MIT
   The weights of the head "price", with their names. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/price/price_state.h"

void foresight_price_weights(const foresight_price *p, foresight_dump *d) {
  static const foresight_dump_key class_name[PRICE_CLASSES] = {
      "0", "1", "2", "3", "4", "5"};
  static const foresight_dump_key input[PRICE_INPUTS] = {
      "all_models",   "own_slow",    "own_fast",   "rate_gaps",  "last_gap",
      "two_gaps",     "own_hour",    "hour",       "burst",      "users_on_it",
      "silence",      "silence_run", "last_two",   "rates",      "traffic",
      "user_gap",     "task",        "own_2_gaps", "scaled_age"};
  foresight_dump_map(d, PRICE_CLASSES);
  for (int c = 0; c < PRICE_CLASSES; c++) {
    foresight_dump_name(d, class_name[c]);
    foresight_dump_numbers(d, input, p->w[c], PRICE_INPUTS);
  }
}
