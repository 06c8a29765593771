/* SPDX-License-Identifier: MIT
   SQLite in the store's words: statuses, sentences, small statements. */
#ifndef HEARTH_STORE_SQL_H
#define HEARTH_STORE_SQL_H

#include <sqlite3.h>

#include "hearth/plugin.h"

/* Print into `err`, cut to fit; nothing if it is NULL. */
void hearth__store_say(char *err, uint64_t cap, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A result code of SQLite as a status. */
hearth_status hearth__store_sql_status(int code);

/* Whether it says that the file is damaged. */
int hearth__store_sql_damaged(int code);

/* The status of `code`, and a sentence: "PATH: WHAT: why; what to do".  `db`
   may be NULL. */
hearth_status hearth__store_sql_fail(sqlite3 *db, int code, const char *path,
                                     const char *what, char *err, uint64_t cap);

/* Run statements without results; a code of SQLite. */
int hearth__store_sql_run(sqlite3 *db, const char *sql);

/* The first column of the first row as an integer; *out stays without a row. */
int hearth__store_sql_number(sqlite3 *db, const char *sql, int64_t *out);

/* Step a statement that gives no row, and make it ready again. */
int hearth__store_sql_step(sqlite3_stmt *statement);

/* 64 bits of any bytes: FNV-1a with a mixing end.  Begin with 0; what one call
   gives goes into the next. */
uint64_t hearth__store_sum(uint64_t sum, const void *data, uint64_t len);
uint64_t hearth__store_sum_number(uint64_t sum, uint64_t number);

#endif
