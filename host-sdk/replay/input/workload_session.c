/* SPDX-License-Identifier: MIT
   A developer's day: sessions, and within them bursts and threads. */
#include "host-sdk/replay/input/workload_private.h"
#include "plugin/sdk/wire/messages.h"

/* How a task is done: requests in a run, and the pauses between them. */
typedef struct manner {
  double more;   /* chance of a further request */
  uint32_t most; /* requests */
  double gap_ms; /* median pause */
  double sigma;  /* of its logarithm */
  double growth; /* of the input, from one request to the next */
} manner;

static const manner manners[HEARTH__TASKS] = {
    {0.78, 40, 12000, 0.8, 1.0},  /* completion: a burst while typing */
    {0.66, 14, 75000, 0.7, 1.25}, /* chat: a thread */
    {0.35, 5, 90000, 0.6, 1.0},   /* analysis */
    {0.45, 6, 80000, 0.7, 1.1},   /* generation */
    {0.5, 8, 70000, 0.6, 1.0},    /* refactoring */
    {0.5, 8, 60000, 0.6, 1.0},    /* review */
    {0.7, 12, 2500, 0.4, 1.0},    /* embedding: files one after another */
};

static uint8_t draw_complexity(hearth__random *random, uint8_t task) {
  static const double light[] = {0.78, 0.19, 0.03};
  static const double usual[] = {0.45, 0.4, 0.15};
  int easy = task == HEARTH__COMPLETION || task == HEARTH__EMBEDDING;
  return (uint8_t)(HEARTH_COMPLEXITY_SIMPLE +
                   hearth__random_pick(random, easy ? light : usual, 3));
}

static uint8_t draw_priority(hearth__random *random, uint8_t task) {
  if (task == HEARTH__EMBEDDING) {
    return HEARTH_PRIORITY_LOW;
  }
  if (task == HEARTH__COMPLETION) {
    return HEARTH_PRIORITY_HIGH;
  }
  return hearth__random_chance(random, 0.015)  ? HEARTH_PRIORITY_CRITICAL
         : hearth__random_chance(random, 0.15) ? HEARTH_PRIORITY_HIGH
                                               : HEARTH_PRIORITY_MEDIUM;
}

/* One run of a task from `at` on, with one model; when it is over. */
static int64_t run(hearth__user *user, hearth__workload *w, uint32_t day,
                   hearth__event event, int64_t at) {
  hearth__random *random = &user->random;
  const manner *how = &manners[event.task];
  event.complexity = draw_complexity(random, event.task);
  event.priority = draw_priority(random, event.task);
  event.model = hearth__user_model(user, w, event, day);
  uint32_t n = hearth__random_run(random, how->more, how->most);
  double growth = 1;
  for (uint32_t i = 0; i < n; i++) {
    /* Now and then a thread goes on with another model. */
    if (i && hearth__random_chance(random, 0.015)) {
      event.model = hearth__user_model(user, w, event, day);
    }
    event.ts_ms = at;
    event.seq = user->requests++;
    hearth__workload_emit(w, random, event, growth);
    growth *= how->growth;
    at += (int64_t)hearth__random_lognormal(random, how->gap_ms, how->sigma);
  }
  return at;
}

/* What comes after a task: more of the same is likelier than the mix says. */
static uint8_t next_task(hearth__user *user, uint8_t last) {
  if (last < HEARTH__TASKS && hearth__random_chance(&user->random, 0.45)) {
    return last;
  }
  return (uint8_t)hearth__random_pick(&user->random, user->mix, HEARTH__TASKS);
}

static void session(hearth__user *user, hearth__workload *w, uint32_t day,
                    int64_t at, int64_t end) {
  static const double shares[HEARTH__PROJECTS_OF_USER] = {0.7, 0.2, 0.1};
  hearth__random *random = &user->random;
  hearth__event event = {0};
  event.user = user->number;
  event.session = ++user->sessions;
  event.project = user->projects[hearth__random_pick(random, shares,
                                                     HEARTH__PROJECTS_OF_USER)];
  /* Opening a project brings its index up to date. */
  if (hearth__random_chance(random, 0.3)) {
    event.task = HEARTH__EMBEDDING;
    at = run(user, w, day, event, at);
  }
  uint8_t task = HEARTH__TASKS;
  while (at < end) {
    task = next_task(user, task);
    event.task = task;
    at = run(user, w, day, event, at);
    at += (int64_t)hearth__random_lognormal(
        random, 11 * (double)HEARTH__MINUTE * user->pace, 0.8);
  }
}

/* Whether the user works that day. */
static int works(hearth__user *user, uint32_t day) {
  return hearth__random_chance(&user->random,
                               day % 7 < 5 ? 0.93 : user->weekend);
}

void hearth__user_day(hearth__user *user, hearth__workload *w, uint32_t day) {
  hearth__random *random = &user->random;
  const double minute = (double)HEARTH__MINUTE;
  if (!works(user, day)) {
    return;
  }
  int64_t midnight = HEARTH__WORKLOAD_START + (int64_t)day * HEARTH__DAY;
  int64_t at = midnight + user->zone_ms + user->start_ms +
               (int64_t)(15 * minute * hearth__random_normal(random));
  int64_t end = at + (day % 7 < 5 ? user->length_ms : 3 * HEARTH__HOUR);
  int64_t lunch = midnight + user->zone_ms + 12 * HEARTH__HOUR +
                  (int64_t)(minute * (15 + 15 * hearth__random_unit(random)));
  at = at < midnight ? midnight : at;
  while (at < end) {
    int64_t stop =
        at + (int64_t)hearth__random_lognormal(random, 40 * minute, 0.5);
    if (at < lunch && stop > lunch) {
      stop = lunch;
    }
    session(user, w, day, at, stop < end ? stop : end);
    at = stop + (int64_t)hearth__random_lognormal(random, 50 * minute, 0.6);
  }
}
