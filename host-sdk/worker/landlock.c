/* SPDX-License-Identifier: MIT
   Landlock: a plugin reads libraries, and no other file. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_PATH */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host-sdk/worker/sandbox.h"

/* Of linux/landlock.h, which may be older than the kernel that runs. */
enum {
  CREATE_RULESET = 444,
  ADD_RULE = 445,
  RESTRICT_SELF = 446,
  VERSION = 1,
  PATH_BENEATH = 1,
  FS_EXECUTE = 1 << 0,
  FS_READ_FILE = 1 << 2,
  FS_READ_DIR = 1 << 3
};

typedef struct ruleset {
  uint64_t fs, net, scoped;
} ruleset;

typedef struct path_beneath {
  uint64_t allowed;
  int32_t parent_fd;
} __attribute__((packed)) path_beneath;

/* What the version knows, all to be handled, hence forbidden. */
static ruleset everything(long version) {
  ruleset all = {(1u << 13) - 1, 0, 0};

  all.fs |= version >= 2 ? 1u << 13 : 0; /* refer */
  all.fs |= version >= 3 ? 1u << 14 : 0; /* truncate */
  all.fs |= version >= 5 ? 1u << 15 : 0; /* ioctl of devices */
  all.net = version >= 4 ? 3 : 0;        /* bind and connect by TCP */
  all.scoped = version >= 6 ? 3 : 0;     /* abstract sockets, signals */
  return all;
}

static void allow(int rules, const char *path, uint64_t access) {
  path_beneath rule = {access, open(path, O_PATH | O_CLOEXEC)};

  if (rule.parent_fd >= 0) {
    (void)syscall(ADD_RULE, rules, PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
  }
}

uint32_t hearth__landlock_enter(hearth__facts *facts) {
  static const char *const folders[] = {
      "/lib",       "/lib32",     "/lib64",      "/usr/lib",
      "/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/local/lib",
      "/nix/store", "/gnu/store", "/opt/lib"};
  long version = syscall(CREATE_RULESET, NULL, 0, VERSION);
  ruleset all;
  size_t size;
  int rules;

  if (version < 1) {
    hearth__sandbox_note(facts, "no Landlock, so that files can be read",
                         errno);
    return 0;
  }
  all = everything(version);
  size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
  rules = (int)syscall(CREATE_RULESET, &all, size, 0);
  if (rules < 0) {
    hearth__sandbox_note(facts, "no Landlock, so that files can be read",
                         errno);
    return 0;
  }
  for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); ++i) {
    allow(rules, folders[i], FS_EXECUTE | FS_READ_FILE | FS_READ_DIR);
  }
  allow(rules, "/etc/ld.so.cache", FS_READ_FILE);
  if (syscall(RESTRICT_SELF, rules, 0) != 0) {
    hearth__sandbox_note(facts, "no Landlock, so that files can be read",
                         errno);
    version = 0;
  }
  close(rules);
  return (uint32_t)version;
}
