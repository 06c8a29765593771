/* SPDX-License-Identifier: MIT
   The bounded store of users: a ring of each one's latest requests. */
#include "plugin/foresight/next/next_users.h"


#include "plugin/foresight/next/next_math.h"

#define NONE FORESIGHT_USERS_NONE
#define SPARED 8u       /* candidates for removal looked at */
#define GAP_WEIGHT 0.1f /* of the newest gap in the mean gap */

struct foresight_users {
  hearth_memory_user memory;
  uint32_t cap, count;
  uint32_t oldest, newest; /* ends of the list by last use */
  uint32_t free_head;      /* free records, linked by `newer` */
  uint32_t mask;           /* of the index, a power of two >= 2 cap */
  uint32_t *index;         /* record or NONE; linear probing */
  foresight_user *user;
};

foresight_users *foresight_users_new(const hearth_memory_user *memory, uint32_t cap) {
  if (cap == 0 || cap > 1u << 24)
    return NULL;
  foresight_users *users = hearth_zalloc(memory, 1, sizeof *users);
  if (!users)
    return NULL;
  users->memory = *memory;
  uint32_t size = 4;
  while (size < 2 * cap)
    size *= 2;
  users->index = hearth_resize(memory, NULL, size * sizeof *users->index);
  users->user = hearth_zalloc(memory, cap, sizeof *users->user);
  if (!users->index || !users->user) {
    foresight_users_free(users);
    return NULL;
  }
  users->cap = cap;
  users->mask = size - 1;
  users->oldest = users->newest = NONE;
  for (uint32_t i = 0; i < size; ++i)
    users->index[i] = NONE;
  for (uint32_t i = 0; i < cap; ++i)
    users->user[i].newer = i + 1 < cap ? i + 1 : NONE;
  return users;
}

void foresight_users_free(foresight_users *users) {
  if (!users)
    return;
  const hearth_memory_user memory = users->memory;
  hearth_release(&memory, users->index);
  hearth_release(&memory, users->user);
  hearth_release(&memory, users);
}

static uint32_t home(const foresight_users *users, uint64_t key) {
  return (uint32_t)next_mix(key) & users->mask;
}

/* Where the key is in the index, or the free place where it would go. */
static uint32_t probe(const foresight_users *users, uint64_t key) {
  uint32_t i = home(users, key);
  while (users->index[i] != NONE && users->user[users->index[i]].key != key)
    i = (i + 1) & users->mask;
  return i;
}

foresight_user *foresight_users_find(const foresight_users *users,
                                     uint64_t key) {
  const uint32_t u = users->index[probe(users, key)];
  return u == NONE ? NULL : &users->user[u];
}

static void unlink_user(foresight_users *users, uint32_t u) {
  foresight_user *user = &users->user[u];
  if (user->older == NONE)
    users->oldest = user->newer;
  else
    users->user[user->older].newer = user->newer;
  if (user->newer == NONE)
    users->newest = user->older;
  else
    users->user[user->newer].older = user->older;
}

static void link_newest(foresight_users *users, uint32_t u) {
  foresight_user *user = &users->user[u];
  user->older = users->newest;
  user->newer = NONE;
  if (users->newest == NONE)
    users->oldest = u;
  else
    users->user[users->newest].newer = u;
  users->newest = u;
}

/* Takes the record at index place i away; later ones of the probe run move up
   so that no tombstone is needed. */
static void remove_at(foresight_users *users, uint32_t i) {
  const uint32_t u = users->index[i];
  unlink_user(users, u);
  memset(&users->user[u], 0, sizeof users->user[u]);
  users->user[u].newer = users->free_head;
  users->free_head = u;
  --users->count;
  for (uint32_t j = (i + 1) & users->mask; users->index[j] != NONE;
       j = (j + 1) & users->mask) {
    const uint32_t h = home(users, users->user[users->index[j]].key);
    if (((j - h) & users->mask) >= ((j - i) & users->mask)) {
      users->index[i] = users->index[j];
      i = j;
    }
  }
  users->index[i] = NONE;
}

