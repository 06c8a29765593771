/* SPDX-License-Identifier: MIT
   What a worker gives up before it loads a plugin. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RLIMIT_MSGQUEUE */
#endif
#include "host-sdk/worker/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "host-sdk/worker/spawn.h"

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

enum { OPEN_FILES = 64, MOST_FILES = 65536 };

void hearth__sandbox_note(hearth__facts *facts, const char *what, int error) {
  size_t len = strlen(facts->notes);

  (void)snprintf(facts->notes + len, sizeof(facts->notes) - len, "%s%s%s%s.",
                 len ? " " : "", what, error ? ": " : "",
                 error ? strerror(error) : "");
}

static void close_others(int keep_to) {
  if (syscall(SYS_close_range, (unsigned)keep_to + 1, ~0u, 0) == 0) {
    return;
  }
  for (int fd = keep_to + 1; fd < MOST_FILES; ++fd) {
    (void)close(fd);
  }
}

/* 1 if the limit is now in force. */
static int limit(int what, const char *name, uint64_t value,
                 hearth__facts *facts) {
  struct rlimit both = {(rlim_t)value, (rlim_t)value};
  struct rlimit old;

  /* The cast is for C libraries whose setrlimit takes an enum. */
  if (getrlimit((unsigned)what, &old) == 0 && old.rlim_max < both.rlim_max) {
    both.rlim_cur = both.rlim_max = old.rlim_max;
  }
  if (setrlimit((unsigned)what, &both) != 0) {
    hearth__sandbox_note(facts, name, errno);
    return 0;
  }
  return 1;
}

static void limit_memory(uint32_t memory_mb, hearth__facts *facts) {
  uint64_t bytes = (uint64_t)memory_mb << 20;

  if (!memory_mb) {
    return;
  }
  if (HEARTH__SANITIZED) {
    hearth__sandbox_note(
        facts, "no limit on memory: a sanitizer's shadow is larger than any",
        0);
    return;
  }
  if (limit(RLIMIT_AS, "no limit on memory", bytes, facts)) {
    facts->memory = bytes;
  }
}

static void limits(const hearth__sandbox *sandbox, hearth__facts *facts) {
  limit_memory(sandbox->memory_mb, facts);
  if (sandbox->cpu_s &&
      limit(RLIMIT_CPU, "no limit on processor time", sandbox->cpu_s, facts)) {
    facts->cpu = sandbox->cpu_s;
  }
  if (limit(RLIMIT_NOFILE, "no limit on open files", OPEN_FILES, facts)) {
    facts->files = OPEN_FILES;
  }
  if (limit(RLIMIT_CORE, "core dumps are not off", 0, facts)) {
    facts->is |= HEARTH__IS_NO_CORE;
  }
  (void)signal(SIGXFSZ, SIG_IGN); /* a write fails instead */
  if (limit(RLIMIT_FSIZE, "files may grow", 0, facts)) {
    facts->is |= HEARTH__IS_NO_FILE_GROWTH;
  }
  (void)limit(RLIMIT_MSGQUEUE, "message queues are not off", 0, facts);
  /* The limit counts threads too, and a sanitizer has one of its own. */
  if (!sandbox->threads && !HEARTH__SANITIZED) {
    (void)limit(RLIMIT_NPROC, "no limit on processes", 0, facts);
  }
}

static int drop_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2];

  memset(none, 0, sizeof(none));
  return syscall(SYS_capset, &header, none) == 0;
}

/* 0: the parent is gone. */
static int bind_to_parent(const hearth__sandbox *sandbox,
                          hearth__facts *facts) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0) {
    facts->is |= HEARTH__IS_DYING_WITH_PARENT;
  } else {
    hearth__sandbox_note(facts, "it may outlive its host", errno);
  }
  return (uint32_t)getppid() == sandbox->parent;
}

int hearth__sandbox_enter(const hearth__sandbox *sandbox,
                          hearth__facts *facts) {
  memset(facts, 0, sizeof(*facts));
  close_others(sandbox->keep_to);
  if (!bind_to_parent(sandbox, facts)) {
    return 0;
  }
  if (getsid(0) == getpid() || setsid() == getpid()) {
    facts->is |= HEARTH__IS_OWN_SESSION;
  }
  limits(sandbox, facts);
  if (drop_capabilities()) {
    facts->is |= HEARTH__IS_NO_CAPABILITIES;
  } else {
    hearth__sandbox_note(facts, "capabilities are kept", errno);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    facts->is |= HEARTH__IS_NO_NEW_PRIVILEGES;
  } else {
    hearth__sandbox_note(facts, "new privileges are not off", errno);
  }
  if (HEARTH__SANITIZED) {
    facts->is |= HEARTH__IS_SANITIZED;
    hearth__sandbox_note(
        facts,
        "no seccomp and no Landlock: a sanitizer opens files and "
        "makes calls of its own",
        0);
    return 1;
  }
  facts->landlock = hearth__landlock_enter(facts);
  if (hearth__seccomp_enter(sandbox->threads != 0, HEARTH__WORKER_SOCKET,
                            facts)) {
    facts->is |= HEARTH__IS_SECCOMP | HEARTH__IS_NO_PROCESSES;
  }
  return 1;
}
