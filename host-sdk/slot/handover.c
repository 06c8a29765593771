/* SPDX-License-Identifier: MIT
   Letting the new plugin know what the old one knows. */
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/slot/slot.h"

hearth_status hearth__blame(hearth__swap *swap, hearth_status status) {
  swap->faulty |= status == HEARTH_INTERNAL || status == HEARTH_CRASHED;
  return status;
}

/* A message that it refuses is one that any plugin would. */
hearth_status hearth__teach(hearth__swap *swap, hearth_bytes outcome) {
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, swap->err,
                      swap->err_cap};
  hearth_status status =
      hearth_instance_record_outcome(swap->live->instance, &call, outcome);

  if (status == HEARTH_BAD_PAYLOAD) {
    ++swap->report->refused;
    return HEARTH_OK;
  }
  return hearth__blame(swap, status);
}

static int has_state(const hearth__live *live) {
  return (hearth_instance_entry(live->instance)->caps & HEARTH_CAP_STATE) != 0;
}

static int same_kind(const hearth__live *a, const hearth__live *b) {
  return strcmp(hearth_instance_entry(a->instance)->id,
                hearth_instance_entry(b->instance)->id) == 0;
}

static hearth_status load(hearth__swap *swap, hearth_bytes state) {
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, swap->err,
                      swap->err_cap};
  uint64_t began = hearth_monotonic_ns();
  hearth_status status =
      hearth_instance_load_state(swap->live->instance, &call, state);

  swap->report->load_ns = hearth_monotonic_ns() - began;
  return hearth__blame(swap, status);
}

/* Hold outcomes, and save meanwhile if `state` is not NULL. */
static hearth_status cut(hearth__swap *swap, hearth_output *state,
                         uint64_t *outcomes) {
  hearth_slot *slot = swap->slot;
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, swap->err,
                      swap->err_cap};
  uint64_t began, limit = swap->options->journal_bytes;
  hearth_status status = hearth__outcomes_hold(
      slot, limit ? limit : HEARTH__SAVE_JOURNAL, outcomes);

  if (status != HEARTH_OK) {
    hearth__tell(swap->err, swap->err_cap,
                 "an outcome has been with %s for over %lu ms",
                 slot->current->title, (unsigned long)slot->options.drain_ms);
    return status;
  }
  began = hearth_monotonic_ns();
  if (state) {
    status = hearth_instance_save_state(slot->current->instance, &call, state);
    swap->report->save_ns = hearth_monotonic_ns() - began;
    swap->report->state_bytes = state->len;
  }
  hearth__outcomes_release(slot, 1);
  swap->journaling = 1;
  return status;
}

static hearth_status warm(hearth__swap *swap, uint64_t outcomes) {
  uint64_t began = hearth_monotonic_ns();
  hearth_status status;
  hearth_bytes next;

  for (;;) {
    next.data = NULL;
    next.len = 0;
    status = swap->options->warm(swap->options->user, outcomes, &next);
    if (status == HEARTH_NO_OPINION) {
      status = HEARTH_OK;
      break;
    }
    if (status != HEARTH_OK) {
      hearth__tell(swap->err, swap->err_cap,
                   "the stored outcomes can't be read: %s",
                   hearth_status_text(status));
      break;
    }
    status = hearth__teach(swap, next);
    if (status != HEARTH_OK) {
      break;
    }
    ++swap->report->warmed;
  }
  swap->report->warm_ns = hearth_monotonic_ns() - began;
  return status;
}

/* Without a state: by stored outcomes if there are, else cold. */
static hearth_status without_state(hearth__swap *swap, uint64_t outcomes) {
  if ((swap->options->flags & HEARTH_SWAP_COLD) || !swap->options->warm) {
    swap->report->handover = HEARTH_HANDOVER_COLD;
    return HEARTH_OK;
  }
  swap->report->handover = HEARTH_HANDOVER_WARM;
  return warm(swap, outcomes);
}

hearth_status hearth__hand_over(hearth__swap *swap) {
  hearth__live *old = swap->slot->current;
  int wanted = !(swap->options->flags & HEARTH_SWAP_COLD) &&
               same_kind(old, swap->live) && has_state(old) &&
               has_state(swap->live);
  hearth_output state = {0};
  uint64_t outcomes = 0;
  hearth_status status;

  state.limit = UINT32_MAX;
  swap->report->handover = HEARTH_HANDOVER_STATE;
  status = cut(swap, wanted ? &state : NULL, &outcomes);
  if (status == HEARTH_OK && wanted) {
    status = load(swap, (hearth_bytes){state.data, state.len});
  }
  hearth_output_free(&state);
  if (status == HEARTH_OK && wanted) {
    return HEARTH_OK;
  }
  /* A state that can't be saved or read is no reason to go without, unless the
     new plugin broke on it. */
  if (status != HEARTH_OK &&
      (swap->faulty || !swap->journaling || !swap->options->warm)) {
    return status;
  }
  return without_state(swap, outcomes);
}
