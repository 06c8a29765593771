/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/replay/input/csv.h"
#include "tests/input/files.h"
#include "tests/unit.h"

static char err[600];

/* Read a whole file; its fields joined by '|', records by '/'. */
static const char *read_all(const char *path) {
  static char text[4096];
  hearth_memory_user memory = files_memory(0);
  hearth_csv *csv = NULL;
  size_t at = 0;
  err[0] = '\0';
  text[0] = '\0';
  if (hearth_csv_open(&memory, path, err, sizeof err, &csv) != HEARTH_OK) {
    return NULL;
  }
  hearth_status status;
  while ((status = hearth_csv_next(csv)) == HEARTH_OK) {
    for (uint32_t i = 0; i < hearth_csv_columns(csv); i++) {
      hearth_str field = hearth_csv_field(csv, i);
      at += (size_t)snprintf(text + at, sizeof text - at, "%s%.*s",
                             i ? "|" : "", (int)field.len, field.data);
    }
    at += (size_t)snprintf(text + at, sizeof text - at, "/");
  }
  hearth_csv_close(csv);
  return status == HEARTH_NO_OPINION ? text : NULL;
}

/* The error of reading a file, without its folder. */
static const char *failure(const char *path) {
  const char *text = read_all(path);
  const char *slash = strrchr(err, '/');
  return text ? text : slash ? slash + 1 : err;
}

static const char *plain(const char *text) {
  return read_all(files_write("a.csv", text, 0));
}

static void test_forms(void) {
  CU_ASSERT_STRING_EQUAL(plain("a,b\n1,2\n3,4\n"), "1|2/3|4/");
  CU_ASSERT_STRING_EQUAL(plain("a,b\r\n1,2\r\n3,4"), "1|2/3|4/");
  CU_ASSERT_STRING_EQUAL(plain("\xEF\xBB\xBF"
                               "a,b\n1,\n,\n"),
                         "1|/|/");
  CU_ASSERT_STRING_EQUAL(plain("a,b\n\n1,2\n\r\n\n"), "1|2/");
  CU_ASSERT_STRING_EQUAL(plain("a,b\n\"x,y\",\"say \"\"hi\"\"\"\r\n"),
                         "x,y|say \"hi\"/");
  CU_ASSERT_STRING_EQUAL(plain("a,b\n\"two\nlines\",\"\"\n"), "two\nlines|/");
  CU_ASSERT_STRING_EQUAL(plain("a,b\nx\"y,z\n"), "x\"y|z/");
  CU_ASSERT_STRING_EQUAL(plain("a,b\n"), "");
  CU_ASSERT_STRING_EQUAL(read_all(files_gzip("a.csv.gz", "a,b\n1,2\n")),
                         "1|2/");
  CU_ASSERT_STRING_EQUAL(read_all(files_gzip("b.csv", "a,b\n1,2\n")), "1|2/");
}

static void test_names(void) {
  hearth_memory_user memory = files_memory(0);
  hearth_csv *csv = NULL;
  uint32_t column = 0;
  const char *path = files_write("n.csv", "ts,\"the model\"\n1,x\n", 0);
  CU_ASSERT_EQUAL_FATAL(hearth_csv_open(&memory, path, err, sizeof err, &csv),
                        HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_csv_column(csv, "the model"), 1);
  CU_ASSERT_EQUAL(hearth_csv_column(csv, "model"), HEARTH_CSV_NO_COLUMN);
  CU_ASSERT_EQUAL(hearth_csv_require(csv, "model", &column),
                  HEARTH_BAD_PAYLOAD);
  CU_ASSERT_STRING_EQUAL(strrchr(err, '/') + 1,
                         "n.csv:1: the header has no column model; is it a "
                         "file of this kind?");
  CU_ASSERT_EQUAL(hearth_csv_next(csv), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_csv_line(csv), 2);
  CU_ASSERT_PTR_NULL(hearth_csv_field(csv, HEARTH_CSV_NO_COLUMN).data);
  hearth_csv_close(csv);
  hearth_csv_close(NULL);
}

static void test_bad_text(void) {
  CU_ASSERT_STRING_EQUAL(failure(files_write("e.csv", "a,b\n1,2\n1\n", 0)),
                         "e.csv:3: the record has 1 fields, but the header "
                         "has 2");
  CU_ASSERT_STRING_EQUAL(failure(files_write("e.csv", "a,b\n\"1\n\n,2", 0)),
                         "e.csv:2: a quote is opened and never closed");
  CU_ASSERT_STRING_EQUAL(failure(files_write("e.csv", "a,b\n\"1\"x,2\n", 0)),
                         "e.csv:2: a quoted field goes on after its quote");
  CU_ASSERT_STRING_EQUAL(failure(files_write("e.csv", "a,b\n\n1,\0\n", 9)),
                         "e.csv:3: holds a NUL byte; is it a text file?");
  CU_ASSERT_STRING_EQUAL(failure(files_write("e.csv", "a,b,a\n", 0)),
                         "e.csv:1: the header names a twice");
  CU_ASSERT_STRING_EQUAL(failure(files_write("e.csv", "\n\n", 0)),
                         "e.csv: is empty; a header and records were "
                         "expected");
}

static void test_bad_files(void) {
  const char *path = files_path("empty.csv");
  FILE *file = fopen(path, "w");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  fclose(file);
  CU_ASSERT_STRING_EQUAL(failure(path), "empty.csv: is empty; a header and "
                                        "records were expected");
  CU_ASSERT_STRING_EQUAL(failure(files_path("none.csv")),
                         "none.csv: can't be opened: No such file or "
                         "directory");
  (void)failure("/tmp");
  CU_ASSERT_STRING_EQUAL(err, "/tmp: can't be read: Is a directory");
  CU_ASSERT_STRING_EQUAL(failure(files_write("g.csv.gz", "a,b\n1,2\n", 0)),
                         "g.csv.gz: is not gzip data, in spite of its name");
}

