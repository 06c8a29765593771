/* SPDX-License-Identifier: MIT
   Experiments: their beginning, their end and their thread. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/experiment/inside.h"
#include "host-sdk/experiment/split.h"

void hearth_experiment_options_init(hearth_experiment_options *options) {
  *options = (hearth_experiment_options){.unit = HEARTH_UNIT_SESSION,
                                         .design = HEARTH_DESIGN_PAIRED,
                                         .window_ms = 24 * 3600 * 1000,
                                         .session_gap_ms = 1800 * 1000,
                                         .alpha = 0.05,
                                         .guardrails = {.error_share = 0.01,
                                                        .wait_ratio = 2,
                                                        .least_calls = 200,
                                                        .least_units = 50},
                                         .stop_worse = 1,
                                         .queue = 16384,
                                         .hold_ms = 60000,
                                         .own_thread = 1};
}

static hearth_status refuse(char *err, uint64_t err_cap, const char *why) {
  snprintf(err, err_cap, "%s", why);
  return HEARTH_BAD_ARG;
}

static hearth_status check_arms(const hearth_experiment_options *o, char *err,
                                uint64_t err_cap) {
  double shares = 0;
  for (uint32_t a = 0; a < o->arm_count; a++) {
    const hearth_experiment_arm *arm = &o->arms[a];
    if (arm->name == NULL || *arm->name == '\0' ||
        strlen(arm->name) >= HEARTH_EXPERIMENT_NAME) {
      return refuse(err, err_cap, "an arm wants a name of 1 to 63 bytes");
    }
    for (uint32_t b = 0; b < a; b++) {
      if (strcmp(arm->name, o->arms[b].name) == 0) {
        return refuse(err, err_cap, "two arms have the same name");
      }
    }
    if (arm->library == NULL) {
      return refuse(err, err_cap, "an arm wants a library");
    }
    if (!(arm->share >= 0 && arm->share <= 1)) {
      return refuse(err, err_cap, "a share is 0 to 1");
    }
    if (arm->shadow && arm->share > 0) {
      return refuse(err, err_cap, "a shadow arm has no share");
    }
    shares += arm->share;
  }
  return fabs(shares - 1) > 1e-6
             ? refuse(err, err_cap, "the arms' shares must add up to 1")
             : HEARTH_OK;
}

static hearth_status check(const hearth_experiment_options *o, char *err,
                           uint64_t err_cap) {
  if (o->name == NULL || *o->name == '\0' || strlen(o->name) >= 128) {
    return refuse(err, err_cap, "the experiment wants a name, up to 127 bytes");
  }
  if (o->arms == NULL || o->arm_count < 2 ||
      o->arm_count > HEARTH_EXPERIMENT_ARMS) {
    return refuse(err, err_cap, "want 2 to 8 arms");
  }
  if (o->champion >= o->arm_count || o->arms[o->champion].shadow) {
    return refuse(err, err_cap, "the champion is one of the arms, no shadow");
  }
  if (o->models == NULL || o->model_count == 0) {
    return refuse(err, err_cap, "there are no models");
  }
  if (!(o->alpha > 0 && o->alpha < 1)) {
    return refuse(err, err_cap, "alpha is between 0 and 1");
  }
  if (o->unit < HEARTH_UNIT_USER || o->unit > HEARTH_UNIT_REQUEST ||
      o->design < HEARTH_DESIGN_PAIRED || o->design > HEARTH_DESIGN_SPLIT) {
    return refuse(err, err_cap, "no such unit or design");
  }
  if (o->window_ms <= 0 || o->window_ms > HEARTH__LONGEST_MS ||
      o->session_gap_ms <= 0 || o->session_gap_ms > HEARTH__LONGEST_MS) {
    return refuse(err, err_cap,
                  "window_ms and session_gap_ms are over 0, at most 2^40");
  }
  if (o->queue == 0 || o->hold_ms < 0) {
    return refuse(err, err_cap, "the queue wants room, hold_ms is not under 0");
  }
  return check_arms(o, err, err_cap);
}

static void began(void *user, uint32_t arm, uint32_t flight, int64_t wait_ms) {
  hearth_experiment *x = user;
  const uint32_t unit = x->units.flights[flight].unit;
  x->units.units[unit].cost[arm] += (double)wait_ms / 1000;
  hearth__units_began(&x->units, flight, arm);
}

static void ended(void *user, uint32_t arm, uint32_t flight) {
  hearth_experiment *x = user;
  hearth__units_ended(&x->units, flight, arm);
}

static const char *flight_id(void *user, uint32_t flight) {
  const hearth_experiment *x = user;
  return x->units.flights[flight].id;
}

static hearth_status make_arm(hearth_experiment *x, uint32_t a,
                              const hearth_experiment_arm *from, char *err,
                              uint64_t err_cap) {
  hearth__experiment_arm *arm = &x->arms[a];
  snprintf(arm->name, sizeof arm->name, "%s", from->name);
  arm->share = from->share;
  arm->shadow = from->shadow;
  arm->config_len = from->config.len;
  arm->config = malloc((size_t)from->config.len + 1);
  if (arm->config == NULL) {
    return HEARTH_NO_MEMORY;
  }
  if (from->config.len > 0) {
    memcpy(arm->config, from->config.data, from->config.len);
  }
  return hearth__ghost_init(&arm->ghost, from, a, &x->arena, &x->ghost_events,
                            err, err_cap);
}

static double default_cap(const hearth_experiment *x) {
  /* A user's day holds a few sessions. */
  const int times = x->options.unit == HEARTH_UNIT_USER ? 10 : 3;
  const double longest = times * x->arena.longest_s;
  const double cap = x->arena.idle_price > 0 && x->arena.all_s > longest
                         ? x->arena.all_s
                         : longest;
  return cap > 0 ? cap : 1;
}

