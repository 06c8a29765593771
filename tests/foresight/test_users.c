/* SPDX-License-Identifier: MIT
   The store of users against a plain list that obeys the same rules. */
#include <string.h>

#include "plugin/foresight/next/next_users.h"
#include "tests/sdk/support.h"
#include "tests/unit.h"

enum { MOST = 1200 };

/* Users by last use, oldest first. */
typedef struct plain {
  uint64_t key[MOST];
  uint32_t requests[MOST];
  int64_t last_ms[MOST];
  uint32_t count, cap;
  double ranks; /* of those who left: 0 is the worst, 1 the best */
  uint32_t left;
} plain;

static uint32_t plain_find(const plain *p, uint64_t key) {
  uint32_t i = 0;
  while (i < p->count && p->key[i] != key)
    i++;
  return i;
}

static void plain_remove(plain *p, uint32_t i) {
  p->count--;
  const size_t rest = p->count - i;
  memmove(&p->key[i], &p->key[i + 1], rest * sizeof *p->key);
  memmove(&p->requests[i], &p->requests[i + 1], rest * sizeof *p->requests);
  memmove(&p->last_ms[i], &p->last_ms[i + 1], rest * sizeof *p->last_ms);
}

static double silence(const plain *p, uint32_t i) {
  const double requests = p->requests[i] < 8 ? p->requests[i] : 8;
  return (double)(p->last_ms[p->count - 1] - p->last_ms[i] + 1) / requests;
}

/* Those whom the store has not any more leave the list, too. */
static uint32_t plain_follow(plain *p, const foresight_users *users) {
  uint32_t left = 0;
  for (uint32_t i = 0; i < p->count;) {
    if (foresight_users_find(users, p->key[i])) {
      i++;
      continue;
    }
    uint32_t worse = 0;
    for (uint32_t j = 0; j < p->count; j++)
      worse += silence(p, j) > silence(p, i);
    p->ranks += (double)worse / p->count;
    p->left++;
    left++;
    plain_remove(p, i);
  }
  return left;
}

/* Who leaves is as a rule of the worst, though any other may be at times. */
static void check_ranks(const plain *p) {
  CU_ASSERT(p->left > 100);
  CU_ASSERT(p->ranks / p->left < 0.1);
}

static void plain_use(plain *p, uint64_t key, int64_t now) {
  const uint32_t i = plain_find(p, key);
  uint32_t requests = 0;
  if (i < p->count) {
    requests = p->requests[i];
    plain_remove(p, i);
  }
  p->key[p->count] = key;
  p->last_ms[p->count] = now;
  p->requests[p->count++] = requests + 1;
}

static void compare(const foresight_users *users, const plain *p) {
  uint64_t key = 0;
  int64_t last_ms;
  int wrong = foresight_users_count(users) != p->count;
  for (uint32_t i = 0; i < p->count; i++) {
    const foresight_user *user = foresight_users_find(users, p->key[i]);
    wrong += !user || user->key != p->key[i] ||
             user->count != p->requests[i] || user->last_ms != p->last_ms[i];
  }
  if (p->count > 0) {
    wrong += !foresight_users_oldest(users, &key, &last_ms) ||
             key != p->key[0];
  }
  CU_ASSERT_EQUAL(wrong, 0);
}

