/* SPDX-License-Identifier: MIT
   max_memory_mb with more users than fit: how far accuracy falls. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hearth/ext/metrics.h"
#include "host-sdk/replay/input/random.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

/* One and the same traffic, and room for all its users, half, a fifth and a
   tenth of them. */
enum { USERS = 27500, MODELS = 40, REQUESTS = 3 * USERS };
enum { ALL, HALF, FIFTH, TENTH, NOBODY, ROOMS };
static const double rooms_mb[ROOMS] = {14.5, 9.3, 6.9, 6.07, 6.07};

/* Users by how active they are: the first hundredth, the first tenth, all. */
enum { HUNDREDTH, FIRST_TENTH, EVERYONE, GROUPS };

typedef struct score {
  double asked, first, third, loss; /* sums */
} score;

typedef struct run {
  score of[GROUPS];
  double users; /* kept at the end */
  double most_mb;
} run;

/* The k-th of n, the k-th about 1 / (k + 1) as often as the first. */
static uint32_t skewed(hearth__random *random, uint32_t n) {
  const double u = hearth__random_unit(random);
  const uint32_t k = (uint32_t)(exp(u * log(n + 1.0)) - 1);
  return k < n ? k : n - 1;
}

/* Each user has habits of its own: nine requests in ten are for one of three
   models, most for the first. */
static uint32_t model_of(hearth__random *random, uint32_t user) {
  static const double habits[] = {6, 2, 1, 1};
  const uint32_t which = hearth__random_pick(random, habits, 4);
  hearth__random own;
  if (which == 3) {
    return skewed(random, MODELS);
  }
  hearth__random_init(&own, 1, 3ull * user + which);
  return skewed(&own, MODELS);
}

/* Every third request is of somebody new, until all have come; the others are
   of any, by `skew`. */
static uint32_t user_of(hearth__random *random, uint32_t i, int skew) {
  if (i % 3 == 0) {
    return i / 3 * 7919u % USERS;
  }
  return skew ? skewed(random, USERS) : hearth__random_below(random, USERS);
}

static void count(score *s, const drive *d, uint32_t model) {
  const hearth_plan_model *line = drive_line(d, model);
  const uint32_t listed = d->set.models.count;
  double p = 1;
  for (uint32_t i = 0; i < listed; i++) {
    p -= d->lines[i].p_next;
  }
  p = line != NULL ? line->p_next : p / (MODELS - listed);
  s->asked++;
  s->first += line == &d->lines[0];
  s->third += line != NULL && line < &d->lines[3];
  s->loss -= log(p > 1e-6 ? p : 1e-6);
}

static double users_of(drive *d) {
  const hearth_metrics *metrics =
      foresight_entry.get_extension(d->plugin, HEARTH_EXT_METRICS);
  hearth_metric metric = {.size = sizeof metric};
  uint32_t i = 0;
  while (metrics->get(d->plugin, i++, &metric) == HEARTH_OK &&
         strcmp(metric.name, "users") != 0) {
    metric.size = sizeof metric;
  }
  return metric.value;
}

static void serve(drive *d, run *r, int room, int skew) {
  hearth__random random;
  int64_t now = 1700000000000;
  hearth__random_init(&random, 7, 0);
  for (uint32_t i = 0; i < REQUESTS && d->status == HEARTH_OK; i++) {
    char name[16];
    const uint32_t user = user_of(&random, i, skew);
    const uint32_t model = model_of(&random, user);
    const char *told = room == NOBODY ? NULL : name;
    snprintf(name, sizeof name, "u%u", (unsigned)user);
    now += hearth__random_below(&random, 400);
    if (i > REQUESTS / 2 && i % 3 == 1) {
      (void)drive_ask(d, HEARTH_REASON_REQUEST, now, told, NULL);
      const int group = user < USERS / 100  ? HUNDREDTH
                        : user < USERS / 10 ? FIRST_TENTH
                                            : EVERYONE;
      for (int g = group; g < GROUPS; g++) {
        count(&r->of[g], d, model);
      }
    }
    (void)drive_tell(d, HEARTH_PHASE_STARTED, now, model, told, NULL);
    const double mb = (double)d->host.used / 1048576;
    r->most_mb = mb > r->most_mb ? mb : r->most_mb;
  }
  CU_ASSERT_EQUAL(d->status, HEARTH_OK);
}

