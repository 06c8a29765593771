/* SPDX-License-Identifier: MIT
   Where plugins are looked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"

/* The folder of the running program, into `out`; "" where it is unknown. */
static void own_folder(char *out, size_t cap) {
  const ssize_t len = readlink("/proc/self/exe", out, cap - 1);
  out[len > 0 ? len : 0] = '\0';
  char *slash = strrchr(out, '/');
  if (slash != NULL) {
    *slash = '\0';
  }
}

const char *hearth__plugin_path(void) {
  static char path[20000];
  char own[4096];
  own_folder(own, sizeof own);
  const char *chosen = getenv("HEARTH_PLUGIN_PATH");
  const int len = snprintf(path, sizeof path,
                           "%s%s%s/../lib/hearth:%s/../../plugin/foresight/"
                           ".libs:%s/../../plugin/reference/.libs:%s",
                           chosen != NULL ? chosen : "",
                           chosen != NULL ? ":" : "", own, own, own,
                           HEARTH_PLUGIN_DIR);
  return len > 0 && (size_t)len < sizeof path ? path : HEARTH_PLUGIN_DIR;
}
