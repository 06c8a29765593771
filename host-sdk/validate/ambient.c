/* SPDX-License-Identifier: MIT
   What all of a process shares, and a plugin must leave alone. */
#include "host-sdk/validate/ambient.h"

#include <dirent.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "plugin/sdk/names.h"

extern char **environ;

const char *validate__aspect_text(validate__aspect aspect) {
  static const char *const texts[VALIDATE__ASPECTS] = {
      "other open files", "another signal handler or mask",
      "another environment variable", "another locale, folder or umask",
      "another floating-point mode"};
  return texts[aspect];
}

static uint64_t mix(uint64_t seed, const void *data, uint64_t len) {
  return hearth_hash(seed, data, len);
}

/* Which descriptors are open; the one that looks is always the same. */
static uint64_t files(void) {
  uint64_t sum = 0;
  DIR *dir = opendir("/proc/self/fd");
  for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
    char link[64], target[256];
    if (atoi(e->d_name) == dirfd(dir)) {
      continue;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%.16s", e->d_name);
    const ssize_t len = readlink(link, target, sizeof target);
    sum += mix((uint64_t)atoi(e->d_name) + 1, target,
               len > 0 ? (uint64_t)len : 0);
  }
  if (dir != NULL) {
    closedir(dir);
  }
  return sum;
}

static uint64_t signals(void) {
  uint64_t sum = 0;
  for (int i = 1; i < 65; i++) {
    struct sigaction action;
    if (sigaction(i, NULL, &action) == 0) {
      void (*handler)(int) = action.sa_handler;
      sum = mix(sum + (uint64_t)i, &handler, sizeof handler);
    }
  }
  sigset_t mask;
  sigemptyset(&mask);
  pthread_sigmask(SIG_BLOCK, NULL, &mask);
  for (int i = 1; i < 65; i++) {
    sum = sum * 3 + (uint64_t)(sigismember(&mask, i) == 1);
  }
  return sum;
}

static uint64_t environment(void) {
  uint64_t sum = 0;
  for (char **at = environ; at != NULL && *at != NULL; at++) {
    sum += mix(11, *at, strlen(*at));
  }
  return sum;
}

static uint64_t place(void) {
  char folder[4096];
  const char *locale = setlocale(LC_ALL, NULL);
  const char *here = getcwd(folder, sizeof folder);
  const mode_t mask = umask(0);
  umask(mask);
  uint64_t sum = mix(mask, locale, locale != NULL ? strlen(locale) : 0);
  return mix(sum, here, here != NULL ? strlen(here) : 0);
}

/* The flags that operations leave behind are nobody's business. */
static uint64_t floats(void) {
  uint64_t mode = (uint64_t)fegetround();
#if defined(__x86_64__)
  uint16_t control;
  __asm__ __volatile__("fnstcw %0" : "=m"(control));
  mode = mode << 16 | control;
  mode = mode << 32 | (_mm_getcsr() & ~0x3fu);
#elif defined(__GLIBC__)
  mode = mode << 32 | (uint64_t)(uint32_t)fegetexcept();
#endif
  return mode;
}

static uint32_t count_threads(void) {
  uint32_t count = 0;
  DIR *dir = opendir("/proc/self/task");
  for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
    count += e->d_name[0] != '.';
  }
  if (dir != NULL) {
    closedir(dir);
  }
  return count;
}

/* A thread that was joined may stand in /proc for a moment more. */
uint32_t validate__threads_now(uint32_t expected) {
  uint32_t now = count_threads();
  for (int i = 0; i < 50 && now > expected; i++) {
    const struct timespec pause = {0, 2000000};
    nanosleep(&pause, NULL);
    now = count_threads();
  }
  return now;
}

void validate__ambient_take(validate__ambient *out) {
  out->aspects[VALIDATE__FLOATS] = floats();
  out->aspects[VALIDATE__FILES] = files();
  out->aspects[VALIDATE__SIGNALS] = signals();
  out->aspects[VALIDATE__ENVIRONMENT] = environment();
  out->aspects[VALIDATE__LOCALE] = place();
  out->threads = count_threads();
}
