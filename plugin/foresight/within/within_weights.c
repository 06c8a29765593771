/* SPDX-License-Identifier: MIT
   The weights of the head `within`, with their names. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/within/within_state.h"

void foresight_within_weights(const foresight_within *head,
                              foresight_dump *d) {
  static const foresight_dump_key horizon[HORIZONS] = {"300", "3600", "21600"};
  static const foresight_dump_key input[IN_END] = {
      [IN_BIAS] = "bias",
      [IN_SLOW] = "own_gaps",
      [IN_BURST] = "gaps_like_last",
      [IN_EVENTS] = "own_requests",
      [IN_POOL] = "pool_gaps",
      [IN_POOL_EVENTS] = "pool_requests",
      [IN_RATE] = "rate_2h",
      [IN_RATE + 1] = "rate_2d",
      [IN_RATE + 2] = "rate_ever",
      [IN_MASS] = "users_5min",
      [IN_MASS + 1] = "users_1d",
      [IN_MASS + 2] = "users_before",
      [IN_DAYS] = "days_14",
      [IN_DAYS + 1] = "days_3",
      [IN_DAYS + 2] = "day_last_week",
      [IN_TABLE] = "table_idle_rate",
      [IN_TABLE + 1] = "table_idle_gap",
      [IN_TABLE + 2] = "table_hour_rate",
      [IN_TABLE + 3] = "table_user",
      [IN_TABLE + 4] = "table_links",
      [IN_TRAFFIC] = "traffic",
      [IN_COUNT] = "uses",
      [IN_RATIO] = "age_to_gap",
      [IN_HORIZON_RATIO] = "horizon_to_gap"};
  foresight_dump_map(d, HORIZONS);
  for (int h = 0; h < HORIZONS; h++) {
    foresight_dump_name(d, horizon[h]);
    foresight_dump_numbers(d, input, head->mixer[h].weight, IN_END);
  }
}
