/* SPDX-License-Identifier: MIT
   The situation of a request, and what is known to follow in it. */
#include "plugin/foresight/next/next_context.h"

#include "plugin/foresight/next/next_math.h"

static const float ALPHA[NEXT_CONTEXTS] = {
#define X(name, alpha, group) alpha,
    NEXT_USER_CONTEXTS(X) NEXT_WORLD_CONTEXTS(X)
#undef X
};

/* How many of the ascending limits x has reached. */
static uint32_t class_of(float x, const float *limit, uint32_t limits) {
  uint32_t c = 0;
  while (c < limits && x >= limit[c])
    ++c;
  return c;
}

/* 1 to 11; 0 is for a user without a past. */
static uint32_t gap_class(float gap_s) {
  static const float limit[] = {5.0f,   15.0f,  30.0f,   60.0f,    120.0f,
                                300.0f, 900.0f, 3600.0f, 14400.0f, 43200.0f};
  return 1 + class_of(gap_s, limit, 10);
}

/* Coarser, for the context (user, last, gap): 0 to 4. */
static uint32_t gap_coarse(float gap_s) {
  static const float limit[] = {30.0f, 120.0f, 900.0f, 14400.0f};
  return class_of(gap_s, limit, 4);
}

static uint32_t length_bin(int64_t length) {
  static const float limit[] = {3.0f,  5.0f,  9.0f,  17.0f, 33.0f,  46.0f,
                                53.0f, 59.0f, 65.0f, 81.0f, 111.0f, 201.0f};
  return length < 0 ? 0 : 1 + class_of((float)length, limit, 12);
}

/* 0 where either length is unknown. */
static uint32_t change_bin(int64_t length, uint16_t before) {
  static const float limit[] = {-30.0f, -8.0f, 0.0f, 1.0f, 8.0f, 30.0f};
  if (length < 0 || !before)
    return 0;
  const float old = next_exp((float)(before - 1) / 1024.0f) - 4.0f;
  const float change = (float)length - old;
  /* The code is coarse for long inputs: call what it can't tell the same. */
  if (foresight_users_length_code(length) == before)
    return 4;
  return 1 + class_of(change, limit, 6);
}

#define SLOT_MS 7200000
#define SLOTS 12

/* Since the beginning of two hours of the day (UTC). */
static int64_t into_slot(int64_t ms) {
  return (ms % SLOT_MS + SLOT_MS) % SLOT_MS;
}

static uint32_t slot_of(int64_t ms) {
  const int64_t slot = (ms - into_slot(ms)) / SLOT_MS;
  return (uint32_t)((slot % SLOTS + SLOTS) % SLOTS);
}

static uint64_t hash(uint64_t kind, uint64_t a, uint64_t b, uint64_t c) {
  const uint64_t first = next_mix(a + kind * UINT64_C(0xd1342543de82ef95));
  return next_mix(first + b * UINT64_C(0xaf251af3b0f025b5) +
                  c * UINT64_C(0x9fb21c651e98df25));
}

uint32_t next_context_owner(uint64_t user) {
  return (uint32_t)(next_mix(~user) >> 32) | 1u;
}

uint64_t next_context_together(uint32_t model) {
  return hash(1000, model, 0, 0);
}

static void set(next_frame *f, uint32_t context, uint64_t a, uint64_t b,
                uint64_t c, bool live) {
  f->hash[context] = hash(context, a, b, c);
  f->live[context] = live;
}

static void hash_user(next_frame *f) {
  const uint64_t u = f->user ? f->user->key : 0;
  const uint64_t l = f->last, two = l << 32 | f->before;
  const uint32_t size = f->user ? f->user->size : 0;
  set(f, NEXT_C_USER, u, 0, 0, size > 0);
  set(f, NEXT_C_FAST, u, 0, 0, size > 0);
  set(f, NEXT_C_U_LAST2, u, two, 0, size > 1);
  set(f, NEXT_C_U_LAST3, u, two, f->third, size > 2);
  set(f, NEXT_C_U_TASK, u, f->request.task, 0, size && f->request.task);
  set(f, NEXT_C_U_GAP, u, l, gap_coarse(f->gap_s), size > 0);
  set(f, NEXT_C_U_SLOT, u, f->slot_of_day, 0, size > 0);
}

static void hash_world(next_frame *f) {
  const uint64_t l = f->last, two = l << 32 | f->before;
  const uint32_t size = f->user ? f->user->size : 0;
  const uint64_t task = f->request.task;
  const bool length = f->request.input_length >= 0;
  set(f, NEXT_C_LAST2, two, 0, 0, size > 1);
  set(f, NEXT_C_LAST_CHANGE, l, f->change_bin, 0, f->change_bin > 0);
  set(f, NEXT_C_LAST_LENGTH, l, f->length_bin, f->busy, size > 0);
  set(f, NEXT_C_LAST_GAP, l, f->gap_class, 0, size && f->gap_class);
  set(f, NEXT_C_TASK, task, 0, 0, task > 0);
  set(f, NEXT_C_TASK_EXACT, task, (uint64_t)f->request.input_length, 0, length);
  set(f, NEXT_C_TASK_LENGTH, task, f->length_bin, 0, length);
  set(f, NEXT_C_FIRST, f->length_bin, task, 0, !size);
  set(f, NEXT_C_NEW_LAST, l, 0, 0, size > 0);
  const uint64_t project = f->request.project, kind = f->request.kind;
  set(f, NEXT_C_PROJECT, project, 0, 0, project > 0);
  set(f, NEXT_C_PROJECT_TASK, project, task, kind, project > 0);
  set(f, NEXT_C_KIND, kind, task, 0, kind > 0);
  set(f, NEXT_C_KIND_USER, kind, f->request.user, task, kind && size);
}

