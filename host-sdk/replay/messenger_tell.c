/* SPDX-License-Identifier: MIT
   What a replay tells the plugin: requests and the pool's events. */
#include "host-sdk/replay/messenger_state.h"

static hearth_status tell(hearth_messenger *m, const hearth_outcome *outcome) {
  static const char *const names[] = {
      [HEARTH_PHASE_STARTED] = "record_outcome (started)",
      [HEARTH_PHASE_FINISHED] = "record_outcome (finished)",
      [HEARTH_PHASE_LOADED] = "record_outcome (loaded)",
      [HEARTH_PHASE_LOAD_CANCELLED] = "record_outcome (load_cancelled)",
      [HEARTH_PHASE_EVICTED] = "record_outcome (evicted)"};
  hearth_status status = hearth__write(m, &hearth_outcome_schema, outcome);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_call call = {
      .size = sizeof call, .err = m->err, .err_cap = sizeof m->err};
  const uint64_t begin = m->options.timing ? hearth_monotonic_ns() : 0;
  status = hearth_instance_record_outcome(m->instance, &call,
                                          hearth_buffer_bytes(&m->message));
  if (m->options.timing) {
    hearth_stopwatch_lap(&m->record, hearth_monotonic_ns() - begin);
  }
  return status < 0 ? hearth__messenger_blame(m, status, names[outcome->phase])
                    : HEARTH_OK;
}

hearth_status hearth_messenger_started(hearth_messenger *m, uint32_t i,
                                       hearth_found found) {
  const hearth_trace *trace = m->options.trace;
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.request_id = hearth__messenger_request_id(m, i);
  outcome.at_ms = trace->ts_ms[i];
  outcome.phase = HEARTH_PHASE_STARTED;
  outcome.model = hearth_names_text(m->options.models->names,
                                    trace->id[HEARTH_TRACE_MODEL][i]);
  outcome.state = found == HEARTH_FOUND_WARM      ? HEARTH_STATE_WARM
                  : found == HEARTH_FOUND_DELAYED ? HEARTH_STATE_LOADING
                                                  : HEARTH_STATE_COLD;
  outcome.task = hearth_trace_name(trace, HEARTH_TRACE_TASK, i);
  outcome.input_length = trace->input_len[i];
  outcome.complexity = trace->complexity[i];
  outcome.priority = trace->priority[i];
  hearth__messenger_user(m, i, &outcome.user, &outcome.project);
  outcome.pool = hearth__messenger_terms(m);
  return tell(m, &outcome);
}

hearth_status hearth_messenger_event(hearth_messenger *m,
                                     const hearth_sim_event *event) {
  static const int32_t phases[] = {[HEARTH_SIM_READY] = HEARTH_PHASE_LOADED,
                                   [HEARTH_SIM_DONE] = HEARTH_PHASE_FINISHED,
                                   [HEARTH_SIM_EVICT] = HEARTH_PHASE_EVICTED,
                                   [HEARTH_SIM_CANCEL] =
                                       HEARTH_PHASE_LOAD_CANCELLED};
  if (event->kind == HEARTH_SIM_START || event->kind == HEARTH_SIM_LOAD) {
    return HEARTH_OK;
  }
  const hearth_models *models = m->options.models;
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.at_ms = event->at_ms;
  outcome.phase = phases[event->kind];
  outcome.model = hearth_names_text(models->names, event->model);
  if (event->kind == HEARTH_SIM_READY) {
    outcome.load_ms = models->items[event->model].load_ms;
    outcome.load = event->demand ? HEARTH_LOAD_DEMAND : HEARTH_LOAD_PREWARM;
  } else if (event->kind == HEARTH_SIM_CANCEL) {
    outcome.load = HEARTH_LOAD_PREWARM;
  } else if (event->kind == HEARTH_SIM_DONE) {
    outcome.request_id = hearth__messenger_request_id(m, event->request);
    outcome.wait_ms = event->wait_ms;
    outcome.duration_ms = m->options.trace->duration_ms[event->request];
  }
  return tell(m, &outcome);
}
