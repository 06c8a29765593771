/* SPDX-License-Identifier: MIT
   What the files of the store share. */
#ifndef HEARTH_STORE_INSIDE_H
#define HEARTH_STORE_INSIDE_H

#include <pthread.h>

#include "hearth/store.h"
#include "host-sdk/store/sql.h"

enum {
  HEARTH__SCHEMA = 1,
  HEARTH__APPLICATION = 0x48525448, /* "HRTH", in the file's header */
  HEARTH__PAGE = 4096,              /* bytes; salvage counts on it */
  HEARTH__SENTENCE = 4600           /* room for a path and a reason */
};

/* An outcome that waits; its bytes are in its batch. */
typedef struct hearth__store_row {
  uint64_t at; /* of its bytes */
  uint64_t len;
  uint64_t model_at, model_len; /* within its bytes; len 0: none */
  int64_t at_ms;
  uint64_t user, request; /* sums of their ids; 0: none */
  int32_t phase;
} hearth__store_row;

typedef struct hearth__store_batch {
  hearth__store_row *rows; /* owned */
  uint8_t *bytes;          /* owned */
  uint64_t len, bytes_cap;
  uint32_t count, rows_cap;
} hearth__store_batch;

struct hearth_store {
  char *path; /* owned */
  hearth_store_options options;
  int lock_fd; /* -1: none */

  pthread_mutex_t db_lock; /* over db and insert */
  sqlite3 *db;             /* the writer's connection */
  sqlite3_stmt *insert;

  pthread_mutex_t lock; /* over what follows; never taken before db_lock */
  pthread_cond_t work, moved;
  hearth__store_batch filling;
  hearth__store_batch writing; /* the writer's alone */
  uint64_t filling_since_ns, retry_at_ns, retain_at_ns;
  hearth_store_stats stats;
  uint64_t last_sequence; /* of the newest batch */
  int32_t urgent;         /* somebody waits for a commit */
  int32_t stop;
  hearth_status last_failure; /* of a commit; HEARTH_OK since one that did */
  char last_error[HEARTH__SENTENCE];
  pthread_t thread;
  int32_t has_thread;
};

