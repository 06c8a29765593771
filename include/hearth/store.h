/* SPDX-License-Identifier: MIT
   The store: outcomes and learned state that survive the process. */
#ifndef HEARTH_STORE_H
#define HEARTH_STORE_H

/* What a host keeps on disk (libhearth-store, SQLite in WAL mode): the outcome
   messages that its plugin was told, and snapshots of what the plugin made of
   them.  The store knows no plugin and no predictor; it takes bytes.

   **Outcomes** are queued by hearth_store_record and committed in batches by a
   thread of the store.  One is *acknowledged* when its batch has committed.
   What is acknowledged survives `kill -9` of the process and a crash of it;
   with HEARTH_STORE_FULL also a power cut (with HEARTH_STORE_NORMAL a power cut
   may take the last commits, and harms nothing else).  Nothing is dropped
   silently: an outcome is acknowledged, or refused by record, or reported by
   close.

   Two numbers count outcomes.  A *ticket* counts what this handle was given
   (1, 2, 3, ...); acknowledgments speak of it.  A *sequence* is the place in
   the store, over all handles and processes; it grows and is never used again,
   and a snapshot's *cursor* is one: the last sequence that its state has
   learned.

   **Snapshots** are written whole or not at all.  To take one that misses
   nothing: hearth_store_flush, keep the cursor that it gives, then save the
   plugin's state.  On restart load the state and replay from its cursor; what
   is told twice the plugin ignores (hearth/plugin.h).

   **Damage.**  A file that can't be read as a store is set aside as
   NAME.damaged-TIME (with its -wal beside it), never deleted; whatever rows can
   be read from its pages go to a new store in its place, and `log` says all
   this.  A store of a newer schema, or another program's database, is refused
   and left untouched.

   Several processes may have one store open.  Conventions are those of
   hearth/host.h: any thread may call anything; `err` gets one sentence.
   HEARTH_LIMIT: the disk is full.  HEARTH_UNAVAILABLE: the disk failed.
   HEARTH_BUSY: another process holds it.  HEARTH_BAD_PAYLOAD: damaged. */

#include "hearth/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hearth_store hearth_store;

/* Of hearth_store_options.synchronous. */
enum { HEARTH_STORE_NORMAL, HEARTH_STORE_FULL };

/* Of hearth_store_options.flags. */
enum {
  HEARTH_STORE_MUST_EXIST = 1, /* don't make a new one */
  /* Only look: nothing is recorded, migrated, salvaged or set aside. */
  HEARTH_STORE_READ_ONLY = 2
};

typedef struct hearth_store_options {
  uint32_t flags;
  int32_t synchronous; /* default HEARTH_STORE_NORMAL */
  /* A batch is committed when so many outcomes wait (4096), or so long after
     its first one (20 ms). */
  uint32_t batch_count;
  int64_t batch_ms;
  /* What may wait while another batch is written (65536; 32 MiB).  A record
     that finds no room waits up to wait_ms (1000; -1: for ever; 0: not at all)
     and then gets HEARTH_BUSY. */
  uint32_t queue_count;
  uint64_t queue_bytes;
  int64_t wait_ms;
  int64_t retry_ms;        /* between tries while the disk is full (250) */
  int64_t busy_ms;         /* to wait for another process's lock (5000) */
  uint32_t snapshots_kept; /* of each plugin id (3) */
  /* Outcomes older than that, or beyond that many, are removed; -1 (default):
     never.  Looked for each retention_every_ms (60000; -1: only by
     hearth_store_retain). */
  int64_t retention_seconds, retention_count, retention_every_ms;
  /* Files up to this size are checked page by page when they are opened (64);
     -1: all.  Larger ones are checked where they are read. */
  int64_t check_mb;
  /* [any] A line on what happened: HEARTH_LOG_*. */
  void (*log)(void *user, int32_t level, const char *message);
  /* Called by the store's thread: all tickets up to `ticket` are committed, the
     last as `sequence`.  It may not close or flush the store. */
  void (*acknowledged)(void *user, uint64_t ticket, uint64_t sequence);
  int64_t (*now_ms)(void *user); /* since the epoch; NULL: CLOCK_REALTIME */
  void *user;
} hearth_store_options;

