/* SPDX-License-Identifier: MIT
   What followed in each context: buckets of decayed counts, hashed. */
#include "plugin/foresight/next/next_table.h"

#include "plugin/foresight/next/next_math.h"
#include "plugin/sdk/hint.h"

#include <string.h>

#define WAYS 4u
_Static_assert(sizeof(next_bucket) == 128, "two cache lines");

typedef struct {
  uint32_t check; /* 0: empty place */
  uint32_t stamp; /* update number, for replacement */
} way;

struct next_table {
  hearth_memory_user memory;
  uint32_t mask; /* over groups of WAYS */
  uint32_t clock;
  way *way;            /* to each bucket */
  next_bucket *bucket; /* in whole cache lines of */
  void *room;
};

HEARTH_SELDOM next_table *next_table_new(const hearth_memory_user *memory,
                                         uint32_t buckets) {
  uint32_t groups = 1;
  while (groups * WAYS < buckets && groups < 1u << 24)
    groups *= 2;
  next_table *table = hearth_zalloc(memory, 1, sizeof *table);
  if (!table)
    return NULL;
  const size_t count = (size_t)groups * WAYS;
  table->memory = *memory;
  table->way = hearth_zalloc(memory, count, sizeof *table->way);
  table->room = hearth_zalloc(memory, count + 1, sizeof *table->bucket);
  if (!table->way || !table->room) {
    next_table_free(table);
    return NULL;
  }
  const uintptr_t past = (uintptr_t)table->room % sizeof *table->bucket;
  table->bucket =
      (next_bucket *)((char *)table->room + (sizeof *table->bucket - past));
  table->mask = groups - 1;
  return table;
}

HEARTH_SELDOM void next_table_free(next_table *table) {
  if (!table)
    return;
  const hearth_memory_user memory = table->memory;
  hearth_release(&memory, table->way);
  hearth_release(&memory, table->room);
  hearth_release(&memory, table);
}

static uint32_t first_of(const next_table *table, uint64_t hash) {
  return ((uint32_t)hash & table->mask) * WAYS;
}

static uint32_t check_of(uint64_t hash) {
  return (uint32_t)(hash >> 32) | 1u;
}

void next_table_fetch(const next_table *table, uint64_t hash) {
  hearth_fetch(&table->way[first_of(table, hash)]);
}

static inline void fetch_bucket(const next_bucket *b) {
  hearth_fetch(b);
  hearth_fetch(&b->count[NEXT_ENTRIES - 1]);
}

const next_bucket *next_table_find(const next_table *table, uint64_t hash) {
  const uint32_t first = first_of(table, hash), check = check_of(hash);
  for (uint32_t i = first; i < first + WAYS; ++i)
    if (table->way[i].check == check) {
      const next_bucket *b = &table->bucket[i];
      fetch_bucket(b);
      return b;
    }
  return NULL;
}

/* The place for a new bucket: an empty one, or that longest not updated.  Ages
   are differences, so that the clock may wrap. */
static uint32_t oldest_of(const next_table *table, uint32_t first) {
  uint32_t oldest = first;
  for (uint32_t i = first; i < first + WAYS; ++i) {
    if (!table->way[i].check)
      return i;
    if (table->clock - table->way[i].stamp >
        table->clock - table->way[oldest].stamp)
      oldest = i;
  }
  return oldest;
}

next_bucket *next_table_claim(next_table *table, uint64_t hash, uint32_t owner,
                              bool *fresh) {
  const uint32_t first = first_of(table, hash), check = check_of(hash);
  ++table->clock;
  *fresh = false;
  for (uint32_t i = first; i < first + WAYS; ++i)
    if (table->way[i].check == check) {
      table->way[i].stamp = table->clock;
      fetch_bucket(&table->bucket[i]);
      return &table->bucket[i];
    }
  const uint32_t place = oldest_of(table, first);
  next_bucket *b = &table->bucket[place];
  /* Not the whole at once: so many bytes gcc clears by a string instruction,
     and what is read next would wait for it. */
  memset(b->count, 0, sizeof b->count);
  b->total = 0.0f;
  b->last = b->run = b->size = 0;
  table->way[place] = (way){.check = check, .stamp = table->clock};
  b->owner = owner;
  *fresh = true;
  return b;
}

