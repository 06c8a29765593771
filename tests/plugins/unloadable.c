/* SPDX-License-Identifier: MIT
   Behaves, and may be unmapped; an environment variable tells when it was. */
#define STUB_CAPS HEARTH_CAP_UNLOADABLE

#include "tests/plugins/stub.h"

int setenv(const char *name, const char *value, int overwrite);

__attribute__((destructor)) static void unmapped(void) {
  setenv("HEARTH_TEST_UNMAPPED", "yes", 1);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
