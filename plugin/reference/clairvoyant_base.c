/* SPDX-License-Identifier: MIT
   What the clairvoyants share. */
#include <string.h>

#include "plugin/reference/clairvoyant.h"

static struct clairvoyant_lanes *lanes_of(reference *ref) {
  return (void *)ref->self;
}

static uint64_t lane_limit(const reference *ref) {
  return ref->lanes >= 0 && ref->lanes < CLAIRVOYANT_LANES
             ? (uint64_t)ref->lanes
             : CLAIRVOYANT_LANES;
}

static void leave_queue(struct clairvoyant_lanes *lanes, uint64_t at) {
  lanes->queued--;
  memmove(&lanes->queue[at], &lanes->queue[at + 1],
          (size_t)(lanes->queued - at) * sizeof *lanes->queue);
}

static void begin_loads(reference *ref, int64_t now) {
  struct clairvoyant_lanes *lanes = lanes_of(ref);
  while (lanes->queued > 0 && lanes->loading < lane_limit(ref)) {
    const uint64_t model = lanes->queue[0];
    const double load_ms = reference_at(ref, (uint32_t)model)->load_ms;
    lanes->load[lanes->loading].model = model;
    lanes->load[lanes->loading].ready = now + (int64_t)load_ms;
    lanes->loading++;
    leave_queue(lanes, 0);
  }
}

hearth_status clairvoyant_used(reference *ref, uint32_t model,
                               const hearth_outcome *outcome) {
  struct clairvoyant_lanes *lanes = lanes_of(ref);
  if (outcome->state == HEARTH_STATE_COLD &&
      lanes->queued < CLAIRVOYANT_QUEUE) {
    lanes->queue[lanes->queued++] = model;
    begin_loads(ref, outcome->at_ms);
  }
  return HEARTH_OK;
}

void clairvoyant_loaded(reference *ref, uint32_t model, int64_t at_ms) {
  struct clairvoyant_lanes *lanes = lanes_of(ref);
  for (uint64_t i = 0; i < lanes->loading; i++) {
    if (lanes->load[i].model == model) {
      lanes->load[i] = lanes->load[--lanes->loading];
      break;
    }
  }
  for (uint64_t i = 0; i < lanes->queued; i++) {
    if (lanes->queue[i] == model) { /* it began unnoticed */
      leave_queue(lanes, i);
      break;
    }
  }
  begin_loads(ref, at_ms);
}

static int64_t moment(reference *ref, int64_t now) {
  const struct clairvoyant_lanes *lanes = lanes_of(ref);
  int64_t first = INT64_MAX;
  for (uint64_t i = 0; lanes->queued > 0 && i < lanes->loading; i++) {
    first = lanes->load[i].ready < first ? lanes->load[i].ready : first;
  }
  return first != INT64_MAX && first > now ? first : now;
}

double clairvoyant_distance(reference *ref, uint32_t model, int64_t now) {
  struct clairvoyant *own = reference_own(ref, model);
  if (!own->known || own->next <= now) {
    const int64_t next = reference_next_use(ref, model, now);
    own->next = next < CLAIRVOYANT_NEVER ? next : CLAIRVOYANT_NEVER;
    own->known = 1;
  }
  return (double)own->next - (double)now;
}

double clairvoyant_score(reference *ref, uint32_t model, int64_t now) {
  const reference_model *m = reference_at(ref, model);
  const double load_ms = m->load_ms > 0 ? m->load_ms : 1e-3;
  const double later = (double)(moment(ref, now) - now);
  return -(clairvoyant_distance(ref, model, now) - later) * m->memory_mb /
         load_ms;
}
