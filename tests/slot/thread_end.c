/* SPDX-License-Identifier: MIT
   Leaves a destructor with each thread that tells it an outcome, and so may not
   be unmapped; an environment variable tells when it ran. */
#define STUB_RECORD record

#include <pthread.h>

#include "hearth/plugin.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes outcome);

#include "tests/plugins/stub.h"

int setenv(const char *name, const char *value, int overwrite);

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_ends(void *value) {
  (void)value;
  setenv("HEARTH_TEST_THREAD_END", "yes", 1);
}

static void make_key(void) {
  (void)pthread_key_create(&key, thread_ends);
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes outcome) {
  (void)call;
  (void)outcome;
  (void)pthread_once(&once, make_key);
  ++plugin->outcomes;
  return pthread_setspecific(key, &key) == 0 ? HEARTH_OK : HEARTH_INTERNAL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
