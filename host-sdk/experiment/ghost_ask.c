/* SPDX-License-Identifier: MIT
   An arm's talk with its plugin. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/experiment/ghost.h"
#include "plugin/sdk/wire/decode.h"

#define LEAST_REVIEW_MS 1000

static hearth_status write_message(hearth__ghost *g,
                                   const hearth_schema *schema,
                                   const void *message) {
  g->message.len = 0;
  return hearth_encode(schema, message, &g->message.sink);
}

static hearth_call a_call(hearth__ghost *g) {
  g->err[0] = '\0';
  return (hearth_call){.size = sizeof(hearth_call),
                       .flags = g->shadow ? HEARTH_CALL_SHADOW : 0,
                       .err = g->err,
                       .err_cap = sizeof g->err};
}

/* Number the answer's models, in its order. */
static hearth_status number(hearth__ghost *g, const hearth_model_set *set,
                            uint32_t *likeliest) {
  double most = -1;
  *likeliest = HEARTH_NO_MODEL;
  if (set->models.count > g->arena->count) {
    snprintf(g->err, sizeof g->err, "a plan of %u models of %u",
             set->models.count, g->arena->count);
    return HEARTH_BAD_PAYLOAD;
  }
  for (uint32_t k = 0; k < set->models.count; k++) {
    const hearth_plan_model *from = &g->decoded[k];
    const uint32_t id = hearth_names_find(g->arena->names, from->model);
    if (id == HEARTH_NO_NAME) {
      snprintf(g->err, sizeof g->err,
               "a plan names '%.*s', which is not in the catalog",
               (int)(from->model.len < 100 ? from->model.len : 100),
               from->model.data);
      return HEARTH_BAD_PAYLOAD;
    }
    g->entries[k] = (hearth_plan_entry){.model = id,
                                        .action = from->action,
                                        .start_at_ms = from->start_at_ms,
                                        .warm_by_ms = from->warm_by_ms,
                                        .keep_for_ms = from->keep_for_ms};
    g->probabilities |= from->p_next >= 0;
    if (from->p_next >= 0 && from->p_next > most) {
      most = from->p_next;
      *likeliest = id;
    }
  }
  return HEARTH_OK;
}

static void set_review(hearth__ghost *g, int64_t now, int64_t review_at_ms) {
  g->review_at_ms = HEARTH_NEVER;
  if (review_at_ms >= 0) {
    const int64_t least = now + LEAST_REVIEW_MS;
    g->review_at_ms = review_at_ms > least ? review_at_ms : least;
  }
}

static hearth_status read_plan(hearth__ghost *g, int64_t now, uint32_t *count,
                               uint32_t *likeliest) {
  hearth_model_set set;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models = (hearth_list){g->decoded, g->arena->count, 0};
  const hearth_bytes bytes = {g->answer.data, g->answer.len};
  hearth_status status = hearth_decode(&hearth_model_set_schema, bytes, &set,
                                       g->err, sizeof g->err);
  status = status == HEARTH_OK ? number(g, &set, likeliest) : status;
  if (status == HEARTH_OK) {
    *count = set.models.count;
    set_review(g, now, set.review_at_ms);
  }
  return status;
}

static void fill_terms(const hearth__ghost *g, hearth_pool_info *pool) {
  const hearth__arena *arena = g->arena;
  pool->id = arena->pool_id;
  pool->budget_mb = arena->budget_mb;
  pool->load_lanes = arena->load_lanes == 0 ? -1 : (int64_t)arena->load_lanes;
  pool->idle_price = arena->idle_price;
}

hearth_pool_terms hearth__ghost_terms(const hearth__ghost *g) {
  hearth_pool_info pool = {0};
  fill_terms(g, &pool);
  return hearth_pool_terms_of(&pool);
}

static void fill_pool(hearth__ghost *g, hearth_context *context) {
  fill_terms(g, &context->pool);
  context->pool.used_mb =
      (double)hearth_pool_used_kb(hearth_sim_pool(g->sim)) / 1024.0;
  context->pool.max_warm = -1;
  context->pool.resync = !g->introduced;
  context->pool.resident = (hearth_list){0};
  context->max_models = g->arena->count;
  g->introduced = 1;
}

