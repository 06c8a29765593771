/* SPDX-License-Identifier: MIT
   What the deciding heads are told while they are busy is known to the next
   plan, as if they had been free. */
#include <pthread.h>
#include <sched.h>

#include "plugin/foresight/inside.h"
#include "tests/foresight/course.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

enum { MODELS = 8 };

static const int64_t start_ms = 1700000000000;

/* Two that are told the same, of which one finds its heads busy. */
typedef struct pair {
  drive busy, free;
} pair;

static void begin(pair *p, double budget_mb, double idle_price) {
  drive *const all[] = {&p->busy, &p->free};
  for (int k = 0; k < 2; k++) {
    CU_ASSERT_EQUAL_FATAL(drive_begin(all[k], NULL, MODELS, 0), HEARTH_OK);
    all[k]->budget_mb = budget_mb;
    all[k]->idle_price = idle_price;
    for (int i = 0; i < 200; i++) {
      drive_request(all[k], start_ms + i * 60000, (uint32_t)(i * i) % MODELS,
                    i % 3 ? "ann" : "bob");
    }
  }
}

static void end(pair *p) {
  drive_end(&p->busy);
  drive_end(&p->free);
}

static void tell(pair *p, int32_t phase, int64_t now, uint32_t model,
                 const char *request) {
  CU_ASSERT_EQUAL(drive_tell(&p->busy, phase, now, model, "ann", request),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(drive_tell(&p->free, phase, now, model, "ann", request),
                  HEARTH_OK);
}

/* How many cases the busy one had to put aside. */
static uint32_t tell_while_busy(pair *p, int64_t now, int starts) {
  hearth_plugin *f = p->busy.plugin;
  hearth_mutex_lock(f->locks.decide);
  if (starts) {
    tell(p, HEARTH_PHASE_STARTED, now, 3, "r1");
  }
  tell(p, HEARTH_PHASE_LOADED, now + 10, 3, NULL);
  tell(p, HEARTH_PHASE_EVICTED, now + 20, 4, NULL);
  tell(p, HEARTH_PHASE_FINISHED, now + 1000, 3, "r1");
  tell(p, HEARTH_PHASE_LOAD_CANCELLED, now + 1010, 5, NULL);
  hearth_mutex_unlock(f->locks.decide);
  return atomic_load(&f->docket.count);
}

static void assert_same_answers(const pair *p) {
  CU_ASSERT_EQUAL(p->busy.status, p->free.status);
  CU_ASSERT(p->busy.answer.len > 20);
  CU_ASSERT(support_same(&p->busy.answer, &p->free.answer));
}

static void plan_after(double budget_mb, double idle_price, int starts) {
  static pair p;
  const int64_t now = start_ms + 300 * 60000;
  begin(&p, budget_mb, idle_price);
  CU_ASSERT_EQUAL(tell_while_busy(&p, now, starts), 4u + (uint32_t)starts);
  (void)drive_ask(&p.busy, HEARTH_REASON_SETTLED, now + 2000, "ann", NULL);
  (void)drive_ask(&p.free, HEARTH_REASON_SETTLED, now + 2000, "ann", NULL);
  assert_same_answers(&p);
  CU_ASSERT_EQUAL(atomic_load(&p.busy.plugin->docket.count), 0);
  end(&p);
}

static void test_budget(void) {
  plan_after(4096, -1, 1);
}

/* It waits to be told of a start. */
static void test_price(void) {
  plan_after(-1, 100, 0);
}

/* Whoever comes with an outcome tells what waits first. */
static void test_in_order(void) {
  static pair p;
  const int64_t now = start_ms + 300 * 60000;
  begin(&p, 4096, -1);
  (void)tell_while_busy(&p, now, 1);
  tell(&p, HEARTH_PHASE_STARTED, now + 3000, 6, "r2");
  CU_ASSERT_EQUAL(atomic_load(&p.busy.plugin->docket.count), 0);
  (void)drive_ask(&p.busy, HEARTH_REASON_SETTLED, now + 3000, "ann", NULL);
  (void)drive_ask(&p.free, HEARTH_REASON_SETTLED, now + 3000, "ann", NULL);
  assert_same_answers(&p);
  end(&p);
}

static void *tell_many(void *user) {
  pair *p = user;
  for (int i = 0; i <= FORESIGHT_CASES; i++) {
    tell(p, i % 2 ? HEARTH_PHASE_EVICTED : HEARTH_PHASE_LOADED,
         start_ms + 300 * 60000 + i, (uint32_t)i % MODELS, NULL);
  }
  return NULL;
}

/* What finds the docket full waits, and nothing is lost. */
static void test_full(void) {
  static pair p;
  pthread_t thread;
  const int64_t now = start_ms + 301 * 60000;
  begin(&p, 4096, -1);
  hearth_mutex_lock(p.busy.plugin->locks.decide);
  CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, tell_many, &p), 0);
  while (atomic_load(&p.busy.plugin->docket.count) < FORESIGHT_CASES) {
    sched_yield();
  }
  hearth_mutex_unlock(p.busy.plugin->locks.decide);
  pthread_join(thread, NULL);
  (void)drive_ask(&p.busy, HEARTH_REASON_SETTLED, now, "ann", NULL);
  (void)drive_ask(&p.free, HEARTH_REASON_SETTLED, now, "ann", NULL);
  assert_same_answers(&p);
  end(&p);
}

