/* SPDX-License-Identifier: MIT
   Damaged files: set aside, salvaged, said; newer and foreign ones untouched.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/store/support.h"
#include "tests/unit.h"

enum { ROWS = 600 };

static char err[5000];

/* A store with outcomes and a snapshot: the file, and its log where the half of
   it is there still. */
struct image {
  uint8_t *file, *wal;
  uint64_t file_len, wal_len;
};

static struct image make(int with_wal) {
  struct image image = {0};
  support_begin();
  const char *const path = support_path("s.db");
  hearth_store *store = support_open(path, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, ROWS / 2);
  CU_ASSERT(support_save(store, "p", "1.0", ROWS / 2, 30000, 5));
  if (with_wal) {
    CU_ASSERT(support_close(store));
    store = support_open(path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  }
  for (uint64_t i = ROWS / 2; i < ROWS; i += 20) { /* commits of their own */
    support_record(store, i, 20);
  }
  if (with_wal) { /* as a killed process leaves it */
    image.file = support_read(path, &image.file_len);
    image.wal = support_read(support_path("s.db-wal"), &image.wal_len);
    CU_ASSERT(support_close(store));
  } else {
    CU_ASSERT(support_close(store));
    image.file = support_read(path, &image.file_len);
  }
  support_end();
  CU_ASSERT_FATAL(image.file != NULL && image.file_len > 4096 * 10);
  return image;
}

static void put(const struct image *image) {
  CU_ASSERT(support_write(support_path("s.db.lock"), "open  \n", 7));
  CU_ASSERT(support_write(support_path("s.db"), image->file, image->file_len));
  if (image->wal != NULL) {
    CU_ASSERT(
        support_write(support_path("s.db-wal"), image->wal, image->wal_len));
  }
}

static void free_image(struct image *image) {
  free(image->file);
  free(image->wal);
}

/* Open what was put: it must open, hold whole rows only, and take new ones.
   The rows that were there. */
static int64_t reopen(int *snapshot) {
  hearth_store *const store = support_open(support_path("s.db"), NULL);
  if (store == NULL) {
    return -1;
  }
  const int64_t rows = support_count_series(store, ROWS);
  CU_ASSERT_EQUAL(support_count(store), rows);
  hearth_snapshot *s = NULL;
  const hearth_status status =
      hearth_store_load_snapshot(store, "p", NULL, 0, &s, err, sizeof err);
  CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_OPINION);
  *snapshot = status == HEARTH_OK;
  if (s != NULL) {
    CU_ASSERT_EQUAL(s->state.len, 30000);
  }
  hearth_snapshot_free(s);
  support_record(store, ROWS, 3);
  CU_ASSERT_EQUAL(support_count_series(store, ROWS + 3), rows + 3);
  CU_ASSERT(support_close(store));
  return rows;
}

static void test_header_garbage(void) {
  struct image image = make(0);
  for (unsigned kind = 0; kind < 4; kind++) {
    support_begin();
    int snapshot = 0;
    uint8_t keep[4096];
    memcpy(keep, image.file, sizeof keep);
    if (kind == 3) { /* the name of this program in the header */
      memset(image.file + 68, 7, 4);
    } else {
      memset(image.file, 0xa5, kind == 0 ? 16 : kind == 1 ? 100 : 4096);
    }
    put(&image);
    CU_ASSERT_EQUAL(reopen(&snapshot), ROWS);
    CU_ASSERT_EQUAL(snapshot, 1);
    CU_ASSERT(support_logged("set aside as"));
    CU_ASSERT(support_logged("600 outcomes and 1 snapshots"));
    const char *const aside = support_file(".damaged-");
    CU_ASSERT_PTR_NOT_NULL_FATAL(aside);
    uint64_t len = 0;
    uint8_t *const kept = support_read(aside, &len);
    CU_ASSERT(kept != NULL && len == image.file_len &&
              memcmp(kept, image.file, (size_t)len) == 0);
    free(kept);
    memcpy(image.file, keep, sizeof keep);
    support_end();
  }
  free_image(&image);
}

/* Each page in turn is torn: its first half stays, or is overwritten. */
static void test_torn_pages(void) {
  struct image image = make(0);
  int64_t least = ROWS;
  for (uint64_t at = 0; at + 4096 <= image.file_len; at += 4096) {
    support_begin();
    int snapshot = 0;
    uint8_t keep[4096];
    memcpy(keep, image.file + at, sizeof keep);
    memset(image.file + at + (at / 4096 % 2 ? 2048 : 0), 0x5a, 2048);
    put(&image);
    const int64_t rows = reopen(&snapshot);
    least = rows < least ? rows : least;
    memcpy(image.file + at, keep, sizeof keep);
    support_end();
  }
  CU_ASSERT(least >= ROWS - 40); /* a page of rows, no more */
  free_image(&image);
}

