/* SPDX-License-Identifier: MIT
   Replacing the plugin while it is used. */
#include <string.h>

#include "host-sdk/library/library.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/slot/slot.h"

/* Outcomes that may be left when the slot is closed for the rest. */
enum { REST = 64 };

/* Tell the new one the catalog, unless it knows.  With `catalogs` held. */
static hearth_status tell_catalog(hearth__swap *swap) {
  hearth_slot *slot = swap->slot;
  hearth_bytes catalog = {slot->catalog.data, slot->catalog.len};
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, swap->err,
                      swap->err_cap};

  if (!catalog.len || swap->catalogs == slot->catalogs_taken) {
    return HEARTH_OK;
  }
  swap->catalogs = slot->catalogs_taken;
  return hearth__blame(
      swap, hearth_instance_set_catalog(swap->live->instance, &call, catalog));
}

static hearth_status create(hearth__swap *swap, hearth_library *library) {
  hearth_slot *slot = swap->slot;
  hearth_bytes config = swap->options->config;
  uint64_t began = hearth_monotonic_ns();
  hearth_status status;

  if (!config.len) {
    config.data = slot->config.data;
    config.len = slot->config.len;
  }
  status = hearth__live_new(slot, library, config, &swap->live, swap->err,
                            swap->err_cap);
  if (status == HEARTH_OK) {
    pthread_mutex_lock(&slot->catalogs);
    status = tell_catalog(swap);
    pthread_mutex_unlock(&slot->catalogs);
  } else {
    (void)hearth__blame(swap, status);
  }
  swap->report->create_ns = hearth_monotonic_ns() - began;
  return status;
}

/* The next entry of the journal; *left gets how many come after it.  0: there
   is none. */
static int next_entry(hearth__swap *swap, hearth_bytes *outcome,
                      uint64_t *left) {
  hearth_slot *slot = swap->slot;
  int some;

  pthread_mutex_lock(&slot->lock);
  some = hearth__journal_next(&slot->journal, &swap->mark, outcome);
  *left = slot->journal.count - swap->mark.read;
  pthread_mutex_unlock(&slot->lock);
  return some;
}

/* Replay what is there now; *left gets what came meanwhile. */
static hearth_status replay_pass(hearth__swap *swap, uint64_t *left) {
  hearth_status status = HEARTH_OK;
  hearth_bytes outcome;
  uint64_t todo, rest;

  pthread_mutex_lock(&swap->slot->lock);
  todo = swap->slot->journal.count - swap->mark.read;
  pthread_mutex_unlock(&swap->slot->lock);
  *left = todo;
  while (todo-- && status == HEARTH_OK && next_entry(swap, &outcome, &rest)) {
    status = hearth__teach(swap, outcome);
    *left = rest;
  }
  return status;
}

/* What was there is replayed, and what came meanwhile, as long as that is the
   less and the less. */
static hearth_status replay(hearth__swap *swap) {
  uint64_t before = UINT64_MAX, left = 0;
  hearth_status status = replay_pass(swap, &left);

  while (status == HEARTH_OK && left > REST && left < before / 2) {
    before = left;
    status = replay_pass(swap, &left);
  }
  return status;
}

/* With nobody adding to the journal any more. */
static hearth_status replay_rest(hearth__swap *swap) {
  hearth_slot *slot = swap->slot;
  hearth_status status;
  uint64_t left;

  pthread_mutex_lock(&slot->lock);
  slot->phase = HEARTH__CLOSED;
  pthread_mutex_unlock(&slot->lock);
  status = replay_pass(swap, &left);
  if (status == HEARTH_OK && slot->journal_status != HEARTH_OK) {
    status = HEARTH_LIMIT;
    hearth__tell(swap->err, swap->err_cap,
                 "%s for the outcomes that came during the swap: after %lu of "
                 "them",
                 slot->journal_status == HEARTH_LIMIT
                     ? "journal_bytes are too few"
                     : "there is no memory",
                 (unsigned long)slot->journal.count);
  }
  return status;
}

/* The new one becomes current; returns the one before the old one, with the
   slot's use of it. */
static hearth__live *publish(hearth__swap *swap) {
  hearth_slot *slot = swap->slot;
  hearth__live *gone;

  pthread_mutex_lock(&slot->lock);
  gone = slot->previous;
  slot->previous = slot->current;
  slot->current = swap->live;
  ++slot->lives;
  ++slot->generation;
  ++slot->swaps;
  slot->trial = 1;
  swap->report->journaled = slot->journal.count;
  hearth__outcomes_usual(slot);
  pthread_mutex_unlock(&slot->lock);
  return gone;
}

/* Wait until the callers of the one that went have left it.  At the limit it is
   left to the last of them. */
