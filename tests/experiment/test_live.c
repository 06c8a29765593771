/* SPDX-License-Identifier: MIT
   An experiment as a live host feeds it: threads, overflow, half-told requests,
   answers. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "hearth/experiment.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/experiment/stand.h"
#include "tests/unit.h"

static hearth_status request(hearth_experiment *x, const char *id, int64_t now,
                             const char *user, const char *session) {
  hearth_context context;
  hearth_buffer bytes;
  hearth_buffer_init(&bytes, 0);
  hearth_message_init(&hearth_context_schema, &context);
  context.request_id = hearth_str_from(id);
  context.now_ms = now;
  context.reason = HEARTH_REASON_REQUEST;
  context.task = hearth_str_from("chat");
  context.user.id = hearth_str_from(user);
  context.user.session_id = hearth_str_from(session);
  CU_ASSERT_EQUAL(hearth_encode(&hearth_context_schema, &context, &bytes.sink),
                  HEARTH_OK);
  const hearth_status status =
      hearth_experiment_request(x, hearth_buffer_bytes(&bytes));
  hearth_buffer_free(&bytes);
  return status;
}

static void outcome(hearth_experiment *x, int32_t phase, const char *id,
                    int64_t now, const char *model, const char *user,
                    int64_t duration) {
  hearth_outcome o;
  hearth_buffer bytes;
  hearth_buffer_init(&bytes, 0);
  hearth_message_init(&hearth_outcome_schema, &o);
  o.request_id = hearth_str_from(id);
  o.at_ms = now;
  o.phase = phase;
  o.duration_ms = duration;
  if (phase == HEARTH_PHASE_STARTED) {
    o.model = hearth_str_from(model);
    o.task = hearth_str_from("chat");
    o.user.id = hearth_str_from(user);
    o.user.session_id = hearth_str_from(user);
  }
  CU_ASSERT_EQUAL(hearth_encode(&hearth_outcome_schema, &o, &bytes.sink),
                  HEARTH_OK);
  hearth_experiment_outcome(x, hearth_buffer_bytes(&bytes));
  hearth_buffer_free(&bytes);
}

static void begin(stand *s) {
  stand_begin(s, 4, 2, 7);
  stand_arm(s, "a", "lru", 0.5);
  stand_arm(s, "b", "markov", 0.5);
}

static void same_figures(const hearth_experiment_report *a,
                         const hearth_experiment_report *b) {
  CU_ASSERT_EQUAL(a->requests, b->requests);
  CU_ASSERT_EQUAL(a->units, b->units);
  for (int i = 0; i < 2; i++) {
    CU_ASSERT_EQUAL(a->arms[i].cold, b->arms[i].cold);
    CU_ASSERT_DOUBLE_EQUAL(a->arms[i].wait_s, b->arms[i].wait_s, 0);
    CU_ASSERT_DOUBLE_EQUAL(a->arms[i].idle_gb_s, b->arms[i].idle_gb_s, 0);
  }
  CU_ASSERT_DOUBLE_EQUAL(a->comparisons[1].paired.saved_s,
                         b->comparisons[1].paired.saved_s, 0);
}

/* Requests that end out of order, by three calls and by outcomes, with a thread
   and without: the same figures. */
static void play_live(stand *s, int32_t thread, int by_outcomes,
                      hearth_experiment_report *r) {
  s->options.own_thread = thread;
  hearth_experiment *x = stand_create(s);
  for (uint32_t i = 0; i < 600; i++) {
    /* Each ends when the third after it has begun. */
    for (uint32_t k = i < 3 ? i : i - 3; k <= i; k++) {
      char id[16], user[16];
      snprintf(id, sizeof id, "r%u", k);
      snprintf(user, sizeof user, "u%u", k % 7);
      const char *model = s->names[k * 5 % s->models.count].name;
      if (k == i && by_outcomes) {
        outcome(x, HEARTH_PHASE_STARTED, id, 1000 + k * 9000, model, user, -1);
      } else if (k == i) {
        CU_ASSERT_EQUAL(request(x, id, 1000 + k * 9000, user, user), HEARTH_OK);
        CU_ASSERT_EQUAL(hearth_experiment_settled(x, id, model), HEARTH_OK);
      } else if (k + 3 == i && by_outcomes) {
        outcome(x, HEARTH_PHASE_FINISHED, id, 0, NULL, NULL, 500 + k);
      } else if (k + 3 == i) {
        hearth_experiment_finished(x, id, 500 + k);
      }
    }
  }
  for (uint32_t k = 597; k < 600; k++) {
    char id[16];
    snprintf(id, sizeof id, "r%u", k);
    hearth_experiment_finished(x, id, 500 + k);
  }
  hearth_experiment_flush(x, 0);
  hearth_experiment_flush(x, 1);
  hearth_experiment_get_report(x, r);
  hearth_experiment_destroy(x);
}