static void test_truncated(void) {
  struct image image = make(0);
  const uint64_t whole = image.file_len;
  int64_t last = -1;
  for (uint64_t len = 0; len <= whole; len += len < 600    ? 97
                                              : len % 4096 ? 1000
                                                           : 2048 + len / 32) {
    support_begin();
    int snapshot = 0;
    image.file_len = len;
    put(&image);
    const int64_t rows = reopen(&snapshot);
    CU_ASSERT(rows >= 0);
    CU_ASSERT(rows + 60 >= last);
    CU_ASSERT(len == whole || support_files(".damaged-") > 0);
    last = rows;
    support_end();
  }
  free_image(&image);
}

static void test_flipped_bits(void) {
  struct image image = make(0);
  uint32_t random = 12345;
  for (int i = 0; i < 60; i++) {
    support_begin();
    random = random * 1664525u + 1013904223u;
    const uint64_t at = random % image.file_len;
    const uint8_t bit = (uint8_t)(1u << (random >> 29));
    image.file[at] ^= bit;
    put(&image);
    hearth_store *store = NULL;
    const hearth_status status =
        hearth_store_open(support_path("s.db"), NULL, &store, err, sizeof err);
    if (status == HEARTH_OK) {
      CU_ASSERT(support_count_series(store, ROWS) >= ROWS - 60);
      CU_ASSERT_EQUAL(support_count_series(store, ROWS), support_count(store));
      CU_ASSERT(support_close(store));
    } else { /* of the schema's number alone */
      CU_ASSERT_EQUAL(status, HEARTH_STATE_VERSION);
    }
    image.file[at] ^= bit;
    support_end();
  }
  free_image(&image);
}

static void test_log_survives(void) {
  struct image image = make(1);
  int snapshot = 0;
  CU_ASSERT(image.wal_len > 32 + 4096 * 10);
  support_begin();
  put(&image);
  CU_ASSERT_EQUAL(reopen(&snapshot), ROWS);
  CU_ASSERT_EQUAL(support_files(".damaged-"), 0);
  support_end();
  free_image(&image);
}

static void test_log_lost(void) {
  struct image image = make(1);
  int snapshot = 0;
  free(image.wal);
  image.wal = NULL;
  support_begin();
  put(&image);
  CU_ASSERT_EQUAL(reopen(&snapshot), ROWS / 2);
  CU_ASSERT_EQUAL(snapshot, 1);
  CU_ASSERT(support_logged("its log (-wal) is gone"));
  support_end();
  free_image(&image);
}

/* Frames within the log are overwritten: those after them are not forgotten. */
static void test_log_torn(void) {
  struct image image = make(1);
  const uint64_t frame = 24 + 4096;
  for (uint64_t at = 0; at + 6 * frame < image.wal_len; at += frame / 2 + 77) {
    support_begin();
    int snapshot = 0;
    uint8_t keep[64];
    memcpy(keep, image.wal + at, sizeof keep);
    memset(image.wal + at, 0xee, sizeof keep);
    put(&image);
    const int64_t rows = reopen(&snapshot);
    CU_ASSERT(rows >= ROWS - 20);
    CU_ASSERT(support_logged("set aside as"));
    CU_ASSERT_EQUAL(support_files("-wal"), 1);
    memcpy(image.wal + at, keep, sizeof keep);
    support_end();
  }
  free_image(&image);
}

static void test_log_truncated(void) {
  struct image image = make(1);
  const uint64_t whole = image.wal_len;
  int64_t last = 0;
  for (uint64_t len = 0; len <= whole; len += 9001) {
    support_begin();
    int snapshot = 0;
    image.wal_len = len;
    put(&image);
    const int64_t rows = reopen(&snapshot);
    CU_ASSERT(rows >= last && rows >= ROWS / 2);
    last = rows;
    support_end();
  }
  CU_ASSERT(last >= ROWS - 60);
  free_image(&image);
}

/* The file is gone or empty, the log is not. */
static void test_file_lost(void) {
  struct image image = make(1);
  for (int gone = 0; gone < 2; gone++) {
    support_begin();
    int snapshot = 0;
    image.file_len = 0;
    put(&image);
    if (gone) {
      CU_ASSERT_EQUAL(unlink(support_path("s.db")), 0);
    }
    const int64_t rows = reopen(&snapshot);
    CU_ASSERT(rows >= ROWS / 2); /* those of the log */
    CU_ASSERT(support_logged("set aside as"));
    support_end();
  }
  free_image(&image);
}