static void gaps_of(const uint16_t *restrict code, float *restrict gap) {
  for (uint32_t k = 0; k < NEXT_CHUNK; ++k)
    gap[k] = foresight_users_gap_s(code[k]);
}

static void describe_user(next_frame *f, uint32_t off) {
  const foresight_user *user = f->user;
  f->last = f->before = f->third = NEXT_NONE;
  f->gap_s = 0.0f;
  f->gap_class = f->busy = f->experience = f->change_bin = 0;
  if (!user || !user->size)
    return;
  uint16_t code[FORESIGHT_USERS_RING] = {0};
  for (uint32_t k = 0; k < user->size; ++k)
    code[k] = foresight_users_event(user, k)->gap;
  for (uint32_t k = 0; k < user->size; k += NEXT_CHUNK)
    gaps_of(code + k, f->gap + k);
  f->last = foresight_users_event(user, 0)->model;
  if (user->size > 1)
    f->before = foresight_users_event(user, 1)->model;
  if (user->size > 2)
    f->third = foresight_users_event(user, 2)->model;
  for (uint32_t n = user->count; n && f->experience < 8; n /= 2)
    ++f->experience;
  f->change_bin = change_bin(f->request.input_length,
                             foresight_users_event(user, 0)->length);
  if (off & 1u << FORESIGHT_NEXT_SESSION)
    return;
  if (f->request.now_ms > user->last_ms)
    f->gap_s = (float)(f->request.now_ms - user->last_ms) * 0.001f;
  f->gap_class = gap_class(f->gap_s);
  if (user->running && f->gap_s < NEXT_RUNNING_LIMIT_S)
    f->busy = 1;
  else if (user->last_duration_s >= 0.0f)
    f->busy = f->gap_s < user->last_duration_s + NEXT_JUST_ENDED_S ? 2 : 3;
}

void next_context_describe(next_frame *f, const foresight_users *users,
                           uint32_t off) {
  f->user = foresight_users_find(users, f->request.user);
  f->length_bin = length_bin(f->request.input_length);
  describe_user(f, off);
  f->slot_of_day = slot_of(f->request.now_ms);
  hash_user(f);
  hash_world(f);
}

/* Counts an event that is older than all counted so far. */
static void count_older(next_bucket *b, uint16_t model, float *weight,
                        float alpha) {
  uint32_t i = 0;
  while (i < b->size && b->model[i] != model)
    ++i;
  if (b->total == 0.0f) {
    b->last = model;
    b->run = 1;
  } else if (b->size == 1 && b->last == model && b->run < 255) {
    ++b->run;
  }
  b->total += *weight;
  if (i < b->size) {
    b->count[i] += *weight;
  } else if (i < NEXT_ENTRIES) {
    b->model[i] = model;
    b->count[i] = *weight;
    b->size = (uint8_t)(i + 1);
  }
  *weight *= alpha;
}

/* What contexts each event of the ring came in, newest first: a bit each. */
static void match(const next_frame *f, bool timed, uint32_t *bits) {
  const foresight_user *user = f->user;
  const uint32_t coarse = gap_coarse(f->gap_s), size = user->size;
  uint32_t model[FORESIGHT_USERS_RING + 3];
  for (uint32_t k = 0; k < size; ++k)
    model[k] = foresight_users_event(user, k)->model;
  model[size] = model[size + 1] = model[size + 2] = NEXT_NONE;
  int64_t at = user->last_ms, since = INT64_MAX; /* the slot's beginning */
  uint32_t slot = 0;
  for (uint32_t k = 0; k < size; ++k) {
    const uint32_t one = model[k + 1] == f->last;
    const uint32_t two = one & (model[k + 2] == f->before);
    const uint32_t three = two & (model[k + 3] == f->third);
    const uint32_t task =
        foresight_users_event(user, k)->task == f->request.task;
    const uint32_t gap = one && gap_coarse(f->gap[k]) == coarse;
    if (timed && at < since) {
      slot = slot_of(at);
      since = at - into_slot(at);
    }
    bits[k] = 1u << NEXT_C_USER | 1u << NEXT_C_FAST | two << NEXT_C_U_LAST2 |
              three << NEXT_C_U_LAST3 | task << NEXT_C_U_TASK |
              gap << NEXT_C_U_GAP |
              (uint32_t)(slot == f->slot_of_day) << NEXT_C_U_SLOT;
    at -= (int64_t)(f->gap[k] * 1000.0f);
  }
}