static hearth_status make_parts(hearth_experiment *x,
                                const hearth_experiment_options *o, char *err,
                                uint64_t err_cap) {
  hearth_status status = hearth__arena_init(&x->arena, o, err, err_cap);
  x->cap_s = o->cap_s > 0 ? o->cap_s : default_cap(x);
  x->points = calloc(HEARTH__POINTS, sizeof *x->points);
  x->arms = calloc(HEARTH_EXPERIMENT_ARMS, sizeof *x->arms);
  if (status == HEARTH_OK && (x->points == NULL || x->arms == NULL)) {
    status = HEARTH_NO_MEMORY;
  }
  if (status == HEARTH_OK) {
    status = hearth__inbox_init(&x->inbox, o->queue);
  }
  if (status == HEARTH_OK) {
    status = hearth__units_init(
        &x->units, o->unit,
        o->unit == HEARTH_UNIT_USER ? o->window_ms : o->session_gap_ms);
  }
  for (uint32_t a = 0; status == HEARTH_OK && a < o->arm_count; a++) {
    status = make_arm(x, a, &o->arms[a], err, err_cap);
  }
  return status;
}

static hearth_status make_locks(hearth_experiment *x) {
  pthread_mutexattr_t again; /* callbacks may ask how it stands */
  if (pthread_mutexattr_init(&again) != 0) {
    return HEARTH_NO_MEMORY;
  }
  pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
  x->has_playing = pthread_mutex_init(&x->playing, &again) == 0;
  pthread_mutexattr_destroy(&again);
  x->has_told = pthread_mutex_init(&x->told, NULL) == 0;
  x->has_more = pthread_cond_init(&x->more, NULL) == 0;
  return x->has_playing && x->has_told && x->has_more ? HEARTH_OK
                                                      : HEARTH_NO_MEMORY;
}

/* Play the next request there is; 0: there is none.  Taking and playing are one
   step, so that the order holds whoever plays. */
