/* SPDX-License-Identifier: MIT
   Every allocation of a reflected or a traced call fails once. */
#include <string.h>

#include "host-sdk/reflect/trace.h"
#include "tests/host/fail.h"
#include "tests/reflect/setup.h"
#include "tests/unit.h"

static const char *const texts[] = {"-7",       "20.5", "-30",
                                    "hex:0102", "40",   "xyz"};
static uint64_t events;

static void count(void *user, const hearth__trace_event *event) {
  (void)user, (void)event;
  ++events;
}

/* Fail the n-th allocation of a call, for every n until it fails none. */
static void call_failing(hearth_instance *instance) {
  int happened = 1;

  for (unsigned long n = 1; happened; ++n) {
    hearth_output out = {0};
    hearth__answer answer;
    char err[512] = "";
    hearth_status status;

    fail_at(n);
    status = setup_call(instance, "all", NULL, texts, 6, &out, &answer, err);
    happened = fail_happened();
    /* What a trace keeps may be lost without harm to the call. */
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    CU_ASSERT(happened || status == HEARTH_OK);
    if (status == HEARTH_OK) {
      CU_ASSERT_EQUAL(answer.out.len, 15);
    }
    hearth_output_free(&out);
    CU_ASSERT_FATAL(n < 100);
  }
}

static void test_call(void) {
  hearth_library *library = setup_letters();
  hearth_instance *instance;

  CU_ASSERT_EQUAL_FATAL(
      hearth_instance_create(library, NULL, &instance, NULL, 0), HEARTH_OK);
  call_failing(instance);
  hearth_instance_destroy(instance);
  hearth_library_close(library);
}

static void test_traced(void) {
  const hearth__trace_options options = {count, NULL, 1};
  hearth_library *library = setup_letters(), *traced;
  int happened = 1;

  for (unsigned long n = 1; happened; ++n) {
    hearth__tracer *tracer = NULL;
    hearth_instance *instance = NULL;
    char err[256] = "";
    hearth_status status;

    fail_at(n);
    status = hearth__traced_library(library, &options, &tracer, &traced, err,
                                    sizeof(err));
    if (status == HEARTH_OK) {
      status =
          hearth_instance_create(traced, NULL, &instance, err, sizeof(err));
      if (status == HEARTH_OK) {
        /* Where its closures find no memory, it is there untraced. */
        CU_ASSERT_PTR_NOT_NULL(hearth_instance_get_extension(
            instance, HEARTH_EXT_REFLECT, sizeof(hearth_reflect)));
      }
      happened = fail_happened();
      if (status == HEARTH_OK) {
        call_failing(instance);
      }
      hearth_instance_destroy(instance);
      hearth_library_close(traced);
      hearth__tracer_free(tracer);
    } else {
      happened = fail_happened();
    }
    CU_ASSERT(status == HEARTH_OK || status == HEARTH_NO_MEMORY);
    CU_ASSERT(status == HEARTH_OK || err[0]);
    CU_ASSERT(happened || status == HEARTH_OK);
    CU_ASSERT_FATAL(n < 100);
  }
  CU_ASSERT(events > 0);
  hearth_library_close(library);
}

UNIT_MAIN("reflect memory", UNIT(test_call), UNIT(test_traced))
