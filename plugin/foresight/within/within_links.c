/* SPDX-License-Identifier: MIT
   What users ask for after what: links between models. */
#include "plugin/foresight/within/within_state.h"
#include "plugin/sdk/hint.h"

/* A link's count fades by this many octaves with each request that follows
   its first model: half after 64 of them. */
static const float fade = 1.0f / 64.0f;
static const float out_pull = 1.0f;

static uint32_t key_of(uint32_t from, uint32_t to) {
  uint32_t x = from * 0x9e3779b1u ^ (to + 0x7f4a7c15u) * 0x85ebca6bu;
  x ^= x >> 15;
  x *= 0x2c1b3c6du;
  x ^= x >> 12;
  return x ? x : 1u;
}

static uint32_t bucket_of(uint32_t key) {
  return key % (LINKS / WAYS);
}

/* Where the key is in its bucket; WAYS: nowhere. */
static uint32_t way_of(const within_links *bucket, uint32_t key) {
  uint32_t way = 0;
  while (way < WAYS && bucket->key[way] != key) {
    way++;
  }
  return way;
}

static float faded(const within_links *bucket, uint32_t way, uint32_t age) {
  return bucket->n[way] *
         within_exp2(-fade * (float)(age - bucket->age[way]));
}

/* The way with the least count. */
static uint32_t least_of(const within_links *bucket) {
  uint32_t least = 0;
  for (uint32_t i = 1; i < WAYS; i++) {
    least = bucket->n[i] < bucket->n[least] ? i : least;
  }
  return least;
}

static void learn_link(foresight_within *head, uint32_t from, uint32_t to) {
  within_model *m = &head->models[from];
  const uint32_t key = key_of(from, to);
  within_links *bucket = &head->links[bucket_of(key)];
  uint32_t way = way_of(bucket, key);
  m->followed++;
  m->out = m->out * within_exp2(-fade) + 1.0f;
  if (way < WAYS) {
    bucket->n[way] = faded(bucket, way, m->followed) + 1.0f;
  } else {
    way = least_of(bucket);
    bucket->key[way] = key;
    bucket->n[way] = 1.0f;
  }
  bucket->age[way] = m->followed;
}

static float link_p(const foresight_within *head, uint32_t from, uint32_t to) {
  const within_model *m = &head->models[from];
  const uint32_t key = key_of(from, to);
  const within_links *bucket = &head->links[bucket_of(key)];
  const uint32_t way = way_of(bucket, key);
  return way < WAYS ? faded(bucket, way, m->followed) / (m->out + out_pull)
                    : 0.0f;
}

/* A user went from `from` (if any) to `to`. */
void foresight_within_links_used(foresight_within *head, uint32_t user,
                                 uint32_t from, uint32_t to, int64_t now) {
  int place = 0;
  while (place < RECENT - 1 && head->recent[place].user != user) {
    place++;
  }
  for (; place > 0; place--) {
    head->recent[place] = head->recent[place - 1];
  }
  head->recent[0].user = user;
  head->recent[0].model = to;
  head->recent[0].time = now;
  if (from < head->count) {
    learn_link(head, from, to);
  }
}

/* All buckets that _cell will look into. */
void foresight_within_fetch_links(const foresight_within *head,
                                  uint32_t model) {
  for (int i = 0; i < RECENT && head->recent[i].user; i++) {
    const uint32_t key = key_of(head->recent[i].model, model);
    const within_links *bucket = &head->links[bucket_of(key)];
    hearth_fetch(bucket->key);
    hearth_fetch(&bucket->n[WAYS - 1]);
  }
}

/* The cell of a model by what the latest users' models lead to: class of the
   sum of chances, discounted by their silence, and silence of the best. */
int foresight_within_links_cell(const foresight_within *head,
                                const foresight_within_now *at,
                                uint32_t model) {
  float sum = 0.0f, most = 0.0f, silence = 0.0f;
  for (int i = 0; i < RECENT && head->recent[i].user; i++) {
    float p = link_p(head, head->recent[i].model, model);
    if (!(p > 0.0f)) {
      continue;
    }
    const float s = within_seconds(head->recent[i].time, at->time);
    p = p * 300.0f / (300.0f + s);
    sum += p;
    if (p > most) {
      most = p;
      silence = s;
    }
  }
  if (!(sum > 0.0f)) {
    return head->recent[0].user ? 1 : 0;
  }
  const float a = within_clip(1.6f * (within_log2(sum) + 11.0f), 0.0f, 17.9f);
  const float b = within_clip(1.4f * within_octave(silence), 0.0f, 19.0f);
  return 20 * (1 + (int)a) + (int)b;
}
