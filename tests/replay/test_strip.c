/* SPDX-License-Identifier: MIT
   The strip: what was warm when, against schedules worked by hand. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/strip.h"
#include "tests/input/files.h"
#include "tests/unit.h"

typedef struct scene {
  hearth_trace trace;
  hearth_models models;
  hearth_uses uses;
} scene;

static hearth_str str(const char *text) {
  return (hearth_str){text, strlen(text)};
}

static void ask(scene *s, int64_t at, const char *model) {
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  row.ts_ms = at;
  row.name[HEARTH_TRACE_MODEL] = str(model);
  CU_ASSERT_EQUAL(hearth_trace_add(&s->trace, &row), HEARTH_OK);
}

static void scene_begins(scene *s) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  *s = (scene){0};
  CU_ASSERT_EQUAL(hearth_trace_init(&s->trace, &memory), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_models_init(&s->models, &memory), HEARTH_OK);
}

static void scene_is_set(scene *s) {
  uint32_t missing;
  CU_ASSERT_EQUAL(hearth_models_match(&s->models, &s->trace, &missing),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_uses_init(&s->uses, &s->trace, &s->models), HEARTH_OK);
}

static void scene_ends(scene *s) {
  hearth_uses_free(&s->uses);
  hearth_models_free(&s->models);
  hearth_trace_free(&s->trace);
}

static void happens(hearth_strip *strip, hearth_sim_kind kind, int64_t at,
                    uint32_t model) {
  const hearth_sim_event event = {.kind = kind, .at_ms = at, .model = model};
  hearth_strip_event(strip, &event);
}

/* 3000 ms from 1000 to 3999: 1000 columns of 3 ms.  b is asked for most. */
static void test_strip_by_hand(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  scene s;
  scene_begins(&s);
  ask(&s, 1000, "a");
  ask(&s, 1500, "b");
  ask(&s, 3999, "b");
  scene_is_set(&s);
  hearth_strip *strip = hearth_strip_new(&memory, &s.trace, &s.uses);
  CU_ASSERT_PTR_NOT_NULL_FATAL(strip);
  CU_ASSERT_EQUAL(strip->rows, 2);
  CU_ASSERT_EQUAL(strip->column_ms, 3);
  CU_ASSERT_EQUAL(strip->columns, 1000);
  CU_ASSERT_EQUAL(strip->row[0].model, 1);
  hearth_strip_request(strip, 1000, 0, HEARTH_FOUND_COLD);
  happens(strip, HEARTH_SIM_LOAD, 1000, 0);
  happens(strip, HEARTH_SIM_READY, 1004, 0);
  happens(strip, HEARTH_SIM_EVICT, 1008, 0); /* 8 ms: 3, 3 and 2 */
  happens(strip, HEARTH_SIM_LOAD, 1400, 1);
  happens(strip, HEARTH_SIM_CANCEL, 1401, 1);
  hearth_strip_request(strip, 1500, 1, HEARTH_FOUND_DELAYED);
  happens(strip, HEARTH_SIM_LOAD, 3996, 1);
  hearth_strip_request(strip, 3999, 1, HEARTH_FOUND_WARM);
  happens(strip, HEARTH_SIM_EVICT, 9000, 1); /* after the last request */
  happens(strip, HEARTH_SIM_LOAD, 9000, 0);
  hearth_strip_finish(strip);
  const int64_t *b = strip->held_ms, *a = b + strip->columns;
  CU_ASSERT_TRUE(a[0] == 3 && a[1] == 3 && a[2] == 2 && a[3] == 0);
  CU_ASSERT_DOUBLE_EQUAL(hearth_strip_share(strip, 1, 2), 2.0 / 3, 1e-12);
  CU_ASSERT_TRUE(b[133] == 1 && b[134] == 0 && b[998] == 1 && b[999] == 3);
  CU_ASSERT_DOUBLE_EQUAL(hearth_strip_share(strip, 0, 999), 1, 1e-12);
  CU_ASSERT_EQUAL(a[999], 0);
  CU_ASSERT_EQUAL(strip->waits[0 + 166], 1);
  CU_ASSERT_EQUAL(strip->waits[0 + 999], 0);
  CU_ASSERT_EQUAL(strip->waits[strip->columns], 1);
  CU_ASSERT_EQUAL(strip->row[0].waited, 1);
  CU_ASSERT_EQUAL(strip->row[0].requests, 2);
  hearth_strip_free(strip);
  scene_ends(&s);
}

/* However long the trace and however many its models. */
static void test_strip_is_bounded(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  scene s;
  scene_begins(&s);
  for (int m = 0; m < 100; m++) {
    char name[16];
    snprintf(name, sizeof name, "m%03d", m);
    for (int k = 0; k < 1 + m % 50; k++) {
      ask(&s, m == 99 ? HEARTH_TRACE_MAX_MS - 1 : m, name);
    }
  }
  scene_is_set(&s);
  hearth_strip *strip = hearth_strip_new(&memory, &s.trace, &s.uses);
  CU_ASSERT_PTR_NOT_NULL_FATAL(strip);
  CU_ASSERT_EQUAL(strip->rows, HEARTH_STRIP_ROWS);
  CU_ASSERT_TRUE(strip->columns <= HEARTH_STRIP_COLUMNS);
  for (uint32_t r = 0; r < strip->rows; r++) { /* two have each use */
    CU_ASSERT_EQUAL(strip->row[r].requests, 50 - r / 2);
    CU_ASSERT_EQUAL(strip->row[r].model, 49 - r / 2 + 50 * (r % 2));
  }
  happens(strip, HEARTH_SIM_LOAD, 0, 49);
  hearth_strip_finish(strip);
  for (uint32_t c = 0; c < strip->columns; c++) {
    CU_ASSERT_EQUAL(hearth_strip_share(strip, 0, c), 1);
  }
  hearth_strip_free(strip);
  scene_ends(&s);
}

static void test_one_instant(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  scene s;
  scene_begins(&s);
  ask(&s, 7, "a");
  scene_is_set(&s);
  hearth_strip *strip = hearth_strip_new(&memory, &s.trace, &s.uses);
  CU_ASSERT_PTR_NOT_NULL_FATAL(strip);
  CU_ASSERT_EQUAL(strip->columns, 1);
  hearth_strip_request(strip, 7, 0, HEARTH_FOUND_COLD);
  happens(strip, HEARTH_SIM_LOAD, 7, 0);
  hearth_strip_finish(strip);
  CU_ASSERT_EQUAL(hearth_strip_share(strip, 0, 0), 1);
  hearth_strip_free(strip);
  hearth_strip_free(NULL);
  hearth_strip_finish(NULL);
  scene_ends(&s);
}

static void test_no_memory(void) {
  scene s;
  scene_begins(&s);
  ask(&s, 7, "a");
  scene_is_set(&s);
  hearth_strip *strip = NULL;
  unsigned nth = 1;
  for (; strip == NULL && nth < 20; nth++) {
    const hearth_memory_user memory = files_memory(nth);
    strip = hearth_strip_new(&memory, &s.trace, &s.uses);
    CU_ASSERT_TRUE(strip != NULL || files_held() == 0);
  }
  CU_ASSERT_EQUAL(nth, 5); /* three allocations, and one try without */
  hearth_strip_free(strip);
  CU_ASSERT_EQUAL(files_held(), 0);
  scene_ends(&s);
}

UNIT_MAIN("strip", UNIT(test_strip_by_hand), UNIT(test_strip_is_bounded),
          UNIT(test_one_instant), UNIT(test_no_memory))