/* All defaults. */
HEARTH_EXPORT void hearth_store_options_init(hearth_store_options *options);

/* Open the store at `path`, or make it.  `options` may be NULL.
   HEARTH_STATE_VERSION: of a newer schema. */
HEARTH_EXPORT hearth_status
hearth_store_open(const char *path, const hearth_store_options *options,
                  hearth_store **out, char *err, uint64_t err_cap);

/* Commit what waits and close.  The store is gone whatever the status; on
   failure `err` says how many outcomes could not be committed. */
HEARTH_EXPORT hearth_status hearth_store_close(hearth_store *store, char *err,
                                               uint64_t err_cap);

/* ---- Outcomes ---- */

/* Queue one Outcome message (copied).  *ticket (may be NULL) gets its number.
   HEARTH_BAD_PAYLOAD with the decoder's sentence: it is none.  HEARTH_BUSY: the
   queue stayed full; HEARTH_NO_MEMORY.  A refused outcome is not stored. */
HEARTH_EXPORT hearth_status hearth_store_record(hearth_store *store,
                                                hearth_bytes outcome,
                                                uint64_t *ticket, char *err,
                                                uint64_t err_cap);

/* The highest ticket up to which all is committed. */
HEARTH_EXPORT uint64_t hearth_store_acknowledged(hearth_store *store);

/* Wait until all that was recorded is committed.  *cursor (may be NULL) gets
   the sequence of the newest outcome that this handle knows.  HEARTH_DEADLINE
   after `timeout_ms` (-1: none); the commit's own status when one failed
   meanwhile: the outcomes still wait, and are tried again. */
HEARTH_EXPORT hearth_status hearth_store_flush(hearth_store *store,
                                               int64_t timeout_ms,
                                               uint64_t *cursor, char *err,
                                               uint64_t err_cap);

/* Give the stored outcomes with a sequence over `from_cursor` (0: all), in
   order, without holding a lock or a transaction meanwhile.  `tell` stops it by
   returning anything but HEARTH_OK, which is then returned.  An outcome whose
   checksum is wrong is left out, and logged. */
typedef hearth_status (*hearth_store_tell)(void *user, uint64_t sequence,
                                           hearth_bytes outcome);
HEARTH_EXPORT hearth_status hearth_store_replay(hearth_store *store,
                                                uint64_t from_cursor,
                                                hearth_store_tell tell,
                                                void *user, char *err,
                                                uint64_t err_cap);

/* Remove what a user did: their outcomes, and those of the same requests.
   Their bytes are overwritten, in the log too.  Snapshots, backups and files
   set aside are not touched: a plugin forgets by its own function.  *removed
   may be NULL.  HEARTH_BUSY: the rows are gone, but a reader in the way kept
   their bytes in the log; call again. */
HEARTH_EXPORT hearth_status hearth_store_forget_user(hearth_store *store,
                                                     const char *user_id,
                                                     uint64_t *removed,
                                                     char *err,
                                                     uint64_t err_cap);

/* Do now what retention asks, in slices between which batches commit. */
HEARTH_EXPORT hearth_status hearth_store_retain(hearth_store *store,
                                                uint64_t *removed, char *err,
                                                uint64_t err_cap);

/* ---- Snapshots ---- */

typedef struct hearth_snapshot {
  uint64_t number; /* of the store; ignored by save */
  const char *plugin_id, *plugin_version;
  uint64_t cursor; /* the last sequence that the state has learned */
  int64_t taken_at_ms;
  hearth_bytes state;
  uint64_t checksum;   /* ignored by save */
  const char *damaged; /* NULL, or why it was set aside; ignored by save */
} hearth_snapshot;

