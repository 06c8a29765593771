/* SPDX-License-Identifier: MIT
   Outcomes: recorded, acknowledged, replayed, forgotten, retained. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/store/inside.h"
#include "tests/store/support.h"
#include "tests/unit.h"

static char err[5000];

static void test_round_trip(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 1500);
  CU_ASSERT_EQUAL(hearth_store_acknowledged(store), 1500);
  CU_ASSERT_EQUAL(support_count_series(store, 1500), 1500);
  CU_ASSERT(support_close(store));
  CU_ASSERT_EQUAL(support_files("-wal"), 0);
  store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  CU_ASSERT_EQUAL(support_count_series(store, 1500), 1500);
  CU_ASSERT(support_close(store));
  support_end();
}

static void test_tickets_and_sequences(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  uint64_t ticket = 0, cursor = 99;
  CU_ASSERT_EQUAL(hearth_store_flush(store, 0, &cursor, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(cursor, 0);
  for (uint64_t i = 0; i < 10; i++) {
    hearth_store_record(store, support_outcome(i), &ticket, NULL, 0);
    CU_ASSERT_EQUAL(ticket, i + 1);
  }
  CU_ASSERT_EQUAL(hearth_store_flush(store, -1, &cursor, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(cursor, 10);
  CU_ASSERT(support_close(store));
  store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_store_record(store, support_outcome(10), &ticket, NULL, 0);
  CU_ASSERT_EQUAL(ticket, 1);
  CU_ASSERT_EQUAL(hearth_store_flush(store, -1, &cursor, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(cursor, 11);
  CU_ASSERT(support_close(store));
  support_end();
}

struct acks {
  uint64_t ticket, sequence;
  int wrong;
};

static void acknowledged(void *user, uint64_t ticket, uint64_t sequence) {
  struct acks *const a = user;
  a->wrong += ticket <= a->ticket || sequence <= a->sequence;
  a->ticket = ticket;
  a->sequence = sequence;
}

static void test_acknowledged(void) {
  support_begin();
  struct acks acks = {0};
  hearth_store_options options;
  hearth_store_options_init(&options);
  options.acknowledged = acknowledged;
  options.user = &acks;
  options.batch_count = 100;
  options.batch_ms = 0;
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 5000);
  hearth_store_stats stats;
  hearth_store_get_stats(store, &stats);
  CU_ASSERT_EQUAL(stats.recorded, 5000);
  CU_ASSERT_EQUAL(stats.waiting, 0);
  CU_ASSERT(stats.batches > 0);
  CU_ASSERT(support_close(store));
  CU_ASSERT_EQUAL(acks.wrong, 0);
  CU_ASSERT_EQUAL(acks.ticket, 5000);
  CU_ASSERT_EQUAL(acks.sequence, 5000);
  support_end();
}

/* A batch that nobody waits for is committed after its time. */
static void test_by_time(void) {
  support_begin();
  hearth_store_options options;
  support_options(&options);
  options.batch_ms = 1;
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_store_record(store, support_outcome(0), NULL, NULL, 0);
  while (hearth_store_acknowledged(store) < 1) {
  }
  CU_ASSERT_EQUAL(support_count(store), 1);
  CU_ASSERT(support_close(store));
  support_end();
}

static void test_malformed(void) {
  static const struct {
    const char *bytes;
    uint64_t len;
    const char *says;
  } bad[] = {{"\xc1", 1, "Outcome"},
             {"\x80", 1, "at_ms"},
             {"", 0, "at_ms"},
             {"\x82\xa5"
              "at_ms\x01\xa5phase\xa7started",
              22, "model"},
             {"\x82\xa5"
              "at_ms\xa1x\xa5phase\xa6"
              "failed",
              22, "at_ms"}};
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const hearth_bytes bytes = {(const uint8_t *)bad[i].bytes, bad[i].len};
    err[0] = '\0';
    CU_ASSERT_EQUAL(hearth_store_record(store, bytes, NULL, err, sizeof err),
                    HEARTH_BAD_PAYLOAD);
    CU_ASSERT_PTR_NOT_NULL(strstr(err, bad[i].says));
  }
  hearth_store_stats stats;
  hearth_store_get_stats(store, &stats);
  CU_ASSERT_EQUAL(stats.refused, sizeof bad / sizeof *bad);
  CU_ASSERT_EQUAL(support_count(store), 0);
  CU_ASSERT(support_close(store));
  support_end();
}

struct stop {
  uint64_t from, seen;
};

