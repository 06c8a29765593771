/* SPDX-License-Identifier: MIT
   One instance in several threads: nothing is lost, torn or deadlocked. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "hearth/ext/metrics.h"
#include "hearth/ext/reflect.h"
#include "tests/foresight/course.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

enum { THREADS = 4, ROUNDS = 300, MODELS = 12, NEW_EACH = 50 };

static const int64_t start_ms = 1700000000000;

typedef struct worker {
  hearth_plugin *plugin;
  atomic_int *clock;
  double budget_mb, idle_price;
  int number;
  int answers, failures, torn; /* torn: lines that make no sense */
} worker;

static int is_torn(const drive *d) {
  for (uint32_t i = 0; i < d->set.models.count && i < DRIVE_LINES; i++) {
    const hearth_plan_model *line = &d->lines[i];
    if (line->model.len < 2 || line->model.data[0] != 'm' ||
        !(line->confidence >= 0 && line->confidence <= 1)) {
      return 1;
    }
  }
  return 0;
}

static void ask(worker *w, drive *d, int32_t reason, int64_t now,
                const char *user) {
  const hearth_status status = drive_ask(d, reason, now, user, "chat");
  w->answers += status == HEARTH_OK;
  w->failures += status < 0;
  w->torn += status == HEARTH_OK && is_torn(d);
}

static void tell(worker *w, drive *d, int32_t phase, int64_t now,
                 uint32_t model, const char *user, const char *request) {
  w->failures += drive_tell(d, phase, now, model, user, request) != HEARTH_OK;
}

static void round_of(worker *w, drive *d, int i) {
  const int64_t now = start_ms + 1000 * atomic_fetch_add(w->clock, 1);
  const uint32_t model = i % NEW_EACH == NEW_EACH - 1
                             ? (uint32_t)(100 + w->number * 100 + i / NEW_EACH)
                             : (uint32_t)(i * (w->number + 1)) % MODELS;
  char user[16], request[32];
  hearth_metadata metadata;
  snprintf(user, sizeof user, "u%d", i % 9);
  snprintf(request, sizeof request, "%d-%d", w->number, i);
  ask(w, d, HEARTH_REASON_REQUEST, now, user);
  tell(w, d, HEARTH_PHASE_STARTED, now, model, user, request);
  ask(w, d, HEARTH_REASON_SETTLED, now, user);
  tell(w, d, HEARTH_PHASE_LOADED, now, model, NULL, NULL);
  tell(w, d, HEARTH_PHASE_FINISHED, now + 900, model, user, request);
  w->failures += drive_metadata(d, model, now, &metadata) != HEARTH_OK;
}

static void *work(void *user) {
  worker *w = user;
  static _Thread_local drive d;
  memset(&d, 0, sizeof d);
  hearth_buffer_init(&d.message, 0);
  hearth_buffer_init(&d.answer, 0);
  d.plugin = w->plugin;
  for (int i = 0; i < ROUNDS; i++) {
    /* The last thread changes the regime and asks for reasons. */
    const int price = w->number == THREADS - 1 && i % 20 == 19;
    d.budget_mb = price ? -1 : w->budget_mb;
    d.idle_price = price ? 100 : w->idle_price;
    d.want_reasons = price;
    round_of(w, &d, i);
  }
  hearth_buffer_free(&d.message);
  hearth_buffer_free(&d.answer);
  return NULL;
}

static double metric(hearth_plugin *plugin, const char *name) {
  const hearth_metrics *metrics =
      foresight_entry.get_extension(plugin, HEARTH_EXT_METRICS);
  hearth_metric m = {.size = sizeof m};
  for (uint32_t i = 0; metrics->get(plugin, i, &m) == HEARTH_OK; i++) {
    if (strcmp(m.name, name) == 0) {
      return m.value;
    }
    m.size = sizeof m;
  }
  return -1;
}

/* Saves while others call: each state must be whole. */
typedef struct saver {
  hearth_plugin *plugin;
  atomic_int stop;
  int saved, failures;
} saver;

static void *save_on(void *user) {
  saver *s = user;
  while (!atomic_load(&s->stop) || s->saved < 3) {
    hearth_buffer state;
    char err[256];
    hearth_plugin *plugin = course_create(NULL, NULL, 0);
    s->failures += course_save(s->plugin, &state) != HEARTH_OK;
    s->failures += course_load(plugin, hearth_buffer_bytes(&state), 0, err) !=
                   HEARTH_OK;
    s->saved++;
    foresight_entry.destroy(plugin);
    hearth_buffer_free(&state);
  }
  return NULL;
}

static void hammer(double budget_mb, double idle_price) {
  static drive d;
  atomic_int clock = 0;
  worker workers[THREADS];
  pthread_t threads[THREADS], saving;
  CU_ASSERT_EQUAL_FATAL(drive_begin(&d, NULL, MODELS, 0), HEARTH_OK);
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (worker){.plugin = d.plugin,
                          .clock = &clock,
                          .budget_mb = budget_mb,
                          .idle_price = idle_price,
                          .number = i};
    CU_ASSERT_EQUAL_FATAL(
        pthread_create(&threads[i], NULL, work, &workers[i]), 0);
  }
  saver s = {.plugin = d.plugin};
  CU_ASSERT_EQUAL_FATAL(pthread_create(&saving, NULL, save_on, &s), 0);
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    CU_ASSERT_EQUAL(workers[i].failures, 0);
    CU_ASSERT_EQUAL(workers[i].torn, 0);
    CU_ASSERT(workers[i].answers > ROUNDS);
  }
  atomic_store(&s.stop, 1);
  pthread_join(saving, NULL);
  CU_ASSERT_EQUAL(s.failures, 0);
  const double outcomes = metric(d.plugin, "outcomes");
  const double models = metric(d.plugin, "models");
  CU_ASSERT_EQUAL((int)outcomes, 3 * THREADS * ROUNDS);
  CU_ASSERT_EQUAL((int)models, MODELS + THREADS * (ROUNDS / NEW_EACH));
  CU_ASSERT_EQUAL((int)metric(d.plugin, "users"), 9);
  drive_end(&d);
  CU_ASSERT_EQUAL(d.host.blocks, 0);
}

static void test_budget(void) { hammer(4096, -1); }

static void test_price(void) { hammer(-1, 50); }

UNIT_MAIN("foresight in threads", UNIT(test_budget), UNIT(test_price))
