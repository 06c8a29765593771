/* SPDX-License-Identifier: MIT
   A developer's habits, and how they change. */
#include <string.h>

#include "host-sdk/replay/input/workload_private.h"
#include "plugin/sdk/math.h"
#include "plugin/sdk/wire/messages.h"

/* What people do, by role: completion, chat, analysis, generation,
   refactoring, review, embedding. */
static const double roles[][HEARTH__TASKS] = {
    {6, 3, 0.6, 1.4, 1.2, 0.4, 0.3},   /* writes code */
    {1.5, 3, 1.6, 0.5, 0.8, 2.6, 0.2}, /* leads, and reads others' */
    {2, 2.5, 3.2, 1.2, 0.3, 0.2, 1.2}, /* works with data */
    {0.2, 6, 0.8, 1.5, 0.1, 0.1, 0.1}, /* mostly asks */
};
static const double role_share[] = {0.6, 0.15, 0.15, 0.1};
enum { ROLES = sizeof role_share / sizeof *role_share };

static void take_role(hearth__user *user) {
  uint32_t role = hearth__random_pick(&user->random, role_share, ROLES);
  for (int task = 0; task < HEARTH__TASKS; task++) {
    user->mix[task] =
        hearth__random_lognormal(&user->random, roles[role][task], 0.5);
  }
}

/* Projects of low number are the large ones. */
static uint16_t take_project(hearth__user *user, const hearth__workload *w) {
  double u = hearth__random_unit(&user->random);
  return (uint16_t)(u * u * w->projects);
}

void hearth__user_init(hearth__user *user, const hearth__workload *w,
                       uint32_t number) {
  hearth__random *random = &user->random;
  memset(user, 0, sizeof *user);
  hearth__random_init(random, w->options.seed, number);
  user->number = number;
  /* One in five works at a second site, seven hours to the west. */
  user->zone_ms = hearth__random_chance(random, 0.2) ? 7 * HEARTH__HOUR : 0;
  user->start_ms =
      (int64_t)(8.9 * HEARTH__HOUR +
                0.8 * HEARTH__HOUR * hearth__random_normal(random));
  user->length_ms =
      (int64_t)((7.2 + 2.2 * hearth__random_unit(random)) * HEARTH__HOUR);
  user->weekend = 0.2 * hearth__random_unit(random);
  user->pace = hearth_clip(hearth__random_lognormal(random, 1.2, 0.8), 0.2, 8);
  user->loyalty = 0.85 + 0.14 * hearth__random_unit(random);
  take_role(user);
  for (int i = 0; i < HEARTH__PROJECTS_OF_USER; i++) {
    user->projects[i] = take_project(user, w);
  }
  for (int task = 0; task < HEARTH__TASKS; task++) {
    for (int heavy = 0; heavy < 2; heavy++) {
      user->favourite[task][heavy] =
          hearth__workload_choose(w, random, (hearth__task)task, 0, heavy);
    }
  }
}

/* A model that came in lately is tried, and kept by some. */
static void try_new(hearth__user *user, const hearth__workload *w,
                    uint32_t day) {
  for (uint32_t i = 0; i < w->options.models; i++) {
    const hearth__model *m = &w->models[i];
    if (!m->from_day || day < m->from_day || day > m->from_day + 4) {
      continue;
    }
    for (int task = 0; task < HEARTH__TASKS; task++) {
      if (m->language < 0 &&
          hearth__workload_serves(w, i, (hearth__task)task, day) &&
          hearth__random_chance(&user->random, 0.12)) {
        user->favourite[task][0] = (uint16_t)i;
      }
    }
  }
}

void hearth__user_morning(hearth__user *user, const hearth__workload *w,
                          uint32_t day) {
  hearth__random *random = &user->random;
  for (int task = 0; task < HEARTH__TASKS; task++) {
    if (hearth__random_chance(random, 0.02)) {
      user->favourite[task][0] =
          hearth__workload_choose(w, random, (hearth__task)task, day, 0);
    }
  }
  try_new(user, w, day);
  if (hearth__random_chance(random, 0.04)) {
    /* One draw a statement: C leaves open which operand comes first. */
    uint32_t which = hearth__random_below(random, HEARTH__PROJECTS_OF_USER);
    user->projects[which] = take_project(user, w);
  }
  /* The change of habits: on one day a quarter take on other work. */
  if (day && day == w->options.days * 6 / 10 &&
      hearth__random_chance(random, 0.25)) {
    take_role(user);
    user->projects[0] = take_project(user, w);
  }
}

/* A model made for the project's language, if one serves the task. */
static uint32_t special(const hearth__workload *w, hearth__event event,
                        uint32_t day) {
  for (uint32_t i = 0; i < w->options.models; i++) {
    if (w->models[i].language == w->language[event.project] &&
        hearth__workload_serves(w, i, (hearth__task)event.task, day)) {
      return i;
    }
  }
  return w->options.models;
}

uint16_t hearth__user_model(hearth__user *user, const hearth__workload *w,
                            hearth__event event, uint32_t day) {
  hearth__random *random = &user->random;
  uint32_t made_for_it = special(w, event, day);
  if (made_for_it < w->options.models && hearth__random_chance(random, 0.6)) {
    return (uint16_t)made_for_it;
  }
  if (!hearth__random_chance(random, user->loyalty)) {
    return hearth__workload_choose(w, random, (hearth__task)event.task, day, 0);
  }
  int heavy = event.complexity == HEARTH_COMPLEXITY_COMPLEX &&
              hearth__random_chance(random, 0.7);
  return user->favourite[event.task][heavy];
}
