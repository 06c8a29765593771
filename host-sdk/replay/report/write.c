/* SPDX-License-Identifier: MIT
   A file that is there whole, or not at all. */
#include "host-sdk/replay/report/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

hearth_status hearth__write_whole(const char *path,
                                  void (*write_page)(const void *page,
                                                     FILE *out),
                                  const void *page, char *err,
                                  uint64_t err_cap) {
  const size_t room = strlen(path) + sizeof ".part";
  char *unfinished = malloc(room);
  if (unfinished == NULL) {
    snprintf(err, err_cap, "%s: there is no memory for the report", path);
    return HEARTH_NO_MEMORY;
  }
  snprintf(unfinished, room, "%s.part", path);
  FILE *out = fopen(unfinished, "w");
  int bad = out == NULL;
  if (!bad) {
    write_page(page, out);
    bad = ferror(out);
    bad |= fclose(out) != 0;
    bad = bad || rename(unfinished, path) != 0;
  }
  if (bad) {
    snprintf(err, err_cap, "%s: can't write the report: %s", path,
             strerror(errno));
    if (out != NULL) {
      remove(unfinished);
    }
  }
  free(unfinished);
  return bad ? HEARTH_BAD_ARG : HEARTH_OK;
}
