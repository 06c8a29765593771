/* SPDX-License-Identifier: MIT
   What is in a slot, and who may touch it when. */
#ifndef HEARTH_SLOT_INTERNAL_H
#define HEARTH_SLOT_INTERNAL_H

#include <pthread.h>

#include "hearth/slot.h"
#include "host-sdk/slot/journal.h"

enum {
  HEARTH__HELD = 1024, /* outcomes that a save may hold back */
  HEARTH__TRIAL = 32,  /* the last calls that a trial looks at */
  HEARTH__TRIAL_MIN = 8,
  HEARTH__REFUSALS = 16,
  HEARTH__SAVE_JOURNAL = 64 << 20 /* bytes, without a limit of the caller's */
};

/* An instance in a slot.  Counted: the slot is a user of the current and of the
   previous one, and so is every call within; the last user destroys it.  All
   but the first four members belong to the slot's lock. */
typedef struct hearth__live {
  hearth_instance *instance;
  const hearth_host *host;
  hearth_host *own_host; /* NULL where the caller gave one */
  uint64_t key;
  char title[64];
  uint64_t users;
  uint64_t recording; /* outcomes on their way to it */
  uint64_t noted;     /* calls, and of the last ones which failed, as bits */
  uint32_t failed;
  int32_t crashed;
} hearth__live;

/* What happens to an outcome. */
typedef enum hearth__phase {
  HEARTH__DIRECT, /* told */
  HEARTH__HOLD,   /* written to the journal; told later, by the one who saves */
  HEARTH__BOTH,   /* written to the journal, and told */
  HEARTH__CLOSED  /* it waits */
} hearth__phase;

/* What is being done to the slot; one thing at a time. */
typedef enum hearth__change {
  HEARTH__NOTHING,
  HEARTH__SAVING,
  HEARTH__SWAPPING,
  HEARTH__ENDING
} hearth__change;

typedef struct hearth__refusal {
  hearth_refusal what;
  uint64_t until_ns; /* UINT64_MAX: until it is cleared */
} hearth__refusal;

/* Two locks, in this order:
     catalogs  the catalog, and that no instance misses one; held while a
               plugin takes a catalog in
     lock      all the rest; never held while a plugin or the caller's function
               is called */
struct hearth_slot {
  hearth_slot_options options; /* its pointers: the host's and the caller's */

  pthread_mutex_t catalogs;
  hearth_output catalog;
  uint64_t catalogs_taken;

  pthread_mutex_t lock;
  pthread_cond_t changed; /* whatever a sleeper may wait for */
  uint32_t sleepers;
  hearth__live *current, *previous;
  uint64_t lives; /* instances that are not destroyed yet */
  int32_t trial;  /* the current one is watched */
  hearth__change change;
  hearth__phase phase;
  uint64_t holds, held; /* the number of this hold, outcomes held back by it */
  hearth__journal journal;
  hearth_status journal_status; /* not OK: an outcome did not go in */
  hearth_output config;         /* touched by who swaps only */
  hearth_swap_report *report;   /* of the swap under way */
  hearth__refusal refusals[HEARTH__REFUSALS];
  uint32_t refusal_count;
  uint64_t generation, outcomes, swaps, failed_swaps, rollbacks, auto_rollbacks;
  uint64_t previous_failures, longest_wait_ns;
  char reason[192];
};

/* A call within: what it holds on to. */
typedef struct hearth__use {
  hearth__live *live;
  uint64_t generation; /* of the slot, when it began */
  uint64_t began_ns;   /* 0: no swap was under way */
  uint64_t recording;  /* 1: an outcome */
  uint64_t hold;       /* not 0: one that is held back, by this hold */
} hearth__use;

/* The current instance, for a call of any length. */
void hearth__slot_get(hearth_slot *slot, hearth__use *use);
/* Give it back, with what the call came to.  1: it failed its trial just now,
   and another one is current.  May destroy the instance. */
int hearth__slot_put(hearth_slot *slot, hearth__use *use, hearth_status status);

