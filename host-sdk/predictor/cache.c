/* SPDX-License-Identifier: MIT
   Plans that still hold: the same question gets the same answer for a while. */
#include "host-sdk/predictor/cache.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/names.h"

_Static_assert(sizeof(hearth__cache_key) == 6 * 8 + 4 * 4,
               "a key is compared as bytes");

/* len 0: free. */
typedef struct cached {
  hearth__cache_key key;
  int64_t put_ms;
  uint64_t used; /* when, in the order of uses */
  uint8_t *data;
  uint64_t len, cap;
} cached;

/* Who started what last; two who share a place take turns. */
enum { ASKERS = 1024 };

typedef struct asker {
  uint64_t who; /* 0: free */
  uint32_t last, before; /* 1 + model; 0: none */
} asker;

struct hearth__cache {
  int64_t ttl_ms;
  asker askers[ASKERS];
  uint64_t uses;
  uint32_t count;
  cached entries[];
};

static uint64_t hash_of(const char *text, uint64_t seed) {
  uint64_t hash;

  if (!text || !*text) {
    return 0;
  }
  hash = hearth_hash(seed, text, strlen(text));
  return hash ? hash : 1;
}

/* -1 unknown, else the number of binary digits. */
static int32_t length_bin(int64_t length) {
  int32_t bits = 0;

  if (length < 0) {
    return -1;
  }
  for (; length; length >>= 1) {
    ++bits;
  }
  return bits;
}

hearth__cache_key hearth__cache_key_of(const hearth_request *request,
                                       uint64_t seed, uint64_t residents) {
  hearth__cache_key key = {hash_of(request->task, seed),
                           hash_of(request->user.id, seed),
                           hash_of(request->project.id, seed),
                           hash_of(request->preferred_hardware, seed),
                           residents,
                           0,
                           request->complexity,
                           request->priority,
                           length_bin(request->input_length),
                           request->intent != 0};

  return key;
}

static uint64_t who_of(const hearth__cache_key *key) {
  uint64_t who = key->user ^ (key->project << 32 | key->project >> 32);

  who = key->user || key->project ? who : key->task;
  return who ? who : 1;
}

uint64_t hearth__cache_before(const hearth__cache *cache,
                              const hearth__cache_key *key) {
  uint64_t who = who_of(key);
  const asker *by = &cache->askers[who % ASKERS];

  return by->who == who ? (uint64_t)by->last << 32 | by->before : 0;
}

void hearth__cache_started(hearth__cache *cache, const hearth__cache_key *key,
                           uint32_t model) {
  uint64_t who = who_of(key);
  asker *by = &cache->askers[who % ASKERS];

  by->before = by->who == who ? by->last : 0;
  by->last = model + 1;
  by->who = who;
}

hearth__cache *hearth__cache_new(uint32_t entries, int64_t ttl_ms) {
  hearth__cache *cache =
      calloc(1, sizeof(*cache) + (size_t)entries * sizeof(cached));

  if (cache) {
    cache->count = entries;
    cache->ttl_ms = ttl_ms;
  }
  return cache;
}

void hearth__cache_free(hearth__cache *cache) {
  if (!cache) {
    return;
  }
  for (uint32_t i = 0; i < cache->count; ++i) {
    free(cache->entries[i].data);
  }
  free(cache);
}

static int same(const hearth__cache_key *a, const hearth__cache_key *b) {
  return memcmp(a, b, sizeof(*a)) == 0;
}

hearth_bytes hearth__cache_get(hearth__cache *cache,
                               const hearth__cache_key *key, int64_t now_ms) {
  hearth_bytes none = {NULL, 0};

  for (uint32_t i = 0; i < cache->count; ++i) {
    cached *entry = &cache->entries[i];

    if (!entry->len || !same(&entry->key, key)) {
      continue;
    }
    /* A clock that was set back makes an entry's age unknown. */
    if (now_ms < entry->put_ms || now_ms - entry->put_ms >= cache->ttl_ms) {
      entry->len = 0;
      return none;
    }
    entry->used = ++cache->uses;
    return (hearth_bytes){entry->data, entry->len};
  }
  return none;
}

/* Where a plan for `key` goes: its own place, a free one, or the least
   recently used. */
static cached *place(hearth__cache *cache, const hearth__cache_key *key) {
  cached *best = NULL;

  for (uint32_t i = 0; i < cache->count; ++i) {
    cached *entry = &cache->entries[i];

    if (entry->len && same(&entry->key, key)) {
      return entry;
    }
    if (!best || (best->len && (!entry->len || entry->used < best->used))) {
      best = entry;
    }
  }
  return best;
}

void hearth__cache_put(hearth__cache *cache, const hearth__cache_key *key,
                       hearth_bytes plan, int64_t now_ms) {
  cached *entry = plan.len && cache->ttl_ms > 0 ? place(cache, key) : NULL;

  if (!entry) {
    return;
  }
  entry->len = 0;
  if (plan.len > entry->cap) {
    uint8_t *data = realloc(entry->data, (size_t)plan.len);

    if (!data) {
      return;
    }
    entry->data = data;
    entry->cap = plan.len;
  }
  memcpy(entry->data, plan.data, (size_t)plan.len);
  entry->len = plan.len;
  entry->key = *key;
  entry->put_ms = now_ms;
  entry->used = ++cache->uses;
}

static int changed(const hearth__cache_key *plan, const hearth__cache_key *by) {
  if (plan->user && plan->user == by->user) {
    return 1;
  }
  if (plan->project && plan->project == by->project) {
    return 1;
  }
  return !plan->user && !plan->project && plan->task == by->task;
}

void hearth__cache_drop(hearth__cache *cache, const hearth__cache_key *key) {
  for (uint32_t i = 0; i < cache->count; ++i) {
    if (changed(&cache->entries[i].key, key)) {
      cache->entries[i].len = 0;
    }
  }
}

void hearth__cache_clear(hearth__cache *cache) {
  for (uint32_t i = 0; i < cache->count; ++i) {
    cache->entries[i].len = 0;
  }
}
