/* SPDX-License-Identifier: MIT
   The references' learned state: described once for both directions. */
#include "plugin/sdk/state.h"

#include <float.h>
#include <string.h>

#include "plugin/reference/inside.h"

/* Sections: shape (how many words of its own an instance and a model have, by
   which policies tell their versions apart), self, models, flights, seen. */
enum { FORMAT = 1 };

static void visit_shape(hearth_state *s, const reference *ref) {
  uint32_t self = ref->policy->self_words, own = ref->policy->model_words;
  hearth_state_section(s, "shape");
  hearth_state_u32(s, "self_words", &self, 0, UINT32_MAX);
  hearth_state_u32(s, "model_words", &own, 0, UINT32_MAX);
  if (self != ref->policy->self_words || own != ref->policy->model_words) {
    hearth_state_fail(s, HEARTH_STATE_VERSION, NULL,
                      "it is of another version of this plugin");
  }
}

/* A time, or REFERENCE_NEVER. */
static void visit_time(hearth_state *s, const char *field, int64_t *time) {
  uint8_t known = *time != REFERENCE_NEVER;
  hearth_state_u8(s, field, &known, 0, 1);
  if (known) {
    int64_t at = hearth_state_saving(s) ? *time : 0;
    hearth_state_i64(s, field, &at, -HEARTH_STATE_TIME, HEARTH_STATE_TIME);
    *time = at;
  }
}

/* A load's time is of the state only where one was measured. */
static void visit_model(hearth_state *s, reference_model *m) {
  const uint64_t most = (uint64_t)HEARTH_STATE_TIME;
  hearth_state_i32(s, "measured", &m->measured, 0, 1);
  if (m->measured) {
    hearth_state_f64(s, "load_ms", &m->load_ms, 0, 1e16);
  }
  hearth_state_f64(s, "score", &m->score, -DBL_MAX, DBL_MAX);
  visit_time(s, "last_used", &m->last_used);
  visit_time(s, "idle_since", &m->idle_since);
  hearth_state_i64(s, "keep_for", &m->keep_for, -1, HEARTH_STATE_TIME);
  hearth_state_u64(s, "arrived", &m->arrived, 0, most);
  hearth_state_u64(s, "requests", &m->requests, 0, most);
}

/* The number of the model whose name is next; it is added if it is new. */
static uint32_t visit_name(hearth_state *s, reference *ref, uint32_t id,
                           char *room) {
  const hearth_str none = {NULL, 0};
  const hearth_str name = hearth_state_text(
      s, "name",
      hearth_state_saving(s) ? hearth_names_text(ref->names, id) : none, room);
  if (!hearth_state_saving(s) && hearth_state_ok(s)) {
    const hearth_status status = reference__model(ref, name, &id);
    if (status != HEARTH_OK) {
      hearth_state_fail(s, status, "name", "no room for all models");
    }
  }
  return id;
}

static void visit_models(hearth_state *s, reference *ref, char *room) {
  const uint32_t own = ref->policy->model_words;
  uint32_t count = reference_count(ref);
  hearth_state_section(s, "models");
  count = hearth_state_count(s, "count", &count, UINT32_MAX);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    const uint32_t id = visit_name(s, ref, i, room);
    if (hearth_state_ok(s)) {
      visit_model(s, &ref->models[id]);
      hearth_state_u64s(s, "own", ref->own + (uint64_t)id * own, own, 0,
                        UINT64_MAX);
    }
  }
}

static void add_flight(hearth_state *s, reference *ref,
                       struct reference_flight flight) {
  void *flights = ref->flights;
  const hearth_status status =
      hearth_grow(&ref->memory, &flights, &ref->flight_cap,
                  ref->flight_count + 1, sizeof *ref->flights);
  ref->flights = flights;
  if (status != HEARTH_OK) {
    hearth_state_fail(s, status, "flights", "no room for all requests");
    return;
  }
  ref->flights[ref->flight_count++] = flight;
  ref->models[flight.model].busy++;
}

