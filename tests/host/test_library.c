/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hearth/host.h"
#include "tests/host/plugins.h"
#include "tests/unit.h"

static char err[512];

/* Opening `path` must be refused with a sentence that holds `why`. */
static void refused(const char *path, hearth_status status, const char *why) {
  hearth_host *host = NULL;
  hearth_library_options options = {NULL};
  hearth_library *library = (hearth_library *)&host;

  CU_ASSERT_EQUAL_FATAL(hearth_host_new(NULL, &host), HEARTH_OK);
  options.host = host;
  err[0] = 0;
  CU_ASSERT_EQUAL(
      hearth_library_open(path, &options, &library, err, sizeof(err)), status);
  CU_ASSERT_PTR_EQUAL(library, &host);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, why));
  CU_ASSERT_PTR_EQUAL(strstr(err, path), err);
  if (!strstr(err, why)) {
    printf("# want \"%s\", got \"%s\"\n", why, err);
  }
  CU_ASSERT_EQUAL(hearth_library_open(path, &options, &library, NULL, 0),
                  status);
  hearth_host_free(host);
}

static void test_refusals_say_what_did_not_match(void) {
  static const struct {
    const char *name;
    hearth_status status;
    const char *why;
  } cases[] = {
      {"short_size", HEARTH_BAD_ARG,
       "its entry has 64 bytes, version 1.0 of the ABI has "},
      {"no_id", HEARTH_BAD_ARG, "the plugin gives no id"},
      {"no_name", HEARTH_BAD_ARG, "the plugin gives no name"},
      {"no_version", HEARTH_BAD_ARG, "the plugin gives no version"},
      {"no_function", HEARTH_BAD_ARG,
       "the plugin has no function prepare_models"},
      {"no_save", HEARTH_BAD_ARG,
       "the plugin claims HEARTH_CAP_STATE and has no function save_state"},
      {"no_symbol", HEARTH_BAD_ARG,
       "is a shared object without the symbol hearth_plugin_v1"},
      {"unresolved", HEARTH_BAD_ARG,
       "cannot be linked: undefined symbol: hearth_test_nobody_has_this"},
      {"needs_unknown", HEARTH_UNSUPPORTED,
       "the plugin requires the host extension hearth.telepathy/1"}};

  for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); ++i) {
    refused(plugin_path(cases[i].name), cases[i].status, cases[i].why);
  }
}

/* A file with these bytes, for the caller to unlink. */
static void write_file(char *path, const void *data, size_t len) {
  int fd;

  strcpy(path, "hearth-test-XXXXXX");
  fd = mkstemp(path);
  CU_ASSERT_FATAL(fd >= 0);
  CU_ASSERT_EQUAL(write(fd, data, len), (ssize_t)len);
  close(fd);
}

static size_t read_file(const char *path, char *data, size_t cap) {
  FILE *file = fopen(path, "rb");
  size_t len = 0;

  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  len = fread(data, 1, cap, file);
  fclose(file);
  return len;
}

static void refused_bytes(const void *data, size_t len, const char *why) {
  char path[32];

  write_file(path, data, len);
  refused(path, HEARTH_BAD_ARG, why);
  unlink(path);
}

static void test_files_that_are_no_plugins(void) {
  static char bytes[1 << 20];
  size_t len = read_file(plugin_path("good"), bytes, sizeof(bytes));

  refused("/nonexistent/x.so", HEARTH_BAD_ARG, "No such file");
  refused("/", HEARTH_BAD_ARG, "is not a regular file");
  refused_bytes("", 0, "is an empty file");
  refused_bytes("int main(void)\n", 15, "is not a shared object");
  refused_bytes(bytes, 20, "is a shared object that was cut off");
  refused_bytes(bytes, len / 4, "is a shared object that was cut off");
  bytes[16] = 1;
  refused_bytes(bytes, len, "is an object or a program, not a shared object");
}

