/* SPDX-License-Identifier: MIT
   One arm: a plugin, its ghost pool, and what both have come to. */
#include "host-sdk/experiment/ghost.h"

#include <stdlib.h>

/* What was held for nobody until now was idle. */
static void accrue(hearth__ghost *g, int64_t now) {
  if (!g->frozen) {
    g->idle_kb_ms += (double)g->idle_kb * (double)(now - g->idle_since);
  }
  g->idle_since = now;
}

static void idle(hearth__ghost *g, const hearth__ghost_book *b, uint32_t model,
                 int sign) {
  if (b->held && b->active == 0) {
    g->idle_kb +=
        sign * (int64_t)(g->arena->items[model].memory_mb * 1024.0 + 0.5);
  }
}

static void load_begins(hearth__ghost *g, hearth__ghost_book *b,
                        const hearth_sim_event *event) {
  b->held = 1;
  g->loads_demanded += event->demand != 0;
  if (!event->demand) {
    g->loads_ahead++;
    b->unused = 1;
    idle(g, b, event->model, 1);
  }
}

static void count(hearth__ghost *g, const hearth_sim_event *event) {
  hearth__ghost_book *b = &g->books[event->model];
  accrue(g, event->at_ms);
  switch (event->kind) {
  case HEARTH_SIM_START:
    g->wait_ms += event->wait_ms;
    break;
  case HEARTH_SIM_LOAD:
    load_begins(g, b, event);
    break;
  case HEARTH_SIM_READY:
    break;
  case HEARTH_SIM_DONE:
    b->active--;
    idle(g, b, event->model, 1);
    break;
  case HEARTH_SIM_CANCEL:
    g->loads_cancelled++;
    /* fall through */
  case HEARTH_SIM_EVICT:
    idle(g, b, event->model, -1);
    b->held = 0;
    b->unused = 0;
    break;
  }
}

static void listen(void *user, const hearth_sim_event *event) {
  hearth__ghost *g = user;
  count(g, event);
  if (event->kind == HEARTH_SIM_START) {
    g->events->started(g->events->user, g->arm, (uint32_t)event->request,
                       event->wait_ms);
  }
  hearth__ghost_tell_event(g, event);
  if (event->kind == HEARTH_SIM_DONE) {
    g->events->done(g->events->user, g->arm, (uint32_t)event->request);
  }
}

hearth_status hearth__ghost_init(hearth__ghost *g,
                                 const hearth_experiment_arm *arm,
                                 uint32_t number, const hearth__arena *arena,
                                 const hearth__ghost_events *events, char *err,
                                 uint64_t err_cap) {
  *g = (hearth__ghost){.arena = arena,
                       .events = events,
                       .arm = number,
                       .shadow = arm->shadow,
                       .review_at_ms = HEARTH_NEVER};
  hearth_buffer_init(&g->message, 0);
  g->decoded = calloc((size_t)arena->count + 1, sizeof *g->decoded);
  g->entries = calloc((size_t)arena->count + 1, sizeof *g->entries);
  g->books = calloc((size_t)arena->count + 1, sizeof *g->books);
  if (g->decoded == NULL || g->entries == NULL || g->books == NULL) {
    return HEARTH_NO_MEMORY;
  }
  hearth_status status = hearth_host_new(NULL, &g->host);
  if (status == HEARTH_OK) {
    status = hearth__arena_pool(arena, listen, g, &g->sim, err, err_cap);
  }
  return status == HEARTH_OK ? hearth__ghost_introduce(g, arm, err, err_cap)
                             : status;
}

void hearth__ghost_free(hearth__ghost *g) {
  hearth_sim_free(g->sim);
  hearth_instance_destroy(g->instance);
  hearth_host_free(g->host);
  hearth_buffer_free(&g->message);
  hearth_output_free(&g->answer);
  free(g->decoded);
  free(g->entries);
  free(g->books);
  *g = (hearth__ghost){0};
}

static hearth_status review(hearth__ghost *g, int64_t now) {
  hearth_context context;
  uint32_t entries;
  hearth_message_init(&hearth_context_schema, &context);
  context.now_ms = now;
  g->review_at_ms = HEARTH_NEVER;
  if (hearth__ghost_ask(g, &context, HEARTH_REASON_TICK, &entries, NULL) ==
      HEARTH_OK) {
    hearth_sim_plan(g->sim, now, g->entries, entries);
  }
  return hearth_sim_start(g->sim, now);
}

