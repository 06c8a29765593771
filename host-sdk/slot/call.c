/* SPDX-License-Identifier: MIT
   The calls of a slot: those of an instance, on whichever is current. */
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/slot/slot.h"

typedef hearth_status ask_function(hearth_instance *, const hearth_call *,
                                   hearth_bytes, hearth_output *);

/* What fails its plugin's trial is asked again, of the one that came back. */
static hearth_status ask(hearth_slot *slot, ask_function *function,
                         const hearth_call *call, hearth_bytes in,
                         hearth_output *out) {
  hearth__use use;
  hearth_status status;
  int fell;

  do {
    hearth__slot_get(slot, &use);
    status = function(use.live->instance, call, in, out);
    fell = hearth__slot_put(slot, &use, status);
  } while (fell);
  return status;
}

hearth_status hearth_slot_prepare_models(hearth_slot *slot,
                                         const hearth_call *call,
                                         hearth_bytes context,
                                         hearth_output *out) {
  return ask(slot, hearth_instance_prepare_models, call, context, out);
}

hearth_status hearth_slot_get_model_metadata(hearth_slot *slot,
                                             const hearth_call *call,
                                             hearth_bytes query,
                                             hearth_output *out) {
  return ask(slot, hearth_instance_get_model_metadata, call, query, out);
}

hearth_status hearth_slot_predict(hearth_slot *slot, const hearth_call *call,
                                  hearth_bytes context, hearth_output *out) {
  return ask(slot, hearth_instance_predict, call, context, out);
}

hearth_status hearth_slot_explain(hearth_slot *slot, const hearth_call *call,
                                  hearth_bytes context, hearth_output *out) {
  return ask(slot, hearth_instance_explain, call, context, out);
}

hearth_status hearth_slot_metric(hearth_slot *slot, uint32_t index,
                                 hearth_metric *out) {
  hearth__use use;
  hearth_status status;

  hearth__slot_get(slot, &use);
  status = hearth_instance_metric(use.live->instance, index, out);
  (void)hearth__slot_put(slot, &use, status);
  return status;
}

/* ---- [control] ---- */

/* The current and the previous one, for a call of both; the latter may be NULL.
 */
static void get_both(hearth_slot *slot, hearth__use *current,
                     hearth__use *previous) {
  pthread_mutex_lock(&slot->lock);
  memset(current, 0, sizeof(*current));
  memset(previous, 0, sizeof(*previous));
  current->live = slot->current;
  previous->live = slot->previous;
  ++current->live->users;
  if (previous->live) {
    ++previous->live->users;
  }
  pthread_mutex_unlock(&slot->lock);
}

hearth_status hearth_slot_set_catalog(hearth_slot *slot,
                                      const hearth_call *call,
                                      hearth_bytes catalog) {
  hearth__use current, previous;
  hearth_output copy = {0};
  hearth_status status = hearth__output_set(&copy, catalog);

  if (status != HEARTH_OK) {
    if (call) {
      hearth__tell(call->err, call->err_cap, "no memory for the catalog");
    }
    return status;
  }
  pthread_mutex_lock(&slot->catalogs);
  get_both(slot, &current, &previous);
  status = hearth_instance_set_catalog(current.live->instance, call, catalog);
  if (status == HEARTH_OK) {
    hearth_output_free(&slot->catalog);
    slot->catalog = copy;
    memset(&copy, 0, sizeof(copy));
    ++slot->catalogs_taken;
  }
  if (status == HEARTH_OK && previous.live) {
    (void)hearth_instance_set_catalog(previous.live->instance, NULL, catalog);
  }
  pthread_mutex_unlock(&slot->catalogs);
  (void)hearth__slot_put(slot, &current, status);
  if (previous.live) {
    hearth__slot_drop(slot, &previous);
  }
  hearth_output_free(&copy);
  return status;
}

hearth_status hearth_slot_snapshot(hearth_slot *slot, const hearth_call *call,
                                   hearth_output *out, uint64_t *outcomes) {
  hearth__use use;
  uint64_t held = 0;
  hearth_status status;

  out->len = 0;
  (void)hearth__slot_claim(slot, HEARTH__SAVING, 1);
  hearth__slot_get(slot, &use);
  if (!(hearth_instance_entry(use.live->instance)->caps & HEARTH_CAP_STATE)) {
    status = hearth_instance_save_state(use.live->instance, call, out);
  } else {
    status = hearth__outcomes_hold(slot, HEARTH__SAVE_JOURNAL, &held);
    if (status == HEARTH_OK) {
      status = hearth_instance_save_state(use.live->instance, call, out);
      hearth__outcomes_release(slot, 0);
    } else if (call) {
      hearth__tell(call->err, call->err_cap,
                   "an outcome has been with %s for over %lu ms",
                   use.live->title, (unsigned long)slot->options.drain_ms);
    }
  }
  hearth__slot_unclaim(slot);
  (void)hearth__slot_put(slot, &use, status);
  if (status == HEARTH_OK && outcomes) {
    *outcomes = held;
  }
  return status;
}

hearth_status hearth_slot_save_state(hearth_slot *slot, const hearth_call *call,
                                     hearth_output *out) {
  return hearth_slot_snapshot(slot, call, out, NULL);
}

hearth_status hearth_slot_load_state(hearth_slot *slot, const hearth_call *call,
                                     hearth_bytes state) {
  hearth__use use;
  hearth_status status = hearth__slot_claim(slot, HEARTH__SAVING, 0);

  if (status != HEARTH_OK) {
    if (call) {
      hearth__tell(call->err, call->err_cap, "a swap is under way");
    }
    return status;
  }
  hearth__slot_get(slot, &use);
  status = hearth_instance_load_state(use.live->instance, call, state);
  if (status == HEARTH_OK) {
    pthread_mutex_lock(&slot->lock);
    ++slot->generation;
    pthread_mutex_unlock(&slot->lock);
  }
  hearth__slot_unclaim(slot);
  /* A state that is refused tells nothing against the one that refused it. */
  (void)hearth__slot_put(slot, &use,
                         status == HEARTH_CRASHED ? status : HEARTH_OK);
  if (status == HEARTH_OK) {
    (void)hearth_slot_forget(slot);
  }
  return status;
}
