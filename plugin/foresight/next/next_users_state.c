/* SPDX-License-Identifier: MIT
   Users, saved and loaded. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/next/next_users_inside.h"

/* A request is one word, for there may be millions. */
static uint64_t pack(const foresight_event *e) {
  return (uint64_t)e->model | (uint64_t)e->length << 16 |
         (uint64_t)e->gap << 32 | (uint64_t)e->task << 48 |
         (uint64_t)e->duration << 56;
}

static foresight_event unpack(uint64_t word) {
  return (foresight_event){.model = (uint16_t)word,
                           .length = (uint16_t)(word >> 16),
                           .gap = (uint16_t)(word >> 32),
                           .task = (uint8_t)(word >> 48),
                           .duration = (uint8_t)(word >> 56)};
}

/* The newest request is saved last, whatever its place in the ring was. */
static void visit_ring(hearth_state *s, foresight_user *user, uint32_t models) {
  for (uint32_t k = user->size; k-- > 0;) {
    foresight_event *event =
        &user->ring[(user->head + FORESIGHT_USERS_RING - 1u - k) %
                    FORESIGHT_USERS_RING];
    uint64_t word = pack(event);
    hearth_state_u64(s, "ring", &word, 0, UINT64_MAX);
    if (!hearth_state_saving(s))
      *event = unpack(word);
    if (event->model >= models && event->model != FORESIGHT_USERS_MODELS)
      hearth_state_refuse(s, "ring", "there is no such model");
  }
}

static void visit(hearth_state *s, foresight_user *user, uint32_t models) {
  const int64_t time = HEARTH_STATE_TIME;
  uint32_t activity = user->count; /* what format 1 had; not read any more */
  hearth_state_u64(s, "key", &user->key, 0, UINT64_MAX);
  hearth_state_i64(s, "last_ms", &user->last_ms, -time, time);
  hearth_state_u32(s, "count", &user->count, 1, UINT32_MAX);
  hearth_state_u32(s, "activity", &activity, 0, UINT32_MAX);
  hearth_state_u32(s, "run", &user->run, 1, UINT32_MAX);
  hearth_state_f32(s, "last_duration_s", &user->last_duration_s, -1.0f, 1e14f);
  hearth_state_f32(s, "mean_gap_s", &user->mean_gap_s, -1.0f, 1e14f);
  hearth_state_u8(s, "running", &user->running, 0, UINT8_MAX);
  hearth_state_u8(s, "size", &user->size, 1, FORESIGHT_USERS_RING);
  if (!hearth_state_saving(s))
    user->head = user->size % FORESIGHT_USERS_RING;
  visit_ring(s, user, models);
}

static void take(hearth_state *s, foresight_users *users,
                 const foresight_user *read) {
  foresight_user *user = foresight_users__use(users, read->key);
  if (user->count > 0) {
    hearth_state_refuse(s, "key", "a user is there twice");
    return;
  }
  const uint32_t older = user->older, newer = user->newer;
  const uint32_t chain = user->chain;
  *user = *read;
  user->older = older;
  user->newer = newer;
  user->chain = chain;
}

static void save(hearth_state *s, const foresight_users *users,
                 uint32_t models) {
  for (uint32_t u = users->oldest;
       u != FORESIGHT_USERS_NONE && hearth_state_ok(s);) {
    foresight_user *user = foresight_users__at(users, u);
    visit(s, user, models);
    u = user->newer;
  }
}

/* Many users are anywhere in memory: what is to be looked up for a few of them
   is fetched together. */
enum { BATCH = 16 };

static void load_batch(hearth_state *s, foresight_users *users, uint32_t models,
                       uint32_t count, uint32_t skip) {
  foresight_user read[BATCH];
  for (uint32_t i = 0; i < count && hearth_state_ok(s); ++i) {
    read[i] = (foresight_user){.count = 1, .run = 1};
    visit(s, &read[i], models);
    foresight_users__fetch_bucket(users, read[i].key);
  }
  for (uint32_t i = skip; i < count && hearth_state_ok(s); ++i)
    foresight_users__fetch_record(users, read[i].key);
  for (uint32_t i = skip; i < count && hearth_state_ok(s); ++i)
    take(s, users, &read[i]);
}

void foresight_users_state(hearth_state *s, foresight_users *users,
                           uint32_t models) {
  uint32_t count = users->count;
  count = hearth_state_count(s, "count", &count, FORESIGHT_USERS_MOST);
  if (hearth_state_saving(s)) {
    save(s, users, models);
    return;
  }
  if (hearth_state_ok(s))
    foresight_users__expect(users, count);
  while (count > 0 && hearth_state_ok(s)) {
    const uint32_t some = count < BATCH ? count : BATCH;
    const uint32_t old = count > users->cap ? count - users->cap : 0;
    load_batch(s, users, models, some, old < some ? old : some);
    count -= some;
  }
}