/* Damage that shows when the store is at work already. */
static void test_damaged_at_work(void) {
  support_begin();
  hearth_store_options options;
  support_options(&options);
  options.check_mb = 0;
  const char *const path = support_path("s.db");
  hearth_store *store = support_open(path, &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 20000);
  CU_ASSERT(support_close(store));
  uint64_t len = 0;
  uint8_t *const file = support_read(path, &len);
  CU_ASSERT_FATAL(file != NULL && len > (2 << 20));
  memset(file + len / 4096 / 2 * 4096, 0x33, 5 * 4096);
  CU_ASSERT(support_write(path, file, len));
  free(file);
  store = support_open(path, &options); /* too large to be looked through */
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  CU_ASSERT(!support_logged("set aside as"));
  const int64_t rows = support_count_series(store, 20000);
  CU_ASSERT(rows >= 20000 - 300 && rows < 20000);
  CU_ASSERT(support_logged("set aside as"));
  support_record(store, 20000, 100);
  CU_ASSERT_EQUAL(support_count_series(store, 20100), rows + 100);
  CU_ASSERT(support_close(store));
  support_end();
}

/* Untouched: other people's files, and a store of a newer program. */
static void refuse(hearth_status want, const char *says) {
  hearth_store *store = NULL;
  uint64_t before_len = 0, after_len = 0;
  uint8_t *const before = support_read(support_path("s.db"), &before_len);
  for (uint32_t flags = 0; flags <= HEARTH_STORE_READ_ONLY;
       flags += HEARTH_STORE_READ_ONLY) {
    hearth_store_options options;
    support_options(&options);
    options.flags = flags;
    const hearth_status status = hearth_store_open(
        support_path("s.db"), &options, &store, err, sizeof err);
    CU_ASSERT(status == want || (flags != 0 && status == HEARTH_BAD_PAYLOAD));
    CU_ASSERT(flags != 0 || strstr(err, says) != NULL);
  }
  uint8_t *const after = support_read(support_path("s.db"), &after_len);
  CU_ASSERT(before_len == after_len &&
            memcmp(before, after, (size_t)before_len) == 0);
  CU_ASSERT_EQUAL(support_files(".damaged-"), 0);
  CU_ASSERT_EQUAL(support_files(".salvag"), 0);
  free(before);
  free(after);
}

static void test_refused(void) {
  struct image image = make(0);
  support_begin();
  image.file[63] = 9; /* user_version, big-endian at 60 */
  put(&image);
  refuse(HEARTH_STATE_VERSION, "schema 9, and this program knows up to 1");
  support_end();
  free_image(&image);

  support_begin();
  sqlite3 *db = NULL;
  sqlite3_open(support_path("s.db"), &db);
  CU_ASSERT_EQUAL(sqlite3_exec(db, "CREATE TABLE t(a); INSERT INTO t VALUES(1)",
                               NULL, NULL, NULL),
                  SQLITE_OK);
  sqlite3_close(db);
  refuse(HEARTH_BAD_ARG, "another program");
  support_end();

  support_begin();
  char text[5000];
  memset(text, 'x', sizeof text);
  CU_ASSERT(support_write(support_path("s.db"), text, sizeof text));
  refuse(HEARTH_BAD_ARG, "not a store");
  support_end();
}

/* A repair that was cut off between its steps is ended at the next opening. */
static void test_cut_off(void) {
  struct image image = make(1);
  for (int step = 0; step < 4; step++) {
    support_begin();
    int snapshot = 0;
    put(&image);
    hearth_store *store = support_open(support_path("s.db"), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT_EQUAL(hearth_store_backup(store, support_path("s.db.salvaged"),
                                        err, sizeof err),
                    HEARTH_OK);
    CU_ASSERT(support_close(store));
    put(&image);
    CU_ASSERT(support_write(support_path("s.db.salvaging"), "half", 4));
    if (step > 0) {
      (void)rename(support_path("s.db-wal"), support_path("s.db.old-wal"));
    }
    if (step > 1) {
      (void)rename(support_path("s.db"), support_path("s.db.old"));
    }
    if (step > 2) {
      (void)rename(support_path("s.db.salvaged"), support_path("s.db"));
    }
    CU_ASSERT_EQUAL(reopen(&snapshot), ROWS);
    CU_ASSERT_EQUAL(support_files(".salvag"), 0);
    CU_ASSERT_EQUAL(support_files(".damaged-"), step == 0 ? 2 : step == 1);
    support_end();
  }
  free_image(&image);
}

UNIT_MAIN("store damage", UNIT(test_header_garbage), UNIT(test_torn_pages),
          UNIT(test_truncated), UNIT(test_flipped_bits),
          UNIT(test_log_survives), UNIT(test_log_lost), UNIT(test_log_torn),
          UNIT(test_log_truncated), UNIT(test_file_lost),
          UNIT(test_damaged_at_work), UNIT(test_refused), UNIT(test_cut_off))