static void test_bad_gzip(void) {
  static char text[200000];
  for (size_t i = 0; i + 1 < sizeof text; i++) {
    text[i] = i % 10 == 9 ? '\n' : i % 10 == 4 ? ',' : (char)('a' + i * i % 23);
  }
  size_t len = 0;
  FILE *file = fopen(files_gzip("t.csv.gz", text), "rb");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  len = fread(text, 1, sizeof text, file);
  fclose(file);
  CU_ASSERT_STRING_EQUAL(failure(files_write("t.csv.gz", text, len - 9)),
                         "t.csv.gz: the gzip data is cut off; get the whole "
                         "file");
  CU_ASSERT_STRING_EQUAL(failure(files_write("t.csv.gz", text, 12)),
                         "t.csv.gz: the gzip data is cut off; get the whole "
                         "file");
  text[10] = (char)0xff; /* a kind of block that there is not */
  const char *sentence = failure(files_write("t.csv.gz", text, len));
  CU_ASSERT_PTR_NOT_NULL(strstr(sentence, "t.csv.gz: the gzip data is "
                                          "damaged ("));
}

static void test_long_records(void) {
  size_t len = HEARTH_CSV_MAX_RECORD;
  char *text = malloc(len + 16);
  CU_ASSERT_PTR_NOT_NULL_FATAL(text);
  memcpy(text, "a\n", 2);
  memset(text + 2, 'x', len);
  text[len + 2] = '\n';
  const char *path = files_write("l.csv", text, len + 3);
  hearth_memory_user memory = files_memory(0);
  hearth_csv *csv = NULL;
  CU_ASSERT_EQUAL_FATAL(hearth_csv_open(&memory, path, err, sizeof err, &csv),
                        HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_csv_next(csv), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_csv_field(csv, 0).len, len);
  CU_ASSERT_EQUAL(hearth_csv_next(csv), HEARTH_NO_OPINION);
  hearth_csv_close(csv);
  text[len + 2] = 'x';
  CU_ASSERT_STRING_EQUAL(failure(files_write("l.csv", text, len + 3)),
                         "l.csv:2: the record is longer than 1 MiB");
  memset(text, ',', 5000);
  CU_ASSERT_STRING_EQUAL(failure(files_write("l.csv", text, 5000)),
                         "l.csv:1: has more than 4096 fields");
  free(text);
}

static const char *number_failure(const char *field, int required) {
  char text[200];
  hearth_memory_user memory = files_memory(0);
  hearth_csv *csv = NULL;
  int64_t value = 0;
  hearth_csv_range range = {1000, -1, required};
  snprintf(text, sizeof text, "n,m\n%s,\n", field);
  err[0] = '\0';
  if (hearth_csv_open(&memory, files_write("v.csv", text, 0), err, sizeof err,
                      &csv) == HEARTH_OK &&
      hearth_csv_next(csv) == HEARTH_OK &&
      hearth_csv_int(csv, 0, range, &value) == HEARTH_OK) {
    snprintf(err, sizeof err, "/%lld", (long long)value);
  }
  hearth_csv_close(csv);
  return strrchr(err, '/') + 1;
}

static void test_numbers(void) {
  CU_ASSERT_STRING_EQUAL(number_failure("12.7", 1), "12");
  CU_ASSERT_STRING_EQUAL(number_failure("", 0), "-1");
  CU_ASSERT_STRING_EQUAL(number_failure("", 1), "v.csv:2: n is empty");
  CU_ASSERT_STRING_EQUAL(number_failure("x", 1),
                         "v.csv:2: n is 'x', which is not a number");
  CU_ASSERT_STRING_EQUAL(number_failure("-3", 1),
                         "v.csv:2: n is '-3', which is negative");
  CU_ASSERT_STRING_EQUAL(number_failure("1001", 1),
                         "v.csv:2: n is '1001', which is more than 1000");
  CU_ASSERT_STRING_EQUAL(
      number_failure("a\tvery long text indeed, as no number ever is, or was",
                     1),
      "v.csv:2: the record has 4 fields, but the header has 2");
  CU_ASSERT_STRING_EQUAL(
      number_failure("a\tvery long text indeed that no number ever was or is "
                     "going to be",
                     1),
      "v.csv:2: n is 'a?very long text indeed that no number ever was or is "
      "going ...', which is not a number");
}

static void test_no_memory(void) {
  const char *path = files_gzip("m.csv.gz", "a,b\n\"1\",2\n3,4\n");
  hearth_status status = HEARTH_NO_MEMORY;
  unsigned n = 1;
  for (; status != HEARTH_NO_OPINION && n < 100; n++) {
    hearth_memory_user memory = files_memory(n);
    hearth_csv *csv = NULL;
    status = hearth_csv_open(&memory, path, err, sizeof err, &csv);
    while (status == HEARTH_OK) {
      status = hearth_csv_next(csv);
    }
    CU_ASSERT(status == HEARTH_NO_OPINION || status == HEARTH_NO_MEMORY);
    hearth_csv_close(csv);
    CU_ASSERT_EQUAL(files_held(), 0);
  }
  CU_ASSERT(n > 5);
  CU_ASSERT_EQUAL(status, HEARTH_NO_OPINION);
}

UNIT_MAIN("csv", UNIT(test_forms), UNIT(test_names), UNIT(test_bad_text),
          UNIT(test_bad_files), UNIT(test_bad_gzip), UNIT(test_long_records),
          UNIT(test_numbers), UNIT(test_no_memory))
