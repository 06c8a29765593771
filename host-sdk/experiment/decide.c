/* SPDX-License-Identifier: MIT
   What is done about a challenger: verdicts, guardrails, promotion. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/experiment/inside.h"
#include "host-sdk/experiment/split.h"
#include "host-sdk/instance/instance.h"

void hearth__note(hearth_experiment *x, int32_t kind, uint32_t arm,
                  const char *text) {
  if (x->event_count == HEARTH__EVENTS) {
    return;
  }
  hearth_experiment_event *event = &x->events[x->event_count++];
  *event = (hearth_experiment_event){.kind = kind,
                                     .arm = arm,
                                     .at_ms = x->now_ms,
                                     .requests = x->requests,
                                     .units = x->closed};
  snprintf(event->text, sizeof event->text, "%s", text);
}

void hearth__decide_begin(hearth_experiment *x) {
  const hearth__experiment_arm *champion = &x->arms[x->champion];
  const double alpha = x->options.alpha / (x->options.arm_count - 1);
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    hearth__experiment_arm *arm = &x->arms[a];
    const double both = arm->share + champion->share;
    hearth__judge_init(&arm->judge, x->cap_s, both > 0 ? arm->share / both : 0,
                       alpha);
    arm->decided = 0;
  }
}

/* What an arm has learned; empty where its plugin keeps no state. */
static hearth_bytes state_of(hearth_experiment *x, uint32_t arm,
                             hearth_output *out) {
  const hearth_status status =
      hearth_instance_save_state(x->arms[arm].ghost.instance, NULL, out);
  return status == HEARTH_OK ? (hearth_bytes){out->data, out->len}
                             : (hearth_bytes){NULL, 0};
}

void hearth__stop_arm(hearth_experiment *x, uint32_t arm, int32_t kind,
                      const char *why) {
  hearth__experiment_arm *a = &x->arms[arm];
  char text[256];
  if (a->stopped) {
    return;
  }
  pthread_mutex_lock(&x->told);
  a->stopped = 1;
  pthread_mutex_unlock(&x->told);
  snprintf(a->why, sizeof a->why, "%s", why);
  snprintf(text, sizeof text, "'%s' is stopped: %s", a->name, why);
  hearth__note(x, kind, arm, text);
  hearth__units_drop_arm(&x->units, arm);
  if (x->options.stopped != NULL) {
    hearth_output out = {0};
    x->options.stopped(x->options.user, arm, state_of(x, arm, &out));
    hearth_output_free(&out);
  }
}

/* A guardrail stops a challenger.  A champion can't be stopped here: it drives
   the real pool; that it fails is only written down, once. */
static void guard(hearth_experiment *x, uint32_t arm, const char *why) {
  if (arm != x->champion) {
    hearth__stop_arm(x, arm, HEARTH_EVENT_GUARDRAIL, why);
  } else if (x->arms[arm].why[0] == '\0') {
    char text[256];
    snprintf(x->arms[arm].why, sizeof x->arms[arm].why, "%s", why);
    snprintf(text, sizeof text, "the champion '%s' breaks a guardrail: %.120s",
             x->arms[arm].name, why);
    hearth__note(x, HEARTH_EVENT_GUARDRAIL, arm, text);
  }
}

void hearth__decide_calls(hearth_experiment *x) {
  const hearth_experiment_guardrails *g = &x->options.guardrails;
  char why[160];
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    const hearth__ghost *ghost = &x->arms[a].ghost;
    if (x->arms[a].stopped || ghost->calls < g->least_calls) {
      continue;
    }
    const double failed = (double)ghost->errors / (double)ghost->calls;
    if (g->error_share > 0 && failed > g->error_share) {
      snprintf(why, sizeof why, "%.1f %% of its calls failed (limit %g %%)",
               100 * failed, 100 * g->error_share);
      guard(x, a, why);
      continue;
    }
    const double p99_ms =
        g->latency_p99_ms > 0
            ? hearth__latency_percentile(&ghost->latency, 99) / 1000
            : 0;
    if (p99_ms > g->latency_p99_ms) {
      snprintf(why, sizeof why, "its p99 is %.3g ms (limit %g ms)", p99_ms,
               g->latency_p99_ms);
      guard(x, a, why);
    }
  }
}

/* Much worse, long before the test can be sure. */
static int is_harmful(const hearth_experiment *x, uint32_t arm) {
  const hearth_experiment_guardrails *g = &x->options.guardrails;
  const hearth__judge *judge = &x->arms[arm].judge;
  return g->wait_ratio > 0 && judge->paired.count >= g->least_units &&
         judge->paired.count > 0 &&
         judge->challenger_sum > g->wait_ratio * judge->champion_sum &&
         judge->challenger_sum > judge->cap;
}

static const hearth__evidence *decider(const hearth_experiment *x,
                                       uint32_t arm) {
  const hearth__judge *judge = &x->arms[arm].judge;
  return x->options.design == HEARTH_DESIGN_SPLIT ? &judge->split
                                                  : &judge->paired;
}

