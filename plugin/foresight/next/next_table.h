/* SPDX-License-Identifier: MIT
   What followed in each context: buckets of decayed counts, hashed. */
#ifndef FORESIGHT_NEXT_TABLE_H
#define FORESIGHT_NEXT_TABLE_H

/* One fixed-size table for all contexts.  A context is a 64-bit hash; four
   neighbouring places may hold it, told apart by 32 check bits; a new one
   takes the place of the one longest not updated.  A bucket holds up to 16
   models; when full, the smallest count gives way.  What a bucket is
   found and replaced by lies apart, so that this touches one cache line. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plugin/foresight/next/next_config.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

typedef struct {
  uint32_t owner; /* hash of the user it tells of; 0 of all */
  float total;    /* decayed count of all, those given up included */
  uint16_t last;  /* model of the latest update */
  uint8_t run;    /* updates in a row by it, at most 255 */
  uint8_t size;
  float count[NEXT_ENTRIES];
  uint16_t model[NEXT_ENTRIES];
  uint32_t unused[5]; /* so that it lies in two cache lines */
} next_bucket;

typedef struct next_table next_table;

/* `buckets` is rounded up to a power of two.  NULL when memory fails. */
next_table *next_table_new(const hearth_memory_user *memory, uint32_t buckets);
void next_table_free(next_table *table);

/* Have what a hash is looked up by fetched from memory. */
void next_table_fetch(const next_table *table, uint64_t hash);

/* The bucket of that hash, or NULL; has it fetched. */
const next_bucket *next_table_find(const next_table *table, uint64_t hash);

/* The bucket of that hash, made empty for that owner if there was none
   (*fresh); has it fetched. */
next_bucket *next_table_claim(next_table *table, uint64_t hash, uint32_t owner,
                              bool *fresh);

/* Empties every bucket of the owner, not 0.  Goes through the whole table. */
void next_table_forget(next_table *table, uint32_t owner);

/* Its part of a state: the buckets in use, of models below `models`. */
void next_table_state(hearth_state *s, next_table *table, uint32_t models);

/* Decays by alpha, then counts the model once. */
void next_bucket_add(next_bucket *bucket, uint32_t model, float alpha);

#endif
