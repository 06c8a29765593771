/* SPDX-License-Identifier: MIT
   What references learn: requests, their ends, loads and evictions. */
#include <string.h>

#include "plugin/reference/inside.h"

static int ranks_above(const reference *ref, uint32_t a, uint32_t b) {
  const reference_model *x = &ref->models[a];
  const reference_model *y = &ref->models[b];
  if (x->score != y->score) {
    return x->score > y->score;
  }
  if (x->last_used != y->last_used) {
    return x->last_used > y->last_used;
  }
  return x->arrived > y->arrived;
}

static uint32_t place_of(const reference *ref, uint32_t model) {
  uint32_t place = 0;
  while (place < ref->order_count && ref->order[place] != model) {
    place++;
  }
  return place;
}

/* Only `model`'s score has changed, so it slides to its place. */
void reference__rank(reference *ref, uint32_t model) {
  uint32_t at = place_of(ref, model);
  for (; at > 0 && ranks_above(ref, model, ref->order[at - 1]); at--) {
    ref->order[at] = ref->order[at - 1];
  }
  for (;
       at + 1 < ref->order_count && ranks_above(ref, ref->order[at + 1], model);
       at++) {
    ref->order[at] = ref->order[at + 1];
  }
  ref->order[at] = model;
}

void reference__arrive(reference *ref, uint32_t model) {
  if (ref->models[model].arrived == 0) {
    ref->models[model].arrived = ++ref->arrivals;
    ref->order[ref->order_count++] = model;
  }
}

void reference__leave(reference *ref, uint32_t model) {
  const uint32_t place = place_of(ref, model);
  if (place < ref->order_count) {
    ref->order_count--;
    memmove(&ref->order[place], &ref->order[place + 1],
            (ref->order_count - place) * sizeof *ref->order);
  }
  ref->models[model].arrived = 0;
}

static uint64_t request_of(const reference *ref,
                           const hearth_outcome *outcome) {
  return hearth_hash((uint64_t)ref->config.seed, outcome->request_id.data,
                     outcome->request_id.len) |
         1;
}

static void end_flight(reference *ref, uint32_t at, int64_t now) {
  reference_model *model = &ref->models[ref->flights[at].model];
  ref->flight_count--;
  memmove(&ref->flights[at], &ref->flights[at + 1],
          (ref->flight_count - at) * sizeof *ref->flights);
  if (--model->busy == 0) {
    model->idle_since = now;
  }
}

static hearth_status started(reference *ref, const hearth_outcome *outcome) {
  const uint64_t request = request_of(ref, outcome);
  void *flights = ref->flights;
  uint32_t id = 0;
  hearth_status status =
      hearth_grow(&ref->memory, &flights, &ref->flight_cap,
                  ref->flight_count + 1, sizeof *ref->flights);
  ref->flights = flights;
  if (status == HEARTH_OK) {
    status = reference__model(ref, outcome->model, &id);
  }
  if (status != HEARTH_OK ||
      (outcome->request_id.len > 0 && hearth_seen_before(ref->seen, request))) {
    return status;
  }
  if (ref->policy->used) {
    status = ref->policy->used(ref, id, outcome);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  if (ref->flight_count >= REFERENCE_FLIGHTS) {
    end_flight(ref, 0, outcome->at_ms); /* its end was never told */
  }
  ref->flights[ref->flight_count++] =
      (struct reference_flight){.request = request, .model = id};
  reference_model *model = &ref->models[id];
  model->busy++;
  model->requests++;
  model->last_used = outcome->at_ms;
  model->score = ref->policy->score
                     ? ref->policy->score(ref, id, outcome->at_ms)
                     : (double)outcome->at_ms;
  ref->latest = id;
  reference__arrive(ref, id);
  reference__rank(ref, id);
  return HEARTH_OK;
}

static void ended(reference *ref, const hearth_outcome *outcome) {
  const uint64_t request = request_of(ref, outcome);
  uint32_t at = ref->flight_count;
  while (at-- > 0) {
    if (ref->flights[at].request == request) {
      end_flight(ref, at, outcome->at_ms);
      return;
    }
  }
}

static hearth_status loaded(reference *ref, const hearth_outcome *outcome) {
  uint32_t id = 0;
  const hearth_status status = reference__model(ref, outcome->model, &id);
  if (status != HEARTH_OK) {
    return status;
  }
  if (outcome->load_ms >= 0) {
    ref->models[id].load_ms = (double)outcome->load_ms;
    ref->models[id].measured = 1;
  }
  if (ref->policy->loaded) {
    ref->policy->loaded(ref, id, outcome->at_ms);
  }
  reference__arrive(ref, id);
  reference__rank(ref, id);
  return HEARTH_OK;
}

static void left(reference *ref, const hearth_outcome *outcome) {
  const uint32_t id = hearth_names_find(ref->names, outcome->model);
  if (id == HEARTH_NO_NAME || ref->models[id].arrived == 0) {
    return;
  }
  if (ref->policy->left) {
    ref->policy->left(ref, id);
  }
  /* Asked for again meanwhile, it is on its way back. */
  if (ref->models[id].busy == 0) {
    reference__leave(ref, id);
  }
}

hearth_status reference_outcome(hearth_plugin *ref, const hearth_call *call,
                                hearth_bytes bytes) {
  hearth_outcome outcome;
  if (!ref) {
    return HEARTH_BAD_ARG;
  }
  hearth_message_init(&hearth_outcome_schema, &outcome);
  const hearth_status status =
      reference__decode(&hearth_outcome_schema, call, bytes, &outcome);
  if (status != HEARTH_OK) {
    return status;
  }
  switch (outcome.phase) {
  case HEARTH_PHASE_STARTED:
    return started(ref, &outcome);
  case HEARTH_PHASE_FINISHED:
  case HEARTH_PHASE_FAILED:
  case HEARTH_PHASE_CANCELLED:
    ended(ref, &outcome);
    return HEARTH_OK;
  case HEARTH_PHASE_LOADED:
    return loaded(ref, &outcome);
  case HEARTH_PHASE_LOAD_CANCELLED:
  case HEARTH_PHASE_EVICTED:
    left(ref, &outcome);
    return HEARTH_OK;
  default:
    return HEARTH_OK;
  }
}