static void test_live_is_offline(void) {
  stand s;
  hearth_experiment_report a, b, c;
  begin(&s);
  play_live(&s, 0, 0, &a);
  play_live(&s, 1, 0, &b);
  play_live(&s, 1, 1, &c);
  CU_ASSERT_EQUAL(a.requests, 600);
  CU_ASSERT_EQUAL(a.dropped + a.unsettled + a.cut, 0);
  same_figures(&a, &b);
  same_figures(&a, &c);
  stand_end(&s);
}

static void test_overflow_drops_whole_requests(void) {
  stand s;
  hearth_experiment_report r;
  begin(&s);
  s.options.queue = 10;
  hearth_experiment *x = stand_create(&s); /* no thread: nothing is played */
  for (uint32_t i = 0; i < 25; i++) {
    char id[16];
    snprintf(id, sizeof id, "r%u", i);
    CU_ASSERT_EQUAL(request(x, id, i, "u", "s"),
                    i < 10 ? HEARTH_OK : HEARTH_BUSY);
    CU_ASSERT_EQUAL(hearth_experiment_settled(x, id, s.names[0].name),
                    HEARTH_OK); /* of a dropped one: ignored */
    CU_ASSERT_EQUAL(hearth_experiment_finished(x, id, 5), HEARTH_OK);
  }
  hearth_experiment_flush(x, 1);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT_EQUAL(r.dropped, 15);
  CU_ASSERT_EQUAL(r.requests, 10);
  CU_ASSERT_EQUAL(r.arms[0].requests, 10);
  CU_ASSERT_EQUAL(r.arms[1].requests, 10);
  hearth_experiment_destroy(x);
  stand_end(&s);
}

