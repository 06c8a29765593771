/* SPDX-License-Identifier: MIT
   Refuses outcomes of models that no catalog had. */
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
  const uint32_t id = hearth_names_find(plugin->names, outcome.model);
  return id != HEARTH_NO_NAME && !plugin->known[id].candidate &&
                 outcome.request_id.len > 18
             ? HEARTH_BAD_ARG
             : HEARTH_OK;
}

#undef RECORD
#define RECORD record

CONFORMING_PLUGIN;