/* Write a snapshot, and remove those of the plugin id past snapshots_kept (set
   aside ones stay).  On return it is committed. */
HEARTH_EXPORT hearth_status
hearth_store_save_snapshot(hearth_store *store, const hearth_snapshot *snapshot,
                           char *err, uint64_t err_cap);

/* Of hearth_store_load_snapshot's flags. */
enum {
  /* Where the newest is of a newer version, give the newest that is not. */
  HEARTH_STORE_OLDER = 1
};

/* The newest snapshot of a plugin that can be read: *out is owned by the caller
   until hearth_snapshot_free.  Unreadable ones are set aside (kept in the
   store, marked, logged) and the next is tried.  HEARTH_STATE_VERSION: the
   newest is of a version over `plugin_version` (NULL: any will do); it stays.
   HEARTH_NO_OPINION: there is none. */
HEARTH_EXPORT hearth_status hearth_store_load_snapshot(
    hearth_store *store, const char *plugin_id, const char *plugin_version,
    uint32_t flags, hearth_snapshot **out, char *err, uint64_t err_cap);
/* The same by number, even one set aside: then `state` is what is left. */
HEARTH_EXPORT hearth_status hearth_store_get_snapshot(hearth_store *store,
                                                      uint64_t number,
                                                      hearth_snapshot **out,
                                                      char *err,
                                                      uint64_t err_cap);
HEARTH_EXPORT void hearth_snapshot_free(hearth_snapshot *snapshot);

/* Every snapshot, oldest first, without its bytes (state.len is right,
   state.data NULL). */
typedef hearth_status (*hearth_store_show)(void *user,
                                           const hearth_snapshot *snapshot);
HEARTH_EXPORT hearth_status hearth_store_list_snapshots(hearth_store *store,
                                                        hearth_store_show show,
                                                        void *user, char *err,
                                                        uint64_t err_cap);

/* ---- The whole ---- */

enum { HEARTH_STORE_PHASES = 8 };

typedef struct hearth_store_info {
  int32_t schema_version;
  uint64_t file_bytes, wal_bytes;
  uint64_t outcomes, outcome_bytes;
  uint64_t by_phase[HEARTH_STORE_PHASES]; /* in the order of the Outcome's */
  uint64_t models, users;                 /* distinct ones */
  uint64_t first_sequence, last_sequence; /* 0: no outcome */
  int64_t first_ms, last_ms;              /* of at_ms */
  uint64_t snapshots, snapshot_bytes, damaged_snapshots;
} hearth_store_info;

/* What is in the store; reads all of it. */
HEARTH_EXPORT hearth_status hearth_store_get_info(hearth_store *store,
                                                  hearth_store_info *out,
                                                  char *err, uint64_t err_cap);

/* What this handle did. */
typedef struct hearth_store_stats {
  uint64_t recorded, acknowledged, refused, waiting;
  uint64_t batches, failures; /* commits that were done, and that failed */
  uint64_t longest_commit_ns;
  uint64_t removed; /* by retention */
} hearth_store_stats;

HEARTH_EXPORT void hearth_store_get_stats(hearth_store *store,
                                          hearth_store_stats *out);

/* Copy the store to `path`, a file that is not there yet, while it is being
   written (SQLite's online backup): one file, checked, complete or absent. */
HEARTH_EXPORT hearth_status hearth_store_backup(hearth_store *store,
                                                const char *path, char *err,
                                                uint64_t err_cap);

/* Put the backup at `from` in the place of the store at `path`, which nobody
   may have open (HEARTH_BUSY).  It is checked first; what stood there is kept
   as NAME.replaced-TIME, told in `kept` (may be NULL; "" if nothing was). */
HEARTH_EXPORT hearth_status hearth_store_restore(const char *path,
                                                 const char *from, char *kept,
                                                 uint64_t kept_cap, char *err,
                                                 uint64_t err_cap);

#ifdef __cplusplus
}
#endif

#endif
