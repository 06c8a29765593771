/* SPDX-License-Identifier: MIT
   A plugin's file: its bytes, and a private mapping of them. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include "host-sdk/library/copy.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host-sdk/library/tell.h"

/* The bytes of `fd` up to its end; the file may change meanwhile. */
static hearth_status read_all(int fd, uint64_t size, uint8_t **data,
                              uint64_t *len) {
  uint8_t *bytes = malloc((size_t)size + 1);
  uint64_t have = 0;

  if (!bytes) {
    return HEARTH_NO_MEMORY;
  }
  while (have < size) {
    ssize_t got = read(fd, bytes + have, (size_t)(size - have));

    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break;
    }
    have += (uint64_t)got;
  }
  *data = bytes;
  *len = have;
  return HEARTH_OK;
}

hearth_status hearth__file_read(const char *path, uint8_t **data, uint64_t *len,
                                char *err, uint64_t err_cap) {
  struct stat info;
  hearth_status status = HEARTH_BAD_ARG;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0 || fstat(fd, &info) != 0) {
    hearth__tell(err, err_cap, "%s: %s", path, strerror(errno));
  } else if (!S_ISREG(info.st_mode)) {
    hearth__tell(err, err_cap, "%s: is not a regular file", path);
  } else if (info.st_size > HEARTH__FILE_MAX) {
    hearth__tell(err, err_cap,
                 "%s: is larger than %d MiB, too large for a plugin", path,
                 HEARTH__FILE_MAX >> 20);
  } else {
    status = read_all(fd, (uint64_t)info.st_size, data, len);
    if (status != HEARTH_OK) {
      hearth__tell(err, err_cap, "%s: no memory to read it", path);
    }
  }
  if (fd >= 0) {
    close(fd);
  }
  return status;
}

static int write_all(int fd, hearth_bytes bytes) {
  uint64_t done = 0;

  while (done < bytes.len) {
    ssize_t put = write(fd, bytes.data + done, (size_t)(bytes.len - done));

    if (put < 0 && errno != EINTR) {
      return 0;
    }
    if (put > 0) {
      done += (uint64_t)put;
    }
  }
  return 1;
}

/* A path of the open file `fd` that no copy before had.  dlopen knows a library
   by its path as well as by its file, and numbers of descriptors come back; so
   the serial's bits go into the path as slashes ("/", 0) and dots ("/.", 1),
   which name the same file. */
static void unique_path(char *out, size_t cap, int fd, uint32_t serial) {
  char detour[2 * 32 + 1];
  size_t len = 0;

  for (uint32_t bit = 0; bit < 32; ++bit) {
    detour[len++] = '/';
    if (serial >> bit & 1) {
      detour[len++] = '.';
    }
  }
  detour[len] = 0;
  (void)snprintf(out, cap, "/proc/self/fd%s/%d", detour, fd);
}

/* dlopen, or NULL with the linker's sentence, our path in place of its own. */
static void *map(const char *copy, const char *path, char *err,
                 uint64_t err_cap) {
  void *handle = dlopen(copy, RTLD_NOW | RTLD_LOCAL);
  const char *why;
  size_t len = strlen(copy);

  if (handle) {
    return handle;
  }
  why = dlerror();
  if (!why) {
    why = "the dynamic linker gives no reason";
  }
  if (strncmp(why, copy, len) == 0 && why[len] == ':') {
    why += len + 1 + (why[len + 1] == ' ');
  }
  hearth__tell(err, err_cap, "%s: cannot be linked: %s", path, why);
  return NULL;
}

/* By a file in memory: nothing to clean up, and /tmp may be mounted noexec. */
static void *map_memory(const char *path, hearth_bytes bytes, uint32_t serial,
                        char *err, uint64_t err_cap) {
  char copy[128];
  void *handle = NULL;
  int fd = memfd_create("hearth-plugin", MFD_CLOEXEC);

  if (fd < 0) {
    return NULL;
  }
  if (write_all(fd, bytes)) {
    unique_path(copy, sizeof(copy), fd, serial);
    handle = map(copy, path, err, err_cap);
  }
  close(fd);
  return handle;
}

/* By a temporary file, unlinked once it is mapped: where there is no memfd, or
   no /proc to name it by. */
static void *map_file(const char *path, hearth_bytes bytes, uint32_t serial,
                      char *err, uint64_t err_cap) {
  char copy[PATH_MAX];
  const char *dir = getenv("TMPDIR");
  void *handle = NULL;
  int fd;

  if (!dir || !*dir) {
    dir = "/tmp";
  }
  if (snprintf(copy, sizeof(copy), "%s/hearth-%08x-XXXXXX", dir, serial) >=
      (int)sizeof(copy)) {
    return NULL;
  }
  fd = mkstemp(copy);
  if (fd < 0) {
    hearth__tell(err, err_cap, "%s: no private copy in %s: %s", path, dir,
                 strerror(errno));
    return NULL;
  }
  if (write_all(fd, bytes)) {
    handle = map(copy, path, err, err_cap);
  } else {
    hearth__tell(err, err_cap, "%s: no private copy in %s: %s", path, dir,
                 strerror(errno));
  }
  close(fd);
  unlink(copy);
  return handle;
}

hearth_status hearth__copy_open(const char *path, hearth_bytes bytes,
                                uint32_t serial, void **handle, char *err,
                                uint64_t err_cap) {
  void *mapped = map_memory(path, bytes, serial, err, err_cap);

  if (!mapped) {
    mapped = map_file(path, bytes, serial, err, err_cap);
  }
  if (!mapped) {
    return HEARTH_BAD_ARG;
  }
  *handle = mapped;
  return HEARTH_OK;
}
