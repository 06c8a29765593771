/* SPDX-License-Identifier: MIT
   What the tests of the store share. */
#ifndef HEARTH_TESTS_STORE_SUPPORT_H
#define HEARTH_TESTS_STORE_SUPPORT_H

#include "hearth/store.h"

/* A folder of this test's own, removed by support_end with all that is in it;
   path of a file in it (eight results live at a time). */
void support_begin(void);
void support_end(void);
const char *support_path(const char *name);

/* The n-th outcome of a series: request n / 2 starts, and finishes; of user
   u(n / 2 % 10) and model m(n / 2 % 7).  Borrowed until the thread's next call.
 */
hearth_bytes support_outcome(uint64_t n);
/* One of any phase with the texts that are not NULL. */
hearth_bytes support_started(const char *request, const char *user,
                             const char *model, int64_t at_ms);

/* Options that keep log lines in support_log. */
void support_options(hearth_store_options *options);
/* Whether a line with `text` was logged since support_forget_log. */
int support_logged(const char *text);
void support_forget_log(void);

/* Open or give up; record n outcomes from `first` of the series and flush. */
hearth_store *support_open(const char *path, const hearth_store_options *o);
void support_record(hearth_store *store, uint64_t first, uint64_t n);
/* Close, and whether that went well. */
int support_close(hearth_store *store);

/* Outcomes that replay gives; -1: it failed, or they were not in order. */
int64_t support_count(hearth_store *store);
/* Of those, how many are, bytes for bytes, of the series in [0, n), each once.
 */
int64_t support_count_series(hearth_store *store, uint64_t n);

int support_save(hearth_store *store, const char *plugin, const char *version,
                 uint64_t cursor, uint64_t len, uint8_t fill);

/* Bytes of a file, owned by the caller; NULL: it can't be read. */
uint8_t *support_read(const char *path, uint64_t *len);
int support_write(const char *path, const void *data, uint64_t len);
/* Files of the folder whose names hold `text`. */
int support_files(const char *text);
/* The path of the first such that is no log. */
const char *support_file(const char *text);

#endif
