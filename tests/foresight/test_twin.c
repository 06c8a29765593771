/* SPDX-License-Identifier: MIT
   The copy that a state is written from: it is of one moment, whatever was
   learned while it was made. */
#include "plugin/foresight/inside.h"
#include "plugin/sdk/state.h"
#include "tests/foresight/course.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

static const course budget = {.budget_mb = 8192, .idle_price = -1, .users = 1};
static const course price = {.budget_mb = -1, .idle_price = 100, .users = 1};

/* What of f is saved from a twin. */
static void write_heads(hearth_plugin *f, hearth_buffer *out) {
  hearth_state s;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_buffer_init(out, 0);
  hearth_state_save(&s, &memory, NULL, &out->sink, "twin", 1, 0, 0);
  hearth_state_section(&s, "within");
  foresight_within_state(&s, f->within);
  if (f->budget != NULL) {
    hearth_state_section(&s, "budget");
    foresight_budget_state(&s, f->budget);
  }
  if (f->price != NULL) {
    hearth_state_section(&s, "price");
    foresight_price_state(&s, f->price);
  }
  hearth_state_section(&s, "seen");
  hearth_seen_state(&s, &f->seen);
  CU_ASSERT_EQUAL(hearth_state_end(&s), HEARTH_OK);
}

static void assert_same_heads(hearth_plugin *a, hearth_plugin *b) {
  hearth_buffer of_a, of_b;
  write_heads(a, &of_a);
  write_heads(b, &of_b);
  CU_ASSERT(of_a.len > 1000);
  CU_ASSERT(support_same(&of_a, &of_b));
  hearth_buffer_free(&of_a);
  hearth_buffer_free(&of_b);
}

/* After `before` steps it is copied ahead, then more is learned; and that for
   some times, so that what is marked once is marked again. */
static void learn_between(const course *c, uint64_t before, uint64_t between) {
  hearth_plugin *f = course_create(NULL, NULL, COURSE_MODELS);
  uint64_t at = 0;
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  for (int i = 0; i < 3; i++) {
    course_run(c, f, at, at + before, NULL);
    at += before;
    hearth_plugin *twin = foresight__twin(f);
    CU_ASSERT_PTR_NOT_NULL_FATAL(twin);
    course_run(c, f, at, at + between, NULL);
    at += between;
    foresight__alone(f);
    CU_ASSERT_EQUAL(foresight__become(twin, f), 0);
    foresight__not_alone(f);
    assert_same_heads(twin, f);
    foresight__twin_free(twin);
  }
  foresight_entry.destroy(f);
}

static void test_budget(void) {
  learn_between(&budget, 60, 0);
  learn_between(&budget, 60, 1);
  learn_between(&budget, 300, 500);
}

static void test_price(void) {
  learn_between(&price, 60, 0);
  learn_between(&price, 60, 1);
  learn_between(&price, 300, 500);
}

/* Rings that went round meanwhile, and numbers that did. */
static void test_rings(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  foresight_within *head = foresight_within_create(&memory, 0);
  foresight_within *twin = foresight_within_create(&memory, 0);
  const foresight_within_user nobody = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0};
  int64_t now = 1700000000000;
  CU_ASSERT_PTR_NOT_NULL_FATAL(head);
  CU_ASSERT_PTR_NOT_NULL_FATAL(twin);
  for (int i = 0; i < 40; i++) {
    CU_ASSERT_EQUAL(foresight_within_add_model(head), 0);
    CU_ASSERT_EQUAL(foresight_within_add_model(twin), 0);
  }
  hearth_plugin a = {.within = head}, b = {.within = twin};
  for (int round = 0; round < 12; round++) {
    for (uint32_t part = 0;
         foresight_within_copy_ahead(twin, head, part); part++) {
      foresight_within_started(head, part % 40, now += 1000, nobody);
    }
    for (int i = 0; i < round * 400; i++) {
      foresight_within_started(head, (uint32_t)(i * 7) % 40, now += 40000,
                               nobody);
    }
    CU_ASSERT_EQUAL(foresight_within_copy(twin, head), 0);
    assert_same_heads(&a, &b);
  }
  foresight_within_free(head);
  foresight_within_free(twin);
}

/* Heads that know no model. */
static void test_empty(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  const foresight_budget_options options = {.loads_limit = 1.5f};
  const foresight_price_config config = {.idle_price = 100};
  hearth_plugin f[2] = {{.budget_mb = 0}, {.budget_mb = 0}};
  for (int i = 0; i < 2; i++) {
    f[i].within = foresight_within_create(&memory, 0);
    f[i].budget = foresight_budget_new(&memory, &options);
    CU_ASSERT_EQUAL_FATAL(foresight_price_new(&memory, &config, &f[i].price),
                          0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f[i].within);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f[i].budget);
  }
  CU_ASSERT_EQUAL(foresight_within_copy(f[1].within, f[0].within), 0);
  CU_ASSERT_EQUAL(foresight_budget_copy(f[1].budget, f[0].budget), 0);
  CU_ASSERT_EQUAL(foresight_price_copy(f[1].price, f[0].price), 0);
  assert_same_heads(&f[0], &f[1]);
  for (int i = 0; i < 2; i++) {
    foresight_within_free(f[i].within);
    foresight_budget_free(f[i].budget);
    foresight_price_free(f[i].price);
  }
}

/* A model, or a head, that came since: then it is not the same. */
static void test_grown(void) {
  hearth_plugin *f = course_create(NULL, NULL, COURSE_MODELS);
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  hearth_plugin *twin = foresight__twin(f);
  CU_ASSERT_PTR_NOT_NULL_FATAL(twin);
  course_run(&budget, f, 0, 20, NULL);
  CU_ASSERT_EQUAL(foresight__become(twin, f), -1);
  foresight__twin_free(twin);
  twin = foresight__twin(f);
  CU_ASSERT_PTR_NOT_NULL_FATAL(twin);
  CU_ASSERT_EQUAL(course_catalog(f, 1000, COURSE_MODELS, 512), HEARTH_OK);
  CU_ASSERT_EQUAL(course_catalog(f, 2000, COURSE_MODELS, 512), HEARTH_OK);
  CU_ASSERT_EQUAL(foresight__become(twin, f), -1);
  foresight__twin_free(twin);
  foresight_entry.destroy(f);
}

/* Without memory for a twin the same is saved. */
static void without_memory(const course *c) {
  hearth_plugin *f = course_create(NULL, NULL, COURSE_MODELS);
  hearth_buffer with, without;
  CU_ASSERT_PTR_NOT_NULL_FATAL(f);
  course_run(c, f, 0, 300, NULL);
  CU_ASSERT_EQUAL(course_save(f, &with), HEARTH_OK);
  f->own_count->limit = atomic_load(&f->own_count->used) + 100000;
  CU_ASSERT_PTR_NULL(foresight__twin(f));
  CU_ASSERT_EQUAL(course_save(f, &without), HEARTH_OK);
  CU_ASSERT(with.len == without.len &&
            memcmp(with.data, without.data, (size_t)with.len) == 0);
  f->own_count->limit = UINT64_MAX;
  hearth_buffer_free(&with);
  hearth_buffer_free(&without);
  foresight_entry.destroy(f);
}

static void test_without_memory(void) {
  without_memory(&budget);
  without_memory(&price);
}

UNIT_MAIN("a twin to save from", UNIT(test_budget), UNIT(test_price),
          UNIT(test_rings), UNIT(test_empty), UNIT(test_grown),
          UNIT(test_without_memory))
