/* SPDX-License-Identifier: MIT
   Files and failing memory for the tests of input. */
#include "tests/input/files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char folder[] = "/tmp/hearth-input-XXXXXX";
static int made;

static void remove_all(void) {
  DIR *dir = opendir(folder);
  for (struct dirent *e; dir && (e = readdir(dir));) {
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) {
      (void)unlink(files_path(e->d_name));
    }
  }
  if (dir) {
    closedir(dir);
  }
  (void)rmdir(folder);
}

const char *files_path(const char *name) {
  static char paths[8][512];
  static unsigned next;
  char *path = paths[next++ % 8];
  if (!made) {
    made = 1;
    if (!mkdtemp(folder)) {
      perror(folder);
      exit(1);
    }
    (void)atexit(remove_all);
  }
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

const char *files_write(const char *name, const char *text, size_t len) {
  const char *path = files_path(name);
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(text, 1, len ? len : strlen(text), file) < len ||
      fclose(file)) {
    perror(path);
    exit(1);
  }
  return path;
}

const char *files_gzip(const char *name, const char *text) {
  const char *path = files_path(name);
  gzFile file = gzopen(path, "wb");
  if (!file || gzputs(file, text) < 0 || gzclose(file) != Z_OK) {
    perror(path);
    exit(1);
  }
  return path;
}

char *files_read(const char *path, size_t *len) {
  gzFile file = gzopen(path, "rb");
  size_t cap = 1u << 24;
  char *text = file ? malloc(cap) : NULL;
  if (!text) {
    return NULL;
  }
  int got = gzread(file, text, (unsigned)cap - 1);
  (void)gzclose(file);
  text[got > 0 ? got : 0] = '\0';
  if (len) {
    *len = got > 0 ? (size_t)got : 0;
  }
  return text;
}

unsigned files_count(void) {
  unsigned count = 0;
  (void)files_path("");
  DIR *dir = opendir(folder);
  for (struct dirent *e; dir && (e = readdir(dir));) {
    count += e->d_name[0] != '.';
  }
  if (dir) {
    closedir(dir);
  }
  return count;
}

static unsigned calls, fail_from;
static long held;

static void *resize(const hearth_host *host, void *block, uint64_t len) {
  (void)host;
  if (!len) {
    held -= block != NULL;
    free(block);
    return NULL;
  }
  if (fail_from && ++calls >= fail_from) {
    return NULL;
  }
  void *result = realloc(block, (size_t)len);
  held += !block && result;
  return result;
}

static uint64_t used(const hearth_host *host) {
  (void)host;
  return 0;
}

hearth_memory_user files_memory(unsigned nth) {
  static const hearth_memory memory = {
      .size = sizeof memory, .resize = resize, .used = used};
  static const hearth_host host = {sizeof host, 0, "test", "1", NULL, NULL};
  calls = 0;
  fail_from = nth;
  return (hearth_memory_user){.host = &host, .memory = &memory};
}

long files_held(void) {
  return held;
}
