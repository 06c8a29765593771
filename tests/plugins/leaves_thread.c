/* SPDX-License-Identifier: MIT
   Leaves a thread behind. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <unistd.h>

#include "tests/plugins/conforming.h"

static void *wait(void *user) {
  pause();
  return user;
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  static int started;
  pthread_t thread;
  if (!started) {
    started = 1;
    pthread_create(&thread, NULL, wait, NULL);
  }
  return conforming_record(plugin, call, in);
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
