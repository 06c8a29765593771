/* SPDX-License-Identifier: MIT
   A streaming reader of CSV files, plain or gzipped. */
#ifndef HEARTH_REPLAY_CSV_H
#define HEARTH_REPLAY_CSV_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/wire/schema.h"

/* RFC 4180: a header names the fields, fields are separated by commas, quotes
   protect commas, quotes ("") and line ends.  A byte order mark, CRLF and blank
   lines are passed over.  A record is at most 1 MiB.  Every failure leaves one
   sentence "FILE:LINE: …" in the caller's buffer.  Not locked. */
typedef struct hearth_csv hearth_csv;

#define HEARTH_CSV_MAX_RECORD (1u << 20)
#define HEARTH_CSV_NO_COLUMN UINT32_MAX

/* Open a file and read its header.  *out is owned by the caller.  `path` and
   `err` (where failures leave their sentence, at most `err_cap` bytes) are
   borrowed until hearth_csv_close.  HEARTH_BAD_PAYLOAD: no such file, empty,
   not what it seems; HEARTH_NO_MEMORY. */
hearth_status hearth_csv_open(const hearth_memory_user *memory,
                              const char *path, char *err, uint64_t err_cap,
                              hearth_csv **out);
void hearth_csv_close(hearth_csv *csv);

/* The column of a name; HEARTH_CSV_NO_COLUMN where the header lacks it. */
uint32_t hearth_csv_column(const hearth_csv *csv, const char *name);

/* The same, but its absence is a failure. */
hearth_status hearth_csv_require(hearth_csv *csv, const char *name,
                                 uint32_t *column);

/* Several at once; stops at the first required one that is not there. */
typedef struct hearth_csv_wanted {
  const char *name;
  uint32_t *column;
  int32_t required;
} hearth_csv_wanted;
hearth_status hearth_csv_find(hearth_csv *csv, const hearth_csv_wanted *wanted,
                              uint32_t count);

uint32_t hearth_csv_columns(const hearth_csv *csv);

/* The name of a column below the count. */
hearth_str hearth_csv_name(const hearth_csv *csv, uint32_t column);

/* Read the next record.  HEARTH_NO_OPINION after the last one. */
hearth_status hearth_csv_next(hearth_csv *csv);

/* A field of this record, unquoted; borrowed until the next one is read.
   {NULL, 0} where the column is HEARTH_CSV_NO_COLUMN. */
hearth_str hearth_csv_field(const hearth_csv *csv, uint32_t column);

/* A field as a number in [0, max].  A fraction is cut off ("12.0", "1.5e3").
   An empty or absent field gives `fallback`; with `required` (whose column must
   be there) an empty one is a failure. */
typedef struct hearth_csv_range {
  int64_t max, fallback;
  int32_t required;
} hearth_csv_range;
hearth_status hearth_csv_int(hearth_csv *csv, uint32_t column,
                             hearth_csv_range range, int64_t *out);

/* The same with its fraction. */
hearth_status hearth_csv_double(hearth_csv *csv, uint32_t column,
                                hearth_csv_range range, double *out);

/* A field as the place of its text in a NULL-ended list, from 1; 0 where it is
   empty or absent; a failure where it is none of them. */
hearth_status hearth_csv_choice(hearth_csv *csv, uint32_t column,
                                const char *const *names, int32_t *out);

/* Fail for a reason of the caller's: "FILE:LINE: NAME is 'text', REASON", or
   "FILE:LINE: NAME is empty". */
hearth_status hearth_csv_fail(hearth_csv *csv, uint32_t column,
                              const char *reason);

/* The line on which this record begins, from 1. */
uint64_t hearth_csv_line(const hearth_csv *csv);

#endif
