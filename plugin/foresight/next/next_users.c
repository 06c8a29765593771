/* SPDX-License-Identifier: MIT
   The bounded store of users: records, index, and who leaves. */
#include "plugin/foresight/next/next_users.h"

#include "plugin/foresight/next/next_math.h"
#include "plugin/foresight/next/next_users_inside.h"
#include "plugin/sdk/hint.h"

#define NONE FORESIGHT_USERS_NONE
#define CHUNK FORESIGHT_USERS_CHUNK
#define SEGMENT 1024u /* buckets that are allocated together */
#define SAMPLE 16u    /* users looked at for one to leave; some more at times */
#define ACTIVE 8u     /* requests that count for a user */

static uint32_t parts(uint32_t count, uint32_t size) {
  return (count + size - 1) / size;
}

static foresight_user *at(const foresight_users *users, uint32_t u) {
  return foresight_users__at(users, u);
}

/* ---- memory ---- */

HEARTH_SELDOM static bool add_chunk(foresight_users *users) {
  foresight_user *chunk =
      hearth_resize(&users->memory, NULL, CHUNK * sizeof *chunk);
  if (!chunk)
    return false;
  users->chunk[users->chunks++] = chunk;
  return true;
}

HEARTH_SELDOM static bool add_segment(foresight_users *users) {
  uint32_t *segment =
      hearth_resize(&users->memory, NULL, SEGMENT * sizeof *segment);
  if (!segment)
    return false;
  users->segment[users->segments++] = segment;
  return true;
}

HEARTH_SELDOM foresight_users *
foresight_users_new(const hearth_memory_user *memory, uint32_t cap) {
  if (cap == 0 || cap > FORESIGHT_USERS_MOST)
    return NULL;
  foresight_users *users = hearth_zalloc(memory, 1, sizeof *users);
  if (!users)
    return NULL;
  users->memory = *memory;
  users->cap = users->most = cap;
  users->oldest = users->newest = NONE;
  users->chunk = hearth_zalloc(memory, parts(cap, CHUNK), sizeof *users->chunk);
  users->segment =
      hearth_zalloc(memory, parts(cap, SEGMENT), sizeof *users->segment);
  if (!users->chunk || !users->segment || !add_chunk(users) ||
      !add_segment(users)) {
    foresight_users_free(users);
    return NULL;
  }
  users->buckets = 1;
  users->segment[0][0] = NONE;
  return users;
}

HEARTH_SELDOM void foresight_users_free(foresight_users *users) {
  if (!users)
    return;
  const hearth_memory_user memory = users->memory;
  for (uint32_t i = 0; i < users->chunks; ++i)
    hearth_release(&memory, users->chunk[i]);
  for (uint32_t i = 0; i < users->segments; ++i)
    hearth_release(&memory, users->segment[i]);
  hearth_release(&memory, users->chunk);
  hearth_release(&memory, users->segment);
  hearth_release(&memory, users);
}

uint32_t foresight_users_count(const foresight_users *users) {
  return users->count;
}

HEARTH_SELDOM size_t foresight_users_bytes(const foresight_users *users) {
  return sizeof *users + users->chunks * CHUNK * sizeof(foresight_user) +
         users->segments * SEGMENT * sizeof(uint32_t) +
         parts(users->most, CHUNK) * sizeof *users->chunk +
         parts(users->most, SEGMENT) * sizeof *users->segment;
}

/* ---- the index ---- */

static uint32_t *bucket(const foresight_users *users, uint32_t b) {
  return &users->segment[b / SEGMENT][b % SEGMENT];
}

/* The least power of two over x, less one. */
static uint32_t mask_over(uint32_t x) {
  x |= x >> 1;
  x |= x >> 2;
  x |= x >> 4;
  x |= x >> 8;
  return x | x >> 16;
}

/* The buckets from `buckets` on are not there yet: their users are still in the
   one that they will be split from. */
