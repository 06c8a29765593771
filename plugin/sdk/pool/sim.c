/* SPDX-License-Identifier: MIT
   A pool with a simulated backend: what replays and ghosts are made of. */
#include "plugin/sdk/pool/sim.h"

#include <string.h>

#include "plugin/sdk/pool/state.h"

#define NO_SLOT UINT32_MAX
#define IS_REQUEST ((uint64_t)1 << 63) /* requests complete after loads */

/* A load or a request in flight, in a heap by time and then order. */
struct flight {
  int64_t at_ms;
  uint64_t order; /* IS_REQUEST, and the order of starting */
  uint64_t request;
  int64_t wait_ms, duration_ms;
  uint32_t model;
};

/* A request that waits for its model's load. */
struct waiter {
  uint64_t request;
  int64_t since_ms, duration_ms;
  uint32_t next;
};

/* Of each model: those who wait, oldest first, and its load in flight. */
struct backlog {
  uint64_t load; /* order of the load in flight; 0: none */
  uint32_t first, last;
};

struct hearth_sim {
  hearth_memory_user memory;
  hearth_pool *pool;
  hearth_sim_listen *listen;
  void *user;
  struct flight
      *flights; /* a binary heap; cancelled loads stay in until their time */
  struct waiter *waiters;
  struct backlog *backlogs;
  uint32_t flight_count, flight_cap;
  uint32_t waiter_count, waiter_cap, free_waiter, waiting;
  uint32_t backlog_cap;
  uint64_t started; /* loads and requests, ever */
};

hearth_status hearth_sim_new(const hearth_memory_user *memory,
                             const hearth_pool_options *options,
                             hearth_sim_listen *listen, void *user,
                             hearth_sim **out) {
  hearth_sim *sim = hearth_zalloc(memory, 1, sizeof *sim);
  if (!sim) {
    return HEARTH_NO_MEMORY;
  }
  const hearth_status status = hearth_pool_new(memory, options, &sim->pool);
  if (status != HEARTH_OK) {
    hearth_release(memory, sim);
    return status;
  }
  sim->memory = *memory;
  sim->listen = listen;
  sim->user = user;
  sim->free_waiter = NO_SLOT;
  *out = sim;
  return HEARTH_OK;
}

void hearth_sim_free(hearth_sim *sim) {
  if (!sim) {
    return;
  }
  const hearth_memory_user memory = sim->memory;
  hearth_pool_free(sim->pool);
  hearth_release(&memory, sim->flights);
  hearth_release(&memory, sim->waiters);
  hearth_release(&memory, sim->backlogs);
  hearth_release(&memory, sim);
}

hearth_pool *hearth_sim_pool(hearth_sim *sim) {
  return sim->pool;
}

static void tell(const hearth_sim *sim, const hearth_sim_event *event) {
  if (sim->listen) {
    sim->listen(sim->user, event);
  }
}

/* Room for every load that may begin at once and for every waiting request to
   run, so that nothing fails once the pool has decided. */
static hearth_status reserve(hearth_sim *sim) {
  void *backlogs = sim->backlogs;
  void *flights = sim->flights;
  void *waiters = sim->waiters;
  hearth_status status =
      hearth_grow(&sim->memory, &backlogs, &sim->backlog_cap,
                  hearth_pool_count(sim->pool), sizeof *sim->backlogs);
  sim->backlogs = backlogs;
  if (status == HEARTH_OK) {
    status =
        hearth_grow(&sim->memory, &flights, &sim->flight_cap,
                    sim->flight_count + sim->waiting + 2, sizeof *sim->flights);
    sim->flights = flights;
  }
  if (status == HEARTH_OK) {
    status = hearth_grow(&sim->memory, &waiters, &sim->waiter_cap,
                         sim->waiting + 1, sizeof *sim->waiters);
    sim->waiters = waiters;
  }
  return status;
}

