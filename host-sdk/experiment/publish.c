/* SPDX-License-Identifier: MIT
   A winner becomes the live plugin. */
#include <stdio.h>

#include "hearth/experiment.h"

hearth_status
hearth_experiment_publish(const hearth_experiment_promotion *promotion,
                          hearth_slot *slot, hearth_swap_report *report,
                          char *err, uint64_t err_cap) {
  char why[256] = "";
  /* Cold, so that the old one's state does not stand in the way of its own. */
  const hearth_swap_options options = {.flags = HEARTH_SWAP_COLD,
                                       .config = promotion->config};
  hearth_status status = hearth_slot_swap(slot, promotion->library, &options,
                                          report, err, err_cap);
  if (status != HEARTH_OK || promotion->winner_state.len == 0) {
    return status;
  }
  const hearth_call call = {
      .size = sizeof call, .err = why, .err_cap = sizeof why};
  status = hearth_slot_load_state(slot, &call, promotion->winner_state);
  if (status != HEARTH_OK) {
    (void)hearth_slot_rollback(slot, NULL, 0);
    if (err != NULL && err_cap > 0) {
      snprintf(err, err_cap, "the winner refuses its own state: %s",
               why[0] != '\0' ? why : hearth_status_text(status));
    }
  }
  return status;
}