static int drain(hearth_slot *slot, hearth__live *gone) {
  uint64_t until = hearth__slot_patience(slot);
  int last, patient = 1;

  pthread_mutex_lock(&slot->lock);
  while (patient && gone->users > 1) {
    patient = hearth__slot_sleep(slot, until);
  }
  last = hearth__live_drop(gone);
  pthread_mutex_unlock(&slot->lock);
  if (last) {
    hearth__live_end(slot, gone);
  }
  return last;
}

/* From the hand-over to the drain; outcomes go their usual way at the end. */
static hearth_status exchange(hearth__swap *swap) {
  hearth_slot *slot = swap->slot;
  hearth__live *gone = NULL;
  hearth_status status = hearth__hand_over(swap);
  uint64_t began = hearth_monotonic_ns();

  if (status == HEARTH_OK) {
    status = replay(swap);
  }
  if (status == HEARTH_OK) {
    pthread_mutex_lock(&slot->catalogs);
    status = tell_catalog(swap);
    if (status == HEARTH_OK) {
      status = replay_rest(swap);
    }
    if (status == HEARTH_OK) {
      gone = publish(swap);
    }
    pthread_mutex_unlock(&slot->catalogs);
  }
  swap->report->replay_ns = hearth_monotonic_ns() - began;
  if (status != HEARTH_OK) {
    pthread_mutex_lock(&slot->lock);
    hearth__outcomes_usual(slot);
    pthread_mutex_unlock(&slot->lock);
    return status;
  }
  began = hearth_monotonic_ns();
  swap->report->drained = gone ? drain(slot, gone) : 1;
  swap->report->drain_ns = hearth_monotonic_ns() - began;
  return HEARTH_OK;
}

/* The new one goes; if it is to blame it is not taken again. */
static void give_up(hearth__swap *swap, hearth_library *library,
                    hearth_status status) {
  hearth_slot *slot = swap->slot;
  hearth__live *live = swap->live, unborn = {0};
  char why[160];

  if (!live) {
    live = &unborn;
    unborn.key = hearth_slot_key(library);
    memcpy(unborn.title, swap->report->to, sizeof(unborn.title));
  }
  hearth__tell(why, sizeof(why), "%s: %s", hearth_status_text(status),
               swap->err && *swap->err ? swap->err : "it gave no reason");
  pthread_mutex_lock(&slot->lock);
  ++slot->failed_swaps;
  if (swap->faulty) {
    hearth__refuse(slot, live, why);
  }
  pthread_mutex_unlock(&slot->lock);
  if (swap->live) {
    hearth__live_free(swap->live);
  }
}

/* With the slot claimed. */
static hearth_status run(hearth__swap *swap, hearth_library *library) {
  const hearth_plugin_entry *entry = hearth_library_entry(library);
  hearth_swap_report *report = swap->report;
  hearth_slot *slot = swap->slot;
  hearth_output config = {0};
  hearth_status status;

  hearth__tell(report->to, sizeof(report->to), "%s %s", entry->name,
               entry->version);
  pthread_mutex_lock(&slot->lock);
  memcpy(report->from, slot->current->title, sizeof(report->from));
  status =
      hearth__refused(slot, hearth_slot_key(library), swap->err, swap->err_cap);
  slot->report = report;
  pthread_mutex_unlock(&slot->lock);
  if (status != HEARTH_OK) {
    return status;
  }
  status = hearth__output_set(&config, swap->options->config);
  if (status == HEARTH_OK) {
    status = create(swap, library);
  }
  if (status == HEARTH_OK) {
    status = exchange(swap);
  }
  if (status == HEARTH_OK && config.len) {
    hearth_output_free(&slot->config);
    slot->config = config;
    return status;
  }
  hearth_output_free(&config);
  if (status != HEARTH_OK) {
    give_up(swap, library, status);
  }
  return status;
}

hearth_status hearth_slot_swap(hearth_slot *slot, hearth_library *library,
                               const hearth_swap_options *options,
                               hearth_swap_report *report, char *err,
                               uint64_t err_cap) {
  static const hearth_swap_options usual;
  uint64_t began = hearth_monotonic_ns();
  hearth_swap_report made = {0};
  char reason[192] = "";
  hearth__swap swap = {slot,
                       options ? options : &usual,
                       NULL,
                       &made,
                       {0},
                       reason,
                       sizeof(reason),
                       UINT64_MAX,
                       0,
                       0};
  hearth_status status;

  if (!library) {
    hearth__tell(err, err_cap, "hearth_slot_swap: no library");
    return HEARTH_BAD_ARG;
  }
  status = hearth__slot_claim(slot, HEARTH__SWAPPING, 0);
  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "another swap is under way");
    return status;
  }
  status = run(&swap, library);
  pthread_mutex_lock(&slot->lock);
  slot->report = NULL;
  pthread_mutex_unlock(&slot->lock);
  hearth__slot_unclaim(slot);
  made.total_ns = hearth_monotonic_ns() - began;
  if (report) {
    *report = made;
  }
  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "%s",
                 *reason ? reason : hearth_status_text(status));
  }
  return status;
}
