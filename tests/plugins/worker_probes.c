/* SPDX-License-Identifier: MIT
   Tries in its constructor what a sandbox must refuse, and answers what it
   could do: one word each. */
#define _GNU_SOURCE
#define STUB_PREPARE prepare

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static char could[256];

static void note(int it, const char *what) {
  if (it) {
    strcat(could, what);
    strcat(could, " ");
  }
}

static void *nothing(void *user) {
  return user;
}

__attribute__((constructor)) static void constructor(void) {
  char *arguments[] = {(char *)"/bin/true", NULL};
  pthread_t thread;
  int open_files = 0;
  int made;

  for (int fd = 3; fd < 1024; ++fd) {
    open_files += fcntl(fd, F_GETFD) >= 0;
  }
  note(open_files > 2, "files");
  note(socket(AF_INET, SOCK_STREAM, 0) >= 0, "socket");
  note(socket(AF_UNIX, SOCK_STREAM, 0) >= 0, "unix");
  note(open("/etc/passwd", O_RDONLY) >= 0, "read");
  note(open("/tmp/hearth-probe", O_WRONLY | O_CREAT, 0600) >= 0, "write");
  note(syscall(SYS_memfd_create, "x", 0) >= 0, "memfd");
  note(kill(getppid(), 0) == 0, "kill");
  /* One that is traced stops at its first signal: only where it is refused. */
  if (!strstr(could, "socket")) {
    note(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0, "ptrace");
  }
  note(mount("none", "/mnt", "tmpfs", 0, NULL) == 0, "mount");
  made = pthread_create(&thread, NULL, nothing, NULL) == 0;
  note(made, "thread");
  if (made) {
    pthread_join(thread, NULL);
  }
  made = (int)syscall(SYS_fork);
  if (made == 0) {
    _exit(0);
  }
  note(made > 0, "fork");
  if (!strstr(could, "socket")) {
    (void)execv(arguments[0], arguments); /* ends this, if it may */
  }
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  (void)in;
  return out->write(out, could[0] ? could : "nothing",
                    could[0] ? strlen(could) : 7);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