static hearth_status stop_at(void *user, uint64_t sequence,
                             hearth_bytes outcome) {
  struct stop *const s = user;
  (void)outcome;
  s->seen++;
  return sequence == s->from + 5 ? HEARTH_NO_OPINION : HEARTH_OK;
}

static void test_replay_from(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 2000);
  for (uint64_t from = 0; from < 2000; from += 511) {
    struct stop stop = {from, 0};
    CU_ASSERT_EQUAL(
        hearth_store_replay(store, from, stop_at, &stop, err, sizeof err),
        HEARTH_NO_OPINION);
    CU_ASSERT_EQUAL(stop.seen, 5);
  }
  struct stop stop = {UINT64_MAX - 10, 0};
  CU_ASSERT_EQUAL(
      hearth_store_replay(store, UINT64_MAX, stop_at, &stop, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(stop.seen, 0);
  CU_ASSERT(support_close(store));
  support_end();
}

static int holds(const char *path, const char *text) {
  uint64_t len = 0;
  uint8_t *const data = support_read(path, &len);
  const int found = data != NULL && len > 0 &&
                    memmem(data, (size_t)len, text, strlen(text)) != NULL;
  free(data);
  return found;
}

static void test_forget_user(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 2000);
  hearth_store_record(store, support_started("r-x", "anna-secret", "m", 5),
                      NULL, NULL, 0);
  uint64_t removed = 0;
  CU_ASSERT_EQUAL(
      hearth_store_forget_user(store, "anna-secret", &removed, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(removed, 1);
  CU_ASSERT(!holds(support_path("s.db"), "anna-secret"));
  CU_ASSERT(!holds(support_path("s.db-wal"), "anna-secret"));
  CU_ASSERT_EQUAL(support_count(store), 2000);
  /* A user's requests go whole: 100 that started, and their ends. */
  CU_ASSERT_EQUAL(
      hearth_store_forget_user(store, "u3", &removed, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(removed, 200);
  CU_ASSERT_EQUAL(support_count_series(store, 2000), 1800);
  CU_ASSERT_EQUAL(
      hearth_store_forget_user(store, "nobody", &removed, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_EQUAL(removed, 0);
  CU_ASSERT_EQUAL(hearth_store_forget_user(store, "", NULL, err, sizeof err),
                  HEARTH_BAD_ARG);
  /* What is forgotten gives its number to nobody. */
  uint64_t cursor = 0;
  support_record(store, 2000, 1);
  CU_ASSERT_EQUAL(hearth_store_flush(store, -1, &cursor, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(cursor, 2002);
  CU_ASSERT(support_close(store));
  support_end();
}

static int64_t late(void *user) {
  (void)user;
  return 1000000 + 10000 * 10 + 1000; /* 1 s after the series' 10000th */
}

static void test_retention(void) {
  support_begin();
  hearth_store_options options;
  support_options(&options);
  options.retention_every_ms = -1;
  options.retention_seconds = 51; /* the last 5000 of 10000 */
  options.now_ms = late;
  hearth_store *store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 10000);
  uint64_t removed = 0;
  CU_ASSERT_EQUAL(hearth_store_retain(store, &removed, err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(removed, 5000);
  CU_ASSERT_EQUAL(support_count_series(store, 10000), 5000);
  CU_ASSERT(support_close(store));

  options.retention_seconds = -1;
  options.retention_count = 700;
  options.retention_every_ms = 1; /* by the store's own thread */
  store = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_store_stats stats = {0};
  while (stats.removed < 4300) {
    hearth_store_get_stats(store, &stats);
  }
  CU_ASSERT_EQUAL(support_count(store), 700);
  support_record(store, 10000, 5);
  while (stats.removed < 4305) {
    hearth_store_get_stats(store, &stats);
  }
  CU_ASSERT_EQUAL(support_count(store), 700);
  CU_ASSERT(support_close(store));
  support_end();
}

static void test_options(void) {
  hearth_store_options options;
  hearth_store *store = NULL;
  support_begin();
  hearth_store_options_init(&options);
  options.queue_count = 0;
  CU_ASSERT_EQUAL(hearth_store_open(support_path("s.db"), &options, &store, err,
                                    sizeof err),
                  HEARTH_BAD_ARG);
  hearth_store_options_init(&options);
  options.flags = HEARTH_STORE_MUST_EXIST;
  CU_ASSERT_EQUAL(hearth_store_open(support_path("s.db"), &options, &store, err,
                                    sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "no such file"));
  options.flags = HEARTH_STORE_READ_ONLY;
  CU_ASSERT_EQUAL(hearth_store_open(support_path("s.db"), &options, &store, err,
                                    sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_store_open("", NULL, &store, err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_store_open(support_path("no/such/s.db"), NULL, &store,
                                    err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_store_close(NULL, NULL, 0), HEARTH_OK);
  support_end();
}

static void test_read_only(void) {
  hearth_store_options options;
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  support_record(store, 0, 100);
  CU_ASSERT(support_save(store, "p", "1.0", 50, 1000, 1));
  hearth_store_options_init(&options);
  options.flags = HEARTH_STORE_READ_ONLY;
  hearth_store *looker = support_open(support_path("s.db"), &options);
  CU_ASSERT_PTR_NOT_NULL_FATAL(looker);
  CU_ASSERT_EQUAL(support_count(looker), 100);
  CU_ASSERT_EQUAL(
      hearth_store_record(looker, support_outcome(1), NULL, err, sizeof err),
      HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(hearth_store_retain(looker, NULL, err, sizeof err),
                  HEARTH_UNSUPPORTED);
  CU_ASSERT_EQUAL(hearth_store_forget_user(looker, "u1", NULL, err, sizeof err),
                  HEARTH_UNSUPPORTED);
  hearth_snapshot *snapshot = NULL;
  CU_ASSERT_EQUAL(hearth_store_load_snapshot(looker, "p", NULL, 0, &snapshot,
                                             err, sizeof err),
                  HEARTH_OK);
  hearth_snapshot_free(snapshot);
  support_record(store, 100, 100);
  CU_ASSERT_EQUAL(support_count(looker), 200);
  CU_ASSERT(support_close(looker));
  CU_ASSERT(support_close(store));
  support_end();
}

static void test_info(void) {
  support_begin();
  hearth_store *store = support_open(support_path("s.db"), NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(store);
  hearth_store_info info;
  CU_ASSERT_EQUAL(hearth_store_get_info(store, &info, err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(info.outcomes, 0);
  support_record(store, 0, 1000);
  CU_ASSERT(support_save(store, "p", "1.0", 50, 1000, 1));
  CU_ASSERT_EQUAL(hearth_store_get_info(store, &info, err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(info.outcomes, 1000);
  CU_ASSERT_EQUAL(info.by_phase[0], 500);
  CU_ASSERT_EQUAL(info.by_phase[1], 500);
  CU_ASSERT_EQUAL(info.models, 7);
  CU_ASSERT_EQUAL(info.users, 10);
  CU_ASSERT_EQUAL(info.first_sequence, 1);
  CU_ASSERT_EQUAL(info.last_sequence, 1000);
  CU_ASSERT_EQUAL(info.first_ms, 1000000);
  CU_ASSERT_EQUAL(info.last_ms, 1009990);
  CU_ASSERT_EQUAL(info.snapshots, 1);
  CU_ASSERT_EQUAL(info.snapshot_bytes, 1000);
  CU_ASSERT_EQUAL(info.schema_version, 1);
  CU_ASSERT(info.file_bytes + info.wal_bytes > 0);
  CU_ASSERT(support_close(store));
  support_end();
}

/* Steps forward, each once, all or none. */
static void test_migrations(void) {
  static const char *const steps[] = {"CREATE TABLE a(x)", "CREATE TABLE b(x)",
                                      "CREATE TABLE b(x)"};
  int64_t version = 0;
  sqlite3 *db = NULL;
  CU_ASSERT_EQUAL(sqlite3_open(":memory:", &db), SQLITE_OK);
  for (int32_t to = 1; to <= 2; to++) {
    CU_ASSERT_EQUAL(hearth__store_schema_migrate(db, steps, to), SQLITE_OK);
    CU_ASSERT_EQUAL(hearth__store_schema_migrate(db, steps, to), SQLITE_OK);
    (void)hearth__store_sql_number(db, "PRAGMA user_version", &version);
    CU_ASSERT_EQUAL(version, to);
  }
  CU_ASSERT_NOT_EQUAL(hearth__store_schema_migrate(db, steps, 3), SQLITE_OK);
  (void)hearth__store_sql_number(db, "PRAGMA user_version", &version);
  CU_ASSERT_EQUAL(version, 2);
  sqlite3_close(db);
}

UNIT_MAIN("store", UNIT(test_round_trip), UNIT(test_tickets_and_sequences),
          UNIT(test_acknowledged), UNIT(test_by_time), UNIT(test_malformed),
          UNIT(test_replay_from), UNIT(test_forget_user), UNIT(test_retention),
          UNIT(test_options), UNIT(test_read_only), UNIT(test_info),
          UNIT(test_migrations))
