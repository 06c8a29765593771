/* SPDX-License-Identifier: MIT
   Says that it may be unmapped, and registers what is run later. */
#include "tests/plugins/conforming.h"

int __cxa_thread_atexit_impl(void (*function)(void *), void *object,
                             void *library);
extern void *__dso_handle;

static void later(void *user) { (void)user; }

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes in, hearth_plugin **out) {
  __cxa_thread_atexit_impl(later, NULL, &__dso_handle);
  return conforming_create(self, host, call, in, out);
}

#undef CREATE
#define CREATE create
#undef CAPS
#define CAPS (HEARTH_CAP_STATE | HEARTH_CAP_DETERMINISTIC |                                \
   HEARTH_CAP_UNLOADABLE)

CONFORMING_PLUGIN;
