/* SPDX-License-Identifier: MIT
   The heap gives ids by key, whatever was changed or taken out meanwhile. */
#include "plugin/sdk/pool/heap.h"

#include "tests/pool/random.h"
#include "tests/unit.h"

enum { IDS = 40 };

static uint32_t least(const int64_t *keys, const int *in) {
  uint32_t best = IDS;
  for (uint32_t id = 0; id < IDS; id++) {
    if (in[id] && (best == IDS || keys[id] < keys[best])) {
      best = id;
    }
  }
  return best;
}

static void test_random_changes(void) {
  const hearth_memory_user memory = {0};
  hearth__heap heap = {0};
  int64_t keys[IDS] = {0};
  int in[IDS] = {0};
  uint64_t random = 7;
  CU_ASSERT_EQUAL_FATAL(hearth__heap_reserve(&memory, &heap, IDS), HEARTH_OK);
  for (int i = 0; i < 20000; i++) {
    const uint32_t id = below(&random, IDS);
    if (below(&random, 2)) {
      keys[id] = below(&random, 10);
      in[id] = 1;
      hearth__heap_put(&heap, id, keys[id]);
    } else {
      in[id] = 0;
      hearth__heap_remove(&heap, id);
    }
    const uint32_t top = least(keys, in);
    CU_ASSERT_EQUAL(heap.count > 0, top < IDS);
    if (top < IDS && heap.count > 0) {
      CU_ASSERT_EQUAL(hearth__heap_top(&heap), top);
      CU_ASSERT_EQUAL(hearth__heap_top_key(&heap), keys[top]);
    }
  }
  hearth__heap_free(&memory, &heap);
}

static void test_emptying_gives_order(void) {
  const hearth_memory_user memory = {0};
  hearth__heap heap = {0};
  CU_ASSERT_EQUAL_FATAL(hearth__heap_reserve(&memory, &heap, 5), HEARTH_OK);
  const int64_t keys[5] = {30, 10, 20, 10, 0};
  const uint32_t order[5] = {4, 1, 3, 2, 0};
  for (uint32_t id = 0; id < 5; id++) {
    hearth__heap_put(&heap, id, keys[id]);
  }
  for (uint32_t i = 0; i < 5; i++) {
    CU_ASSERT_EQUAL(hearth__heap_top(&heap), order[i]);
    hearth__heap_remove(&heap, hearth__heap_top(&heap));
  }
  CU_ASSERT_EQUAL(heap.count, 0);
  hearth__heap_free(&memory, &heap);
}

UNIT_MAIN("pool heap", UNIT(test_random_changes),
          UNIT(test_emptying_gives_order))