/* The requests that run: their ends are told to who loads this. */
static void visit_flights(hearth_state *s, reference *ref, char *room) {
  uint32_t count = ref->flight_count;
  hearth_state_section(s, "flights");
  count = hearth_state_count(s, "count", &count, REFERENCE_FLIGHTS);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    struct reference_flight flight = {0};
    if (hearth_state_saving(s)) {
      flight = ref->flights[i];
    }
    hearth_state_u64(s, "request", &flight.request, 0, UINT64_MAX);
    flight.model = visit_name(s, ref, flight.model, room);
    if (!hearth_state_saving(s) && hearth_state_ok(s)) {
      add_flight(s, ref, flight);
    }
  }
}

static void visit(hearth_state *s, reference *ref, char *room) {
  visit_shape(s, ref);
  hearth_state_section(s, "self");
  hearth_state_u64s(s, "self", ref->self, ref->policy->self_words, 0,
                    UINT64_MAX);
  visit_models(s, ref, room);
  visit_flights(s, ref, room);
  hearth_state_section(s, "seen");
  hearth_seen_state(s, ref->seen);
}

hearth_status reference_save(hearth_plugin *ref, const hearth_call *call,
                             hearth_sink *out) {
  hearth_state s;
  if (!ref || !out) {
    return HEARTH_BAD_ARG;
  }
  hearth_state_save(&s, &ref->memory, call, out, ref->entry->id, FORMAT, 0,
                    (uint64_t)ref->config.seed);
  visit(&s, ref, NULL);
  return hearth_state_end(&s);
}

/* The catalog is the host's word, not what was learned: it stays. */
static hearth_status keep_catalog(reference *to, const reference *from) {
  hearth_status status = HEARTH_OK;
  to->has_catalog = from->has_catalog;
  for (uint32_t i = 0; status == HEARTH_OK && i < reference_count(from); i++) {
    uint32_t id = 0;
    status = reference__model(to, hearth_names_text(from->names, i), &id);
    if (status == HEARTH_OK) {
      to->models[id].memory_mb = from->models[i].memory_mb;
      to->models[id].load_ms = from->models[i].load_ms;
      to->models[id].candidate = from->models[i].candidate;
    }
  }
  return status;
}

static void rebuild_order(reference *ref) {
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    const uint64_t arrived = ref->models[id].arrived;
    if (arrived > 0) {
      ref->arrivals = arrived > ref->arrivals ? arrived : ref->arrivals;
      ref->order[ref->order_count++] = id;
      reference__rank(ref, id);
    }
  }
  ref->list_all = 1;
}

/* Read into a fresh instance, and take its place if all went well. */
static void read_into(hearth_state *s, reference *ref, reference *fresh) {
  char *room = hearth_resize(&ref->memory, NULL, HEARTH_STATE_MOST_TEXT);
  const hearth_status status =
      room ? keep_catalog(fresh, ref) : HEARTH_NO_MEMORY;
  if (status != HEARTH_OK) {
    hearth_state_fail(s, status, NULL, "out of memory");
  }
  if (hearth_state_ok(s)) {
    visit(s, fresh, room);
  }
  hearth_release(&ref->memory, room);
}

hearth_status reference_load(hearth_plugin *ref, const hearth_call *call,
                             hearth_source *in) {
  hearth_state s;
  reference *fresh = NULL;
  if (!ref || !in) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status =
      reference__new(ref->policy, ref->entry, ref->host, &ref->config, &fresh);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_state_load(&s, &ref->memory, call, in, ref->entry->id, FORMAT);
  if (hearth_state_ok(&s)) {
    read_into(&s, ref, fresh);
  }
  status = hearth_state_end(&s);
  if (status == HEARTH_OK) {
    if (fresh->policy->configure) { /* settings are not learned either */
      fresh->policy->configure(fresh, &fresh->config);
    }
    rebuild_order(fresh);
    const reference old = *ref;
    *ref = *fresh;
    *fresh = old;
  }
  reference_destroy(fresh);
  return status;
}
