/* SPDX-License-Identifier: MIT
   Files and failing memory for the tests of input. */
#ifndef HEARTH_TESTS_FILES_H
#define HEARTH_TESTS_FILES_H

#include <stddef.h>

#include "plugin/sdk/memory.h"

/* The path of `name` in a folder of this test's own that goes away at exit;
   eight results live at a time. */
const char *files_path(const char *name);

/* Write a file there; its path.  `len` 0: up to the NUL. */
const char *files_write(const char *name, const char *text, size_t len);
const char *files_gzip(const char *name, const char *text);

/* The content of a file, NUL-ended, to be freed; NULL if it can't be read. */
char *files_read(const char *path, size_t *len);

/* How many files are in the folder. */
unsigned files_count(void);

/* Memory whose allocations fail from the nth on (0: never); files_held is how
   many blocks are held by those who use it. */
hearth_memory_user files_memory(unsigned nth);
long files_held(void);

#endif
