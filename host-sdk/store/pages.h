/* SPDX-License-Identifier: MIT
   The rows that can be read from a damaged file's pages. */
#ifndef HEARTH_STORE_PAGES_H
#define HEARTH_STORE_PAGES_H

#include <stdint.h>

#include "hearth/plugin.h"

enum { HEARTH__COLUMNS = 8 };
enum { HEARTH__NULL, HEARTH__INT, HEARTH__TEXT, HEARTH__BLOB, HEARTH__OTHER };

typedef struct hearth__store_value {
  int32_t kind;
  int64_t number;      /* INT */
  const uint8_t *data; /* TEXT, BLOB; borrowed, not ended by NUL */
  uint64_t len;
} hearth__store_value;

typedef struct hearth__store_record {
  int64_t rowid;
  uint32_t count; /* of values, at most HEARTH__COLUMNS */
  hearth__store_value values[HEARTH__COLUMNS];
} hearth__store_record;

/* Give every record of a table's leaf page in NAME and NAME-wal that can be
   taken apart, old versions of pages too: the caller knows by checksums which
   are whole.  `take` returns 1 for one it could use, 0 for one it could not, a
   negative status to stop.  Any bytes may stand in the files. */
hearth_status hearth__store_pages_scan(
    const char *path,
    int32_t (*take)(void *user, const hearth__store_record *record),
    void *user);

#endif
