/* SPDX-License-Identifier: MIT
   Outcomes: told once to each instance, whatever is being done to the slot. */
#include <string.h>

#include "host-sdk/slot/slot.h"

/* Where an outcome goes. */
typedef struct delivery {
  hearth__use current, previous; /* its live: NULL, there is none */
  int held;                      /* the current one is told later */
} delivery;

/* What is held back counts as on its way once it is let go. */
static void aim(hearth_slot *slot, delivery *to) {
  to->held = slot->phase == HEARTH__HOLD;
  to->current.live = slot->current;
  ++slot->current->users;
  if (to->held) {
    to->current.hold = slot->holds;
    ++slot->held;
  } else {
    to->current.recording = 1;
    ++slot->current->recording;
  }
  to->previous.live = slot->previous;
  if (slot->previous) {
    ++slot->previous->users;
    ++slot->previous->recording;
    to->previous.recording = 1;
  }
}

/* Whether the outcome has to wait; else it is in the journal, where there is
   one.  With the lock held. */
static int held_up(hearth_slot *slot, hearth_bytes outcome) {
  switch (slot->phase) {
  case HEARTH__DIRECT:
    return 0;
  case HEARTH__CLOSED:
    return 1;
  case HEARTH__HOLD:
    if (slot->journal_status != HEARTH_OK ||
        slot->journal.count >= HEARTH__HELD) {
      return 1;
    }
    break;
  case HEARTH__BOTH:
    break;
  }
  if (slot->journal_status == HEARTH_OK) {
    slot->journal_status = hearth__journal_add(&slot->journal, outcome);
  }
  /* What did not go in ends the swap; who saves has to be waited for, since
     the outcome is not for the state that is being saved. */
  return slot->journal_status != HEARTH_OK && slot->phase == HEARTH__HOLD;
}

static void begin(hearth_slot *slot, hearth_bytes outcome, int fresh,
                  delivery *to) {
  uint64_t began = 0, waited;

  memset(to, 0, sizeof(*to));
  pthread_mutex_lock(&slot->lock);
  if (slot->phase != HEARTH__DIRECT) {
    began = hearth_monotonic_ns();
  }
  while (held_up(slot, outcome)) {
    hearth__slot_sleep(slot, UINT64_MAX);
  }
  if (began) {
    waited = hearth_monotonic_ns() - began;
    if (waited > slot->longest_wait_ns) {
      slot->longest_wait_ns = waited;
    }
    if (slot->report && waited > slot->report->longest_wait_ns) {
      slot->report->longest_wait_ns = waited;
    }
  }
  slot->outcomes += fresh != 0;
  aim(slot, to);
  to->current.began_ns = slot->change == HEARTH__SWAPPING ? began : 0;
  pthread_mutex_unlock(&slot->lock);
}

static void tell_previous(hearth_slot *slot, hearth__use *previous,
                          hearth_bytes outcome) {
  hearth_status status =
      hearth_instance_record_outcome(previous->live->instance, NULL, outcome);

  if (hearth__status_fails(status)) {
    pthread_mutex_lock(&slot->lock);
    ++slot->previous_failures;
    pthread_mutex_unlock(&slot->lock);
  }
}

/* `fresh`: it just happened, and was not stored before. */
static hearth_status tell(hearth_slot *slot, const hearth_call *call,
                          hearth_bytes outcome, int fresh) {
  hearth_status status = HEARTH_OK;
  delivery to;

  begin(slot, outcome, fresh, &to);
  if (!to.held) {
    status = hearth_instance_record_outcome(to.current.live->instance, call,
                                            outcome);
  }
  if (to.previous.live) {
    tell_previous(slot, &to.previous, outcome);
  }
  if (slot->options.on_outcome && fresh) {
    slot->options.on_outcome(slot->options.user, outcome);
  }
  if (to.previous.live) {
    hearth__slot_drop(slot, &to.previous);
  }
  if (to.held) {
    hearth__slot_drop(slot, &to.current);
  } else {
    (void)hearth__slot_put(slot, &to.current, status);
  }
  return status;
}

hearth_status hearth_slot_record_outcome(hearth_slot *slot,
                                         const hearth_call *call,
                                         hearth_bytes outcome) {
  return tell(slot, call, outcome, 1);
}

hearth_status hearth_slot_teach(hearth_slot *slot, const hearth_call *call,
                                hearth_bytes outcome) {
  return tell(slot, call, outcome, 0);
}

/* ---- While the slot is changed ---- */

hearth_status hearth__outcomes_hold(hearth_slot *slot, uint64_t limit,
                                    uint64_t *outcomes) {
  uint64_t until = hearth__slot_patience(slot);
  int patient = 1;

  pthread_mutex_lock(&slot->lock);
  slot->journal.limit = limit;
  slot->journal_status = HEARTH_OK;
  slot->phase = HEARTH__HOLD;
  *outcomes = slot->outcomes;
  while (patient && slot->current->recording) {
    patient = hearth__slot_sleep(slot, until);
  }
  patient = !slot->current->recording;
  pthread_mutex_unlock(&slot->lock);
  if (!patient) {
    hearth__outcomes_release(slot, 0);
    return HEARTH_DEADLINE;
  }
  return HEARTH_OK;
}

void hearth__outcomes_usual(hearth_slot *slot) {
  slot->phase = HEARTH__DIRECT;
  slot->journal_status = HEARTH_OK;
  hearth__journal_clear(&slot->journal);
  hearth__slot_wake(slot);
}

/* Nobody adds to a journal while the slot is closed. */
void hearth__outcomes_release(hearth_slot *slot, int journal) {
  hearth__mark mark = {0};
  hearth_bytes outcome;
  hearth__live *live;

  pthread_mutex_lock(&slot->lock);
  slot->phase = HEARTH__CLOSED;
  live = slot->current;
  pthread_mutex_unlock(&slot->lock);
  while (hearth__journal_next(&slot->journal, &mark, &outcome)) {
    (void)hearth_instance_record_outcome(live->instance, NULL, outcome);
  }
  pthread_mutex_lock(&slot->lock);
  live->recording += slot->held;
  slot->held = 0;
  ++slot->holds;
  if (journal) {
    slot->phase = HEARTH__BOTH;
    hearth__slot_wake(slot);
  } else {
    hearth__outcomes_usual(slot);
  }
  pthread_mutex_unlock(&slot->lock);
}
