/* SPDX-License-Identifier: MIT
   How an experiment stands, for whoever asks. */
#include <math.h>
#include <string.h>

#include "host-sdk/experiment/inside.h"

double hearth__arm_cost(const hearth_experiment *x, uint32_t arm) {
  const hearth__ghost *g = &x->arms[arm].ghost;
  const double wait_s = (double)g->wait_ms / 1000;
  return x->arena.idle_price > 0
             ? wait_s + hearth__ghost_idle_gb_s(g) / x->arena.idle_price
             : wait_s;
}

/* Every second one goes when there is no room, and half as many come. */
static void thin(hearth_experiment *x) {
  for (uint32_t i = 1; 2 * i < x->point_count; i++) {
    x->points[i] = x->points[2 * i];
  }
  x->point_count = (x->point_count + 1) / 2;
  x->point_every *= 2;
}

void hearth__keep_point(hearth_experiment *x) {
  if (x->closed < x->point_next) {
    return;
  }
  if (x->point_count == HEARTH__POINTS) {
    thin(x);
  }
  x->point_next = x->closed + x->point_every;
  hearth_experiment_point *p = &x->points[x->point_count++];
  *p = (hearth_experiment_point){.at_ms = x->now_ms,
                                 .requests = x->requests,
                                 .units = x->closed,
                                 .champion = x->champion};
  for (uint32_t a = 0; a < HEARTH_EXPERIMENT_ARMS; a++) {
    p->cost_s[a] = p->saved_s[a] = p->low_s[a] = p->high_s[a] = NAN;
    if (a >= x->options.arm_count || x->arms[a].stopped) {
      continue;
    }
    p->cost_s[a] = hearth__arm_cost(x, a);
    if (a != x->champion) {
      const hearth__judge *judge = &x->arms[a].judge;
      hearth__evidence_interval(x->options.design == HEARTH_DESIGN_SPLIT
                                    ? &judge->split
                                    : &judge->paired,
                                &p->saved_s[a], &p->low_s[a], &p->high_s[a]);
    }
  }
}

static void fill_arm(const hearth_experiment *x, uint32_t a,
                     hearth_experiment_figures *out) {
  const hearth__experiment_arm *arm = &x->arms[a];
  const hearth__ghost *g = &arm->ghost;
  *out = (hearth_experiment_figures){
      .share = arm->share,
      .shadow = arm->shadow,
      .stopped = arm->stopped,
      .requests = g->requests,
      .cold = g->cold,
      .delayed = g->delayed,
      .warm = g->warm,
      .wait_s = (double)g->wait_ms / 1000,
      .idle_gb_s = hearth__ghost_idle_gb_s(g),
      .cost_s = hearth__arm_cost(x, a),
      .hit1 = g->probabilities ? (double)g->hits / (double)g->requests : NAN,
      .loads_demanded = g->loads_demanded,
      .loads_ahead = g->loads_ahead,
      .ahead_used = g->ahead_used,
      .loads_cancelled = g->loads_cancelled,
      .calls = g->calls,
      .errors = g->errors,
      .p50_us = hearth__latency_percentile(&g->latency, 50),
      .p99_us = hearth__latency_percentile(&g->latency, 99),
      .answers = arm->answers,
      .units = arm->units};
  memcpy(out->name, arm->name, sizeof out->name);
  memcpy(out->why, arm->why, sizeof out->why);
}

static void fill_comparison(const hearth__judge *judge,
                            hearth_experiment_comparison *out) {
  const double n = (double)judge->paired.count;
  hearth__judge_estimate(&judge->paired, &out->paired);
  hearth__judge_estimate(&judge->split, &out->split);
  out->champion_s = n > 0 ? judge->champion_sum / n : NAN;
  out->challenger_s = n > 0 ? judge->challenger_sum / n : NAN;
}

void hearth_experiment_get_report(hearth_experiment *x,
                                  hearth_experiment_report *out) {
  pthread_mutex_lock(&x->playing);
  pthread_mutex_lock(&x->told);
  *out = (hearth_experiment_report){.requests = x->requests,
                                    .dropped = x->inbox.dropped + x->lost,
                                    .unsettled = x->inbox.unsettled,
                                    .cut = x->cut,
                                    .units = x->closed,
                                    .capped = x->capped,
                                    .cap_s = x->cap_s,
                                    .arm_count = x->options.arm_count,
                                    .champion = x->champion};
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    fill_arm(x, a, &out->arms[a]);
    fill_comparison(&x->arms[a].judge, &out->comparisons[a]);
  }
  pthread_mutex_unlock(&x->told);
  pthread_mutex_unlock(&x->playing);
}

hearth_status hearth_experiment_get_event(hearth_experiment *x, uint32_t index,
                                          hearth_experiment_event *out) {
  pthread_mutex_lock(&x->playing);
  const int there = index < x->event_count;
  if (there) {
    *out = x->events[index];
  }
  pthread_mutex_unlock(&x->playing);
  return there ? HEARTH_OK : HEARTH_NO_OPINION;
}

hearth_status hearth_experiment_get_point(hearth_experiment *x, uint32_t index,
                                          hearth_experiment_point *out) {
  pthread_mutex_lock(&x->playing);
  const int there = index < x->point_count;
  if (there) {
    *out = x->points[index];
  }
  pthread_mutex_unlock(&x->playing);
  return there ? HEARTH_OK : HEARTH_NO_OPINION;
}

hearth_status hearth_experiment_save_state(hearth_experiment *x, uint32_t arm,
                                           hearth_output *out) {
  if (arm >= x->options.arm_count) {
    return HEARTH_BAD_ARG;
  }
  pthread_mutex_lock(&x->playing);
  const hearth_status status =
      hearth_instance_save_state(x->arms[arm].ghost.instance, NULL, out);
  pthread_mutex_unlock(&x->playing);
  return status;
}

hearth_status hearth_experiment_stop(hearth_experiment *x, uint32_t arm,
                                     const char *why) {
  hearth_status status = HEARTH_OK;
  pthread_mutex_lock(&x->playing);
  if (arm >= x->options.arm_count || arm == x->champion) {
    status = HEARTH_BAD_ARG;
  } else {
    hearth__stop_arm(x, arm, HEARTH_EVENT_STOPPED,
                     why != NULL ? why : "by hand");
  }
  pthread_mutex_unlock(&x->playing);
  return status;
}
