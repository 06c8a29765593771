/* SPDX-License-Identifier: MIT
   The names of Foresight's signals, and what switching them off does. */
#include "plugin/foresight/ablate.h"
#include "plugin/foresight/reflect.h"

#include <string.h>

#include "plugin/foresight/budget/budget.h"
#include "plugin/foresight/next/next.h"
#include "plugin/foresight/price/price.h"
#include "plugin/foresight/within/within.h"
#include "tests/foresight/drive.h"
#include "tests/unit.h"

enum { MINUTE = 60000 };

static foresight_ablation off;
static char err[256];

static hearth_status ablate(const char *names) {
  memset(err, 0, sizeof err);
  return foresight__ablate(hearth_str_from(names), &off, err, sizeof err);
}

static void test_masks(void) {
  CU_ASSERT_EQUAL(ablate("next-time, price-holds ,within-days,budget-users"),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(off.next, 1u << FORESIGHT_NEXT_TIME);
  CU_ASSERT_EQUAL(off.within, 1u << FORESIGHT_WITHIN_DAYS);
  CU_ASSERT_EQUAL(off.budget, FORESIGHT_BUDGET_NO_USERS);
  CU_ASSERT_EQUAL(off.price, FORESIGHT_PRICE_OFF_HOLDS);
  CU_ASSERT_EQUAL(ablate("next-task,next-habit,budget-after"), HEARTH_OK);
  CU_ASSERT_EQUAL(off.next,
                  1u << FORESIGHT_NEXT_TASK | 1u << FORESIGHT_NEXT_HABIT);
  CU_ASSERT_EQUAL(off.budget, FORESIGHT_BUDGET_NO_TABLE_0 << 1);
  CU_ASSERT_EQUAL(off.within | off.price, 0);
  CU_ASSERT_EQUAL(ablate(" , ,"), HEARTH_OK);
  CU_ASSERT_EQUAL(off.next | off.within | off.budget | off.price, 0);
}

static void test_unknown(void) {
  CU_ASSERT_EQUAL_FATAL(ablate("next-time"), HEARTH_OK);
  CU_ASSERT_EQUAL(ablate("next-task,next-mood"), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "ablate"));
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "'next-mood'"));
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "next-project"));
  CU_ASSERT_EQUAL(off.next, 1u << FORESIGHT_NEXT_TIME); /* as it was */
  CU_ASSERT_EQUAL(ablate("mood"), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "within-"));
  CU_ASSERT_EQUAL(ablate("next-tim"), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_EQUAL(ablate("budget-moody"), HEARTH_BAD_PAYLOAD);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "budget-idle")); /* the last of the most */
  CU_ASSERT_EQUAL(foresight__ablate(hearth_str_from("x"), &off, NULL, 0),
                  HEARTH_BAD_PAYLOAD);
  for (uint64_t cap = 1; cap < 120; cap++) {
    memset(err, 'x', sizeof err);
    (void)foresight__ablate(hearth_str_from("price-x"), &off, err, cap);
    CU_ASSERT_PTR_NOT_NULL(memchr(err, 0, (size_t)cap));
    CU_ASSERT_EQUAL(err[cap], 'x');
  }
}

typedef hearth_status (*ask_function)(hearth_plugin *, hearth_sink *);

/* Every name that is told is taken, and they are bits of all heads. */
static void test_told(void) {
  const hearth_function *f = foresight__reflect.functions;
  hearth_buffer buffer = {.limit = 0};
  uint32_t seen[4] = {0}, count = 0;
  CU_ASSERT_EQUAL_FATAL(foresight__reflect.count, 4);
  CU_ASSERT_STRING_EQUAL(f->name, "signals");
  CU_ASSERT_STRING_EQUAL(f->signature, "h(po)");
  hearth_buffer_init(&buffer, 0);
  CU_ASSERT_EQUAL_FATAL(((ask_function)f->pointer)(NULL, &buffer.sink),
                        HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(buffer.data[0], 0xdc);
  for (uint64_t at = 3; at < buffer.len; count++) {
    const uint64_t len = buffer.data[at] & 0x1f;
    const hearth_str name = {(const char *)&buffer.data[at + 1], len};
    CU_ASSERT_EQUAL(buffer.data[at] & 0xe0, 0xa0);
    CU_ASSERT_EQUAL(foresight__ablate(name, &off, err, sizeof err), HEARTH_OK);
    seen[0] |= off.next;
    seen[1] |= off.within;
    seen[2] |= off.budget;
    seen[3] |= off.price;
    at += 1 + len;
  }
  CU_ASSERT_EQUAL(count,
                  (uint32_t)(buffer.data[1] << 8 | buffer.data[2]));
  CU_ASSERT_EQUAL(seen[0], (1u << FORESIGHT_NEXT_GROUPS) - 1);
  CU_ASSERT_EQUAL(seen[1], (1u << FORESIGHT_WITHIN_SIGNALS) - 1);
  CU_ASSERT_EQUAL(seen[2], 0x1f7f);
  CU_ASSERT_EQUAL(seen[3], 0xff);
  hearth_buffer_free(&buffer);
}

static hearth_status begin(drive *d, const char *names, double price) {
  hearth_config config;
  hearth_message_init(&hearth_config_schema, &config);
  config.ablate = hearth_str_from(names);
  const hearth_status status = drive_begin(d, &config, 4, 0);
  d->budget_mb = price > 0 ? -1 : 3072;
  d->idle_price = price;
  return status;
}

/* Alternate models; the likeliest next one after that. */
static double p_of_habit(const char *names) {
  drive d;
  CU_ASSERT_EQUAL_FATAL(begin(&d, names, -1), HEARTH_OK);
  for (int i = 0; i < 60; i++) {
    drive_request(&d, (i + 1) * MINUTE, (uint32_t)i % 2, "ann");
  }
  CU_ASSERT_EQUAL(
      drive_ask(&d, HEARTH_REASON_REQUEST, 62 * MINUTE, "ann", NULL),
      HEARTH_OK);
  const hearth_plan_model *line = drive_line(&d, 0);
  const double p = line == NULL ? 0 : line->p_next;
  drive_end(&d);
  return p;
}

static void test_instance(void) {
  CU_ASSERT(p_of_habit("") > 0.8);
  CU_ASSERT(p_of_habit("next-sequence,next-habit,next-session,next-time") <
            p_of_habit("") - 0.1);
  drive d;
  CU_ASSERT_NOT_EQUAL(begin(&d, "next-habits", -1), HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(strstr(d.err, "next-habits"));
  drive_end(&d);
}

/* Both deciding heads are made with what is off. */
static void test_regimes(void) {
  static const char *const names[] = {"budget-ghosts,budget-residuals",
                                      "price-stop,price-mixing,price-floor"};
  for (int price = 0; price < 2; price++) {
    drive d;
    CU_ASSERT_EQUAL_FATAL(begin(&d, names[price], price ? 100 : -1), HEARTH_OK);
    for (int i = 0; i < 40; i++) {
      drive_request(&d, (i + 1) * MINUTE, (uint32_t)i * 7 % 4, "ann");
    }
    CU_ASSERT_EQUAL(d.status, HEARTH_OK);
    drive_end(&d);
  }
}

UNIT_MAIN("foresight: ablate", UNIT(test_masks), UNIT(test_unknown),
          UNIT(test_told), UNIT(test_instance), UNIT(test_regimes))