HEARTH_SELDOM void next_table_forget(next_table *table, uint32_t owner) {
  const uint32_t size = (table->mask + 1) * WAYS;
  for (uint32_t i = 0; i < size; ++i)
    if (table->bucket[i].owner == owner) {
      memset(&table->bucket[i], 0, sizeof table->bucket[i]);
      table->way[i].check = 0;
    }
}

static uint32_t least(const next_bucket *bucket) {
  uint32_t least = 0;
  for (uint32_t i = 1; i < NEXT_ENTRIES; ++i)
    if (bucket->count[i] < bucket->count[least])
      least = i;
  return least;
}

/* 1 and the model's place; 0 where it is not.  All places are looked at, side
   by side: a loop that ends where it finds it is seldom foretold. */
static uint32_t place_of(const next_bucket *bucket, uint16_t model) {
  const uint16_t size = bucket->size;
  uint16_t place = 0;
  for (uint16_t i = 0; i < NEXT_ENTRIES; ++i) {
    const uint16_t here = (uint16_t)(0 - (bucket->model[i] == model));
    const uint16_t used = (uint16_t)(0 - (i < size));
    place = (uint16_t)(place | (here & used & (uint16_t)(i + 1)));
  }
  return place;
}

void next_bucket_add(next_bucket *bucket, uint32_t model, float alpha) {
  uint32_t place = place_of(bucket, (uint16_t)model);
  for (uint32_t i = 0; i < NEXT_ENTRIES; ++i)
    bucket->count[i] *= alpha;
  if (place-- == 0) {
    place = bucket->size < NEXT_ENTRIES ? bucket->size++ : least(bucket);
    bucket->model[place] = (uint16_t)model;
    bucket->count[place] = 0.0f;
  }
  bucket->count[place] += 1.0f;
  bucket->total = bucket->total * alpha + 1.0f;
  bucket->run = (uint8_t)(bucket->size && bucket->last == model && bucket->run
                              ? bucket->run + (bucket->run < 255)
                              : 1);
  bucket->last = (uint16_t)model;
}

static int is_used(const void *table, uint32_t i) {
  return ((const next_table *)table)->way[i].check != 0;
}

HEARTH_SELDOM static void visit(hearth_state *s, next_bucket *b,
                                uint32_t models) {
  const uint16_t most = (uint16_t)(models ? models - 1 : 0);
  hearth_state_u32(s, "bucket.owner", &b->owner, 0, UINT32_MAX);
  hearth_state_f32(s, "bucket.total", &b->total, 0.0f, 1e6f);
  hearth_state_u16(s, "bucket.last", &b->last, 0, UINT16_MAX);
  hearth_state_u8(s, "bucket.run", &b->run, 0, UINT8_MAX);
  hearth_state_u8(s, "bucket.size", &b->size, 0, NEXT_ENTRIES);
  hearth_state_f32s(s, "bucket.count", b->count, b->size, 0.0f, 1e6f);
  hearth_state_u16s(s, "bucket.model", b->model, b->size, 0, most);
}

void next_table_state(hearth_state *s, next_table *table, uint32_t models) {
  const uint32_t size = (table->mask + 1) * WAYS;
  hearth_state_u32(s, "table.clock", &table->clock, 0, UINT32_MAX);
  for (uint32_t i = 0;
       hearth_state_next(s, "table.bucket", &i, size, is_used, table); ++i) {
    hearth_state_u32(s, "bucket.check", &table->way[i].check, 1, UINT32_MAX);
    hearth_state_u32(s, "bucket.stamp", &table->way[i].stamp, 0, UINT32_MAX);
    visit(s, &table->bucket[i], models);
  }
}
