/* SPDX-License-Identifier: MIT
   Crashes on an outcome that is "poison"; answers how many it was told.  Keeps
   state, and logs what it is told. */
#define STUB_CAPS HEARTH_CAP_STATE
#define STUB_PREPARE prepare
#define STUB_RECORD record
#define STUB_SAVE save
#define STUB_LOAD load

#include <stdint.h>

#include "hearth/plugin.h"

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out);
static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes outcome);
static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out);
static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in);

#include "tests/plugins/stub.h"

static volatile uintptr_t nowhere = 8; /* volatile: no compiler sees it */

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes in, hearth_sink *out) {
  if (in.len == 5 && memcmp(in.data, "crash", 5) == 0) {
    *(volatile int *)nowhere = 1;
  }
  return save(plugin, call, out);
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes outcome) {
  if (outcome.len == 6 && memcmp(outcome.data, "poison", 6) == 0) {
    *(volatile int *)nowhere = 1;
  }
  if (outcome.len == 3 && memcmp(outcome.data, "bad", 3) == 0) {
    return HEARTH_BAD_PAYLOAD;
  }
  return stub_record(plugin, call, outcome);
}

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  (void)call;
  return out->write(out, &plugin->outcomes, sizeof(plugin->outcomes));
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  uint64_t outcomes = 0, got = 0;
  hearth_status status = in->read(in, &outcomes, sizeof(outcomes), &got);

  (void)call;
  if (status == HEARTH_OK && got != sizeof(outcomes)) {
    status = HEARTH_BAD_PAYLOAD;
  }
  if (status == HEARTH_OK) {
    plugin->outcomes = outcomes;
  }
  return status;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
