/* SPDX-License-Identifier: MIT
   A plugin whose state is what it was told, and that fails as a test wants. */
#ifndef HEARTH_TESTS_SLOT_COUNTER_H
#define HEARTH_TESTS_SLOT_COUNTER_H

#include <stdatomic.h>

#include "hearth/slot.h"

enum { COUNTER_TELLERS = 8 };

/* A kind of plugin: an id and a version, and how its instances behave. */
typedef struct counter_kind {
  hearth_plugin_entry entry; /* first */
  atomic_int create_status, catalog_status, save_status, load_status;
  atomic_int prepare_status, record_status;
  atomic_int record_fails_after; /* so many outcomes; -1: never */
  atomic_int slow;               /* yields within save and load */
  atomic_int block;              /* prepare_models stays while it is 1 */
  atomic_int block_record;       /* record_outcome does */
  atomic_int block_save;         /* save_state does */
  atomic_int block_load;         /* load_state does */
  atomic_int within;             /* calls that stay */
  atomic_int instances;          /* alive */
  atomic_int created, catalogs, loads;
} counter_kind;

/* Version `number` of a plugin with an id: everything succeeds. */
void counter_init(counter_kind *kind, const char *id, int number,
                  uint64_t caps);

/* Its library. */
hearth_library *counter_library(counter_kind *kind);

/* A slot with an instance of it; `options` may be NULL. */
hearth_slot *counter_slot(counter_kind *kind,
                          const hearth_slot_options *options);

/* Swap to it; the status. */
hearth_status counter_swap(hearth_slot *slot, counter_kind *kind,
                           const hearth_swap_options *options,
                           hearth_swap_report *report);

/* An outcome: number `sequence`, from 0, of a teller.  The plugin takes note
   of each that does not come right after the one before. */
hearth_status counter_tell(hearth_slot *slot, uint32_t teller,
                           uint32_t sequence);

/* What prepare_models answers. */
typedef struct counter_answer {
  uint32_t told[COUNTER_TELLERS];
  uint32_t wrong; /* outcomes lost, doubled or out of order */
  uint32_t version;
} counter_answer;

/* Ask the current one; all zero where it fails. */
counter_answer counter_ask(hearth_slot *slot);

/* The sum of what it was told. */
uint32_t counter_total(hearth_slot *slot);

#endif
