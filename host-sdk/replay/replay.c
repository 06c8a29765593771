/* SPDX-License-Identifier: MIT
   One replay: a trace, a plugin, a setting. */
#include "host-sdk/replay/replay.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/costs.h"
#include "host-sdk/replay/horizons.h"
#include "host-sdk/replay/log.h"
#include "host-sdk/replay/messenger.h"
#include "host-sdk/replay/scores.h"
#include "host-sdk/replay/stage.h"

enum { PROGRESS_EVERY = 1024 };
#define LEAST_REVIEW_MS 1000

typedef struct run {
  const hearth_replay_options *options;
  hearth_messenger *messenger;
  hearth_sim *sim;
  hearth_costs *costs;
  hearth_scores *scores;
  hearth_strip *strip; /* NULL: not wanted */
  hearth_horizons horizons;
  hearth_log events, plans;
  hearth_status failed; /* of the plugin, within the sim's listener */
  int64_t review_at_ms; /* HEARTH_NEVER: none */
  int64_t now_ms;
  uint32_t next;        /* request */
  uint32_t served;      /* requests that came to run */
} run;

/* The sim's listener: everybody hears of it, the plugin last. */
static void listen(void *user, const hearth_sim_event *event) {
  run *r = user;
  r->served += event->kind == HEARTH_SIM_START;
  hearth_costs_event(r->costs, event);
  hearth_strip_event(r->strip, event);
  hearth_log_event(&r->events, event);
  if (r->failed == HEARTH_OK) {
    r->now_ms = event->at_ms;
    r->failed = hearth_messenger_event(r->messenger, event);
  }
}

/* A plugin's failure within the listener counts where the sim itself is fine. */
static hearth_status both(run *r, hearth_status status) {
  return status != HEARTH_OK ? status : r->failed;
}

static int64_t used_kb(run *r) {
  return hearth_pool_used_kb(hearth_sim_pool(r->sim));
}

static void adopt(run *r, int64_t now, const hearth_plan *plan) {
  if (!plan->opinion) {
    return;
  }
  hearth_scores_plan(r->scores, plan);
  hearth_sim_plan(r->sim, now, plan->entries, plan->count);
  r->review_at_ms = HEARTH_NEVER;
  if (plan->review_at_ms >= 0) {
    const int64_t least = now + LEAST_REVIEW_MS;
    r->review_at_ms = plan->review_at_ms > least ? plan->review_at_ms : least;
  }
}

/* The host's default where the plugin has no opinion: the model just used goes
   on top, which is least recently used. */
static void adopt_default(run *r, int64_t now, uint32_t model) {
  const hearth_plan_entry entry = {.model = model,
                                   .action = HEARTH_ACTION_KEEP,
                                   .start_at_ms = -1,
                                   .warm_by_ms = -1,
                                   .keep_for_ms = -1};
  hearth_sim_plan(r->sim, now, &entry, 1);
}