static void remove_least_active(foresight_users *users) {
  uint32_t worst = users->oldest;
  uint32_t u = worst;
  for (uint32_t k = 0; k < SPARED && u != NONE; ++k) {
    if (users->user[u].activity < users->user[worst].activity)
      worst = u;
    u = users->user[u].newer;
  }
  u = users->oldest;
  for (uint32_t k = 0; k < SPARED && u != NONE; ++k) {
    users->user[u].activity /= 2;
    u = users->user[u].newer;
  }
  remove_at(users, probe(users, users->user[worst].key));
}

static uint32_t add(foresight_users *users, uint64_t key) {
  if (users->count == users->cap)
    remove_least_active(users);
  const uint32_t u = users->free_head;
  foresight_user *user = &users->user[u];
  users->free_head = user->newer;
  memset(user, 0, sizeof *user);
  user->key = key;
  user->used = 1;
  user->last_duration_s = user->mean_gap_s = -1.0f;
  users->index[probe(users, key)] = u;
  ++users->count;
  link_newest(users, u);
  return u;
}

uint16_t foresight_users_length_code(int64_t length) {
  if (length < 0)
    return 0;
  const float x = next_log((float)length + 4.0f) * 1024.0f;
  return (uint16_t)(1.0f + (x > 65000.0f ? 65000.0f : x));
}

uint16_t foresight_users_gap_code(float seconds) {
  const float x = next_log(seconds + 0.001f) * 2048.0f + 16384.0f;
  return (uint16_t)next_clip(x, 0.0f, 65535.0f);
}

float foresight_users_gap_s(uint16_t code) {
  const float x = next_exp(((float)code - 16384.0f) / 2048.0f) - 0.001f;
  return x > 0.0f ? x : 0.0f;
}

static float elapsed_s(int64_t from_ms, int64_t to_ms) {
  return to_ms > from_ms ? (float)(to_ms - from_ms) * 0.001f : 0.0f;
}

foresight_user *foresight_users_started(foresight_users *users, uint64_t key,
                                        uint32_t model, uint32_t task,
                                        int64_t input_length, int64_t now_ms) {
  uint32_t u = users->index[probe(users, key)];
  if (u == NONE) {
    u = add(users, key);
  } else if (users->newest != u) {
    unlink_user(users, u);
    link_newest(users, u);
  }
  foresight_user *user = &users->user[u];
  const float gap = user->size ? elapsed_s(user->last_ms, now_ms) : 0.0f;
  if (user->size)
    user->mean_gap_s =
        user->mean_gap_s < 0.0f
            ? gap
            : user->mean_gap_s + GAP_WEIGHT * (gap - user->mean_gap_s);
  const uint16_t kept =
      (uint16_t)(model < FORESIGHT_USERS_MODELS ? model
                                                : FORESIGHT_USERS_MODELS);
  const bool same = user->size && foresight_users_event(user, 0)->model == kept;
  user->run = same ? user->run + (user->run < UINT32_MAX) : 1;
  foresight_event *event = &user->ring[user->head];
  event->model = kept;
  event->length = foresight_users_length_code(input_length);
  event->gap = foresight_users_gap_code(gap);
  event->task = (uint8_t)(task < 255 ? task : 255);
  event->duration = 0;
  user->head = (uint8_t)((user->head + 1u) % FORESIGHT_USERS_RING);
  if (user->size < FORESIGHT_USERS_RING)
    ++user->size;
  user->last_ms = now_ms;
  user->count += user->count < UINT32_MAX;
  user->activity += user->activity < UINT32_MAX;
  user->running = (uint8_t)(user->running + (user->running < 255));
  return user;
}

void foresight_users_finished(foresight_users *users, uint64_t key,
                              uint32_t model, int64_t duration_ms) {
  foresight_user *user = foresight_users_find(users, key);
  if (!user)
    return;
  if (user->running)
    --user->running;
  if (duration_ms < 0)
    return;
  user->last_duration_s = (float)duration_ms * 0.001f;
  const uint16_t gap = foresight_users_gap_code(user->last_duration_s);
  for (uint32_t k = 0; k < user->size; ++k) {
    foresight_event *event =
        &user->ring[(user->head + FORESIGHT_USERS_RING - 1u - k) %
                    FORESIGHT_USERS_RING];
    if (event->model == model && !event->duration) {
      event->duration = (uint8_t)(1 + gap / 258u);
      break;
    }
  }
}

