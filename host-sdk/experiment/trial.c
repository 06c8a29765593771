/* SPDX-License-Identifier: MIT
   Playing requests to every arm. */
#include <string.h>

#include "host-sdk/experiment/inside.h"
#include "host-sdk/experiment/split.h"
#include "plugin/sdk/wire/decode.h"

hearth_status hearth__read_context(hearth_experiment *x, hearth_bytes bytes,
                                   hearth_context *context) {
  hearth_message_init(&hearth_context_schema, context);
  context->user.recent_activities =
      (hearth_list){x->strings[0], HEARTH__LIST_ROOM, 0};
  context->user.preferences = (hearth_list){x->pairs, HEARTH__LIST_ROOM, 0};
  context->project.recent_changes =
      (hearth_list){x->strings[1], HEARTH__LIST_ROOM, 0};
  return hearth_decode(&hearth_context_schema, bytes, context, NULL, 0);
}

/* A unit pays for the idle memory since the request before, whoever held it. */
static void charge_idle(hearth_experiment *x, uint32_t unit, uint32_t arm) {
  const double now = hearth__ghost_idle_gb_s(&x->arms[arm].ghost);
  if (x->arena.idle_price > 0 && unit != HEARTH__NO_UNIT) {
    x->units.units[unit].cost[arm] +=
        (now - x->idle_before[arm]) / x->arena.idle_price;
  }
  x->idle_before[arm] = now;
}

static uint32_t playing_arms(const hearth_experiment *x) {
  uint32_t arms = 0;
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    arms |= x->arms[a].stopped ? 0 : 1u << a;
  }
  return arms;
}

/* The request's unit and flight; for all arms alike, or for none. */
static hearth_status admit(hearth_experiment *x, const hearth_context *context,
                           const char *id, uint32_t *unit, uint32_t *flight) {
  int begun = 0;
  const hearth_str text =
      hearth__unit_text(x->options.unit, context->user.id,
                        context->user.session_id, context->request_id);
  hearth_status status = hearth__units_enter(&x->units, text, context->now_ms,
                                             x->reign, unit, &begun);
  if (status != HEARTH_OK) {
    return status;
  }
  if (begun) {
    double shares[HEARTH_EXPERIMENT_ARMS];
    for (uint32_t a = 0; a < x->options.arm_count; a++) {
      shares[a] = x->arms[a].share;
    }
    const uint32_t arm =
        hearth__split(x->salt, text, shares, x->options.arm_count);
    x->units.units[*unit].arm = arm;
    x->arms[arm].units++;
  }
  return hearth__units_fly(&x->units, *unit, id, playing_arms(x), flight);
}

static void close_units(hearth_experiment *x, int all) {
  uint32_t round = 0;
  uint32_t unit = hearth__units_over(&x->units, x->now_ms, all, &round);
  while (unit != HEARTH__NO_UNIT) {
    const hearth__unit closed = x->units.units[unit];
    hearth__units_close(&x->units, unit);
    hearth__decide(x, &closed);
    unit = hearth__units_over(&x->units, x->now_ms, all, &round);
  }
}

static void check_memory(hearth_experiment *x, uint32_t arm,
                         hearth_status status) {
  if (status != HEARTH_OK) {
    hearth__stop_arm(x, arm, HEARTH_EVENT_GUARDRAIL,
                     "there is no memory for its ghost pool");
  }
}

static void advance_all(hearth_experiment *x) {
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    if (!x->arms[a].stopped) {
      check_memory(x, a, hearth__ghost_advance(&x->arms[a].ghost, x->now_ms));
    }
  }
}

void hearth__trial_play(hearth_experiment *x, const hearth__told *told) {
  hearth_context context;
  uint32_t unit, flight;
  const hearth_bytes bytes = {told->context, told->len};
  if (hearth__read_context(x, bytes, &context) != HEARTH_OK) {
    x->lost++; /* it was read before: no memory is all that is left */
    return;
  }
  /* Two tellers may come in either order; time never goes back. */
  context.now_ms = told->at_ms > x->now_ms ? told->at_ms : x->now_ms;
  context.request_id = hearth_str_from(told->id);
  x->now_ms = context.now_ms;
  advance_all(x);
  close_units(x, 0); /* before: this request may begin its unit anew */
  if (admit(x, &context, told->id, &unit, &flight) != HEARTH_OK) {
    x->lost++;
    return;
  }
  x->requests++;
  x->cut += told->cut != 0;
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    hearth__experiment_arm *arm = &x->arms[a];
    if (arm->stopped) {
      continue;
    }
    const hearth_status status = hearth__ghost_request(
        &arm->ghost, &context, flight, told->model, told->duration_ms);
    charge_idle(x, unit, a);
    check_memory(x, a, status);
  }
  if (x->requests % 64 == 0) {
    hearth__decide_calls(x);
  }
}

void hearth__trial_end(hearth_experiment *x) {
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    if (!x->arms[a].stopped) {
      check_memory(x, a, hearth__ghost_finish(&x->arms[a].ghost));
    }
  }
  hearth__decide_calls(x);
  close_units(x, 1);
  x->point_next = 0; /* the end is always shown */
  hearth__keep_point(x);
}
