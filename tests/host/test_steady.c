/* SPDX-License-Identifier: MIT
   The cache of plans under steady use, with Foresight behind it. */
#include <stdio.h>

#include "tests/host/scripted.h"
#include "tests/unit.h"

extern const hearth_plugin_entry foresight_entry;

enum { USERS = 6, SECONDS = 20, ROUNDS = 720 }; /* four hours */

/* Six users, of whom each asks for a model every 20 s, in a cycle of its own:
   one model, two, or three in turn. */
static uint32_t habit(uint32_t user, uint32_t turn) {
  return (user + turn % (1 + user % 3)) % 4;
}

static void serve(hearth_predictor *predictor, uint32_t user, uint32_t turn,
                  uint32_t model) {
  static const char *const names[] = {"a", "b", "c", "d"};
  char id[32], name[2] = {(char)('p' + user), '\0'};
  hearth_prediction prediction;

  snprintf(id, sizeof(id), "%u-%u", (unsigned)user, (unsigned)turn);
  hearth_request request = scripted_request(id, "chat", name);
  CU_ASSERT_EQUAL(hearth_predict_and_warm(predictor, &request, &prediction),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_started(predictor, id, &request, names[model], NULL),
      HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_predictor_wait(predictor, id, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(
      hearth_predictor_finished(predictor, id, HEARTH_REQUEST_DONE, 0, 10),
      HEARTH_OK);
}

static hearth_predictor_metrics use(const char *profile, int64_t ttl_s,
                                    int change) {
  hearth_predictor_options options;
  hearth_predictor_metrics metrics;
  hearth_predictor *predictor = NULL;
  char err[256] = "";

  scripted_reset();
  scripted_options(&options, profile, 400);
  options.settings.prediction_cache_ttl_seconds =
      ttl_s < 0 ? options.settings.prediction_cache_ttl_seconds : ttl_s;
  CU_ASSERT_EQUAL_FATAL(hearth_library_wrap(&foresight_entry, "foresight", NULL,
                                            &options.library, err, sizeof(err)),
                        HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(
      hearth_predictor_create(&options, &predictor, err, sizeof(err)),
      HEARTH_OK);
  for (uint32_t turn = 0; turn < ROUNDS; ++turn) {
    for (uint32_t user = 0; user < USERS; ++user) {
      const uint32_t model = habit(user, turn);

      orchestrator.now_ms += 1000 * SECONDS / USERS;
      serve(predictor, user, turn,
            change && turn > ROUNDS / 2 ? 3 - model : model);
    }
  }
  hearth_predictor_get_metrics(predictor, &metrics);
  hearth_predictor_destroy(predictor);
  hearth_library_close(options.library);
  return metrics;
}

/* Over 80 % of the answers come from the cache, and are as good. */
static void test_steady_use(void) {
  const hearth_predictor_metrics none = use("production", 0, 0);
  const hearth_predictor_metrics kept = use("production", -1, 0);

  CU_ASSERT_EQUAL(none.cache_hits, 0);
  CU_ASSERT(kept.cache_hit_rate > 0.8);
  CU_ASSERT(none.accuracy_first > 0.95);
  CU_ASSERT(kept.accuracy_first > none.accuracy_first - 0.01);
}

/* An outcome that a plan did not foresee ends it: users who change their habits
   are not answered from the past. */
static void test_habits_that_change(void) {
  const hearth_predictor_metrics none = use("production", 0, 1);
  const hearth_predictor_metrics kept = use("production", -1, 1);

  CU_ASSERT(kept.accuracy_first > none.accuracy_first - 0.01);
}

UNIT_MAIN("predictor steady use", UNIT(test_steady_use),
          UNIT(test_habits_that_change))