bool foresight_users_forget(foresight_users *users, uint64_t key) {
  const uint32_t i = probe(users, key);
  if (users->index[i] == NONE)
    return false;
  remove_at(users, i);
  return true;
}

bool foresight_users_oldest(const foresight_users *users, uint64_t *key,
                            int64_t *last_ms) {
  if (users->oldest == NONE)
    return false;
  *key = users->user[users->oldest].key;
  *last_ms = users->user[users->oldest].last_ms;
  return true;
}

bool foresight_users_view(const foresight_users *users, uint64_t key,
                          foresight_user_view *view) {
  const foresight_user *user = foresight_users_find(users, key);
  memset(view, 0, sizeof *view);
  view->last = view->before = NONE;
  view->last_duration_s = view->mean_gap_s = -1.0f;
  if (!user)
    return false;
  if (user->size > 0)
    view->last = foresight_users_event(user, 0)->model;
  if (user->size > 1)
    view->before = foresight_users_event(user, 1)->model;
  if (view->last == FORESIGHT_USERS_MODELS)
    view->last = NONE;
  if (view->before == FORESIGHT_USERS_MODELS)
    view->before = NONE;
  view->last_ms = user->last_ms;
  view->count = user->count;
  view->run = user->run;
  view->last_duration_s = user->last_duration_s;
  view->mean_gap_s = user->mean_gap_s;
  view->running = user->running > 0;
  return true;
}

uint32_t foresight_users_count(const foresight_users *users) {
  return users->count;
}

size_t foresight_users_bytes(const foresight_users *users) {
  return sizeof *users + (users->mask + 1) * sizeof *users->index +
         users->cap * sizeof *users->user;
}

/* The newest request is saved last, whatever its place in the ring was. */
static void visit_ring(hearth_state *s, foresight_user *user, uint32_t models) {
  for (uint32_t k = user->size; k-- > 0;) {
    foresight_event *event =
        &user->ring[(user->head + FORESIGHT_USERS_RING - 1u - k) %
                    FORESIGHT_USERS_RING];
    hearth_state_u16(s, "ring.model", &event->model, 0, UINT16_MAX);
    hearth_state_u16(s, "ring.length", &event->length, 0, UINT16_MAX);
    hearth_state_u16(s, "ring.gap", &event->gap, 0, UINT16_MAX);
    hearth_state_u8(s, "ring.task", &event->task, 0, UINT8_MAX);
    hearth_state_u8(s, "ring.duration", &event->duration, 0, UINT8_MAX);
    if (event->model >= models && event->model != FORESIGHT_USERS_MODELS)
      hearth_state_refuse(s, "ring.model", "there is no such model");
  }
}

static void visit(hearth_state *s, foresight_user *user, uint32_t models) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_u64(s, "key", &user->key, 0, UINT64_MAX);
  hearth_state_i64(s, "last_ms", &user->last_ms, -time, time);
  hearth_state_u32(s, "count", &user->count, 1, UINT32_MAX);
  hearth_state_u32(s, "activity", &user->activity, 0, UINT32_MAX);
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
  if (foresight_users_find(users, read->key)) {
    hearth_state_refuse(s, "key", "a user is there twice");
    return;
  }
  foresight_user *user = &users->user[add(users, read->key)];
  const uint32_t older = user->older, newer = user->newer;
  *user = *read;
  user->older = older;
  user->newer = newer;
  user->used = 1;
}

void foresight_users_state(hearth_state *s, foresight_users *users,
                           uint32_t models) {
  uint32_t u = users->oldest;
  uint32_t count = users->count;
  count = hearth_state_count(s, "count", &count, 1u << 24);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); ++i) {
    if (hearth_state_saving(s)) {
      visit(s, &users->user[u], models);
      u = users->user[u].newer;
      continue;
    }
    foresight_user read = {.count = 1, .run = 1};
    visit(s, &read, models);
    if (hearth_state_ok(s) && count - i <= users->cap)
      take(s, users, &read);
  }
}