hearth_status hearth__ghost_ask(hearth__ghost *g, hearth_context *context,
                                int32_t reason, uint32_t *count,
                                uint32_t *likeliest) {
  uint32_t first = HEARTH_NO_MODEL;
  hearth_call call = a_call(g);
  context->reason = reason;
  fill_pool(g, context);
  hearth_status status = write_message(g, &hearth_context_schema, context);
  if (status == HEARTH_OK) {
    const uint64_t begin = hearth_monotonic_ns();
    status = hearth_instance_prepare_models(
        g->instance, &call, hearth_buffer_bytes(&g->message), &g->answer);
    hearth__latency_add(&g->latency, hearth_monotonic_ns() - begin);
    g->calls++;
  }
  if (status == HEARTH_OK) {
    status = read_plan(g, context->now_ms, count, &first);
  }
  g->errors += status < 0;
  if (likeliest != NULL) {
    *likeliest = first;
  }
  if (g->events->planned != NULL) {
    const hearth_bytes plan = {g->answer.data,
                               status == HEARTH_OK ? g->answer.len : 0};
    g->events->planned(g->events->plan_user, g->arm, reason, plan);
  }
  return status == HEARTH_OK ? HEARTH_OK : HEARTH_NO_OPINION;
}

void hearth__ghost_tell(hearth__ghost *g, const hearth_outcome *outcome) {
  hearth_call call = a_call(g);
  hearth_status status = write_message(g, &hearth_outcome_schema, outcome);
  if (status == HEARTH_OK) {
    status = hearth_instance_record_outcome(g->instance, &call,
                                            hearth_buffer_bytes(&g->message));
  }
  g->calls++;
  g->errors += status < 0;
}

void hearth__ghost_tell_event(hearth__ghost *g, const hearth_sim_event *event) {
  static const int32_t phases[] = {[HEARTH_SIM_READY] = HEARTH_PHASE_LOADED,
                                   [HEARTH_SIM_DONE] = HEARTH_PHASE_FINISHED,
                                   [HEARTH_SIM_EVICT] = HEARTH_PHASE_EVICTED,
                                   [HEARTH_SIM_CANCEL] =
                                       HEARTH_PHASE_LOAD_CANCELLED};
  if (event->kind == HEARTH_SIM_START || event->kind == HEARTH_SIM_LOAD) {
    return;
  }
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.at_ms = event->at_ms;
  outcome.phase = phases[event->kind];
  outcome.model = g->arena->items[event->model].model;
  if (event->kind == HEARTH_SIM_READY) {
    outcome.load_ms = g->arena->items[event->model].load_ms;
    outcome.load = event->demand ? HEARTH_LOAD_DEMAND : HEARTH_LOAD_PREWARM;
  } else if (event->kind == HEARTH_SIM_CANCEL) {
    outcome.load = HEARTH_LOAD_PREWARM;
  } else if (event->kind == HEARTH_SIM_DONE) {
    const char *id =
        g->events->request_id(g->events->user, (uint32_t)event->request);
    outcome.request_id = hearth_str_from(id);
    outcome.wait_ms = event->wait_ms;
    outcome.duration_ms = event->duration_ms;
  }
  hearth__ghost_tell(g, &outcome);
}

static hearth_status fail(hearth__ghost *g, hearth_status status,
                          const char *arm, const char *what, char *err,
                          uint64_t err_cap) {
  snprintf(err, err_cap, "arm '%s': %s: %s", arm, what,
           g->err[0] != '\0' ? g->err : hearth_status_text(status));
  return status;
}

hearth_status hearth__ghost_introduce(hearth__ghost *g,
                                      const hearth_experiment_arm *arm,
                                      char *err, uint64_t err_cap) {
  const hearth_instance_options options = {.host = g->host,
                                           .config = arm->config};
  hearth_status status = hearth_instance_create(
      arm->library, &options, &g->instance, g->err, sizeof g->err);
  if (status != HEARTH_OK) {
    return fail(g, status, arm->name, "create", err, err_cap);
  }
  hearth_call call = a_call(g);
  const hearth_catalog catalog = {
      .models = {g->arena->items, g->arena->count, g->arena->count}};
  status = write_message(g, &hearth_catalog_schema, &catalog);
  if (status == HEARTH_OK) {
    status = hearth_instance_set_catalog(g->instance, &call,
                                         hearth_buffer_bytes(&g->message));
  }
  if (status != HEARTH_OK) {
    return fail(g, status, arm->name, "set_catalog", err, err_cap);
  }
  if (arm->state.len > 0) {
    status = hearth_instance_load_state(g->instance, &call, arm->state);
  }
  return status == HEARTH_OK
             ? status
             : fail(g, status, arm->name, "load_state", err, err_cap);
}