static void test_explained(void) {
  static pair p;
  const int64_t now = start_ms + 300 * 60000;
  begin(&p, 4096, -1);
  (void)tell_while_busy(&p, now, 1);
  (void)drive_explain(&p.busy, HEARTH_REASON_SETTLED, now + 3000, "ann", NULL);
  (void)drive_explain(&p.free, HEARTH_REASON_SETTLED, now + 3000, "ann", NULL);
  assert_same_answers(&p);
  end(&p);
}

static void assert_same_states(const pair *p) {
  hearth_buffer busy, free;
  CU_ASSERT_EQUAL(course_save(p->busy.plugin, &busy), HEARTH_OK);
  CU_ASSERT_EQUAL(course_save(p->free.plugin, &free), HEARTH_OK);
  CU_ASSERT(busy.len > 1000);
  CU_ASSERT(support_same(&busy, &free));
  hearth_buffer_free(&busy);
  hearth_buffer_free(&free);
}

static void test_saved(void) {
  static pair p;
  begin(&p, 4096, -1);
  (void)tell_while_busy(&p, start_ms + 300 * 60000, 1);
  assert_same_states(&p);
  end(&p);
}

/* Somebody predicts all the while, so that `next` only notes what it is told:
   the other heads know all the same what the user did before. */
static void learn_beside(double budget_mb, double idle_price) {
  static const char *const requests[] = {"r1", "r2", "r3", "r4", "r5"};
  static const uint32_t models[] = {3, 5, 5, 6, 3};
  static pair p;
  const int64_t now = start_ms + 300 * 60000;
  begin(&p, budget_mb, idle_price);
  hearth_shared_read(p.busy.plugin->locks.next);
  for (int i = 0; i < 5; i++) {
    tell(&p, HEARTH_PHASE_STARTED, now + i * 9000, models[i], requests[i]);
    tell(&p, HEARTH_PHASE_FINISHED, now + i * 9000 + 4000, models[i],
         requests[i]);
  }
  CU_ASSERT_EQUAL(atomic_load(&p.busy.plugin->inbox.count), 10);
  hearth_shared_read_end(p.busy.plugin->locks.next);
  tell(&p, HEARTH_PHASE_STARTED, now + 60000, 1, "r6");
  (void)drive_ask(&p.busy, HEARTH_REASON_SETTLED, now + 60000, "ann", NULL);
  (void)drive_ask(&p.free, HEARTH_REASON_SETTLED, now + 60000, "ann", NULL);
  assert_same_answers(&p);
  assert_same_states(&p);
  end(&p);
}

static void test_beside_predictions_budget(void) {
  learn_beside(4096, -1);
}

static void test_beside_predictions_price(void) {
  learn_beside(-1, 100);
}

UNIT_MAIN("foresight's docket", UNIT(test_budget), UNIT(test_price),
          UNIT(test_in_order), UNIT(test_full), UNIT(test_explained),
          UNIT(test_saved), UNIT(test_beside_predictions_budget),
          UNIT(test_beside_predictions_price))
