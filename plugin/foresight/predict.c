/* SPDX-License-Identifier: MIT
   hearth.predict/1: the probability of every model, for measuring. */
#include "plugin/foresight/inside.h"

static void add_next(hearth_plugin *f, const hearth_context *context,
                     uint32_t count) {
  const foresight_next_request request = foresight__request_of(f, context);
  foresight_next_result result;
  foresight_next_predict(f->next, &request, &result);
  for (uint32_t i = 0; i < count; i++) {
    f->lines[i].p_next = 0;
  }
  for (uint32_t k = 0; k < result.count; k++) {
    if (result.guess[k].model < count) {
      f->lines[result.guess[k].model].p_next = (double)result.guess[k].p;
    }
  }
}

hearth_status foresight__predict(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes bytes, hearth_sink *out) {
  hearth_context context;
  const hearth_status status =
      foresight__read_context(f, call, bytes, &context);
  if (status != HEARTH_OK) {
    return status;
  }
  foresight_within_now at;
  foresight_within_at(f->within, context.now_ms, &at);
  const uint32_t count = hearth_names_count(f->names);
  for (uint32_t id = 0; id < count; id++) {
    foresight__line(f, &at, id, &f->lines[id]);
    f->lines[id].expected_load_ms = -1; /* asked of get_model_metadata */
  }
  if (context.reason == HEARTH_REASON_REQUEST) {
    add_next(f, &context, count);
  }
  return foresight__answer(f, &context, count, -1, -1, out);
}