static uint32_t *bucket_of(const foresight_users *users, uint64_t key) {
  const uint32_t mask = mask_over(users->buckets - 1);
  const uint32_t b = (uint32_t)next_mix(key) & mask;
  return bucket(users, b < users->buckets ? b : b & mask >> 1);
}

void foresight_users__fetch_bucket(const foresight_users *users, uint64_t key) {
  hearth_fetch(bucket_of(users, key));
}

void foresight_users__fetch_record(const foresight_users *users, uint64_t key) {
  const uint32_t u = *bucket_of(users, key);
  if (u != NONE) {
    hearth_fetch(&at(users, u)->key);
    hearth_fetch(&at(users, u)->chain);
  }
}

/* Where the number of the key's record stands, or NONE at the chain's end. */
static uint32_t *place_of(const foresight_users *users, uint64_t key) {
  uint32_t *place = bucket_of(users, key);
  while (*place != NONE && at(users, *place)->key != key)
    place = &at(users, *place)->chain;
  return place;
}

/* All of a record at once, likely the one that is looked for. */
static void fetch_whole(const foresight_user *user) {
  for (size_t k = 0; k < FORESIGHT_USERS_RING; k += 64 / sizeof *user->ring)
    hearth_fetch(&user->ring[k]);
}

foresight_user *foresight_users_find(const foresight_users *users,
                                     uint64_t key) {
  const uint32_t first = *bucket_of(users, key);
  if (first != NONE)
    fetch_whole(at(users, first));
  const uint32_t u = *place_of(users, key);
  return u == NONE ? NULL : at(users, u);
}

/* One bucket more, with its share of the one that it is split from. */
static void split(foresight_users *users) {
  const uint32_t b = users->buckets;
  if (b == users->segments * SEGMENT && !add_segment(users))
    return; /* chains get longer */
  const uint32_t mask = mask_over(b);
  uint32_t *from = bucket(users, b & mask >> 1);
  uint32_t *to = bucket(users, b);
  while (*from != NONE) {
    foresight_user *user = at(users, *from);
    if (((uint32_t)next_mix(user->key) & mask) == b) {
      *to = *from;
      to = &user->chain;
      *from = user->chain;
    } else {
      from = &user->chain;
    }
  }
  *to = NONE;
  ++users->buckets;
}

HEARTH_SELDOM void foresight_users__expect(foresight_users *users,
                                           uint32_t count) {
  while (users->buckets < count && users->buckets < users->cap) {
    if (users->buckets == users->segments * SEGMENT && !add_segment(users))
      return;
    *bucket(users, users->buckets++) = NONE;
  }
}

/* ---- the list by last use ---- */

static void set_newer(foresight_users *users, uint32_t u, uint32_t newer) {
  *(u == NONE ? &users->oldest : &at(users, u)->newer) = newer;
}

static void set_older(foresight_users *users, uint32_t u, uint32_t older) {
  *(u == NONE ? &users->newest : &at(users, u)->older) = older;
}

static void unlink_user(foresight_users *users, uint32_t u) {
  const foresight_user *user = at(users, u);
  set_newer(users, user->older, user->newer);
  set_older(users, user->newer, user->older);
}

static void link_newest(foresight_users *users, uint32_t u) {
  foresight_user *user = at(users, u);
  user->older = users->newest;
  user->newer = NONE;
  set_newer(users, users->newest, u);
  users->newest = u;
}

/* ---- who comes and who leaves ---- */

/* The last record takes the place of the one that leaves. */
static void fill_gap(foresight_users *users, uint32_t u) {
  const uint32_t last = --users->count;
  if (u == last)
    return;
  foresight_user *user = at(users, u);
  *place_of(users, at(users, last)->key) = u;
  *user = *at(users, last);
  set_newer(users, user->older, u);
  set_older(users, user->newer, u);
}

