/* SPDX-License-Identifier: MIT
   The predictor's plugin: replaced, saved, restored. */
#include "host-sdk/predictor/predictor.h"

/* What a plugin has to be told anew, and the plans of the one before, are seen
   to with the next question (plan.c). */
hearth_status hearth_predictor_swap(hearth_predictor *predictor,
                                    hearth_library *library,
                                    const hearth_swap_options *options,
                                    hearth_swap_report *report, char *err,
                                    uint64_t err_cap) {
  return hearth_slot_swap(predictor->slot, library, options, report, err,
                          err_cap);
}

hearth_status hearth_predictor_rollback(hearth_predictor *predictor, char *err,
                                        uint64_t err_cap) {
  return hearth_slot_rollback(predictor->slot, err, err_cap);
}

hearth_status hearth_predictor_save_state(hearth_predictor *predictor,
                                          hearth_output *out,
                                          uint64_t *outcomes, char *err,
                                          uint64_t err_cap) {
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, err, err_cap};

  return hearth_slot_snapshot(predictor->slot, &call, out, outcomes);
}

hearth_status hearth_predictor_load_state(hearth_predictor *predictor,
                                          hearth_bytes state, char *err,
                                          uint64_t err_cap) {
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, err, err_cap};

  return hearth_slot_load_state(predictor->slot, &call, state);
}

hearth_status hearth_predictor_teach(hearth_predictor *predictor,
                                     hearth_bytes outcome, char *err,
                                     uint64_t err_cap) {
  hearth_call call = {(uint32_t)sizeof(call), 0, 0, 0, err, err_cap};

  return hearth_slot_teach(predictor->slot, &call, outcome);
}
