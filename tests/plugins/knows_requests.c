/* SPDX-License-Identifier: MIT
   Refuses outcomes of requests that it was not asked about. */
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
  return hearth_str_equal(outcome.request_id,
                          hearth_str_from("nobody-asked-this"))
             ? HEARTH_BAD_ARG
             : HEARTH_OK;
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