/* `place` is where the user's record is named. */
static void remove_at(foresight_users *users, uint32_t *place) {
  const uint32_t u = *place;
  *place = at(users, u)->chain;
  unlink_user(users, u);
  fill_gap(users, u);
}

static uint64_t silence(const foresight_user *user, int64_t now_ms) {
  const uint64_t most = (uint64_t)1 << 56; /* so that products fit */
  const uint64_t ms =
      now_ms > user->last_ms ? (uint64_t)now_ms - (uint64_t)user->last_ms : 0;
  return ms < most ? ms + 1 : most;
}

static uint32_t activity(const foresight_user *user) {
  return user->count < ACTIVE ? user->count : ACTIVE;
}

/* The longer silent for its requests (after hyperbolic caching: Blankstein,
   Sen, Freedman, USENIX ATC 2017); of equals, the same one in any order. */
static bool is_worse(const foresight_user *a, const foresight_user *b,
                     int64_t now_ms) {
  const uint64_t x = silence(a, now_ms) * activity(b);
  const uint64_t y = silence(b, now_ms) * activity(a);
  return x != y ? x > y : a->key < b->key;
}

/* Of a sample, which is nearly as good as all.  It is drawn by hashes, so that
   it is the same wherever records lie, in whole buckets from all over the
   store: among neighbours, some are never looked at. */
HEARTH_SELDOM static void remove_least_active(foresight_users *users,
                                              uint64_t sample) {
  const int64_t now_ms = at(users, users->newest)->last_ms;
  const uint32_t enough = users->count < SAMPLE ? users->count : SAMPLE;
  const foresight_user *worst = NULL;
  sample ^= next_mix((uint64_t)now_ms);
  for (uint32_t seen = 0; seen < enough;) {
    sample = next_mix(sample);
    uint32_t u = *bucket(users, (uint32_t)(sample >> 32) % users->buckets);
    for (; u != NONE; u = at(users, u)->chain, ++seen)
      if (!worst || is_worse(at(users, u), worst, now_ms))
        worst = at(users, u);
  }
  remove_at(users, place_of(users, worst->key));
}

static uint32_t add(foresight_users *users, uint64_t key) {
  if (users->count == users->cap ||
      (users->count == users->chunks * CHUNK && !add_chunk(users)))
    remove_least_active(users, key);
  const uint32_t u = users->count++;
  foresight_user *user = at(users, u);
  memset(user, 0, sizeof *user);
  user->key = key;
  user->last_duration_s = user->mean_gap_s = -1.0f;
  uint32_t *first = bucket_of(users, key);
  user->chain = *first;
  *first = u;
  if (users->count > users->buckets)
    split(users);
  link_newest(users, u);
  return u;
}

foresight_user *foresight_users__use(foresight_users *users, uint64_t key) {
  uint32_t u = *place_of(users, key);
  if (u == NONE) {
    u = add(users, key);
  } else if (users->newest != u) {
    unlink_user(users, u);
    link_newest(users, u);
  }
  return at(users, u);
}

HEARTH_SELDOM void foresight_users_limit(foresight_users *users, uint32_t cap) {
  cap = cap < 1 ? 1 : cap > users->most ? users->most : cap;
  while (users->count > cap)
    remove_least_active(users, users->count);
  while (users->chunks > 1 && users->count <= (users->chunks - 1) * CHUNK)
    hearth_release(&users->memory, users->chunk[--users->chunks]);
  users->cap = cap;
}

HEARTH_SELDOM bool foresight_users_forget(foresight_users *users,
                                          uint64_t key) {
  uint32_t *place = place_of(users, key);
  if (*place == NONE)
    return false;
  remove_at(users, place);
  return true;
}

HEARTH_SELDOM bool foresight_users_oldest(const foresight_users *users,
                                          uint64_t *key, int64_t *last_ms) {
  if (users->oldest == NONE)
    return false;
  *key = at(users, users->oldest)->key;
  *last_ms = at(users, users->oldest)->last_ms;
  return true;
}