static hearth_status promote(hearth_experiment *x, uint32_t winner,
                             const hearth_experiment_estimate *estimate) {
  hearth__experiment_arm *arm = &x->arms[winner];
  if (x->options.promoted == NULL) {
    return HEARTH_OK;
  }
  hearth_output won = {0}, lost = {0};
  const hearth_experiment_promotion promotion = {
      .winner = winner,
      .loser = x->champion,
      .library = arm->ghost.instance->library,
      .config = {arm->config, arm->config_len},
      .winner_state = state_of(x, winner, &won),
      .loser_state = state_of(x, x->champion, &lost),
      .saved_s = estimate->saved_s,
      .low_s = estimate->low_s,
      .high_s = estimate->high_s,
      .units = estimate->units,
      .at_ms = x->now_ms};
  const hearth_status status = x->options.promoted(x->options.user, &promotion);
  hearth_output_free(&won);
  hearth_output_free(&lost);
  return status;
}

/* The two change places and shares, and the test begins anew. */
static void crown(hearth_experiment *x, uint32_t winner) {
  hearth__experiment_arm *arm = &x->arms[winner];
  hearth__experiment_arm *old = &x->arms[x->champion];
  const double share = arm->share;
  pthread_mutex_lock(&x->told);
  arm->share = old->share;
  old->share = share;
  old->shadow = arm->shadow;
  arm->shadow = 0;
  x->champion = winner;
  x->reign++;
  x->salt = hearth__split_salt(x->name, x->reign);
  pthread_mutex_unlock(&x->told);
  old->ghost.shadow = old->shadow;
  arm->ghost.shadow = 0;
  hearth__decide_begin(x);
}

static void declare_better(hearth_experiment *x, uint32_t winner) {
  hearth__experiment_arm *arm = &x->arms[winner];
  hearth_experiment_estimate e;
  char text[256];
  hearth__judge_estimate(decider(x, winner), &e);
  snprintf(text, sizeof text,
           "'%s' is better than '%s': it saves %.3g s a unit (%.3g to %.3g)",
           arm->name, x->arms[x->champion].name, e.saved_s, e.low_s, e.high_s);
  hearth__note(x, HEARTH_EVENT_BETTER, winner, text);
  arm->decided = 1;
  if (!x->options.promote) {
    return;
  }
  const uint32_t loser = x->champion;
  const hearth_status status = promote(x, winner, &e);
  if (status == HEARTH_OK) {
    crown(x, winner);
    snprintf(text, sizeof text, "'%s' takes the place of '%s'", arm->name,
             x->arms[loser].name);
    hearth__note(x, HEARTH_EVENT_PROMOTED, winner, text);
  } else {
    snprintf(text, sizeof text, "'%s' could not be promoted: %s", arm->name,
             hearth_status_text(status));
    hearth__note(x, HEARTH_EVENT_PROMOTION_FAILED, winner, text);
  }
}

static void weigh(hearth_experiment *x, const hearth__unit *unit) {
  const uint32_t champion = x->champion;
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    hearth__experiment_arm *arm = &x->arms[a];
    if (a == champion || arm->stopped) {
      continue;
    }
    hearth__judge_pair(&arm->judge, unit->cost[champion], unit->cost[a]);
    if (unit->fresh && (unit->arm == a || unit->arm == champion)) {
      hearth__judge_one(&arm->judge, unit->arm == a, unit->cost[unit->arm]);
    }
  }
}

/* The challenger that is better for certain, and by most; else the champion. */
static uint32_t best(const hearth_experiment *x) {
  uint32_t winner = x->champion;
  double most = 0;
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    const hearth__evidence *e = decider(x, a);
    if (a == x->champion || x->arms[a].stopped || x->arms[a].decided ||
        e->count == 0 || e->count < x->options.least_units) {
      continue;
    }
    const double saved = e->sum * e->scale / (double)e->count;
    if (saved > most && hearth__evidence_sign(e) > 0) {
      winner = a;
      most = saved;
    }
  }
  return winner;
}

static void drop_worse(hearth_experiment *x) {
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    hearth__experiment_arm *arm = &x->arms[a];
    const hearth__evidence *e = decider(x, a);
    char why[160];
    if (a == x->champion || arm->stopped) {
      continue;
    }
    if (is_harmful(x, a)) {
      snprintf(why, sizeof why, "it cost %.2f times the champion's (limit %g)",
               arm->judge.challenger_sum / arm->judge.champion_sum,
               x->options.guardrails.wait_ratio);
      guard(x, a, why);
    } else if (!arm->decided && e->count >= x->options.least_units &&
               hearth__evidence_sign(e) < 0) {
      hearth_experiment_estimate found;
      hearth__judge_estimate(e, &found);
      arm->decided = 1;
      snprintf(why, sizeof why, "it costs %.3g s a unit more (%.3g to %.3g)",
               -found.saved_s, -found.high_s, -found.low_s);
      if (x->options.stop_worse) {
        hearth__stop_arm(x, a, HEARTH_EVENT_WORSE, why);
      } else {
        char text[256];
        snprintf(text, sizeof text, "'%s' is worse: %.120s", arm->name, why);
        hearth__note(x, HEARTH_EVENT_WORSE, a, text);
      }
    }
  }
}

void hearth__decide(hearth_experiment *x, const hearth__unit *unit) {
  int over = 0;
  for (uint32_t a = 0; a < x->options.arm_count; a++) {
    over |= unit->cost[a] > x->cap_s;
  }
  x->closed++;
  x->capped += (uint64_t)over;
  if (x->options.closed != NULL) {
    x->options.closed(x->options.user, unit->arm, unit->cost);
  }
  if (unit->reign != x->reign) {
    return; /* it began before the last promotion: part of what led to it */
  }
  weigh(x, unit);
  drop_worse(x);
  const uint32_t winner = best(x);
  if (winner != x->champion) {
    declare_better(x, winner);
  }
  hearth__keep_point(x);
}