static uint64_t random_of(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

static void use(foresight_users *users, plain *p, uint64_t key, int64_t now) {
  const int full = p->count == p->cap && plain_find(p, key) == p->count;
  foresight_users_started(users, key, 1, 0, -1, now);
  if (full)
    CU_ASSERT_EQUAL(plain_follow(p, users), 1);
  plain_use(p, key, now);
}

static void walk(uint32_t cap, uint32_t keys) {
  static plain p;
  uint64_t state = cap;
  support_host host;
  support_host_init(&host, 0);
  const hearth_memory_user memory = hearth_memory_of(&host.host);
  foresight_users *users = foresight_users_new(&memory, cap);
  memset(&p, 0, sizeof p);
  p.cap = cap;
  CU_ASSERT_PTR_NOT_NULL_FATAL(users);
  for (int i = 0; i < 20000; i++) {
    const uint64_t key = random_of(&state) % keys * 0x9e3779b9u;
    if (random_of(&state) % 16 == 0) {
      const uint32_t at = plain_find(&p, key);
      CU_ASSERT_EQUAL(foresight_users_forget(users, key), at < p.count);
      if (at < p.count)
        plain_remove(&p, at);
    } else {
      use(users, &p, key, i);
    }
    if (i % 500 == 0)
      compare(users, &p);
  }
  compare(users, &p);
  if (cap > 100)
    check_ranks(&p);
  foresight_users_free(users);
  CU_ASSERT_EQUAL(host.blocks, 0);
}

static void test_like_a_list(void) {
  walk(1, 5);
  walk(7, 40);
  walk(300, 900);
  walk(1100, 1500);
}

static void test_limit(void) {
  static plain p;
  support_host host;
  support_host_init(&host, 0);
  const hearth_memory_user memory = hearth_memory_of(&host.host);
  foresight_users *users = foresight_users_new(&memory, 1100);
  memset(&p, 0, sizeof p);
  p.cap = 1100;
  for (uint64_t key = 0; key < 1100; key++)
    use(users, &p, key, (int64_t)key);
  const size_t full = foresight_users_bytes(users);
  foresight_users_limit(users, 300);
  CU_ASSERT_EQUAL(plain_follow(&p, users), 800);
  p.cap = 300;
  compare(users, &p);
  CU_ASSERT(foresight_users_bytes(users) < full / 2);
  use(users, &p, 5000, 5000);
  compare(users, &p);
  foresight_users_limit(users, 5000); /* no more than at first */
  p.cap = 1100;
  for (uint64_t key = 0; key < 1200; key++)
    use(users, &p, key, 6000);
  compare(users, &p);
  foresight_users_free(users);
}

/* Users that came eight times outlast eight times as many newcomers as one that
   came once, and no more. */
static void test_nobody_stays(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  foresight_users *users = foresight_users_new(&memory, 600);
  uint32_t kept[2] = {0};
  int64_t now = 0;
  for (uint64_t k = 0; k < 800; k++, now++)
    foresight_users_started(users, k % 100, 1, 0, -1, now);
  for (uint64_t k = 0; k < 20000; k++, now++) {
    foresight_users_started(users, 1000 + k, 1, 0, -1, now);
    for (uint64_t u = 0; u < 100 && (k == 999 || k == 19999); u++)
      kept[k == 19999] += foresight_users_find(users, u) != NULL;
  }
  CU_ASSERT(kept[0] > 95);
  CU_ASSERT_EQUAL(kept[1], 0);
  foresight_users_free(users);
}

/* Without memory for more, the store is full. */
static void test_memory(void) {
  for (uint64_t fail_at = 1; fail_at < 12; fail_at++) {
    support_host host;
    support_host_init(&host, fail_at);
    const hearth_memory_user memory = hearth_memory_of(&host.host);
    foresight_users *users = foresight_users_new(&memory, 1100);
    for (uint64_t key = 0; users && key < 1100; key++) {
      foresight_users_started(users, key, 1, 0, -1, 0);
      CU_ASSERT_PTR_NOT_NULL(foresight_users_find(users, key));
    }
    CU_ASSERT(fail_at > 5 || !users);
    CU_ASSERT(!users || foresight_users_count(users) >= 256);
    foresight_users_free(users);
    CU_ASSERT_EQUAL(host.blocks, 0);
  }
}

static void test_bytes(void) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  enum { USERS = 100000 };
  foresight_users *users = foresight_users_new(&memory, USERS);
  CU_ASSERT(foresight_users_bytes(users) < 120000);
  for (uint64_t key = 0; key < USERS; key++)
    foresight_users_started(users, key, 1, 0, -1, 0);
  CU_ASSERT_EQUAL(foresight_users_count(users), USERS);
  CU_ASSERT(foresight_users_bytes(users) <= 350u * USERS);
  foresight_users_free(users);
}

UNIT_MAIN("foresight users", UNIT(test_like_a_list), UNIT(test_limit),
          UNIT(test_nobody_stays), UNIT(test_memory), UNIT(test_bytes))
