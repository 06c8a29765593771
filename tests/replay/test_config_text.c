/* SPDX-License-Identifier: MIT
   A configuration from "key=value,key=value". */
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/policy.h"
#include "tests/unit.h"

static char copy[256], err[256];
static hearth_config config;

static hearth_status parse(const char *text) {
  snprintf(copy, sizeof copy, "%s", text);
  hearth_message_init(&hearth_config_schema, &config);
  err[0] = '\0';
  return hearth_config_parse(&config, copy, err, sizeof err);
}

static void test_every_kind(void) {
  CU_ASSERT_EQUAL(parse("ttl_seconds=0.5,max_warm_models=3,"
                        "background_warmup_enabled=false,seed=-7,"
                        "ablate=\"user,task\",prediction_threshold=0.8"),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(config.ttl_seconds, 0.5);
  CU_ASSERT_EQUAL(config.max_warm_models, 3);
  CU_ASSERT_EQUAL(config.background_warmup_enabled, 0);
  CU_ASSERT_EQUAL(config.seed, -7);
  CU_ASSERT_EQUAL(config.prediction_threshold, 0.8);
  CU_ASSERT(hearth_str_equal(config.ablate, hearth_str_from("user,task")));
}

/* Over the profile replay: what is not named keeps its default. */
static void test_nothing(void) {
  CU_ASSERT_EQUAL(parse(""), HEARTH_OK);
  CU_ASSERT_EQUAL(config.prediction_threshold, 0);
  CU_ASSERT_EQUAL(config.max_warm_models, -1);
  CU_ASSERT_EQUAL(config.prediction_cache_ttl_seconds, 0);
  CU_ASSERT_EQUAL(config.max_memory_mb, -1);
  CU_ASSERT_EQUAL(parse("ablate=\"\""), HEARTH_OK);
  CU_ASSERT_EQUAL(config.ablate.len, 0);
}

static void test_bools(void) {
  CU_ASSERT_EQUAL(parse("background_warmup_enabled=0"), HEARTH_OK);
  CU_ASSERT_EQUAL(config.background_warmup_enabled, 0);
  CU_ASSERT_EQUAL(parse("background_warmup_enabled=true"), HEARTH_OK);
  CU_ASSERT_EQUAL(config.background_warmup_enabled, 1);
}

static void test_refusals(void) {
  static const struct {
    const char *text, *says;
  } bad[] = {{"nothing=1", "nothing=1: there is no such setting"},
             {"models=1", "models=1: there is no such setting"},
             {"=1", "there is no such setting"},
             {"seed", "seed=: want key=value"},
             {"seed=1,ttl_seconds", "want key=value"},
             {"seed=", "seed=: want a number"},
             {"seed=1.5", "seed=1.5: want a whole number"},
             {"seed=1x", "seed=1x: want a number"},
             {"seed=1e300", "want a number"},
             {"ttl_seconds=nan", "ttl_seconds=nan: want a number"},
             {"ttl_seconds=inf", "want a number"},
             {"prediction_threshold=1.5", "want 0 to 1"},
             {"background_warmup_enabled=maybe", "want true or false"},
             {"ablate=\"user", "want quotes that close"},
             {"ablate=\"user\"x,seed=1", "want quotes that close"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CU_ASSERT_EQUAL(parse(bad[i].text), HEARTH_BAD_ARG);
    CU_ASSERT_PTR_NOT_NULL(strstr(err, bad[i].says));
    if (strstr(err, bad[i].says) == NULL) {
      printf("# %s: %s\n", bad[i].text, err);
    }
  }
}

UNIT_MAIN("replay: configuration", UNIT(test_every_kind), UNIT(test_nothing),
          UNIT(test_bools), UNIT(test_refusals))
