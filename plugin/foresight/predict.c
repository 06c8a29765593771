/* SPDX-License-Identifier: MIT
   hearth.predict/1: the probability of every model, for measuring. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/inside.h"

static void add_next(hearth_plugin *f, foresight_desk *desk,
                     const hearth_context *context, uint32_t count) {
  const foresight_next_request request = foresight__request_of(f, context);
  foresight_next_result result;
  foresight_next_predict(f->next, &request, &result);
  for (uint32_t i = 0; i < count; i++) {
    desk->lines[i].p_next = 0;
  }
  for (uint32_t k = 0; k < result.count; k++) {
    if (result.guess[k].model < count) {
      desk->lines[result.guess[k].model].p_next = (double)result.guess[k].p;
    }
  }
}

/* `shape` is held alone. */
static hearth_status write_all(hearth_plugin *f, foresight_desk *desk,
                               const hearth_context *context,
                               hearth_sink *out) {
  const uint32_t count = hearth_names_count(f->names);
  foresight_within_now at;
  const hearth_status status = foresight__desk_lines(f, desk, count);
  if (status != HEARTH_OK) {
    return status;
  }
  foresight_within_at(f->within, context->now_ms, &at);
  for (uint32_t id = 0; id < count; id++) {
    foresight__line(f, id, &desk->lines[id]);
    foresight__chances(f, &at, id, &desk->lines[id]);
    desk->lines[id].expected_load_ms = -1; /* asked of get_model_metadata */
  }
  if (context->reason == HEARTH_REASON_REQUEST) {
    add_next(f, desk, context, count);
  }
  return foresight__answer(f, desk, context, count, -1, -1, out);
}

static hearth_status predict(hearth_plugin *f, foresight_desk *desk,
                             const foresight_ask *ask) {
  hearth_context context;
  hearth_status status =
      foresight__read_context(f, desk, ask->call, ask->bytes, &context);
  if (status == HEARTH_OK) {
    hearth_striped_write(f->locks.shape);
    status = write_all(f, desk, &context, ask->out);
    hearth_striped_write_end(f->locks.shape);
  }
  return status;
}

hearth_status foresight__predict(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes bytes, hearth_sink *out) {
  const foresight_ask ask = {call, bytes, out};
  return foresight__at_desk(f, predict, &ask);
}