/* Of each group hit@1, hit@3 and the log loss are shown. */
static void measure(run *r, int room, int skew) {
  static drive d;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.max_memory_mb = rooms_mb[room];
  *r = (run){.users = 0};
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, &config, MODELS, 0), HEARTH_OK);
  serve(&d, r, room, skew);
  r->users = users_of(&d);
  drive_end(&d);
  CU_ASSERT(r->most_mb <= rooms_mb[room]);
  printf("# %5.2f MB, %5.0f users:", rooms_mb[room], r->users);
  for (int g = 0; g < GROUPS; g++) {
    const score *s = &r->of[g];
    printf("  %.3f %.3f %.3f", s->first / s->asked, s->third / s->asked,
           s->loss / s->asked);
  }
  printf("  at most %.2f MB\n", r->most_mb);
}

static double first(const run *r, int group) {
  return r->of[group].first / r->of[group].asked;
}

static double loss(const run *r) {
  return r->of[EVERYONE].loss / r->of[EVERYONE].asked;
}

/* Of what knowing users is worth, the share that is left. */
static double left(const run runs[ROOMS], int room) {
  const double none = first(&runs[NOBODY], EVERYONE);
  return (first(&runs[room], EVERYONE) - none) /
         (first(&runs[ALL], EVERYONE) - none);
}

/* As in real logs, some ask often and most seldom. */
static void test_active_and_seldom(void) {
  run runs[ROOMS];
  for (int room = 0; room < ROOMS; room++) {
    measure(&runs[room], room, 1);
  }
  CU_ASSERT_EQUAL(runs[ALL].users, USERS);
  CU_ASSERT(runs[TENTH].users > USERS / 11.0);
  CU_ASSERT(runs[TENTH].users < USERS / 9.0);
  CU_ASSERT(left(runs, HALF) > 0.9);
  CU_ASSERT(left(runs, FIFTH) > 0.8);
  CU_ASSERT(left(runs, TENTH) > 0.7);
  for (int room = HALF; room <= TENTH; room++) {
    CU_ASSERT(first(&runs[room], HUNDREDTH) >
              0.98 * first(&runs[ALL], HUNDREDTH));
    CU_ASSERT(first(&runs[room], FIRST_TENTH) >
              0.85 * first(&runs[ALL], FIRST_TENTH));
    CU_ASSERT(loss(&runs[room]) > loss(&runs[room - 1]));
    CU_ASSERT(loss(&runs[room]) < loss(&runs[room - 1]) + 0.25);
  }
}

/* Where all are equally active, nobody is worth more room than another: what is
   left is in proportion to the room, and never worse than knowing nobody. */
static void test_all_alike(void) {
  run runs[ROOMS];
  measure(&runs[ALL], ALL, 0);
  measure(&runs[TENTH], TENTH, 0);
  measure(&runs[NOBODY], NOBODY, 0);
  CU_ASSERT(left(runs, TENTH) > 0.05);
}

typedef hearth_status asking(drive *d, int32_t reason, int64_t now,
                             const char *user, const char *task);

static void ask_when_full(asking *ask, double max_memory_mb) {
  static drive d;
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.max_memory_mb = max_memory_mb;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, &config, MODELS, 0), HEARTH_OK);
  int64_t now = 1700000000000;
  for (uint32_t i = 0; i < USERS / 3; i++) {
    char name[16];
    snprintf(name, sizeof name, "u%u", (unsigned)i);
    now += 100;
    (void)drive_tell(&d, HEARTH_PHASE_STARTED, now, i % MODELS, name, NULL);
  }
  CU_ASSERT_EQUAL(d.status, HEARTH_OK);
  d.want_reasons = 1;
  (void)ask(&d, HEARTH_REASON_REQUEST, now, "u7", NULL);
  CU_ASSERT_EQUAL(d.status, HEARTH_OK);
  CU_ASSERT(d.set.models.count > 0);
  CU_ASSERT((double)d.host.used / 1048576 <= max_memory_mb);
  drive_end(&d);
}

/* An answer needs memory too, and one that is first asked for when all is taken
   must have it: users give way.  What is left before differs from cap to cap;
   some leave less than the lines of a plan. */
static void test_asked_when_full(void) {
  for (int i = 0; i < 20; i++) {
    ask_when_full(drive_ask, 6.8 + 0.01 * i);
  }
  ask_when_full(drive_predict, 6.8);
  ask_when_full(drive_explain, 6.8);
}

UNIT_MAIN("foresight cap", UNIT(test_active_and_seldom), UNIT(test_all_alike),
          UNIT(test_asked_when_full))
