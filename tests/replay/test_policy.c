/* SPDX-License-Identifier: MIT
   Strategies to compare: names, and plugins found or not. */
#include "host-sdk/replay/policy.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit.h"

static char path[4096], err[4096];

static const char *folder(void) {
  return unit_build("plugin/reference/.libs");
}

static hearth_status add(hearth_policies *policies, const char *name,
                         const char *config, unsigned roles) {
  return hearth_policies_add(policies, path, name, config, roles, err,
                             sizeof err);
}

static void find(const char *stem) {
  CU_ASSERT_EQUAL_FATAL(
      hearth_find_plugin(folder(), stem, path, sizeof path, err, sizeof err),
      HEARTH_OK);
}

static void test_unique_names(void) {
  hearth_policies policies = {0};
  char longer[128];
  find("lru");
  memset(longer, 'x', sizeof longer - 1);
  longer[sizeof longer - 1] = '\0';
  CU_ASSERT_EQUAL(add(&policies, NULL, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(add(&policies, "", "", 0), HEARTH_OK);
  CU_ASSERT_EQUAL(add(&policies, "lru", NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(add(&policies, "mine", "seed=1", 0), HEARTH_OK);
  CU_ASSERT_EQUAL(add(&policies, longer, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(add(&policies, longer, NULL, 0), HEARTH_OK);
  /* One that is not shown is known by its name all the same. */
  CU_ASSERT_EQUAL(add(&policies, "lru", NULL, HEARTH_POLICY_HIDDEN), HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(policies.count, 7);
  CU_ASSERT_STRING_EQUAL(policies.items[0].name, "lru");
  CU_ASSERT_STRING_EQUAL(policies.items[1].name, "lru-2");
  CU_ASSERT_STRING_EQUAL(policies.items[2].name, "lru-3");
  CU_ASSERT_STRING_EQUAL(policies.items[3].name, "mine");
  CU_ASSERT_EQUAL(policies.items[3].config.seed, 1);
  CU_ASSERT_EQUAL(strlen(policies.items[4].name), 50);
  CU_ASSERT_EQUAL(strcmp(policies.items[5].name + 50, "-2"), 0);
  CU_ASSERT_STRING_EQUAL(policies.items[6].name, "lru");
  hearth_policies_free(&policies);
  CU_ASSERT_EQUAL(policies.count, 0);
}

static void test_refused(void) {
  hearth_policies policies = {0};
  find("lru");
  CU_ASSERT_EQUAL(add(&policies, NULL, "seed=x", 0), HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "seed=x"));
  snprintf(path, sizeof path, "%s", unit_source("LICENSE"));
  CU_ASSERT_EQUAL(add(&policies, NULL, NULL, 0), HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "LICENSE"));
  CU_ASSERT_EQUAL(policies.count, 0);
  hearth_policies_free(&policies);
}

static void test_not_found(void) {
  CU_ASSERT_EQUAL(hearth_find_plugin("/nowhere:/no", "zebra", path, sizeof path,
                                     err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(err, "no plugin hearth-zebra.so in /nowhere:/no: set "
                              "HEARTH_PLUGIN_PATH to the folder that has it");
  CU_ASSERT_EQUAL(
      hearth_find_plugin("", "lru", path, sizeof path, err, sizeof err),
      HEARTH_BAD_ARG);
  CU_ASSERT_EQUAL(hearth_find_plugin(folder(), "lru", path, 8, err, sizeof err),
                  HEARTH_BAD_ARG);
}

/* Folders in order; empty ones are passed over. */
static void test_search(void) {
  char folders[4096];
  snprintf(folders, sizeof folders, "::/nowhere:%s:", folder());
  CU_ASSERT_EQUAL(
      hearth_find_plugin(folders, "lru", path, sizeof path, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_PTR_NOT_NULL(strstr(path, "/hearth-lru.so"));
}

/* Beside plugins of one's own the yardsticks run, but are not shown. */
static void test_yardsticks(void) {
  hearth_policies policies = {0};
  unsigned simple = 0, clairvoyant = 0;
  CU_ASSERT_EQUAL_FATAL(
      hearth_policies_add_references(&policies, folder(), 0, err, sizeof err),
      HEARTH_OK);
  for (uint32_t i = 0; i < policies.count; i++) {
    CU_ASSERT(policies.items[i].roles & HEARTH_POLICY_HIDDEN);
    simple += (policies.items[i].roles & HEARTH_POLICY_SIMPLE) != 0;
    clairvoyant += (policies.items[i].roles & HEARTH_POLICY_CLAIRVOYANT) != 0;
    if (strcmp(policies.items[i].name, "ttl-1200") == 0) {
      CU_ASSERT_EQUAL(policies.items[i].config.ttl_seconds, 1200);
    }
  }
  CU_ASSERT_EQUAL(simple, 3 + 13 + 1);
  CU_ASSERT_EQUAL(clairvoyant, 3);
  CU_ASSERT_EQUAL(policies.count, 20);
  hearth_policies_free(&policies);
}

UNIT_MAIN("replay: policies", UNIT(test_unique_names), UNIT(test_refused),
          UNIT(test_not_found), UNIT(test_search), UNIT(test_yardsticks))
