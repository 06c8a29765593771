/* SPDX-License-Identifier: MIT
   Snapshots: whole, the newest readable, the last few, never a newer one. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/store/support.h"
#include "tests/unit.h"

static char err[5000];

/* Whether the newest of `plugin` is as support_save made it. */
static int is(hearth_store *store, const char *plugin, const char *version,
              uint32_t flags, uint64_t cursor, uint64_t len, uint8_t fill) {
  hearth_snapshot *s = NULL;
  if (hearth_store_load_snapshot(store, plugin, version, flags, &s, err,
                                 sizeof err) != HEARTH_OK) {
    printf("# %s\n", err);
    return 0;
  }
  int same = strcmp(s->plugin_id, plugin) == 0 && s->cursor == cursor &&
             s->taken_at_ms == 77 && s->state.len == len && s->damaged == NULL;
  for (uint64_t i = 0; same && i < len; i++) {
    same = s->state.data[i] == (uint8_t)(fill + i % 251);
  }
  hearth_snapshot_free(s);
  return same;
}

static void sql(const char *text) {
  sqlite3 *db = NULL;
  CU_ASSERT_EQUAL(sqlite3_open(support_path("s.db"), &db), SQLITE_OK);
  CU_ASSERT_EQUAL(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static void test_round_trip(void) {
  static const uint64_t lens[] = {0,      1,      4096,          262143,
                                  262144, 262145, 3 * 262144 + 7};
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_snapshot *none = NULL;
  CU_ASSERT_EQUAL(
      hearth_store_load_snapshot(store, "p", NULL, 0, &none, err, sizeof err),
      HEARTH_NO_OPINION);
  for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
    CU_ASSERT(support_save(store, "p", "1.2.3", i, lens[i], (uint8_t)i));
    CU_ASSERT(is(store, "p", "1.2.3", 0, i, lens[i], (uint8_t)i));
  }
  CU_ASSERT(support_save(store, "q", "1", 7, 100, 9));
  CU_ASSERT(is(store, "q", NULL, 0, 7, 100, 9));
  CU_ASSERT(is(store, "p", NULL, 0, 6, lens[6], 6));
  CU_ASSERT(support_close(store));
  store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  CU_ASSERT(is(store, "p", NULL, 0, 6, lens[6], 6));
  CU_ASSERT(support_close(store));
  support_end();
}

static hearth_status count(void *user, const hearth_snapshot *snapshot) {
  *(int *)user += snapshot->state.data == NULL;
  return HEARTH_OK;
}

static void test_kept(void) {
  support_begin();
  hearth_store_options options;
  support_options(&options);
  options.snapshots_kept = 2;
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  for (uint8_t i = 0; i < 5; i++) {
    CU_ASSERT(support_save(store, "p", "1.0", i, 300000, i));
    CU_ASSERT(support_save(store, "q", "1.0", i, 10, i));
  }
  int n = 0;
  CU_ASSERT_EQUAL(
      hearth_store_list_snapshots(store, count, &n, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(n, 4);
  hearth_store_info info;
  CU_ASSERT_EQUAL(hearth_store_get_info(store, &info, err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(info.snapshot_bytes, 2 * 300010);
  CU_ASSERT(support_close(store));
  support_end();
}

static void test_newer_version(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_snapshot *s = NULL;
  CU_ASSERT(support_save(store, "p", "1.9.0", 1, 10, 1));
  CU_ASSERT(support_save(store, "p", "1.10.0", 2, 10, 2));
  CU_ASSERT(is(store, "p", "1.10.0", 0, 2, 10, 2));
  CU_ASSERT(is(store, "p", "1.10", 0, 2, 10, 2));
  CU_ASSERT(is(store, "p", "2", 0, 2, 10, 2));
  CU_ASSERT_EQUAL(
      hearth_store_load_snapshot(store, "p", "1.9.5", 0, &s, err, sizeof err),
      HEARTH_STATE_VERSION);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "1.10.0, newer than 1.9.5"));
  CU_ASSERT(is(store, "p", "1.9.5", HEARTH_STORE_OLDER, 1, 10, 1));
  CU_ASSERT(is(store, "p", "1.10.0", 0, 2, 10, 2)); /* it is still there */
  CU_ASSERT_EQUAL(hearth_store_load_snapshot(store, "p", "1.0",
                                             HEARTH_STORE_OLDER, &s, err,
                                             sizeof err),
                  HEARTH_NO_OPINION);
  CU_ASSERT(support_close(store));
  support_end();
}

/* What a broken disk may do to one snapshot. */
static void test_unreadable(void) {
  static const char *const harms[] = {
      "UPDATE snapshot_chunks SET bytes = zeroblob(9) WHERE id >> 20 = 2",
      "DELETE FROM snapshot_chunks WHERE id = (2 << 20) + 1",
      "DELETE FROM snapshot_chunks WHERE id >> 20 = 2",
      "UPDATE snapshots SET sum = sum + 1 WHERE id = 2",
      "UPDATE snapshots SET len = len + 1 WHERE id = 2",
      "UPDATE snapshots SET cursor = 99 WHERE id = 2",
      "UPDATE snapshots SET version = '1.1' WHERE id = 2",
      "UPDATE snapshot_chunks SET sum = 1 WHERE id >> 20 = 2"};
  for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
    support_begin();
    hearth_store *store = support_open(support_path("s.db"), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT(support_save(store, "p", "1.0", 1, 600000, 1));
    CU_ASSERT(support_save(store, "p", "1.0", 2, 600000, 2));
    CU_ASSERT(support_close(store));
    sql(harms[i]);
    store = support_open(support_path("s.db"), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(store);
    CU_ASSERT(is(store, "p", NULL, 0, 1, 600000, 1));
    CU_ASSERT(support_logged("snapshot 2 of p can't be read"));
    CU_ASSERT(support_logged("set aside"));
    support_forget_log();
    CU_ASSERT(is(store, "p", NULL, 0, 1, 600000, 1));
    CU_ASSERT(!support_logged("snapshot 2")); /* once is enough */
    hearth_snapshot *left = NULL;
    CU_ASSERT_EQUAL(hearth_store_get_snapshot(store, 2, &left, err, sizeof err),
                    HEARTH_OK);
    CU_ASSERT_PTR_NOT_NULL(left != NULL ? left->damaged : NULL);
    hearth_snapshot_free(left);
    /* It stays, however many come. */
    for (uint8_t k = 0; k < 5; k++) {
      CU_ASSERT(support_save(store, "p", "1.0", k, 10, k));
    }
    hearth_store_info info;
    CU_ASSERT_EQUAL(hearth_store_get_info(store, &info, err, sizeof err),
                    HEARTH_OK);
    CU_ASSERT_EQUAL(info.snapshots, 4);
    CU_ASSERT_EQUAL(info.damaged_snapshots, 1);
    CU_ASSERT(support_close(store));
    support_end();
  }
}

static void test_bad_arguments(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_snapshot s = {.plugin_id = "", .plugin_version = "1"};
  CU_ASSERT_EQUAL(hearth_store_save_snapshot(store, &s, err, sizeof err),
                  HEARTH_BAD_ARG);
  s.plugin_id = "p";
  s.plugin_version = NULL;
  CU_ASSERT_EQUAL(hearth_store_save_snapshot(store, &s, err, sizeof err),
                  HEARTH_BAD_ARG);
  hearth_snapshot *none = NULL;
  CU_ASSERT_EQUAL(hearth_store_get_snapshot(store, 5, &none, err, sizeof err),
                  HEARTH_NO_OPINION);
  hearth_snapshot_free(NULL);
  CU_ASSERT(support_close(store));
  support_end();
}

UNIT_MAIN("store snapshots", UNIT(test_round_trip), UNIT(test_kept),
          UNIT(test_newer_version), UNIT(test_unreadable),
          UNIT(test_bad_arguments))
