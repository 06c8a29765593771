/* SPDX-License-Identifier: MIT
   The fields of a CSV record: by name, as text, number or choice. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/input/csv_private.h"
#include "host-sdk/replay/input/number.h"

uint64_t hearth_csv_line(const hearth_csv *csv) {
  return csv->line;
}

uint32_t hearth_csv_columns(const hearth_csv *csv) {
  return csv->columns;
}

hearth_str hearth_csv_name(const hearth_csv *csv, uint32_t column) {
  return csv->header[column];
}

uint32_t hearth_csv_column(const hearth_csv *csv, const char *name) {
  hearth_str wanted = hearth_str_from(name);
  for (uint32_t i = 0; i < csv->columns; i++) {
    if (hearth_str_equal(csv->header[i], wanted)) {
      return i;
    }
  }
  return HEARTH_CSV_NO_COLUMN;
}

hearth_status hearth_csv_require(hearth_csv *csv, const char *name,
                                 uint32_t *column) {
  char message[160];
  *column = hearth_csv_column(csv, name);
  if (*column != HEARTH_CSV_NO_COLUMN) {
    return HEARTH_OK;
  }
  snprintf(message, sizeof message,
           "the header has no column %s; is it a file of this kind?", name);
  return hearth__csv_fail(csv, 1, message);
}

hearth_status hearth_csv_find(hearth_csv *csv, const hearth_csv_wanted *wanted,
                              uint32_t count) {
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; i < count && status == HEARTH_OK; i++) {
    if (wanted[i].required) {
      status = hearth_csv_require(csv, wanted[i].name, wanted[i].column);
    } else {
      *wanted[i].column = hearth_csv_column(csv, wanted[i].name);
    }
  }
  return status;
}

hearth_str hearth_csv_field(const hearth_csv *csv, uint32_t column) {
  return column < csv->count ? csv->fields[column] : (hearth_str){NULL, 0};
}

/* Text of a stranger made fit to be shown: cut, and printable. */
static void show(hearth_str text, char *out, size_t cap) {
  size_t at = 0;
  for (; at < text.len && at + 4 < cap; at++) {
    unsigned char c = (unsigned char)text.data[at];
    out[at] = c < 0x20 || c == 0x7f ? '?' : (char)c;
  }
  if (at < text.len) {
    memcpy(out + at, "...", 3);
    at += 3;
  }
  out[at] = '\0';
}

hearth_status hearth_csv_fail(hearth_csv *csv, uint32_t column,
                              const char *reason) {
  char name[64], text[64], message[320];
  show(csv->header[column], name, sizeof name);
  show(csv->fields[column], text, sizeof text);
  if (csv->fields[column].len) {
    snprintf(message, sizeof message, "%s is '%s', %s", name, text, reason);
  } else {
    snprintf(message, sizeof message, "%s is empty", name);
  }
  return hearth__csv_fail(csv, csv->line, message);
}

static hearth_status number_failure(hearth_csv *csv, uint32_t column,
                                    hearth__number_result result, int64_t max) {
  char reason[80];
  if (result == HEARTH__NUMBER_NOT) {
    return hearth_csv_fail(csv, column, "which is not a number");
  }
  if (result == HEARTH__NUMBER_NEGATIVE) {
    return hearth_csv_fail(csv, column, "which is negative");
  }
  snprintf(reason, sizeof reason, "which is more than %lld", (long long)max);
  return hearth_csv_fail(csv, column, reason);
}

hearth_status hearth_csv_int(hearth_csv *csv, uint32_t column,
                             hearth_csv_range range, int64_t *out) {
  hearth_str text = hearth_csv_field(csv, column);
  if (!text.len && !range.required) {
    *out = range.fallback;
    return HEARTH_OK;
  }
  hearth__number_result result = hearth__number_int(text, range.max, out);
  return result == HEARTH__NUMBER_OK
             ? HEARTH_OK
             : number_failure(csv, column, result, range.max);
}

hearth_status hearth_csv_double(hearth_csv *csv, uint32_t column,
                                hearth_csv_range range, double *out) {
  hearth_str text = hearth_csv_field(csv, column);
  if (!text.len && !range.required) {
    *out = (double)range.fallback;
    return HEARTH_OK;
  }
  hearth__number_result result =
      hearth__number_double(text, (double)range.max, out);
  return result == HEARTH__NUMBER_OK
             ? HEARTH_OK
             : number_failure(csv, column, result, range.max);
}

/* "which is none of a, b and c". */
static void list_choices(const char *const *names, char *out, size_t cap) {
  size_t at = (size_t)snprintf(out, cap, "which is none of ");
  for (size_t i = 0; names[i] && at < cap; i++) {
    const char *before = !i ? "" : names[i + 1] ? ", " : " and ";
    at += (size_t)snprintf(out + at, cap - at, "%s%s", before, names[i]);
  }
}

hearth_status hearth_csv_choice(hearth_csv *csv, uint32_t column,
                                const char *const *names, int32_t *out) {
  hearth_str text = hearth_csv_field(csv, column);
  char reason[160];
  *out = 0;
  if (!text.len) {
    return HEARTH_OK;
  }
  for (int32_t i = 0; names[i]; i++) {
    if (hearth_str_equal(text, hearth_str_from(names[i]))) {
      *out = i + 1;
      return HEARTH_OK;
    }
  }
  list_choices(names, reason, sizeof reason);
  return hearth_csv_fail(csv, column, reason);
}
