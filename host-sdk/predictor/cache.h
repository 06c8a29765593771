/* SPDX-License-Identifier: MIT
   Plans that still hold: the same question gets the same answer for a while. */
#ifndef HEARTH_PREDICTOR_CACHE_H
#define HEARTH_PREDICTOR_CACHE_H

#include "hearth/predictor.h"

/* What a plan depends on.  Texts stand as hashes under the predictor's seed; 0
   is absent.  Compared as bytes: no padding. */
typedef struct hearth__cache_key {
  uint64_t task, user, project, hardware;
  uint64_t residents; /* a hash of the loaded models and the catalog */
  uint64_t before;    /* what the asker started last; hearth__cache_before */
  int32_t complexity, priority, length_bin, intent;
} hearth__cache_key;

/* The key of a request while the loaded models have this hash. */
hearth__cache_key hearth__cache_key_of(const hearth_request *request,
                                       uint64_t seed, uint64_t residents);

typedef struct hearth__cache hearth__cache;

/* What the user in the project of this key started last, and before that: the
   next question is a new one, unless that came before.  0: nothing known. */
uint64_t hearth__cache_before(const hearth__cache *cache,
                              const hearth__cache_key *key);
/* A request of this key started on `model`. */
void hearth__cache_started(hearth__cache *cache, const hearth__cache_key *key,
                           uint32_t model);

/* For `entries` plans, each for `ttl_ms`; NULL: no memory.  Not locked. */
hearth__cache *hearth__cache_new(uint32_t entries, int64_t ttl_ms);
void hearth__cache_free(hearth__cache *cache);

/* The ModelSet kept for a key, borrowed until the next call; len 0: none. */
hearth_bytes hearth__cache_get(hearth__cache *cache,
                               const hearth__cache_key *key, int64_t now_ms);

/* Keep a plan; the one unused for longest makes room.  A plan that there is no
   memory for is not kept. */
void hearth__cache_put(hearth__cache *cache, const hearth__cache_key *key,
                       hearth_bytes plan, int64_t now_ms);

/* Drop what an outcome of this request changes: the plans of its user and of
   its project, and of those who gave neither, the ones for its task. */
void hearth__cache_drop(hearth__cache *cache, const hearth__cache_key *key);
void hearth__cache_clear(hearth__cache *cache);

#endif