/* The rest of the last instant, and every review before `now`. */
hearth_status hearth__ghost_advance(hearth__ghost *g, int64_t now) {
  hearth_status status = HEARTH_OK;
  if (g->requests == 0) {
    g->idle_since = now;
  }
  if (g->open && g->instant < now) {
    g->open = 0;
    status = hearth_sim_finish_instant(g->sim, g->instant);
    if (status == HEARTH_OK && g->review_at_ms <= g->instant) {
      status = review(g, g->instant);
    }
  }
  while (status == HEARTH_OK && g->review_at_ms < now) {
    const int64_t at = g->review_at_ms;
    status = hearth_sim_advance(g->sim, at);
    if (status == HEARTH_OK) {
      status = hearth_sim_finish_instant(g->sim, at);
    }
    if (status == HEARTH_OK) {
      status = review(g, at);
    }
  }
  if (status == HEARTH_OK) {
    status = hearth_sim_advance(g->sim, now);
  }
  g->instant = now;
  g->open = 1;
  accrue(g, now);
  return status;
}

static void tell_started(hearth__ghost *g, const hearth_context *context,
                         uint32_t model, hearth_found found) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.request_id = context->request_id;
  outcome.at_ms = context->now_ms;
  outcome.phase = HEARTH_PHASE_STARTED;
  outcome.model = g->arena->items[model].model;
  outcome.state = found == HEARTH_FOUND_WARM      ? HEARTH_STATE_WARM
                  : found == HEARTH_FOUND_DELAYED ? HEARTH_STATE_LOADING
                                                  : HEARTH_STATE_COLD;
  outcome.task = context->task;
  outcome.input_length = context->input_length;
  outcome.complexity = context->complexity;
  outcome.priority = context->priority;
  outcome.user = context->user;
  outcome.project = context->project;
  outcome.pool = hearth__ghost_terms(g);
  hearth__ghost_tell(g, &outcome);
}

/* The model is known: it is asked for, before any load starts. */
static hearth_status reveal(hearth__ghost *g, int64_t now, uint32_t request,
                            uint32_t model, int64_t duration_ms,
                            hearth_found *found) {
  hearth__ghost_book *b = &g->books[model];
  idle(g, b, model, -1);
  b->active++;
  g->requests++;
  g->ahead_used += b->unused != 0;
  b->unused = 0;
  const hearth_status status =
      hearth_sim_request(g->sim, now, model, duration_ms, request, found);
  g->cold += *found == HEARTH_FOUND_COLD;
  g->delayed += *found == HEARTH_FOUND_DELAYED;
  g->warm += *found == HEARTH_FOUND_WARM;
  return status;
}

hearth_status hearth__ghost_request(hearth__ghost *g, hearth_context *context,
                                    uint32_t request, uint32_t model,
                                    int64_t duration_ms) {
  const int64_t now = context->now_ms;
  hearth_found found = HEARTH_FOUND_COLD;
  uint32_t entries, likeliest;
  hearth_status status = hearth__ghost_advance(g, now);
  if (status != HEARTH_OK) {
    return status;
  }
  if (hearth__ghost_ask(g, context, HEARTH_REASON_REQUEST, &entries,
                        &likeliest) == HEARTH_OK) {
    hearth_sim_plan(g->sim, now, g->entries, entries);
  }
  g->hits += likeliest == model;
  status = reveal(g, now, request, model, duration_ms, &found);
  if (status != HEARTH_OK) {
    return status;
  }
  tell_started(g, context, model, found);
  if (hearth__ghost_ask(g, context, HEARTH_REASON_SETTLED, &entries, NULL) !=
      HEARTH_OK) {
    /* The host's default: least recently used. */
    g->entries[0] = (hearth_plan_entry){.model = model,
                                        .action = HEARTH_ACTION_KEEP,
                                        .start_at_ms = -1,
                                        .warm_by_ms = -1,
                                        .keep_for_ms = -1};
    entries = 1;
  }
  hearth_sim_plan(g->sim, now, g->entries, entries);
  return hearth_sim_start(g->sim, now);
}

hearth_status hearth__ghost_finish(hearth__ghost *g) {
  hearth_status status = HEARTH_OK;
  g->frozen = 1;
  if (g->open) {
    g->open = 0;
    status = hearth_sim_finish_instant(g->sim, g->instant);
  }
  int64_t now = hearth_sim_next_ms(g->sim);
  while (status == HEARTH_OK && now != HEARTH_NEVER) {
    status = hearth_sim_advance(g->sim, now);
    if (status == HEARTH_OK) {
      status = hearth_sim_finish_instant(g->sim, now);
    }
    g->instant = now;
    now = hearth_sim_next_ms(g->sim);
  }
  g->review_at_ms = HEARTH_NEVER;
  return status;
}

double hearth__ghost_idle_gb_s(const hearth__ghost *g) {
  return g->idle_kb_ms / (1024.0 * 1024.0) / 1000.0;
}
