/* SPDX-License-Identifier: MIT
   Where hearth-worker is. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* secure_getenv */
#endif
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/worker/spawn.h"

#ifndef HEARTH_LIBEXEC_DIR
#define HEARTH_LIBEXEC_DIR "/usr/local/libexec"
#endif

/* The folder of the program that runs, without libtool's. */
static int own_folder(char *out, size_t cap) {
  ssize_t len = readlink("/proc/self/exe", out, cap - 1);
  char *slash;

  if (len <= 0) {
    return 0;
  }
  out[len] = 0;
  slash = strrchr(out, '/');
  if (!slash) {
    return 0;
  }
  *slash = 0;
  len = (ssize_t)strlen(out);
  if (len > 6 && strcmp(out + len - 6, "/.libs") == 0) {
    out[len - 6] = 0;
  }
  return 1;
}

/* Seen from a program's folder: of the build tree's host-sdk/cli, of
   tests/NAME, and of a bin beside a libexec. */
static const char *const beside[] = {"../worker/hearth-worker",
                                     "../../host-sdk/worker/hearth-worker",
                                     "../libexec/hearth-worker"};

char *hearth__worker_program(void) {
  const char *given = secure_getenv("HEARTH_WORKER");
  char folder[PATH_MAX];
  char path[PATH_MAX + 64];

  if (given && *given) {
    return strdup(given);
  }
  if (own_folder(folder, sizeof(folder))) {
    for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); ++i) {
      (void)snprintf(path, sizeof(path), "%s/%s", folder, beside[i]);
      if (access(path, X_OK) == 0) {
        return strdup(path);
      }
    }
  }
  return strdup(HEARTH_LIBEXEC_DIR "/hearth-worker");
}