static int play_one(hearth_experiment *x, int all) {
  pthread_mutex_lock(&x->playing);
  pthread_mutex_lock(&x->told);
  hearth__told *told = hearth__inbox_take(&x->inbox, x->options.hold_ms, all);
  pthread_mutex_unlock(&x->told);
  if (told != NULL) {
    hearth__trial_play(x, told);
  }
  pthread_mutex_unlock(&x->playing);
  free(told);
  return told != NULL;
}

static void *run(void *user) {
  hearth_experiment *x = user;
  pthread_mutex_lock(&x->told);
  while (!x->stopping) {
    if (hearth__inbox_ready(&x->inbox, x->options.hold_ms, 0)) {
      pthread_mutex_unlock(&x->told);
      (void)play_one(x, 0);
      pthread_mutex_lock(&x->told);
    } else {
      pthread_cond_wait(&x->more, &x->told);
    }
  }
  pthread_mutex_unlock(&x->told);
  return NULL;
}

hearth_status hearth_experiment_create(const hearth_experiment_options *options,
                                       hearth_experiment **out, char *err,
                                       uint64_t err_cap) {
  char sentence[400] = "";
  hearth_experiment *x = NULL;
  hearth_status status = check(options, sentence, sizeof sentence);
  if (status == HEARTH_OK) {
    x = calloc(1, sizeof *x);
    status = x == NULL ? HEARTH_NO_MEMORY : make_locks(x);
  }
  if (status == HEARTH_OK) {
    x->options = *options;
    x->champion = options->champion;
    x->now_ms = INT64_MIN;
    x->point_every = 1;
    snprintf(x->name, sizeof x->name, "%s", options->name);
    x->reign = 1;
    x->salt = hearth__split_salt(x->name, x->reign);
    x->ghost_events = (hearth__ghost_events){
        began, ended, flight_id, options->planned, x, options->user};
    status = make_parts(x, options, sentence, sizeof sentence);
  }
  if (status == HEARTH_OK) {
    hearth__decide_begin(x);
    x->has_thread =
        options->own_thread && pthread_create(&x->thread, NULL, run, x) == 0;
    status = options->own_thread && !x->has_thread ? HEARTH_NO_MEMORY : status;
  }
  if (status != HEARTH_OK) {
    if (err != NULL && err_cap > 0) {
      snprintf(err, err_cap, "%s",
               sentence[0] != '\0' ? sentence : hearth_status_text(status));
    }
    hearth_experiment_destroy(x);
    return status;
  }
  *out = x;
  return HEARTH_OK;
}

void hearth_experiment_destroy(hearth_experiment *x) {
  if (x == NULL) {
    return;
  }
  if (x->has_thread) {
    pthread_mutex_lock(&x->told);
    x->stopping = 1;
    pthread_cond_signal(&x->more);
    pthread_mutex_unlock(&x->told);
    pthread_join(x->thread, NULL);
  }
  for (uint32_t a = 0; x->arms != NULL && a < HEARTH_EXPERIMENT_ARMS; a++) {
    hearth__ghost_free(&x->arms[a].ghost);
    free(x->arms[a].config);
  }
  free(x->arms);
  free(x->points);
  hearth__units_free(&x->units);
  hearth__inbox_free(&x->inbox);
  hearth__arena_free(&x->arena);
  if (x->has_more) {
    pthread_cond_destroy(&x->more);
  }
  if (x->has_told) {
    pthread_mutex_destroy(&x->told);
  }
  if (x->has_playing) {
    pthread_mutex_destroy(&x->playing);
  }
  free(x);
}

void hearth_experiment_flush(hearth_experiment *x, int32_t all) {
  while (play_one(x, all)) {
  }
  /* Whatever the thread took before has been played: taking and playing are
     one step under the lock that this takes. */
  pthread_mutex_lock(&x->playing);
  if (all && x->requests > 0) {
    hearth__trial_end(x);
  }
  pthread_mutex_unlock(&x->playing);
}
