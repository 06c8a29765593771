/* SPDX-License-Identifier: MIT
   The inside of a CSV reader, for its own files. */
#ifndef HEARTH_REPLAY_CSV_PRIVATE_H
#define HEARTH_REPLAY_CSV_PRIVATE_H

#include <zlib.h>

#include "host-sdk/replay/input/csv.h"

struct hearth_csv {
  hearth_memory_user memory;
  gzFile file;
  const char *path;
  char *err;
  uint64_t err_cap;
  char *buffer;
  uint64_t size, begin, end; /* of the buffer; of what it holds */
  int at_end;                /* the file has no more */
  uint64_t line, next_line;
  hearth_str *fields;
  uint32_t count, cap; /* of fields */
  hearth_str *header;
  char *header_text;
  uint32_t columns;
};

/* Leave "FILE:LINE: TEXT" ("FILE: TEXT" for line 0); HEARTH_BAD_PAYLOAD. */
hearth_status hearth__csv_fail(hearth_csv *csv, uint64_t line,
                               const char *text);

#endif