/* One pass over the ring, newest first, fills the buckets that are wanted. */
static void rebuild(next_frame *f, uint32_t wanted) {
  uint32_t bits[FORESIGHT_USERS_RING];
  float weight[NEXT_OF_USER];
  for (uint32_t c = 0; c < NEXT_OF_USER; ++c)
    if (wanted >> c & 1) {
      f->rebuilt[c].total = 0.0f;
      f->rebuilt[c].size = f->rebuilt[c].run = 0;
      f->is_rebuilt[c] = true;
      weight[c] = 1.0f;
    }
  match(f, (wanted >> NEXT_C_U_SLOT & 1) != 0, bits);
  for (uint32_t k = 0; k < f->user->size; ++k) {
    uint32_t hits = bits[k] & wanted;
    for (uint32_t c = 0; hits; ++c, hits >>= 1)
      if (hits & 1)
        count_older(&f->rebuilt[c], foresight_users_event(f->user, k)->model,
                    &weight[c], ALPHA[c]);
  }
}

/* From the table, or else from the ring. */
static void gather_own(next_frame *f, const next_table *table, bool heavy) {
  uint32_t wanted = 0;
  for (uint32_t c = 0; c < NEXT_OF_USER; ++c) {
    f->is_rebuilt[c] = false;
    f->bucket[c] =
        f->live[c] && heavy ? next_table_find(table, f->hash[c]) : NULL;
    wanted |= (uint32_t)(f->live[c] && !f->bucket[c]) << c;
  }
  if (!f->user || !wanted)
    return;
  rebuild(f, wanted);
  for (uint32_t c = 0; c < NEXT_OF_USER; ++c)
    if (f->is_rebuilt[c] && f->rebuilt[c].size)
      f->bucket[c] = &f->rebuilt[c];
}

/* What all share is fetched first and looked at last. */
void next_context_gather(next_frame *f, const next_table *table) {
  const bool heavy = f->user && f->user->count >= NEXT_SHARED;
  for (uint32_t c = heavy ? 0 : NEXT_OF_USER; c < NEXT_CONTEXTS; ++c)
    next_table_fetch(table, f->hash[c]);
  gather_own(f, table, heavy);
  for (uint32_t c = NEXT_OF_USER; c < NEXT_CONTEXTS; ++c)
    f->bucket[c] = f->live[c] ? next_table_find(table, f->hash[c]) : NULL;
}

/* What the ring tells of a context: as a rule gather has asked already, but a
   bucket may lose its place to another one of the same request. */
static next_bucket *from_ring(next_frame *f, uint32_t c) {
  if (!f->is_rebuilt[c])
    rebuild(f, 1u << c);
  return &f->rebuilt[c];
}

/* What of the table is to count a request, and where a bucket is new. */
typedef struct {
  next_bucket *bucket[NEXT_CONTEXTS + NEXT_RECENT];
  bool fresh[NEXT_CONTEXTS + NEXT_RECENT];
} claims;

/* All at once, so that they are fetched together.  NULL: not counted. */
static void claim(const next_frame *f, next_table *table, uint32_t model,
                  claims *of) {
  const bool heavy = f->user && f->user->count >= NEXT_SHARED;
  const uint32_t owner = next_context_owner(f->request.user);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c) {
    const bool own = c < NEXT_OF_USER || c == NEXT_C_KIND_USER;
    const bool counts = f->live[c] && (c >= NEXT_OF_USER || heavy);
    of->bucket[c] = counts ? next_table_claim(table, f->hash[c],
                                              own ? owner : 0, &of->fresh[c])
                           : NULL;
  }
  for (uint32_t i = 0; i < f->recents; ++i) {
    const uint32_t c = NEXT_CONTEXTS + i;
    of->bucket[c] =
        f->recent[i] != model
            ? next_table_claim(table, next_context_together(f->recent[i]), 0,
                               &of->fresh[c])
            : NULL;
  }
}

/* The table takes over from the ring without a step. */
static void take_over(next_bucket *b, const next_bucket *from) {
  const uint32_t owner = b->owner;
  *b = *from;
  b->owner = owner;
  for (uint32_t i = b->size; i < NEXT_ENTRIES; ++i)
    b->count[i] = 0.0f;
}

void next_context_learn(next_frame *f, next_table *table, uint32_t model) {
  claims of;
  claim(f, table, model, &of);
  for (uint32_t c = 0; c < NEXT_CONTEXTS; ++c) {
    if (!of.bucket[c])
      continue;
    const next_bucket *from =
        of.fresh[c] && c < NEXT_OF_USER ? from_ring(f, c) : NULL;
    if (from && from->size)
      take_over(of.bucket[c], from);
    next_bucket_add(of.bucket[c], model, ALPHA[c]);
  }
  for (uint32_t c = NEXT_CONTEXTS; c < NEXT_CONTEXTS + f->recents; ++c)
    if (of.bucket[c])
      next_bucket_add(of.bucket[c], model, NEXT_TOGETHER);
}
