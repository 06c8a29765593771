/* SPDX-License-Identifier: MIT
   Fails where time goes back. */
#include "tests/plugins/conforming.h"

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes in) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  const hearth_status status = conforming_record(plugin, call, in);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_decode(&hearth_outcome_schema, in, &outcome, NULL, 0);
  static int64_t latest = INT64_MIN / 2;
  if (outcome.at_ms < latest - 3600000) {
    return HEARTH_BAD_ARG;
  }
  latest = outcome.at_ms;
  return HEARTH_OK;
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
