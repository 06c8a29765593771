/* SPDX-License-Identifier: MIT
   "Used within h": samples and scores, worked by hand. */
#include "host-sdk/replay/horizons.h"

#include <math.h>

#include "tests/replay/setup.h"
#include "tests/unit.h"

static setup fixture;
static hearth_plan_line lines[2];
static const hearth_plan plan = {.lines = lines, .count = 2, .opinion = 1};

enum { MINUTE = 60000 };

static void begin(hearth_horizons *horizons, const int64_t *at_ms,
                  const char *models, int count) {
  char model[2] = "a";
  setup_begin(&fixture);
  setup_model(&fixture, "a", 1024, 1000);
  setup_model(&fixture, "b", 1024, 1000);
  for (int i = 0; i < count; i++) {
    *model = models[i];
    setup_request(&fixture, at_ms[i], model, 0, NULL);
  }
  setup_ready(&fixture);
  CU_ASSERT_EQUAL_FATAL(
      hearth_horizons_init(horizons, &fixture.trace, &fixture.uses), HEARTH_OK);
}

static void end(hearth_horizons *horizons) {
  hearth_horizons_free(horizons);
  setup_end(&fixture);
}

static void say(double p_a, double p_b) {
  for (uint32_t m = 0; m < 2; m++) {
    lines[m] = (hearth_plan_line){.entry = {.model = m}};
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      lines[m].p_within[h] = m == 0 ? p_a : p_b;
    }
  }
}

/* Requests of a at 0 and 6 min, b at 2 min: samples at 1 min alone, since the
   trace ends at 6 min and 300 s must be left.  b is not known by then. */
static void test_first_sample(void) {
  const int64_t at[] = {0, 2 * MINUTE, 6 * MINUTE};
  hearth_horizons horizons;
  hearth_result r = {0};
  begin(&horizons, at, "aba", 3);
  CU_ASSERT_EQUAL(hearth_horizons_due(&horizons), MINUTE);
  say(0.8, 0.9);
  hearth_horizons_sample(&horizons, &plan);
  CU_ASSERT_EQUAL(hearth_horizons_due(&horizons), HEARTH_NEVER);
  hearth_horizons_report(&horizons, &r);
  CU_ASSERT_EQUAL(r.horizon[0].samples, 1);
  CU_ASSERT_DOUBLE_EQUAL(r.horizon[0].log_loss, -log(0.8), 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.horizon[0].brier, 0.04, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(r.horizon[0].calibration_error, 0.2, 1e-12);
  CU_ASSERT_EQUAL(r.horizon[0].precision, 1);
  CU_ASSERT_EQUAL(r.horizon[0].recall, 1);
  CU_ASSERT_EQUAL(r.horizon[0].f1, 1);
  CU_ASSERT_EQUAL(r.horizon[1].samples, 0);
  CU_ASSERT(isnan(r.horizon[1].log_loss) && isnan(r.horizon[2].f1));
  end(&horizons);
}

/* Four samples of a, 1 to 4 min; it is used at 0 and 9 min, so only the one at
   4 min is right (the bound is included).  b is known from the second on (used
   at 2 min), and then never again. */
static void test_scores(void) {
  const int64_t at[] = {0, 2 * MINUTE, 9 * MINUTE};
  const double p[] = {0.6, 0.6, 0.02, 0.5};
  hearth_horizons horizons;
  hearth_result r = {0};
  begin(&horizons, at, "aba", 3);
  for (int i = 0; i < 4; i++) {
    CU_ASSERT_EQUAL(hearth_horizons_due(&horizons), (i + 1) * MINUTE);
    say(p[i], 0);
    hearth_horizons_sample(&horizons, &plan);
  }
  CU_ASSERT_EQUAL(hearth_horizons_due(&horizons), HEARTH_NEVER);
  hearth_horizons_report(&horizons, &r);
  const hearth_horizon_score *s = &r.horizon[0];
  CU_ASSERT_EQUAL(s->samples, 7);
  CU_ASSERT_DOUBLE_EQUAL(
      s->log_loss,
      (-2 * log(0.4) - log(0.98) - log(0.5) - 3 * log(1 - 1e-4)) / 7, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(s->brier, (2 * 0.36 + 0.0004 + 0.25) / 7, 1e-12);
  /* Bins of 1/15: 0.6 twice in the tenth, 0.5 in the eighth, the rest in the
     first. */
  CU_ASSERT_DOUBLE_EQUAL(s->calibration_error, (1.2 + 0.5 + 0.02) / 7, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(s->precision, 1.0 / 3, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(s->recall, 1, 1e-12);
  CU_ASSERT_DOUBLE_EQUAL(s->f1, 0.5, 1e-12);
  end(&horizons);
}

/* Certain and wrong costs the logarithm of 1e-4, no more. */
static void test_clipped(void) {
  const int64_t at[] = {0, 6 * MINUTE};
  for (int wrong = 0; wrong < 2; wrong++) {
    hearth_horizons horizons;
    hearth_result r = {0};
    begin(&horizons, at, "aa", 2);
    say(wrong ? 0 : 1, 0);
    hearth_horizons_sample(&horizons, &plan);
    hearth_horizons_report(&horizons, &r);
    CU_ASSERT_DOUBLE_EQUAL(r.horizon[0].log_loss, -log(wrong ? 1e-4 : 1 - 1e-4),
                           1e-12);
    CU_ASSERT_EQUAL(r.horizon[0].brier, wrong);
    CU_ASSERT_EQUAL(isnan(r.horizon[0].precision), wrong);
    end(&horizons);
  }
}

/* A model that the answer leaves out counts as p = 0. */
static void test_left_out(void) {
  const int64_t at[] = {0, 6 * MINUTE};
  const hearth_plan empty = {.lines = lines, .opinion = 1};
  hearth_horizons horizons;
  hearth_result r = {0};
  begin(&horizons, at, "aa", 2);
  hearth_horizons_sample(&horizons, &empty);
  hearth_horizons_report(&horizons, &r);
  CU_ASSERT_EQUAL(r.horizon[0].samples, 1);
  CU_ASSERT_EQUAL(r.horizon[0].brier, 1);
  end(&horizons);
}

/* Each minute; on traces over 60 days, each fifth. */
static void test_how_often(void) {
  const int64_t days60 = INT64_C(60) * 24 * 60 * MINUTE;
  const int64_t at[][2] = {{1000, 1000 + days60}, {1000, 1001 + days60}};
  for (int i = 0; i < 2; i++) {
    hearth_horizons horizons;
    begin(&horizons, at[i], "aa", 2);
    CU_ASSERT_EQUAL(hearth_horizons_due(&horizons),
                    1000 + (i == 0 ? 1 : 5) * MINUTE);
    say(0, 0);
    hearth_horizons_sample(&horizons, &plan);
    CU_ASSERT_EQUAL(hearth_horizons_due(&horizons),
                    1000 + (i == 0 ? 2 : 10) * MINUTE);
    end(&horizons);
  }
}

UNIT_MAIN("replay: horizons", UNIT(test_first_sample), UNIT(test_scores),
          UNIT(test_clipped), UNIT(test_left_out), UNIT(test_how_often))
