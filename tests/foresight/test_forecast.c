/* SPDX-License-Identifier: MIT
   The forecast that the price head keeps while the situation is the same. */
#include <string.h>

#include "plugin/foresight/price/price_state.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

enum { FROM = 5, SOON = 7 }; /* what is forecast with bin 5 ends before bin 7 */

static const hearth_memory_user plain;

typedef struct forecast {
  double q[PRICE_BINS];
  uint32_t end;
} forecast;

static foresight_price *create(void) {
  const foresight_price_config config = {.idle_price = 100, .seed = 1};
  foresight_price *p = NULL;
  CU_ASSERT_EQUAL_FATAL(foresight_price_new(&plain, &config, &p), 0);
  CU_ASSERT_EQUAL(foresight_price_add_model(p, 1024, 10000), 0);
  return p;
}

/* A request every quarter of an hour to an hour, and the last one has ended. */
static foresight_price *begin(void) {
  foresight_price *p = create();
  int64_t now = 0;
  for (int i = 0; i < 60; i++) {
    foresight_price_entry line;
    int64_t review;
    const foresight_price_event event = {.user = FORESIGHT_PRICE_NONE,
                                         .input_length = -1,
                                         .now_ms = now += (1 + i % 4) * 900000};
    foresight_price_started(p, &event);
    (void)foresight_price_plan(p, now, &line, 1, &review);
    foresight_price_finished(p, 0, 1000, now + 1000);
  }
  foresight_price_contexts(p, 0);
  p->model[0].known_to = 0;
  return p;
}

static forecast look(foresight_price *p) {
  forecast f = {{0}, 0};
  f.end = foresight_price_forecast(p, 0, FROM, PRICE_BINS, f.q);
  CU_ASSERT(f.end > SOON + 4);
  CU_ASSERT(p->model[0].known_to >= f.end);
  return f;
}

static int same(const forecast *a, const forecast *b, uint32_t from,
                uint32_t to) {
  return memcmp(a->q + from, b->q + from, (to - from) * sizeof *a->q) == 0;
}

/* What all models share is learned anew, so that every bin's forecast would be
   another. */
static void learn_much(foresight_price *p) {
  for (uint32_t c = 0; c < PRICE_CLASSES; c++) {
    p->w[c][0] += 0.25f;
  }
}

static void test_later_bins_are_kept(void) {
  foresight_price *p = begin();
  const forecast first = look(p);
  learn_much(p);
  foresight_price_contexts(p, 0);
  const forecast kept = look(p);
  CU_ASSERT(!same(&first, &kept, FROM, SOON));
  CU_ASSERT(same(&first, &kept, SOON, first.end));
  p->model[0].known_to = 0;
  const forecast anew = look(p);
  CU_ASSERT(same(&kept, &anew, FROM, SOON));
  CU_ASSERT(!same(&kept, &anew, SOON, SOON + 4));
  foresight_price_free(p);
}

/* Two hours later another hour's counts matter. */
static void test_another_situation(void) {
  foresight_price *p = begin();
  const forecast first = look(p);
  learn_much(p);
  p->now += 2 * 3600000;
  foresight_price_contexts(p, 0);
  CU_ASSERT_EQUAL(p->model[0].known_to, 0);
  const forecast other = look(p);
  CU_ASSERT(!same(&first, &other, SOON, SOON + 4));
  p->model[0].known_to = 0;
  const forecast anew = look(p);
  CU_ASSERT_EQUAL(other.end, anew.end);
  CU_ASSERT(same(&other, &anew, FROM, anew.end));
  foresight_price_free(p);
}

static void test_another_gap(void) {
  foresight_price *p = begin();
  (void)look(p);
  foresight_price_end_gap(p, 0, p->now + 60000);
  CU_ASSERT_EQUAL(p->model[0].known_to, 0);
  foresight_price_free(p);
}

typedef struct reader {
  hearth_source source; /* first: it is a source */
  const hearth_buffer *from;
  uint64_t at;
} reader;

static hearth_status read_all(hearth_source *source, void *data, uint64_t cap,
                              uint64_t *got) {
  reader *r = (reader *)(void *)source;
  const uint64_t left = r->from->len - r->at;
  *got = left < cap ? left : cap;
  if (*got > 0) {
    memcpy(data, r->from->data + r->at, (size_t)*got);
  }
  r->at += *got;
  return HEARTH_OK;
}

/* A head of the same models, from what the other one saves in a format. */
static foresight_price *copy(foresight_price *from, uint32_t format) {
  foresight_price *to = create();
  hearth_buffer bytes;
  hearth_state s;
  hearth_buffer_init(&bytes, 0);
  hearth_state_save(&s, &plain, NULL, &bytes.sink, "test", format, 0, 0);
  hearth_state_section(&s, "price");
  foresight_price_state(&s, from);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  reader r = {{sizeof r.source, 0, read_all}, &bytes, 0};
  hearth_state_load(&s, &plain, NULL, &r.source, "test", 3);
  hearth_state_section(&s, "price");
  foresight_price_state(&s, to);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
  hearth_buffer_free(&bytes);
  return to;
}

/* Format 3 has the forecast; format 2 is without, and all is forecast anew. */
static void test_saved(void) {
  foresight_price *p = begin();
  const forecast first = look(p);
  learn_much(p);
  foresight_price *with = copy(p, 3), *without = copy(p, 2);
  CU_ASSERT_EQUAL(with->model[0].known_to, p->model[0].known_to);
  CU_ASSERT_EQUAL(without->model[0].known_to, 0);
  CU_ASSERT_EQUAL(without->model[0].gaps, p->model[0].gaps);
  CU_ASSERT_EQUAL(without->model[0].follow, p->model[0].follow);
  const forecast of_with = look(with), of_without = look(without);
  CU_ASSERT(same(&first, &of_with, SOON, first.end));
  CU_ASSERT(!same(&first, &of_without, SOON, SOON + 4));
  foresight_price_free(with);
  foresight_price_free(without);
  foresight_price_free(p);
}

UNIT_MAIN("the price head's forecast", UNIT(test_later_bins_are_kept),
          UNIT(test_another_situation), UNIT(test_another_gap),
          UNIT(test_saved))
