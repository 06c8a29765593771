/* SPDX-License-Identifier: MIT
   A new file in the place of the store; the old one is kept. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

enum { NAME = 4300 };

void hearth__store_sync_file(const char *path) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    (void)fsync(fd);
    close(fd);
  }
  char folder[NAME];
  snprintf(folder, sizeof folder, "%s", path);
  char *const slash = strrchr(folder, '/');
  if (slash != NULL) {
    slash[slash == folder] = '\0';
  }
  const int dir =
      open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir >= 0) {
    (void)fsync(dir);
    close(dir);
  }
}

/* NAME.WORD-20261123T220000Z, with a number behind it where that is taken.  The
   time is the new file's, so that a swap that was cut off finds the name that
   its first half used. */
static void aside_name(const char *path, const char *word, time_t at,
                       char out[NAME]) {
  struct tm parts;
  char stamp[32];
  gmtime_r(&at, &parts);
  strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &parts);
  for (int n = 1;; n++) {
    if (n == 1) {
      snprintf(out, NAME, "%s.%s-%s", path, word, stamp);
    } else {
      snprintf(out, NAME, "%s.%s-%s-%d", path, word, stamp, n);
    }
    if (hearth__store_file_size(out, "") < 0 &&
        !(hearth__store_file_size(out, "-wal") >= 0 &&
          hearth__store_file_size(path, "-wal") >= 0)) {
      return;
    }
  }
}

static int move(const char *from, const char *from_suffix, const char *to,
                const char *to_suffix) {
  char *const a = hearth__store_path(from, from_suffix);
  char *const b = hearth__store_path(to, to_suffix);
  int failed = ENOMEM;
  if (a != NULL && b != NULL) {
    failed = rename(a, b) == 0 ? 0 : errno;
  }
  free(a);
  free(b);
  return failed;
}

hearth_status hearth__store_swap(const char *path, const char *fresh,
                                 const char *word, char *kept,
                                 uint64_t kept_cap, char *err, uint64_t cap) {
  char aside[NAME], name[NAME];
  struct stat found;
  snprintf(name, sizeof name, "%s%s", path, fresh);
  if (strlen(path) > NAME - 100 || stat(name, &found) != 0) {
    hearth__store_say(err, cap, "%s: %s", name, strerror(errno));
    return HEARTH_UNAVAILABLE;
  }
  aside_name(path, word, found.st_mtime, aside);
  hearth__store_say(kept, kept_cap, "%s",
                    hearth__store_file_size(path, "") >= 0 ||
                            hearth__store_file_size(path, "-wal") >= 0
                        ? aside
                        : "");
  /* The log first: a store without its log would pass for a whole one. */
  static const char *const parts[] = {"-wal", "-journal", ""};
  int failed = 0;
  for (size_t i = 0; failed == 0 && i < sizeof parts / sizeof *parts; i++) {
    if (hearth__store_file_size(path, parts[i]) >= 0) {
      failed = move(path, parts[i], aside, parts[i]);
    }
  }
  if (failed == 0) {
    snprintf(name, sizeof name, "%s-shm", path);
    (void)unlink(name); /* an index of the log, made anew */
    failed = move(path, fresh, path, "");
  }
  if (failed != 0) {
    hearth__store_say(err, cap, "%s: can't be set aside: %s", path,
                      strerror(failed));
    return HEARTH_UNAVAILABLE;
  }
  hearth__store_sync_file(path);
  return HEARTH_OK;
}

hearth_status hearth__store_swap_finish(const char *path, char *err,
                                        uint64_t cap) {
  hearth_status status = HEARTH_OK;
  if (hearth__store_file_size(path, HEARTH__SALVAGED) >= 0) {
    status = hearth__store_swap(path, HEARTH__SALVAGED, "damaged", NULL, 0, err,
                                cap);
  }
  if (status == HEARTH_OK &&
      hearth__store_file_size(path, HEARTH__RESTORED) >= 0) {
    status = hearth__store_swap(path, HEARTH__RESTORED, "replaced", NULL, 0,
                                err, cap);
  }
  return status;
}