/* ---- text.c ---- */
void hearth__store_log(const hearth_store_options *options, int32_t level,
                       const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int64_t hearth__store_now_ms(const hearth_store_options *options);
uint64_t hearth__store_clock_ns(void);
void hearth__store_sleep_ms(int64_t ms);

/* ---- files.c ---- */
/* path + suffix, owned by the caller; NULL: no memory. */
char *hearth__store_path(const char *path, const char *suffix);
/* Bytes of path + suffix; -1: no such file. */
int64_t hearth__store_file_size(const char *path, const char *suffix);
/* Take NAME.lock: *alone is 1 if nobody else has it, until
   hearth__store_lock_share. *used: a store was here before; *unclean: it was
   not closed.  *fd -1 with HEARTH_OK: `look` is set and there is none to take.
 */
hearth_status hearth__store_lock_open(const char *path, int64_t busy_ms,
                                      int look, int *fd, int *alone, int *used,
                                      int *unclean, char *err, uint64_t cap);
void hearth__store_lock_share(int fd);
/* Whether it is held alone now; else it is shared again. */
int hearth__store_lock_alone(int fd);
/* Write that the store is open (1) or was closed (0). */
void hearth__store_lock_mark(int fd, int open);

/* ---- swap.c ---- */
#define HEARTH__SALVAGED ".salvaged"
#define HEARTH__RESTORED ".restored"
/* Put the finished NAME`fresh` in the place of NAME, which goes with its log to
   NAME.WORD-TIME; `kept` gets that, "" if there was nothing.  Held alone.  When
   it is cut off, hearth__store_swap_finish does the rest. */
hearth_status hearth__store_swap(const char *path, const char *fresh,
                                 const char *word, char *kept,
                                 uint64_t kept_cap, char *err, uint64_t cap);
hearth_status hearth__store_swap_finish(const char *path, char *err,
                                        uint64_t cap);
/* Write file and folder through to the disk. */
void hearth__store_sync_file(const char *path);

/* ---- wal.c ---- */
/* NULL, or what is wrong with NAME-wal: SQLite ends at the first bad frame
   without a word, though committed ones may follow.  Held alone. */
const char *hearth__store_wal_damage(const char *path);

/* ---- schema.c ---- */
enum { HEARTH__NEW, HEARTH__OURS, HEARTH__DAMAGED, HEARTH__REFUSED };
/* What the file is; for HEARTH__REFUSED *status and `err` say why, for
   HEARTH__DAMAGED `err` has the reason alone. */
int hearth__store_schema_look(sqlite3 *db, const char *path, int64_t check_mb,
                              hearth_status *status, char *err, uint64_t cap);
/* One step of the schema: from version i to i + 1. */
extern const char *const hearth__store_schema_steps[HEARTH__SCHEMA];
/* Bring the file to version `count` by `steps`, in one transaction. */
int hearth__store_schema_migrate(sqlite3 *db, const char *const *steps,
                                 int32_t count);

/* ---- open.c ---- */
/* Pragmas of a writing connection; a code of SQLite. */
int hearth__store_tune(sqlite3 *db, const hearth_store_options *options);
/* A connection to look with, closed by sqlite3_close. */
hearth_status hearth__store_reader(hearth_store *store, sqlite3 **out,
                                   char *err, uint64_t cap);
/* Have the writer's connection; where `why` is not NULL the file proved
   damaged: it is salvaged and set aside first.  db_lock is held. */
hearth_status hearth__store_connect(hearth_store *store, const char *why,
                                    char *err, uint64_t cap);
void hearth__store_disconnect(hearth_store *store);
/* The same from a reader that met damage; it tries again on HEARTH_OK. */
hearth_status hearth__store_recover_read(hearth_store *store, char *err,
                                         uint64_t cap);

/* ---- salvage.c ---- */
/* Read what can be read of NAME and NAME-wal into a new NAME.salvaged. */
hearth_status hearth__store_salvage(const char *path,
                                    const hearth_store_options *options,
                                    uint64_t *outcomes, uint64_t *snapshots,
                                    char *err, uint64_t cap);

/* ---- outcome.c ---- */
/* Fill the columns of an outcome from its bytes. */
hearth_status hearth__store_outcome_row(hearth_bytes outcome,
                                        hearth__store_row *row, char *err,
                                        uint64_t cap);
#define HEARTH__INSERT "INSERT INTO outcomes VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
#define HEARTH__INSERT_NEW                                                     \
  "INSERT OR IGNORE INTO outcomes VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"
/* Put a row by one of these; a code of SQLite. */
int hearth__store_outcome_put(sqlite3_stmt *insert, uint64_t sequence,
                              const hearth__store_row *row,
                              const uint8_t *bytes);
uint64_t hearth__store_outcome_sum(uint64_t sequence, const void *data,
                                   uint64_t len);

/* ---- writer.c ---- */
void *hearth__store_writer(void *store);
/* Over every sequence that is or was. */
int hearth__store_next_sequence(sqlite3 *db, int64_t *out);
int hearth__store_set_next_sequence(sqlite3 *db, int64_t next);

/* ---- retain.c ---- */
/* One slice; *removed 0: nothing is left to do.  Takes db_lock. */
hearth_status hearth__store_retain_slice(hearth_store *store, uint64_t *removed,
                                         char *err, uint64_t cap);

/* ---- snapshot.c ---- */
#define HEARTH__SNAPSHOT_COLUMNS                                               \
  "id, plugin, version, cursor, taken_at_ms, len, sum, damaged"
/* A snapshot from a row of these columns, without its bytes; NULL: no memory.
   hearth_snapshot_free. */
hearth_snapshot *hearth__store_snapshot_row(sqlite3_stmt *row);
/* Read its bytes.  *why: NULL, or what is wrong, static; then the bytes are
   what is left. */
int hearth__store_snapshot_read(sqlite3 *db, hearth_snapshot *snapshot,
                                const char **why);
uint64_t hearth__store_snapshot_sum(const hearth_snapshot *snapshot);
uint64_t hearth__store_chunk_sum(int64_t key, const void *data, uint64_t len);
/* Write it within the caller's transaction; number 0: the next. */
int hearth__store_snapshot_write(sqlite3 *db, const hearth_snapshot *snapshot);
int hearth__store_snapshot_mark(sqlite3 *db, uint64_t number, const char *why);

#endif