static void test_bad_arguments(void) {
  hearth_library *library = NULL;

  CU_ASSERT_EQUAL(hearth_library_open(NULL, NULL, &library, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_library_open("x", NULL, NULL, err, sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(
      hearth_library_wrap(NULL, "x", NULL, &library, err, sizeof(err)),
      HEARTH_BAD_ARG);
  hearth_library_close(NULL);
}

/* A message is cut to the room, and ended. */
static void test_short_room_for_the_message(void) {
  hearth_library *library = NULL;
  char little[4] = "???";

  CU_ASSERT_EQUAL(hearth_library_open("/nonexistent/x.so", NULL, &library,
                                      little, sizeof(little)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(little, "/no");
}

static void test_what_a_library_tells(void) {
  hearth_library *library = plugin_open("good");

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  CU_ASSERT_STRING_EQUAL(hearth_library_entry(library)->name, "stub");
  CU_ASSERT_STRING_EQUAL(hearth_library_path(library), plugin_path("good"));
  CU_ASSERT_NOT_EQUAL(hearth_library_hash(library), 0);
  hearth_library_close(library);
}

/* The longer entry of a later minor version is taken as far as we know it. */
static void test_newer_plugin(void) {
  hearth_library *library = plugin_open("newer");

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  CU_ASSERT_EQUAL(hearth_library_entry(library)->abi_minor, 7);
  CU_ASSERT(hearth_library_entry(library)->size > sizeof(hearth_plugin_entry));
  hearth_library_close(library);
}

/* An address in the mapped code tells the mappings apart. */
static uintptr_t code_of(const hearth_library *library) {
  return (uintptr_t)hearth_library_entry(library)->prepare_models;
}

static void test_same_bytes_share_a_mapping(void) {
  static char bytes[1 << 20];
  size_t len = read_file(plugin_path("good"), bytes, sizeof(bytes));
  hearth_library *first = plugin_open("good"), *second = NULL;
  char path[32];

  CU_ASSERT_PTR_NOT_NULL_FATAL(first);
  write_file(path, bytes, len);
  CU_ASSERT_EQUAL(hearth_library_open(path, NULL, &second, err, sizeof(err)),
                  HEARTH_OK);
  unlink(path);
  CU_ASSERT_PTR_NOT_NULL_FATAL(second);
  CU_ASSERT_EQUAL(code_of(first), code_of(second));
  CU_ASSERT_EQUAL(hearth_library_hash(first), hearth_library_hash(second));
  hearth_library_close(first);
  CU_ASSERT_STRING_EQUAL(hearth_library_entry(second)->name, "stub");
  hearth_library_close(second);
}

/* New bytes at the same path are new code, while the old goes on. */
static void test_replaced_file_gives_the_new_code(void) {
  static char bytes[1 << 20];
  hearth_library *old = NULL, *new = NULL;
  hearth_instance *instance = NULL;
  hearth_output output = {0};
  size_t len = read_file(plugin_path("silent"), bytes, sizeof(bytes));
  char path[32];
  FILE *file;

  write_file(path, bytes, len);
  CU_ASSERT_EQUAL(hearth_library_open(path, NULL, &old, err, sizeof(err)),
                  HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL_FATAL(old);
  len = read_file(plugin_path("good"), bytes, sizeof(bytes));
  file = fopen(path, "wb");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  CU_ASSERT_EQUAL(fwrite(bytes, 1, len, file), len);
  fclose(file);
  CU_ASSERT_EQUAL(hearth_library_open(path, NULL, &new, err, sizeof(err)),
                  HEARTH_OK);
  unlink(path);
  CU_ASSERT_PTR_NOT_NULL_FATAL(new);
  CU_ASSERT_NOT_EQUAL(code_of(old), code_of(new));
  CU_ASSERT_EQUAL(hearth_instance_create(old, NULL, &instance, NULL, 0),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_instance_prepare_models(instance, NULL, bytes_of("x"), &output),
      HEARTH_INTERNAL);
  hearth_instance_destroy(instance);
  hearth_library_close(old);
  hearth_library_close(new);
  hearth_output_free(&output);
}

static void test_unmapped_only_if_unloadable(void) {
  hearth_library *library = plugin_open("unloadable");
  hearth_instance *instance = NULL;
  uintptr_t before;

  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  unsetenv("HEARTH_TEST_UNMAPPED");
  CU_ASSERT_EQUAL(hearth_instance_create(library, NULL, &instance, NULL, 0),
                  HEARTH_OK);
  hearth_library_close(library);
  CU_ASSERT_PTR_NULL(getenv("HEARTH_TEST_UNMAPPED"));
  hearth_instance_destroy(instance);
  CU_ASSERT_PTR_NOT_NULL(getenv("HEARTH_TEST_UNMAPPED"));
  library = plugin_open("unloadable");
  CU_ASSERT_PTR_NOT_NULL(library);
  hearth_library_close(library);

  library = plugin_open("good");
  before = code_of(library);
  hearth_library_close(library);
  library = plugin_open("good");
  CU_ASSERT_EQUAL(code_of(library), before);
  hearth_library_close(library);
}

/* Descriptor numbers come back; the copies must stay apart all the same. */
static void test_many_libraries_are_each_their_own(void) {
  static const char *const names[] = {"good",      "silent",     "huge_length",
                                      "null_data", "past_limit", "newer"};
  hearth_library *open[6];

  for (size_t i = 0; i < 6; ++i) {
    open[i] = plugin_open(names[i]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(open[i]);
    for (size_t j = 0; j < i; ++j) {
      CU_ASSERT_NOT_EQUAL(code_of(open[i]), code_of(open[j]));
    }
  }
  for (size_t i = 0; i < 6; ++i) {
    hearth_library_close(open[i]);
  }
}

UNIT_MAIN("host library", UNIT(test_refusals_say_what_did_not_match),
          UNIT(test_files_that_are_no_plugins), UNIT(test_bad_arguments),
          UNIT(test_short_room_for_the_message),
          UNIT(test_what_a_library_tells), UNIT(test_newer_plugin),
          UNIT(test_same_bytes_share_a_mapping),
          UNIT(test_replaced_file_gives_the_new_code),
          UNIT(test_unmapped_only_if_unloadable),
          UNIT(test_many_libraries_are_each_their_own))