static void test_half_told(void) {
  stand s;
  hearth_experiment_report r;
  hearth_output none = {0};
  begin(&s);
  s.options.hold_ms = 1000;
  hearth_experiment *x = stand_create(&s);
  CU_ASSERT_EQUAL(request(x, "a", 0, "u", "s"), HEARTH_OK);
  CU_ASSERT_EQUAL(request(x, "a", 0, "u", "s"), HEARTH_BAD_ARG); /* twice */
  CU_ASSERT_EQUAL(request(x, "", 0, "u", "s"), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_experiment_settled(x, "a", "no such"), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(request(x, "b", 10, "u", "s"), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_experiment_settled(x, "b", s.names[0].name),
                  HEARTH_OK);
  hearth_experiment_flush(x, 0);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT_EQUAL(r.requests, 0); /* both are held */
  CU_ASSERT_EQUAL(request(x, "c", 5000, "u", "s"), HEARTH_OK);
  hearth_experiment_flush(x, 0);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT_EQUAL(r.requests, 1); /* b, as long as it ran by now */
  CU_ASSERT_EQUAL(r.cut, 1);
  CU_ASSERT_EQUAL(r.unsettled, 1); /* a */
  const hearth_bytes junk = {(const uint8_t *)"\xff\x01", 2};
  CU_ASSERT_EQUAL(hearth_experiment_request(x, junk), HEARTH_BAD_PAYLOAD);
  hearth_experiment_outcome(x, junk);
  CU_ASSERT_EQUAL(hearth_experiment_save_state(x, 9, &none), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_experiment_stop(x, 0, "x"), HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_experiment_stop(x, 1, "for lunch"), HEARTH_OK);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT_STRING_EQUAL(r.arms[1].why, "for lunch");
  hearth_experiment_destroy(x);
  stand_end(&s);
}

/* Times and durations at the ends of their ranges. */
static void test_extremes(void) {
  stand s;
  hearth_experiment_report r;
  const int64_t far = (INT64_C(1) << 53) - 1;
  begin(&s);
  hearth_experiment *x = stand_create(&s);
  CU_ASSERT_EQUAL(request(x, "a", 0, "u", "s"), HEARTH_OK);
  CU_ASSERT_EQUAL(request(x, "b", far, "u", "s"), HEARTH_OK);
  CU_ASSERT_EQUAL(request(x, "c", 5, "u", "s"), HEARTH_OK); /* late */
  static const char *const ids[] = {"a", "b", "c"};
  for (int i = 0; i < 3; i++) {
    CU_ASSERT_EQUAL(hearth_experiment_settled(x, ids[i], s.names[1].name),
                    HEARTH_OK);
  }
  hearth_experiment_finished(x, "a", INT64_MAX);
  hearth_experiment_finished(x, "b", INT64_MIN);
  hearth_experiment_flush(x, 1);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT_EQUAL(r.requests, 3);
  CU_ASSERT_EQUAL(r.cut, 2);
  hearth_experiment_destroy(x);
  stand_end(&s);
}

static void test_answers(void) {
  stand s;
  hearth_experiment_report r;
  hearth_output out = {0};
  uint32_t given[2] = {0};
  begin(&s);
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  for (uint32_t i = 0; i < 100; i++) {
    char id[16], session[16];
    hearth_context context;
    hearth_buffer bytes;
    uint32_t arm = 9;
    snprintf(id, sizeof id, "x%u", i);
    snprintf(session, sizeof session, "s%u", i);
    hearth_buffer_init(&bytes, 0);
    hearth_message_init(&hearth_context_schema, &context);
    context.request_id = hearth_str_from(id);
    context.now_ms = s.trace.ts_ms[s.trace.count - 1] + i;
    context.user.id = hearth_trace_name(&s.trace, HEARTH_TRACE_USER, 0);
    context.user.session_id = hearth_str_from(session);
    hearth_encode(&hearth_context_schema, &context, &bytes.sink);
    const hearth_status status =
        hearth_experiment_answer(x, hearth_buffer_bytes(&bytes), &out, &arm);
    CU_ASSERT_EQUAL(arm, hearth_experiment_arm_of(x, "u", session, id));
    CU_ASSERT_EQUAL(status, arm == 0 ? HEARTH_NO_OPINION : HEARTH_OK);
    CU_ASSERT(arm == 0 || out.len > 0);
    given[arm < 2 ? arm : 0]++;
    hearth_buffer_free(&bytes);
  }
  hearth_experiment_get_report(x, &r);
  CU_ASSERT(given[0] > 30 && given[1] > 30);
  CU_ASSERT_EQUAL(r.arms[1].answers, given[1]);
  hearth_output_free(&out);
  hearth_experiment_destroy(x);
  stand_end(&s);
}

/* The winner goes into a live slot with what it learned. */
static void test_publish(void) {
  stand s;
  hearth_slot *slot = NULL;
  hearth_slot_stats stats;
  hearth_swap_report report;
  hearth_output learned = {0}, live = {0};
  char err[256] = "";
  begin(&s);
  CU_ASSERT_EQUAL_FATAL(
      hearth_slot_create(s.libraries[0], NULL, &slot, err, sizeof err),
      HEARTH_OK);
  hearth_experiment *x = stand_create(&s);
  stand_play(&s, x);
  CU_ASSERT_EQUAL(hearth_experiment_save_state(x, 1, &learned), HEARTH_OK);
  hearth_experiment_promotion p = {.winner = 1,
                                   .library = s.libraries[1],
                                   .winner_state = {learned.data, learned.len}};
  CU_ASSERT_EQUAL(hearth_experiment_publish(&p, slot, &report, err, sizeof err),
                  HEARTH_OK);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT_STRING_EQUAL(stats.name, "markov");
  CU_ASSERT_EQUAL(hearth_slot_save_state(slot, NULL, &live), HEARTH_OK);
  CU_ASSERT(learned.len > 1000);
  CU_ASSERT_EQUAL(live.len, learned.len);
  CU_ASSERT(live.len == learned.len &&
            memcmp(live.data, learned.data, live.len) == 0);
  /* A state that the plugin refuses: all is as it was. */
  p.library = s.libraries[0];
  CU_ASSERT_NOT_EQUAL(
      hearth_experiment_publish(&p, slot, NULL, err, sizeof err), HEARTH_OK);
  hearth_slot_get_stats(slot, &stats);
  CU_ASSERT_STRING_EQUAL(stats.name, "markov");
  hearth_output_free(&learned);
  hearth_output_free(&live);
  hearth_experiment_destroy(x);
  hearth_slot_destroy(slot);
  stand_end(&s);
}

typedef struct teller {
  hearth_experiment *x;
  const stand *s;
  uint32_t number;
  uint64_t refused;
} teller;

static void *tell(void *user) {
  teller *t = user;
  for (uint32_t i = 0; i < 400; i++) {
    char id[24];
    hearth_experiment_report r;
    snprintf(id, sizeof id, "%u-%u", t->number, i);
    t->refused += request(t->x, id, i * 100, "u", id) != HEARTH_OK;
    (void)hearth_experiment_settled(t->x, id,
                                    t->s->names[i % t->s->models.count].name);
    (void)hearth_experiment_finished(t->x, id, 20);
    if (i % 100 == 0) {
      hearth_experiment_get_report(t->x, &r);
      hearth_experiment_flush(t->x, 0);
    }
  }
  return NULL;
}

static void test_threads(void) {
  stand s;
  hearth_experiment_report r;
  teller tellers[4];
  pthread_t threads[4];
  uint64_t refused = 0;
  begin(&s);
  s.options.own_thread = 1;
  s.options.queue = 64;
  s.options.unit = HEARTH_UNIT_REQUEST;
  hearth_experiment *x = stand_create(&s);
  for (uint32_t i = 0; i < 4; i++) {
    tellers[i] = (teller){x, &s, i, 0};
    CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, tell, &tellers[i]),
                          0);
  }
  for (uint32_t i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    refused += tellers[i].refused;
  }
  hearth_experiment_flush(x, 1);
  hearth_experiment_get_report(x, &r);
  CU_ASSERT_EQUAL(r.requests + refused, 1600);
  CU_ASSERT_EQUAL(r.dropped, refused);
  CU_ASSERT_EQUAL(r.arms[0].requests, r.arms[1].requests);
  CU_ASSERT_EQUAL(r.units, r.requests);
  hearth_experiment_destroy(x);
  stand_end(&s);
}

UNIT_MAIN("live experiment", UNIT(test_live_is_offline),
          UNIT(test_overflow_drops_whole_requests), UNIT(test_half_told),
          UNIT(test_extremes), UNIT(test_answers), UNIT(test_publish),
          UNIT(test_threads))
