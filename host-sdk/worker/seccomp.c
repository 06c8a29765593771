/* SPDX-License-Identifier: MIT
   The system calls that a worker may make. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_TMPFILE, CLONE_THREAD */
#endif
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host-sdk/worker/sandbox.h"

/* Whatever their arguments: memory, time, locks, reading what is open, and what
   the dynamic linker asks of files.  All others fail with EPERM: sockets,
   programs, processes, mounts, other processes' memory, ... */
static const char *const allowed[] = {"read",
                                      "readv",
                                      "pread64",
                                      "preadv",
                                      "write",
                                      "writev",
                                      "close",
                                      "fstat",
                                      "fstat64",
                                      "newfstatat",
                                      "statx",
                                      "stat",
                                      "stat64",
                                      "lstat",
                                      "lstat64",
                                      "fstatat64",
                                      "lseek",
                                      "_llseek",
                                      "access",
                                      "faccessat",
                                      "faccessat2",
                                      "readlink",
                                      "readlinkat",
                                      "getcwd",
                                      "getdents64",
                                      "mmap",
                                      "mmap2",
                                      "mprotect",
                                      "munmap",
                                      "mremap",
                                      "madvise",
                                      "brk",
                                      "futex",
                                      "futex_time64",
                                      "rt_sigaction",
                                      "rt_sigprocmask",
                                      "rt_sigreturn",
                                      "sigreturn",
                                      "sigaltstack",
                                      "clock_gettime",
                                      "clock_getres",
                                      "clock_gettime64",
                                      "clock_nanosleep",
                                      "nanosleep",
                                      "gettimeofday",
                                      "time",
                                      "times",
                                      "getrusage",
                                      "getpid",
                                      "gettid",
                                      "getppid",
                                      "getuid",
                                      "geteuid",
                                      "getgid",
                                      "getegid",
                                      "getrandom",
                                      "exit",
                                      "exit_group",
                                      "sched_yield",
                                      "sched_getaffinity",
                                      "getcpu",
                                      "getrlimit",
                                      "ugetrlimit",
                                      "uname",
                                      "sysinfo",
                                      "set_robust_list",
                                      "get_robust_list",
                                      "rseq",
                                      "set_tid_address",
                                      "arch_prctl",
                                      "membarrier",
                                      "poll",
                                      "ppoll",
                                      "restart_syscall"};

/* 1 if it is in the filter, or not of this machine. */
static int add(scmp_filter_ctx filter, uint32_t action, const char *name,
               unsigned count, const struct scmp_arg_cmp *arguments) {
  int number = seccomp_syscall_resolve_name(name);

  if (number == __NR_SCMP_ERROR) {
    return 1;
  }
  return seccomp_rule_add_array(filter, action, number, count, arguments) == 0;
}

static int add_plain(scmp_filter_ctx filter) {
  int good = 1;

  for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); ++i) {
    good &= add(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
  }
  return good;
}

/* Files to read only. */
static int add_files(scmp_filter_ctx filter) {
  uint64_t writing =
      O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
  struct scmp_arg_cmp second = SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY);
  struct scmp_arg_cmp third = SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY);
  struct scmp_arg_cmp get = SCMP_A1(SCMP_CMP_EQ, F_GETFD);
  struct scmp_arg_cmp flags = SCMP_A1(SCMP_CMP_EQ, F_GETFL);

  return add(filter, SCMP_ACT_ALLOW, "open", 1, &second) &&
         add(filter, SCMP_ACT_ALLOW, "openat", 1, &third) &&
         add(filter, SCMP_ACT_ALLOW, "fcntl", 1, &get) &&
         add(filter, SCMP_ACT_ALLOW, "fcntl", 1, &flags) &&
         add(filter, SCMP_ACT_ALLOW, "fcntl64", 1, &get) &&
         add(filter, SCMP_ACT_ALLOW, "fcntl64", 1, &flags);
}

/* The one socket, signals to itself (abort), its own limits. */
static int add_own(scmp_filter_ctx filter, int socket) {
  static const char *const calls[] = {"sendmsg", "sendto", "recvfrom",
                                      "recvmsg"};
  struct scmp_arg_cmp first = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)socket);
  struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
  struct scmp_arg_cmp reads = SCMP_A2(SCMP_CMP_EQ, 0);
  int good = 1;

  for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); ++i) {
    good &= add(filter, SCMP_ACT_ALLOW, calls[i], 1, &first);
  }
  return good && add(filter, SCMP_ACT_ALLOW, "kill", 1, &self) &&
         add(filter, SCMP_ACT_ALLOW, "tgkill", 1, &self) &&
         add(filter, SCMP_ACT_ALLOW, "prlimit64", 1, &reads);
}

/* clone3 hides its flags from a filter; without it, the C library takes
   clone. */
static int add_threads(scmp_filter_ctx filter, int threads) {
  struct scmp_arg_cmp is_thread =
      SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);

  return add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL) &&
         (!threads || add(filter, SCMP_ACT_ALLOW, "clone", 1, &is_thread));
}

int hearth__seccomp_enter(int threads, int socket, hearth__facts *facts) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  int failed;

  if (!filter) {
    hearth__sandbox_note(facts, "no seccomp: no memory for the filter", 0);
    return 0;
  }
  if (!add_plain(filter) || !add_files(filter) || !add_own(filter, socket) ||
      !add_threads(filter, threads)) {
    hearth__sandbox_note(facts, "no seccomp: libseccomp refuses a rule", 0);
    seccomp_release(filter);
    return 0;
  }
#ifdef SCMP_FLTATR_CTL_OPTIMIZE
  (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
#endif
  failed = seccomp_load(filter);
  seccomp_release(filter);
  if (failed) {
    hearth__sandbox_note(facts, "no seccomp", -failed);
    return 0;
  }
  return 1;
}
