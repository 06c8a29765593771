/* SPDX-License-Identifier: MIT
   Filling a new store with what another one held, under its numbers. */
#ifndef HEARTH_STORE_LOAD_H
#define HEARTH_STORE_LOAD_H

#include "hearth/store.h"

/* In one transaction: begin, any number of the two below, end.  Nothing else
   may be called on the store meanwhile.  Sequences must grow. */
hearth_status hearth__store_load_begin(hearth_store *store, char *err,
                                       uint64_t cap);
hearth_status hearth__store_load_outcome(hearth_store *store, uint64_t sequence,
                                         hearth_bytes outcome, char *err,
                                         uint64_t cap);
/* As it is: number, checksum and mark too. */
hearth_status hearth__store_load_snapshot(hearth_store *store,
                                          const hearth_snapshot *snapshot,
                                          char *err, uint64_t cap);
/* Commit, or undo all of it. */
hearth_status hearth__store_load_end(hearth_store *store, int commit, char *err,
                                     uint64_t cap);

#endif
