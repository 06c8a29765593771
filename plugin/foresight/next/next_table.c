/* SPDX-License-Identifier: MIT
   What followed in each context: buckets of decayed counts, hashed. */
#include "plugin/foresight/next/next_table.h"

#include <string.h>

#define WAYS 4u

struct next_table {
  hearth_memory_user memory;
  uint32_t mask; /* over groups of WAYS */
  uint32_t clock;
  next_bucket *bucket;
};

next_table *next_table_new(const hearth_memory_user *memory, uint32_t buckets) {
  uint32_t groups = 1;
  while (groups * WAYS < buckets && groups < 1u << 24)
    groups *= 2;
  next_table *table = hearth_zalloc(memory, 1, sizeof *table);
  if (!table)
    return NULL;
  table->bucket = hearth_zalloc(memory, (size_t)groups * WAYS, sizeof *table->bucket);
  table->memory = *memory;
  if (!table->bucket) {
    hearth_release(memory, table);
    return NULL;
  }
  table->mask = groups - 1;
  return table;
}

void next_table_free(next_table *table) {
  if (!table)
    return;
  const hearth_memory_user memory = table->memory;
  hearth_release(&memory, table->bucket);
  hearth_release(&memory, table);
}

size_t next_table_bytes(const next_table *table) {
  return sizeof *table +
         ((size_t)table->mask + 1) * WAYS * sizeof *table->bucket;
}

static next_bucket *group(const next_table *table, uint64_t hash) {
  return &table->bucket[((uint32_t)hash & table->mask) * WAYS];
}

static uint32_t check_of(uint64_t hash) { return (uint32_t)(hash >> 32) | 1u; }

const next_bucket *next_table_find(const next_table *table, uint64_t hash) {
  const next_bucket *b = group(table, hash);
  const uint32_t check = check_of(hash);
  for (uint32_t i = 0; i < WAYS; ++i)
    if (b[i].check == check)
      return &b[i];
  return NULL;
}

next_bucket *next_table_claim(next_table *table, uint64_t hash, uint32_t owner,
                              bool *fresh) {
  next_bucket *b = group(table, hash);
  const uint32_t check = check_of(hash);
  next_bucket *oldest = NULL;
  ++table->clock;
  *fresh = false;
  for (uint32_t i = 0; i < WAYS; ++i) {
    if (b[i].check == check) {
      b[i].stamp = table->clock;
      return &b[i];
    }
    /* Ages are differences, so that the clock may wrap. */
    if (!oldest ||
        (oldest->check && (!b[i].check || table->clock - b[i].stamp >
                                              table->clock - oldest->stamp)))
      oldest = &b[i];
  }
  memset(oldest, 0, sizeof *oldest);
  oldest->check = check;
  oldest->owner = owner;
  oldest->stamp = table->clock;
  *fresh = true;
  return oldest;
}

void next_table_forget(next_table *table, uint32_t owner) {
  const uint32_t size = (table->mask + 1) * WAYS;
  for (uint32_t i = 0; i < size; ++i)
    if (table->bucket[i].owner == owner)
      memset(&table->bucket[i], 0, sizeof table->bucket[i]);
}

void next_bucket_add(next_bucket *bucket, uint32_t model, float alpha) {
  uint32_t place = NEXT_ENTRIES;
  uint32_t least = 0;
  for (uint32_t i = 0; i < NEXT_ENTRIES; ++i)
    bucket->count[i] *= alpha;
  for (uint32_t i = 0; i < bucket->size; ++i) {
    if (bucket->model[i] == model)
      place = i;
    if (bucket->count[i] < bucket->count[least])
      least = i;
  }
  if (place == NEXT_ENTRIES) {
    place = bucket->size < NEXT_ENTRIES ? bucket->size++ : least;
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

static int is_used(const void *buckets, uint32_t i) {
  return ((const next_bucket *)buckets)[i].check != 0;
}

static void visit(hearth_state *s, next_bucket *b, uint32_t models) {
  const uint16_t most = (uint16_t)(models ? models - 1 : 0);
  hearth_state_u32(s, "bucket.check", &b->check, 1, UINT32_MAX);
  hearth_state_u32(s, "bucket.stamp", &b->stamp, 0, UINT32_MAX);
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
       hearth_state_next(s, "table.bucket", &i, size, is_used, table->bucket);
       ++i)
    visit(s, &table->bucket[i], models);
}
