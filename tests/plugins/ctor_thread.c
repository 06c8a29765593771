/* SPDX-License-Identifier: MIT
   Starts a thread when it is loaded. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <unistd.h>

#include "tests/plugins/conforming.h"

static void *wait(void *user) {
  pause();
  return user;
}

__attribute__((constructor)) static void begin(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, wait, NULL);
}


CONFORMING_PLUGIN;