/* Give it back after what was no call of the plugin. */
void hearth__slot_drop(hearth_slot *slot, hearth__use *use);

/* An instance that no one sees yet, with one user; `config` may be empty. */
hearth_status hearth__live_new(const hearth_slot *slot, hearth_library *library,
                               hearth_bytes config, hearth__live **out,
                               char *err, uint64_t err_cap);
/* It has no user any more, and is not counted in `lives`. */
void hearth__live_free(hearth__live *live);
/* One user less; 1: it was the last, who calls hearth__live_end.  With the lock
   held. */
int hearth__live_drop(hearth__live *live);
/* Destroy it.  Without any lock. */
void hearth__live_end(hearth_slot *slot, hearth__live *live);

/* Replace what is in an output by a copy. */
hearth_status hearth__output_set(hearth_output *output, hearth_bytes bytes);

/* Sleep until something changed; with the lock held.  0: `until_ns` (of
   hearth_monotonic_ns; UINT64_MAX: never) has passed. */
int hearth__slot_sleep(hearth_slot *slot, uint64_t until_ns);
/* Something changed; with the lock held. */
void hearth__slot_wake(hearth_slot *slot);
/* The time until which a swap has patience. */
uint64_t hearth__slot_patience(const hearth_slot *slot);

/* Begin to change the slot; HEARTH_BUSY: a swap is under way and `wait` is 0.
   Without the lock; likewise the end. */
hearth_status hearth__slot_claim(hearth_slot *slot, hearth__change change,
                                 int wait);
void hearth__slot_unclaim(hearth_slot *slot);

/* ---- Outcomes (outcome.c) ---- */

/* From now on outcomes go to the journal, and those before have arrived.
   *outcomes gets how many those were.  On failure nothing has changed.  Then
   hearth__outcomes_release has to follow. */
hearth_status hearth__outcomes_hold(hearth_slot *slot, uint64_t limit,
                                    uint64_t *outcomes);
/* Tell the current one what was held back.  With `journal` the journal goes on;
   else it is over and emptied. */
void hearth__outcomes_release(hearth_slot *slot, int journal);
/* The journal is over; outcomes go their usual way.  With the lock held. */
void hearth__outcomes_usual(hearth_slot *slot);

/* ---- Quarantine and trial (trial.c); with the lock held ---- */

/* Whether a status tells against the plugin. */
int hearth__status_fails(hearth_status status);
/* HEARTH_UNAVAILABLE, with the reason, for a plugin in quarantine. */
hearth_status hearth__refused(hearth_slot *slot, uint64_t key, char *err,
                              uint64_t err_cap);
void hearth__refuse(hearth_slot *slot, const hearth__live *live,
                    const char *why);
/* Count a call of the current one.  1: it failed its trial; the previous one is
   current, the slot lets go of this one, and hearth_slot.reason says why.  The
   caller must be a user of `live`. */
int hearth__trial(hearth_slot *slot, hearth__live *live, hearth_status status);

/* ---- Hand-over (handover.c) ---- */

/* A swap under way. */
typedef struct hearth__swap {
  hearth_slot *slot;
  const hearth_swap_options *options;
  hearth__live *live;         /* the new one */
  hearth_swap_report *report; /* its times of calls are the lock's */
  hearth__mark mark;          /* what it was replayed */
  char *err;
  uint64_t err_cap;
  uint64_t catalogs;  /* of hearth_slot.catalogs_taken, that it was told */
  int32_t journaling; /* what comes goes to the journal */
  int32_t faulty;     /* the new one is to blame */
} hearth__swap;

/* Let the new one know what the old one knows; the journal is under way on
   HEARTH_OK. */
hearth_status hearth__hand_over(hearth__swap *swap);
/* Tell the new one an outcome. */
hearth_status hearth__teach(hearth__swap *swap, hearth_bytes outcome);
/* A failure of the new one: its status, noted whether it is to blame. */
hearth_status hearth__blame(hearth__swap *swap, hearth_status status);

#endif
