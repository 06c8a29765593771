/* SPDX-License-Identifier: MIT
   The process of hearth-worker: started, ended and reaped. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create, secure_getenv */
#endif
#include "host-sdk/worker/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host-sdk/library/tell.h"

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

int hearth__seal(hearth_bytes bytes) {
  int fd = memfd_create("hearth-plugin", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  uint64_t done = 0;
  int high;

  if (fd < 0) {
    return -1;
  }
  while (done < bytes.len) {
    ssize_t put = write(fd, bytes.data + done, (size_t)(bytes.len - done));

    if (put < 0 && errno != EINTR) {
      close(fd);
      return -1;
    }
    done += put > 0 ? (uint64_t)put : 0;
  }
  (void)fcntl(fd, F_ADD_SEALS,
              F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  /* Out of the way of the numbers that the worker gets. */
  high = fcntl(fd, F_DUPFD_CLOEXEC, 10);
  close(fd);
  return high;
}

/* A pair of which the worker's end is no number that it is moved to. */
static int socket_pair(int ends[2]) {
  int high;

  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return -1;
  }
  high = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
  close(ends[1]);
  ends[1] = high;
  if (high < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
    close(ends[0]);
    if (high >= 0) {
      close(high);
    }
    return -1;
  }
  return 0;
}

/* What of the environment the dynamic linker and the sanitizers need. */
static void environment(char **out, size_t cap) {
  static const char *const wanted[] = {
      "LD_LIBRARY_PATH=", "ASAN_OPTIONS=", "UBSAN_OPTIONS=",
      "TSAN_OPTIONS=",    "LANG=",         "LC_ALL="};
  size_t count = 0;

  for (char **at = environ; at && *at && count + 1 < cap; ++at) {
    for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); ++i) {
      if (strncmp(*at, wanted[i], strlen(wanted[i])) == 0) {
        out[count++] = *at;
        break;
      }
    }
  }
  out[count] = NULL;
}

/* Its descriptors and signals are as a new process's; nothing of the host's is
   handed on. */
static int prepare(posix_spawn_file_actions_t *actions,
                   posix_spawnattr_t *attributes, int socket, int plugin) {
  sigset_t none, all;

  sigemptyset(&none);
  sigfillset(&all);
  return posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0) ||
         posix_spawn_file_actions_adddup2(actions, 0, 1) ||
         posix_spawn_file_actions_adddup2(actions, socket,
                                          HEARTH__WORKER_SOCKET) ||
         posix_spawn_file_actions_adddup2(actions, plugin,
                                          HEARTH__WORKER_PLUGIN) ||
         posix_spawnattr_setsigmask(attributes, &none) ||
         posix_spawnattr_setsigdefault(attributes, &all) ||
         posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID |
                                                  POSIX_SPAWN_SETSIGMASK |
                                                  POSIX_SPAWN_SETSIGDEF);
}

/* An errno. */
static int run(const hearth__spawn *spawn, int socket, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char numbers[5][16];
  char *arguments[8] = {(char *)"hearth-worker"};
  char *variables[16];
  uint32_t values[5] = {(uint32_t)getpid(), spawn->memory_mb, spawn->cpu_s,
                        spawn->threads, spawn->answer_mb};
  int failed;

  for (int i = 0; i < 5; ++i) {
    (void)snprintf(numbers[i], sizeof(numbers[i]), "%" PRIu32, values[i]);
    arguments[i + 1] = numbers[i];
  }
  arguments[6] = (char *)spawn->path;
  environment(variables, sizeof(variables) / sizeof(*variables));
  if (posix_spawn_file_actions_init(&actions) != 0) {
    return ENOMEM;
  }
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return ENOMEM;
  }
  failed = prepare(&actions, &attributes, socket, spawn->plugin_fd)
               ? ENOMEM
               : posix_spawn(pid, spawn->program, &actions, &attributes,
                             arguments, variables);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

hearth_status hearth__process_start(const hearth__spawn *spawn,
                                    hearth__process *out, char *err,
                                    uint64_t err_cap) {
  int ends[2];
  pid_t pid = 0;
  int failed;

  if (socket_pair(ends) != 0) {
    hearth__tell(err, err_cap, "%s: no socket for a worker: %s", spawn->path,
                 strerror(errno));
    return HEARTH_UNAVAILABLE;
  }
  failed = run(spawn, ends[1], &pid);
  close(ends[1]);
  if (failed) {
    close(ends[0]);
    hearth__tell(err, err_cap,
                 "%s: the program %s could not be started: %s; set "
                 "HEARTH_WORKER to where hearth-worker is",
                 spawn->path, spawn->program, strerror(failed));
    return HEARTH_UNAVAILABLE;
  }
  out->pid = (int32_t)pid;
  out->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  out->socket = ends[0];
  return HEARTH_OK;
}

/* By the descriptor: if the program has reaped all of its children, the pid may
   be someone else's by now. */
static void kill_all(const hearth__process *process) {
  if (process->pidfd >= 0 &&
      syscall(SYS_pidfd_send_signal, process->pidfd, SIGKILL, NULL, 0) != 0) {
    return;
  }
  (void)kill(-process->pid, SIGKILL); /* its session */
  (void)kill(process->pid, SIGKILL);
}

void hearth__process_end(hearth__process *process, int32_t *signal,
                         int32_t *code) {
  int status = 0;
  pid_t got;

  *signal = *code = -1;
  if (process->pid) {
    kill_all(process);
    do {
      got = waitpid(process->pid, &status, 0);
      /* One that asked to be traced may only have stopped. */
    } while ((got < 0 && errno == EINTR) || (got > 0 && WIFSTOPPED(status)));
    if (got == process->pid && WIFSIGNALED(status)) {
      *signal = WTERMSIG(status);
    } else if (got == process->pid) {
      *code = WEXITSTATUS(status);
    }
  }
  if (process->socket >= 0) {
    close(process->socket);
  }
  if (process->pidfd >= 0) {
    close(process->pidfd);
  }
  process->pid = 0;
  process->socket = process->pidfd = -1;
}
