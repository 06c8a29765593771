/* SPDX-License-Identifier: MIT
   Where there are no files in memory, the private copy is a temporary file;
   linked with -Wl,--wrap=memfd_create. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/host/plugins.h"
#include "tests/unit.h"

static int asked;

int __wrap_memfd_create(const char *name, unsigned flags);

int __wrap_memfd_create(const char *name, unsigned flags) {
  (void)name;
  (void)flags;
  asked = 1;
  return -1;
}

static int files_in(const char *path) {
  DIR *dir = opendir(path);
  int count = 0;

  CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
  while (readdir(dir)) {
    ++count;
  }
  closedir(dir);
  return count;
}

static void test_a_temporary_file_that_is_gone(void) {
  char dir[] = "hearth-copy-XXXXXX";
  hearth_instance *instance;
  hearth_output output = {0};

  CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(dir));
  setenv("TMPDIR", dir, 1);
  instance = plugin_instance("good", NULL);
  CU_ASSERT(asked);
  CU_ASSERT_PTR_NOT_NULL_FATAL(instance);
  CU_ASSERT_EQUAL(files_in(dir), 2); /* . and .. */
  CU_ASSERT_EQUAL(
      hearth_instance_prepare_models(instance, NULL, bytes_of("x"), &output),
      HEARTH_OK);
  hearth_output_free(&output);
  hearth_instance_destroy(instance);
  rmdir(dir);
}

static void test_no_place_for_a_copy(void) {
  hearth_library *library = NULL;
  char err[512] = "";

  setenv("TMPDIR", "/nonexistent", 1);
  CU_ASSERT_EQUAL(hearth_library_open(plugin_path("newer"), NULL, &library, err,
                                      sizeof(err)),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NULL(library);
  CU_ASSERT_PTR_NOT_NULL(
      strstr(err, "no private copy in /nonexistent: No such file"));
}

UNIT_MAIN("host copy", UNIT(test_a_temporary_file_that_is_gone),
          UNIT(test_no_place_for_a_copy))