static int before(const struct flight *a, const struct flight *b) {
  return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

static void take_off(hearth_sim *sim, const struct flight *flight) {
  uint32_t i = sim->flight_count++;
  for (; i > 0 && before(flight, &sim->flights[(i - 1) / 2]); i = (i - 1) / 2) {
    sim->flights[i] = sim->flights[(i - 1) / 2];
  }
  sim->flights[i] = *flight;
}

static struct flight land(hearth_sim *sim) {
  const struct flight top = sim->flights[0];
  const struct flight last = sim->flights[--sim->flight_count];
  uint32_t i = 0;
  for (;;) {
    uint32_t child = 2 * i + 1;
    if (child + 1 < sim->flight_count &&
        before(&sim->flights[child + 1], &sim->flights[child])) {
      child++;
    }
    if (child >= sim->flight_count || !before(&sim->flights[child], &last)) {
      break;
    }
    sim->flights[i] = sim->flights[child];
    i = child;
  }
  sim->flights[i] = last;
  return top;
}

static int was_cancelled(const hearth_sim *sim, const struct flight *flight) {
  return !(flight->order & IS_REQUEST) &&
         sim->backlogs[flight->model].load != flight->order;
}

static void forget_cancelled(hearth_sim *sim) {
  while (sim->flight_count > 0 && was_cancelled(sim, &sim->flights[0])) {
    land(sim);
  }
}

static int64_t later(int64_t now, int64_t ms) {
  return ms < HEARTH_NEVER - now ? now + ms : HEARTH_NEVER - 1;
}

static void run(hearth_sim *sim, int64_t now, uint32_t model,
                const struct waiter *waiter) {
  const struct flight flight = {.at_ms = later(now, waiter->duration_ms),
                                .order = IS_REQUEST | ++sim->started,
                                .request = waiter->request,
                                .wait_ms = now - waiter->since_ms,
                                .duration_ms = waiter->duration_ms,
                                .model = model};
  take_off(sim, &flight);
  tell(sim, &(hearth_sim_event){.kind = HEARTH_SIM_START,
                                .model = model,
                                .request = flight.request,
                                .at_ms = now,
                                .wait_ms = flight.wait_ms});
}

static void act(hearth_sim *sim, int64_t now, const hearth_action *action) {
  static const hearth_sim_kind kinds[] = {[HEARTH_DO_LOAD] = HEARTH_SIM_LOAD,
                                          [HEARTH_DO_CANCEL] =
                                              HEARTH_SIM_CANCEL,
                                          [HEARTH_DO_EVICT] = HEARTH_SIM_EVICT};
  struct backlog *backlog = &sim->backlogs[action->model];
  if (action->kind == HEARTH_DO_LOAD) {
    const int64_t load_ms = sim->pool->models[action->model].load_ms;
    backlog->load = ++sim->started;
    take_off(sim, &(struct flight){.at_ms = later(now, load_ms),
                                   .order = backlog->load,
                                   .model = action->model});
  } else if (action->kind == HEARTH_DO_CANCEL) {
    backlog->load = 0;
    forget_cancelled(sim);
  }
  tell(sim, &(hearth_sim_event){.kind = kinds[action->kind],
                                .demand = action->demand,
                                .expired = action->expired,
                                .model = action->model,
                                .at_ms = now});
}

hearth_status hearth_sim_start(hearth_sim *sim, int64_t now) {
  hearth_action action;
  hearth_status status = reserve(sim);
  while (status == HEARTH_OK && hearth_pool_next(sim->pool, now, &action)) {
    act(sim, now, &action);
    status = reserve(sim);
  }
  return status;
}

static void run_waiters(hearth_sim *sim, int64_t now, uint32_t model) {
  struct backlog *backlog = &sim->backlogs[model];
  for (uint32_t n = hearth_pool_loaded(sim->pool, model, now); n > 0; n--) {
    const uint32_t slot = backlog->first;
    const struct waiter waiter = sim->waiters[slot];
    backlog->first = waiter.next;
    sim->waiters[slot].next = sim->free_waiter;
    sim->free_waiter = slot;
    sim->waiting--;
    run(sim, now, model, &waiter);
  }
}

/* What is first in flight happens at its time. */
static hearth_status complete_one(hearth_sim *sim) {
  const struct flight flight = land(sim);
  forget_cancelled(sim);
  hearth_sim_event event = {.model = flight.model, .at_ms = flight.at_ms};
  if (flight.order & IS_REQUEST) {
    event.kind = HEARTH_SIM_DONE;
    event.request = flight.request;
    event.wait_ms = flight.wait_ms;
    event.duration_ms = flight.duration_ms;
    hearth_pool_finish(sim->pool, flight.model, flight.at_ms);
    tell(sim, &event);
  } else {
    event.kind = HEARTH_SIM_READY;
    event.demand = hearth_pool_busy(sim->pool, flight.model);
    sim->backlogs[flight.model].load = 0;
    tell(sim, &event);
    run_waiters(sim, flight.at_ms, flight.model);
  }
  return hearth_sim_start(sim, flight.at_ms);
}

static hearth_status complete(hearth_sim *sim, int64_t now) {
  hearth_status status = HEARTH_OK;
  while (status == HEARTH_OK && sim->flight_count > 0 &&
         sim->flights[0].at_ms <= now) {
    status = complete_one(sim);
  }
  return status;
}

int64_t hearth_sim_next_ms(const hearth_sim *sim) {
  const int64_t expiry = hearth_pool_next_expiry(sim->pool);
  const int64_t start = hearth_pool_next_start(sim->pool);
  const int64_t own = expiry < start ? expiry : start;
  return sim->flight_count > 0 && sim->flights[0].at_ms < own
             ? sim->flights[0].at_ms
             : own;
}

hearth_status hearth_sim_finish_instant(hearth_sim *sim, int64_t now) {
  hearth_status status = hearth_sim_advance(sim, now);
  if (status == HEARTH_OK) {
    hearth_pool_expire(sim->pool, now);
    status = hearth_sim_start(sim, now);
  }
  return status == HEARTH_OK ? complete(sim, now) : status;
}

hearth_status hearth_sim_advance(hearth_sim *sim, int64_t now) {
  hearth_status status = HEARTH_OK;
  for (int64_t t = hearth_sim_next_ms(sim); status == HEARTH_OK && t < now;
       t = hearth_sim_next_ms(sim)) {
    status = complete(sim, t);
    if (status == HEARTH_OK) {
      hearth_pool_expire(sim->pool, t);
      status = hearth_sim_start(sim, t);
    }
  }
  return status == HEARTH_OK ? complete(sim, now) : status;
}

static void queue_up(hearth_sim *sim, uint32_t model,
                     const struct waiter *waiter, int is_first) {
  struct backlog *backlog = &sim->backlogs[model];
  uint32_t slot = sim->free_waiter;
  if (slot == NO_SLOT) {
    slot = sim->waiter_count++;
  } else {
    sim->free_waiter = sim->waiters[slot].next;
  }
  sim->waiters[slot] = *waiter;
  if (is_first) {
    backlog->first = slot;
  } else {
    sim->waiters[backlog->last].next = slot;
  }
  backlog->last = slot;
  sim->waiting++;
}

hearth_status hearth_sim_request(hearth_sim *sim, int64_t now, uint32_t model,
                                 int64_t duration_ms, uint64_t request,
                                 hearth_found *found) {
  const hearth_status status =
      model < hearth_pool_count(sim->pool) ? reserve(sim) : HEARTH_BAD_ARG;
  if (status != HEARTH_OK) {
    return status;
  }
  const struct waiter waiter = {.request = request,
                                .since_ms = now,
                                .duration_ms =
                                    duration_ms > 0 ? duration_ms : 0,
                                .next = NO_SLOT};
  const int first = !hearth_pool_busy(sim->pool, model);
  *found = hearth_pool_request(sim->pool, model, now);
  if (*found == HEARTH_FOUND_WARM) {
    run(sim, now, model, &waiter);
  } else {
    queue_up(sim, model, &waiter, first);
  }
  return HEARTH_OK;
}

void hearth_sim_plan(hearth_sim *sim, int64_t now,
                     const hearth_plan_entry *entries, uint32_t count) {
  hearth_pool_plan(sim->pool, entries, count, now);
}
