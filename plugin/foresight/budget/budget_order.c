/* SPDX-License-Identifier: MIT
   Models kept in order, so that a plan touches only what has changed. */
#include <string.h>

#include "plugin/foresight/budget/budget_state.h"

/* An integer that is ordered as the floats are. */
static int64_t key_of(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits < 0 ? (int64_t)INT32_MIN - bits : bits;
}

static int above(const float *rank, uint32_t x, uint32_t y) {
  return rank[x] > rank[y] || (!(rank[x] < rank[y]) && x < y);
}

static void set(foresight_budget *b, uint32_t at, uint32_t m) {
  b->held[at] = m;
  b->place[m] = at + 1;
}

/* Up or down from `at` to where it belongs; all others are in order. */
static void slide(foresight_budget *b, uint32_t at, uint32_t m) {
  const float *rank = b->rank[b->order];
  for (; at > 0 && above(rank, m, b->held[at - 1]); at--) {
    set(b, at, b->held[at - 1]);
  }
  for (; at + 1 < b->held_count && above(rank, b->held[at + 1], m); at++) {
    set(b, at, b->held[at + 1]);
  }
  set(b, at, m);
}

static void order_held(foresight_budget *b, uint32_t m) {
  const int is = b->state[m] != BUDGET_ABSENT, was = b->place[m] != 0;
  if (is) {
    slide(b, was ? b->place[m] - 1 : b->held_count++, m);
  } else if (was) {
    b->held_count--;
    for (uint32_t i = b->place[m] - 1; i < b->held_count; i++) {
      set(b, i, b->held[i + 1]);
    }
    b->place[m] = 0;
  }
}

static void order_heap(hearth__heap *heap, uint32_t m, int in, int64_t key) {
  if (in && heap->place[m] && heap->key[m] == key) {
    return;
  }
  if (in) {
    hearth__heap_put(heap, m, key);
  } else {
    hearth__heap_remove(heap, m);
  }
}

void foresight__budget_placed(foresight_budget *b, uint32_t m) {
  const int absent = b->state[m] == BUDGET_ABSENT;
  order_held(b, m);
  order_heap(&b->by_due, m, b->due[m] != INT64_MAX, b->due[m]);
  order_heap(&b->lowest, m, !absent && !b->running[m], key_of(b->worth[m]));
  order_heap(&b->highest, m, absent && b->models[m].prewarm > 0,
             -key_of(b->models[m].prewarm));
}

void foresight__budget_sort(foresight_budget *b, uint32_t order) {
  if (b->order == order) {
    return;
  }
  const uint32_t count = b->held_count;
  b->order = order;
  for (b->held_count = 0; b->held_count < count;) {
    const uint32_t m = b->held[b->held_count];
    slide(b, b->held_count++, m);
  }
}

int foresight__budget_order_reserve(foresight_budget *b, uint32_t count) {
  return hearth__heap_reserve(&b->memory, &b->by_due, count) != HEARTH_OK ||
         hearth__heap_reserve(&b->memory, &b->lowest, count) != HEARTH_OK ||
         hearth__heap_reserve(&b->memory, &b->highest, count) != HEARTH_OK;
}

void foresight__budget_order_free(foresight_budget *b) {
  hearth__heap_free(&b->memory, &b->by_due);
  hearth__heap_free(&b->memory, &b->lowest);
  hearth__heap_free(&b->memory, &b->highest);
}
