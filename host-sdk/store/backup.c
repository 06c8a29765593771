/* SPDX-License-Identifier: MIT
   Backup of a store at work, and restore. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

/* Copy `from` into the new file `to`, check it, and leave it as one file.  All
   pages in one step: in WAL mode a reader stops no writer, and a copy in parts
   would begin again at each commit of another connection. */
static hearth_status copy(sqlite3 *from, const char *to, char *err,
                          uint64_t cap) {
  sqlite3 *db = NULL;
  hearth_status status = HEARTH_OK;
  char why[HEARTH__SENTENCE] = "";
  (void)unlink(to);
  int code = sqlite3_open_v2(to, &db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  sqlite3_backup *backup =
      code == SQLITE_OK ? sqlite3_backup_init(db, "main", from, "main") : NULL;
  if (backup != NULL) {
    (void)sqlite3_backup_step(backup, -1);
    code = sqlite3_backup_finish(backup);
  } else if (code == SQLITE_OK) {
    code = sqlite3_errcode(db);
  }
  if (code == SQLITE_OK) {
    code = hearth__store_sql_run(db, "PRAGMA journal_mode = DELETE");
  }
  if (code != SQLITE_OK) {
    status = hearth__store_sql_fail(db, code, to, "the copy failed", err, cap);
  } else if (hearth__store_schema_look(db, to, -1, &status, why, sizeof why) !=
             HEARTH__OURS) {
    hearth__store_say(err, cap, "%s: the copy is no whole store: %s", to, why);
    status = status != HEARTH_OK ? status : HEARTH_BAD_PAYLOAD;
  }
  (void)sqlite3_close(db);
  if (status == HEARTH_OK) {
    hearth__store_sync_file(to);
  } else {
    (void)unlink(to);
  }
  return status;
}

hearth_status hearth_store_backup(hearth_store *store, const char *path,
                                  char *err, uint64_t err_cap) {
  sqlite3 *db = NULL;
  if (path == NULL || *path == '\0' || hearth__store_file_size(path, "") >= 0) {
    hearth__store_say(err, err_cap, "%s: there already; name a new file",
                      path != NULL ? path : "");
    return HEARTH_BAD_ARG;
  }
  char *const part = hearth__store_path(path, ".part");
  if (part == NULL) {
    hearth__store_say(err, err_cap, "%s: out of memory", path);
    return HEARTH_NO_MEMORY;
  }
  hearth_status status = hearth__store_reader(store, &db, err, err_cap);
  if (status == HEARTH_OK) {
    status = copy(db, part, err, err_cap);
  }
  (void)sqlite3_close(db);
  if (status == HEARTH_OK) {
    /* A link, unlike a rename, replaces nothing. */
    if (link(part, path) != 0) {
      hearth__store_say(err, err_cap, "%s: %s", path, strerror(errno));
      status = HEARTH_BAD_ARG;
    }
    (void)unlink(part);
    hearth__store_sync_file(path);
  }
  free(part);
  return status;
}

/* Check `from` and copy it beside `path`. */
static hearth_status fetch(const char *path, const char *from, char *err,
                           uint64_t cap) {
  sqlite3 *db = NULL;
  hearth_status status = HEARTH_OK;
  char why[HEARTH__SENTENCE] = "";
  char *const part = hearth__store_path(path, ".restoring");
  char *const whole = hearth__store_path(path, HEARTH__RESTORED);
  if (part == NULL || whole == NULL) {
    hearth__store_say(err, cap, "%s: out of memory", path);
    status = HEARTH_NO_MEMORY;
  }
  if (status == HEARTH_OK) {
    const int code = sqlite3_open_v2(from, &db, SQLITE_OPEN_READONLY, NULL);
    if (code != SQLITE_OK) {
      status =
          hearth__store_sql_fail(db, code, from, "can't be read", err, cap);
    } else {
      const int what =
          hearth__store_schema_look(db, from, -1, &status, why, sizeof why);
      if (what == HEARTH__REFUSED) {
        hearth__store_say(err, cap, "%s", why);
      } else if (what != HEARTH__OURS) {
        hearth__store_say(err, cap, "%s: not a whole backup of a store%s%s",
                          from, *why ? ": " : "", why);
        status = HEARTH_BAD_PAYLOAD;
      }
    }
  }
  if (status == HEARTH_OK) {
    status = copy(db, part, err, cap);
  }
  (void)sqlite3_close(db);
  if (status == HEARTH_OK && rename(part, whole) != 0) {
    hearth__store_say(err, cap, "%s: %s", whole, strerror(errno));
    status = HEARTH_UNAVAILABLE;
  }
  free(part);
  free(whole);
  return status;
}

hearth_status hearth_store_restore(const char *path, const char *from,
                                   char *kept, uint64_t kept_cap, char *err,
                                   uint64_t err_cap) {
  int fd = -1, alone = 0, used = 0, unclean = 0;
  hearth__store_say(kept, kept_cap, "%s", "");
  if (hearth__store_file_size(from, "") < 0) {
    hearth__store_say(err, err_cap, "%s: no such file", from);
    return HEARTH_BAD_ARG;
  }
  hearth_status status = hearth__store_lock_open(path, 0, 0, &fd, &alone, &used,
                                                 &unclean, err, err_cap);
  if (status == HEARTH_OK && !alone) {
    hearth__store_say(
        err, err_cap,
        "%s: another process or handle has it open; close that first", path);
    status = HEARTH_BUSY;
  }
  if (status == HEARTH_OK) {
    status = hearth__store_swap_finish(path, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = fetch(path, from, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = hearth__store_swap(path, HEARTH__RESTORED, "replaced", kept,
                                kept_cap, err, err_cap);
  }
  if (status == HEARTH_OK) {
    hearth__store_lock_mark(fd, 0);
  }
  if (fd >= 0) {
    close(fd);
  }
  return status;
}