static hearth_status hold_request(run *r, uint32_t i) {
  const hearth_trace *trace = r->options->trace;
  const int64_t now = trace->ts_ms[i];
  const uint32_t model = trace->id[HEARTH_TRACE_MODEL][i];
  const hearth_plan *plan;
  hearth_status status = hearth_messenger_ask(
      r->messenger, HEARTH_REASON_REQUEST, i, used_kb(r), &plan);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_log_plan(&r->plans, now, "request", i, plan);

  const int64_t given = trace->duration_ms[i];
  hearth_log_request(&r->events, now, model, i);
  hearth_residency before =
      hearth_pool_residency(hearth_sim_pool(r->sim), model);
  hearth_found found = before == HEARTH_READY    ? HEARTH_FOUND_WARM
                       : before == HEARTH_ABSENT ? HEARTH_FOUND_COLD
                                                 : HEARTH_FOUND_DELAYED;
  hearth_scores_request(r->scores, i, plan, found);
  adopt(r, now, plan);
  hearth_costs_request(r->costs, now, model, found);
  hearth_strip_request(r->strip, now, model, found);
  status = both(r, hearth_sim_request(r->sim, now, model, given < 0 ? 0 : given,
                                      i, &found));
  if (status == HEARTH_OK) {
    status = hearth_messenger_started(r->messenger, i, found);
  }
  if (status == HEARTH_OK) {
    status = hearth_messenger_ask(r->messenger, HEARTH_REASON_SETTLED, i,
                                  used_kb(r), &plan);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_log_plan(&r->plans, now, "settled", i, plan);
  if (plan->opinion) {
    adopt(r, now, plan);
  } else {
    adopt_default(r, now, model);
  }
  return both(r, hearth_sim_start(r->sim, now));
}

static hearth_status hold_review(run *r, int64_t now) {
  const hearth_plan *plan;
  r->review_at_ms = HEARTH_NEVER;
  const hearth_status status =
      hearth_messenger_review(r->messenger, now, used_kb(r), &plan);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_log_plan(&r->plans, now, "tick", -1, plan);
  adopt(r, now, plan);
  return both(r, hearth_sim_start(r->sim, now));
}

static hearth_status take_sample(run *r, int64_t now) {
  const hearth_plan *plan;
  const hearth_status status =
      hearth_messenger_predict(r->messenger, now, &plan);
  if (status == HEARTH_OK) {
    hearth_log_plan(&r->plans, now, "predict", -1, plan);
    hearth_horizons_sample(&r->horizons, plan);
    hearth_scores_sample(r->scores, now, plan);
  }
  return status;
}

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* When the next request, review or sample is. */
static int64_t next_ms(const run *r) {
  const hearth_trace *trace = r->options->trace;
  const int64_t sample_at = hearth_messenger_predicts(r->messenger) &&
                                    r->options->horizons
                                ? hearth_horizons_due(&r->horizons)
                                : HEARTH_NEVER;
  return least(least(trace->ts_ms[r->next], r->review_at_ms), sample_at);
}

/* The instant to stop at: all before it has happened, and where no request
   comes then, all within it but a review. */
static hearth_status stop(run *r) {
  const hearth_replay_stop *stop = r->options->stop;
  const hearth_trace *trace = r->options->trace;
  const int asked =
      r->next < trace->count && trace->ts_ms[r->next] == stop->at_ms;
  hearth_status status = both(r, hearth_sim_advance(r->sim, stop->at_ms));
  r->now_ms = status == HEARTH_OK ? stop->at_ms : r->now_ms;
  if (status == HEARTH_OK && !asked) {
    status = both(r, hearth_sim_finish_instant(r->sim, stop->at_ms));
  }
  return status == HEARTH_OK
             ? stop->reached(stop->user, r->messenger, r->sim,
                             asked ? (int64_t)r->next : -1)
             : status;
}

/* All that happens at the next instant with a request, a review or a sample. */
static hearth_status next_instant(run *r) {
  const hearth_trace *trace = r->options->trace;
  const int64_t now = next_ms(r);
  hearth_status status = HEARTH_OK;
  do {
    status = both(r, hearth_sim_advance(r->sim, now));
    r->now_ms = status == HEARTH_OK ? now : r->now_ms;
    if (status == HEARTH_OK && r->next < trace->count &&
        trace->ts_ms[r->next] == now) {
      status = hold_request(r, r->next++);
    }
  } while (status == HEARTH_OK && r->next < trace->count &&
           trace->ts_ms[r->next] == now);
  if (status == HEARTH_OK) {
    status = both(r, hearth_sim_finish_instant(r->sim, now));
  }
  if (status == HEARTH_OK && r->options->horizons &&
      hearth_messenger_predicts(r->messenger) &&
      hearth_horizons_due(&r->horizons) == now) {
    status = take_sample(r, now);
  }
  if (status == HEARTH_OK && r->review_at_ms <= now &&
      r->next < trace->count) {
    status = hold_review(r, now);
  }
  return status;
}

/* After the last request, loads and requests in flight finish. */
static hearth_status finish(run *r) {
  hearth_status status = HEARTH_OK;
  int64_t now = hearth_sim_next_ms(r->sim);
  while (status == HEARTH_OK && now != HEARTH_NEVER) {
    status = both(r, hearth_sim_advance(r->sim, now));
    if (status == HEARTH_OK) {
      status = both(r, hearth_sim_finish_instant(r->sim, now));
    }
    now = hearth_sim_next_ms(r->sim);
  }
  return status;
}

static hearth_status go(run *r) {
  const hearth_trace *trace = r->options->trace;
  uint64_t shown = 0;
  hearth_status status = HEARTH_OK;
  while (status == HEARTH_OK && r->next < trace->count) {
    if (r->options->stop != NULL && next_ms(r) >= r->options->stop->at_ms) {
      return stop(r);
    }
    status = next_instant(r);
    if (r->options->progress != NULL && r->next >= shown + PROGRESS_EVERY) {
      r->options->progress(r->options->user, r->next);
      shown = r->next;
    }
  }
  return status == HEARTH_OK ? finish(r) : status;
}

static hearth_status prepare(run *r, hearth_library *library, char *err,
                             uint64_t err_cap) {
  const hearth_replay_options *o = r->options;
  const hearth_messenger_options options = {.trace = o->trace,
                                            .models = o->models,
                                            .uses = o->uses,
                                            .setting = o->setting,
                                            .config = o->config,
                                            .timing = o->timing};
  const int64_t end = o->trace->ts_ms[o->trace->count - 1];
  const double threshold = o->config->prediction_threshold > 0
                               ? o->config->prediction_threshold
                               : 0.5;
  hearth_status status = hearth_messenger_new(library, &options, &r->messenger,
                                              err, err_cap);
  if (status == HEARTH_OK) {
    status = hearth__stage_new(o, listen, r, &r->sim, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = hearth_horizons_init(&r->horizons, o->trace, o->uses);
  }
  if (status == HEARTH_OK) {
    r->costs = hearth_costs_new(o->models, o->trace->count, end);
    r->scores = hearth_scores_new(o->trace, o->models->count, threshold);
    r->strip = o->strip
                   ? hearth_strip_new(&o->trace->memory, o->trace, o->uses)
                   : NULL;
    status = r->costs == NULL || r->scores == NULL ||
                     (o->strip && r->strip == NULL)
                 ? HEARTH_NO_MEMORY
                 : HEARTH_OK;
  }
  if (status == HEARTH_OK && o->accuracy) {
    status = hearth_scores_measure(r->scores, o->uses);
  }
  if (status == HEARTH_OK) {
    status = hearth_log_open(&r->events, o->log_path, HEARTH_LOG_EVENTS,
                             o->models, err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = hearth_log_open(&r->plans, o->plan_path, HEARTH_LOG_PLANS,
                             o->models, err, err_cap);
  }
  return status;
}

/* What went wrong on the way, and where. */
static void explain(const run *r, hearth_status status, char *err,
                    uint64_t err_cap) {
  snprintf(err, err_cap,
           "at %" PRId64 " ms, request %" PRIu32 " of %" PRIu32 ": %s",
           r->now_ms, r->next, r->options->trace->count,
           status == HEARTH_UNAVAILABLE ? hearth_messenger_error(r->messenger)
                                        : hearth_status_text(status));
}

/* A request whose model found no room for ever is no figure of a wait. */
static hearth_status all_served(const run *r, char *err, uint64_t err_cap) {
  const uint32_t left = r->options->trace->count - r->served;
  if (left > 0) {
    snprintf(err, err_cap,
             "%" PRIu32 " requests never ran: pinned models leave too little "
             "of the budget; raise it or pin fewer",
             left);
  }
  return left > 0 ? HEARTH_LIMIT : HEARTH_OK;
}

/* Both logs come to their end, even where one can't be written. */
static hearth_status close_logs(run *r, int keep, char *err,
                                uint64_t err_cap) {
  char *const sentence = keep ? err : NULL;
  const hearth_status events =
      hearth_log_close(&r->events, keep, sentence, err_cap);
  const hearth_status plans = hearth_log_close(
      &r->plans, keep && events == HEARTH_OK,
      events == HEARTH_OK ? sentence : NULL, err_cap);
  return events != HEARTH_OK ? events : plans;
}

static hearth_status report(run *r, hearth_result *result) {
  *result = (hearth_result){0};
  hearth_status status =
      hearth_costs_report(r->costs, r->options->setting, result);
  if (status == HEARTH_OK) {
    status = hearth_scores_report(r->scores, result);
  }
  if (status == HEARTH_OK) {
    hearth_horizons_report(&r->horizons, result);
    result->plugin_bytes = hearth_messenger_plugin_bytes(r->messenger);
    hearth_messenger_times(r->messenger, &result->prepare, &result->record);
    hearth_strip_finish(r->strip);
    result->strip = r->strip;
    r->strip = NULL;
  } else {
    hearth_result_free(result);
  }
  return status;
}

static void clean(run *r) {
  hearth_sim_free(r->sim);
  hearth_messenger_free(r->messenger);
  hearth_costs_free(r->costs);
  hearth_scores_free(r->scores);
  hearth_strip_free(r->strip);
  hearth_horizons_free(&r->horizons);
}

hearth_status hearth_replay(hearth_library *library,
                            const hearth_replay_options *options,
                            hearth_result *result, char *err,
                            uint64_t err_cap) {
  run r = {.options = options, .review_at_ms = HEARTH_NEVER};
  const int whole = options->stop == NULL;
  const uint64_t begin = hearth_monotonic_ns();
  if (err_cap > 0) {
    err[0] = '\0';
  }
  if (options->trace->count == 0) {
    snprintf(err, err_cap, "there are no requests");
    return HEARTH_BAD_ARG;
  }
  hearth_status status = prepare(&r, library, err, err_cap);
  if (status == HEARTH_OK) {
    status = go(&r);
    if (status != HEARTH_OK) {
      explain(&r, status, err, err_cap);
    }
  }
  if (status == HEARTH_OK && whole) {
    status = all_served(&r, err, err_cap);
  }
  if (status == HEARTH_OK && whole) {
    status = report(&r, result);
  }
  const hearth_status closed =
      close_logs(&r, status == HEARTH_OK, err, err_cap);
  clean(&r);
  if (status == HEARTH_OK && closed != HEARTH_OK) {
    if (whole) {
      hearth_result_free(result);
    }
    return closed;
  }
  if (status == HEARTH_OK && whole) {
    result->seconds = (double)(hearth_monotonic_ns() - begin) / 1e9;
  }
  return status;
}
