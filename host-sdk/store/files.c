/* SPDX-License-Identifier: MIT
   Paths beside the store, and the lock that says who has it open. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

/* NAME.lock is held shared by every handle and alone by one that repairs or
   replaces the file.  Its text says whether the store was closed; the kernel
   lets go of it when a process dies. */

char *hearth__store_path(const char *path, const char *suffix) {
  const size_t len = strlen(path), more = strlen(suffix);
  char *const out = malloc(len + more + 1);
  if (out != NULL) {
    memcpy(out, path, len);
    memcpy(out + len, suffix, more + 1);
  }
  return out;
}

/* Without allocating: no memory must not look like no file. */
int64_t hearth__store_file_size(const char *path, const char *suffix) {
  char name[HEARTH__SENTENCE];
  struct stat found;
  const int len = snprintf(name, sizeof name, "%s%s", path, suffix);
  return len > 0 && (size_t)len < sizeof name && stat(name, &found) == 0
             ? (int64_t)found.st_size
             : -1;
}

static hearth_status wait_shared(int fd, const char *path, int64_t busy_ms,
                                 char *err, uint64_t cap) {
  for (int64_t waited = 0; flock(fd, LOCK_SH | LOCK_NB) != 0; waited += 5) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      hearth__store_say(err, cap, "%s.lock: can't be locked: %s", path,
                        strerror(errno));
      return HEARTH_UNAVAILABLE;
    }
    if (waited >= busy_ms) {
      hearth__store_say(
          err, cap,
          "%s: another process is repairing or replacing it; try again", path);
      return HEARTH_BUSY;
    }
    hearth__store_sleep_ms(5);
  }
  return HEARTH_OK;
}

hearth_status hearth__store_lock_open(const char *path, int64_t busy_ms,
                                      int look, int *fd, int *alone, int *used,
                                      int *unclean, char *err, uint64_t cap) {
  char *const name = hearth__store_path(path, ".lock");
  if (name == NULL) {
    hearth__store_say(err, cap, "%s: out of memory", path);
    return HEARTH_NO_MEMORY;
  }
  const int made = open(
      name, look ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  const int why = errno;
  free(name);
  *fd = -1;
  *alone = *used = *unclean = 0;
  if (made < 0 && look) {
    return HEARTH_OK;
  }
  if (made < 0) {
    hearth__store_say(err, cap,
                      "%s.lock: %s; the store's folder must be writable", path,
                      strerror(why));
    return why == ENOSPC || why == EDQUOT ? HEARTH_LIMIT : HEARTH_BAD_ARG;
  }
  *alone = !look && flock(made, LOCK_EX | LOCK_NB) == 0;
  if (!*alone) {
    const hearth_status status = wait_shared(made, path, busy_ms, err, cap);
    if (status != HEARTH_OK) {
      close(made);
      return status;
    }
  }
  char said = 0;
  *used = pread(made, &said, 1, 0) == 1;
  *unclean = *used && said == 'o';
  *fd = made;
  return HEARTH_OK;
}

void hearth__store_lock_share(int fd) {
  if (fd >= 0) {
    (void)flock(fd, LOCK_SH);
  }
}

int hearth__store_lock_alone(int fd) {
  if (fd < 0) {
    return 0;
  }
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
    return 1;
  }
  (void)flock(fd, LOCK_SH); /* a failed change may have let go */
  return 0;
}

void hearth__store_lock_mark(int fd, int open) {
  if (fd >= 0) {
    const char *const text = open ? "open  \n" : "closed\n";
    const ssize_t wrote = pwrite(fd, text, 7, 0);
    (void)wrote; /* of a full disk: then a warning is missing later */
  }
}
