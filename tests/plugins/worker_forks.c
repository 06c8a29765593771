/* SPDX-License-Identifier: MIT
   Forks; the child stays for a minute.  Answers what fork came to. */
#define _DEFAULT_SOURCE
#define STUB_PREPARE prepare

#include <string.h>
#include <unistd.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);

#include "tests/plugins/stub.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  pid_t child = fork();
  const char *came = child > 0 ? "forked" : "refused";

  if (child == 0) {
    sleep(60);
    _exit(0);
  }
  in.data = (const uint8_t *)came;
  in.len = strlen(came);
  return out->write(out, in.data, in.len);
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
