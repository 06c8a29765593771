/* SPDX-License-Identifier: MIT */
#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "hearth/host.h"
#include "tests/unit.h"

static char logged[64];

static void take_log(void *user, int32_t level, uint64_t call_id,
                     const char *message) {
  *(int32_t *)user = level + (int32_t)call_id;
  strcpy(logged, message);
}

static const hearth_memory *memory_of(const hearth_host *host) {
  return host->get_extension(host, HEARTH_EXT_MEMORY);
}

static void test_memory_is_counted(void) {
  hearth_host *host = NULL;
  const hearth_memory *memory;
  char *block;

  CU_ASSERT_EQUAL_FATAL(hearth_host_new(NULL, &host), HEARTH_OK);
  memory = memory_of(host);
  block = memory->resize(host, NULL, 100);
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  CU_ASSERT_EQUAL((uintptr_t)block % alignof(max_align_t), 0);
  memset(block, 7, 100);
  CU_ASSERT_EQUAL(memory->used(host), 100);
  block = memory->resize(host, block, 1000);
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  CU_ASSERT_EQUAL(block[99], 7);
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 1000);
  block = memory->resize(host, block, 10);
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 10);
  CU_ASSERT_PTR_NULL(memory->resize(host, block, 0));
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 0);
  CU_ASSERT_EQUAL(hearth_host_memory_peak(host), 1000);
  CU_ASSERT_EQUAL(hearth_host_allocations(host), 3);
  CU_ASSERT_PTR_NULL(memory->resize(host, NULL, UINT64_MAX));
  CU_ASSERT_PTR_NULL(memory->resize(host, NULL, 0));
  hearth_host_free(host);
  hearth_host_free(NULL);
}

static void test_memory_is_capped(void) {
  hearth_host_options options = {0};
  hearth_host *host = NULL;
  const hearth_memory *memory;
  void *block;

  options.memory_cap = 100;
  CU_ASSERT_EQUAL_FATAL(hearth_host_new(&options, &host), HEARTH_OK);
  memory = memory_of(host);
  block = memory->resize(host, NULL, 60);
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  CU_ASSERT_PTR_NULL(memory->resize(host, NULL, 41));
  CU_ASSERT_PTR_NULL(memory->resize(host, block, 101));
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 60);
  block = memory->resize(host, block, 100);
  CU_ASSERT_PTR_NOT_NULL(block);
  memory->resize(host, block, 0);
  hearth_host_free(host);
}

static void test_the_nth_allocation_fails(void) {
  hearth_host *host = NULL;
  const hearth_memory *memory;
  void *one, *three;

  CU_ASSERT_EQUAL_FATAL(hearth_host_new(NULL, &host), HEARTH_OK);
  memory = memory_of(host);
  hearth_host_fail_allocation(host, 2);
  one = memory->resize(host, NULL, 8);
  CU_ASSERT_PTR_NOT_NULL(one);
  CU_ASSERT_PTR_NULL(memory->resize(host, NULL, 8));
  three = memory->resize(host, NULL, 8);
  CU_ASSERT_PTR_NOT_NULL(three);
  hearth_host_fail_allocation(host, 1);
  hearth_host_fail_allocation(host, 0);
  one = memory->resize(host, one, 16);
  CU_ASSERT_PTR_NOT_NULL(one);
  memory->resize(host, one, 0);
  memory->resize(host, three, 0);
  hearth_host_free(host);
}

/* Zeros, counted, capped and made to fail as any other block is. */
static void test_zeroed_memory(void) {
  hearth_host_options options = {0};
  hearth_host *host = NULL;
  const hearth_memory *memory;
  char *block;

  options.memory_cap = 1 << 20;
  CU_ASSERT_EQUAL_FATAL(hearth_host_new(&options, &host), HEARTH_OK);
  memory = memory_of(host);
  CU_ASSERT_EQUAL_FATAL(memory->size, sizeof(*memory));
  block = memory->resize(host, NULL, 5000); /* leaves something to be cleared */
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  memset(block, 7, 5000);
  memory->resize(host, block, 0);
  block = memory->zeroed(host, 5000);
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  CU_ASSERT_EQUAL((uintptr_t)block % alignof(max_align_t), 0);
  CU_ASSERT_EQUAL(block[0], 0);
  CU_ASSERT_EQUAL(memcmp(block, block + 1, 4999), 0);
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 5000);
  CU_ASSERT_PTR_NULL(memory->zeroed(host, (1 << 20) - 4999));
  CU_ASSERT_PTR_NULL(memory->zeroed(host, UINT64_MAX));
  CU_ASSERT_PTR_NULL(memory->zeroed(host, 0));
  hearth_host_fail_allocation(host, 1);
  CU_ASSERT_PTR_NULL(memory->zeroed(host, 8));
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 5000);
  block = memory->resize(host, block, 6000);
  CU_ASSERT_PTR_NOT_NULL_FATAL(block);
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 6000);
  memory->resize(host, block, 0);
  CU_ASSERT_EQUAL(hearth_host_memory_used(host), 0);
  hearth_host_free(host);
}

static const void *future(void *user, const char *id) {
  return strcmp(id, "hearth.future/1") == 0 ? user : NULL;
}

static void test_log_and_extensions(void) {
  hearth_host_options options = {0};
  hearth_host *host = NULL;
  int32_t seen = 0;

  options.name = "test";
  options.log = take_log;
  options.extension = future;
  options.user = &seen;
  CU_ASSERT_EQUAL_FATAL(hearth_host_new(&options, &host), HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(host->name, "test");
  CU_ASSERT_STRING_EQUAL(host->version, hearth_version());
  CU_ASSERT_EQUAL(host->size, sizeof(*host));
  host->log(host, HEARTH_LOG_WARN, 40, "hello");
  CU_ASSERT_EQUAL(seen, 41);
  CU_ASSERT_STRING_EQUAL(logged, "hello");
  CU_ASSERT_PTR_EQUAL(host->get_extension(host, "hearth.future/1"), &seen);
  CU_ASSERT_PTR_NULL(host->get_extension(host, "hearth.other/1"));
  CU_ASSERT_PTR_NOT_NULL(memory_of(host));
  CU_ASSERT_PTR_EQUAL(hearth_host_user(host), &seen);
  hearth_host_free(host);
  CU_ASSERT_EQUAL_FATAL(hearth_host_new(NULL, &host), HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(host->name, "hearth");
  host->log(host, HEARTH_LOG_WARN, 1, "to nobody");
  CU_ASSERT_STRING_EQUAL(logged, "hello");
  hearth_host_free(host);
  CU_ASSERT_EQUAL(hearth_host_new(NULL, NULL), HEARTH_BAD_ARG);
}

UNIT_MAIN("host object", UNIT(test_memory_is_counted),
          UNIT(test_memory_is_capped), UNIT(test_the_nth_allocation_fails),
          UNIT(test_zeroed_memory), UNIT(test_log_and_extensions))
