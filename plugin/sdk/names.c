/* SPDX-License-Identifier: MIT
   Names to dense numbers: models, users and tasks as small integers. */
#include "plugin/sdk/names.h"
#include "plugin/sdk/hint.h"

#include <string.h>

enum { FIRST_SLOTS = 16, BLOCK_BYTES = 4096, DEFAULT_LIMIT = 1 << 24 };

/* The texts live in blocks that never move. */
typedef struct block {
  struct block *next;
  size_t used, cap;
  char text[];
} block;

typedef struct name {
  const char *text;
  uint32_t len, hash;
} name;

struct hearth_names {
  hearth_memory_user memory;
  uint64_t seed;
  uint32_t limit, count, cap; /* of `all` */
  name *all;
  uint32_t *slots; /* number + 1, 0: free; linear probing */
  uint32_t mask;   /* slots - 1; a power of two of them, 3/4 full at most */
  block *blocks;
};

static uint64_t rotate(uint64_t x, unsigned by) {
  return x << by | x >> (64 - by);
}

typedef struct sip {
  uint64_t a, b, c, d;
} sip;

/* By value, for the four words to stay in registers. */
static inline sip sip_round(sip v) {
  v.a += v.b;
  v.b = rotate(v.b, 13) ^ v.a;
  v.a = rotate(v.a, 32);
  v.c += v.d;
  v.d = rotate(v.d, 16) ^ v.c;
  v.a += v.d;
  v.d = rotate(v.d, 21) ^ v.a;
  v.c += v.b;
  v.b = rotate(v.b, 17) ^ v.c;
  v.c = rotate(v.c, 32);
  return v;
}

static inline sip sip_word(sip v, uint64_t word) {
  v.d ^= word;
  v = sip_round(v);
  v.a ^= word;
  return v;
}

/* Little-endian, whatever the machine is; compilers make it one load. */
static inline uint64_t load64(const uint8_t *p) {
  return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
         (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
         (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

/* The len & 7 bytes that fill no word, from `p` on; one load where there are
   bytes before them. */
static inline uint64_t load_rest(const uint8_t *p, uint64_t len) {
  const unsigned rest = (unsigned)(len & 7);
  uint64_t x = 0;
  if (rest && len >= 8) {
    return load64(p + rest - 8) >> (64 - 8 * rest);
  }
  for (unsigned i = 0; i < rest; i++) {
    x |= (uint64_t)p[i] << (8 * i);
  }
  return x;
}

/* The second half of the key: splitmix64 of the seed. */
static uint64_t second_key(uint64_t seed) {
  uint64_t z = seed + 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

uint64_t hearth_hash(uint64_t seed, const void *data, uint64_t len) {
  const uint64_t key = second_key(seed);
  sip v = {seed ^ 0x736f6d6570736575u, key ^ 0x646f72616e646f6du,
           seed ^ 0x6c7967656e657261u, key ^ 0x7465646279746573u};
  const uint8_t *p = data;
  for (uint64_t left = len; left >= 8; left -= 8, p += 8) {
    v = sip_word(v, load64(p));
  }
  v = sip_word(v, len << 56 | load_rest(p, len));
  v.c ^= 0xff;
  v = sip_round(sip_round(sip_round(v)));
  return v.a ^ v.b ^ v.c ^ v.d;
}

HEARTH_SELDOM hearth_names *hearth_names_new(const hearth_memory_user *memory,
                                             uint64_t seed, uint32_t limit) {
  hearth_names *const names = hearth_zalloc(memory, 1, sizeof *names);
  if (!names) {
    return NULL;
  }
  names->memory = *memory;
  names->seed = seed;
  names->limit = limit == 0 || limit > DEFAULT_LIMIT ? DEFAULT_LIMIT : limit;
  names->slots = hearth_zalloc(memory, FIRST_SLOTS, sizeof *names->slots);
  names->mask = FIRST_SLOTS - 1;
  if (!names->slots) {
    hearth_release(memory, names);
    return NULL;
  }
  return names;
}

HEARTH_SELDOM void hearth_names_free(hearth_names *names) {
  if (!names) {
    return;
  }
  const hearth_memory_user memory = names->memory;
  for (block *b = names->blocks, *next; b; b = next) {
    next = b->next;
    hearth_release(&memory, b);
  }
  hearth_release(&memory, names->all);
  hearth_release(&memory, names->slots);
  hearth_release(&memory, names);
}

static uint32_t hash_of(const hearth_names *names, hearth_str text) {
  const uint64_t hash = hearth_hash(names->seed, text.data, text.len);
  return (uint32_t)(hash ^ hash >> 32);
}

/* The slot of a name, or the free one where it belongs. */
static uint32_t slot_of(const hearth_names *names, hearth_str text,
                        uint32_t hash) {
  uint32_t slot = hash & names->mask;
  for (; names->slots[slot]; slot = (slot + 1) & names->mask) {
    const name *const n = &names->all[names->slots[slot] - 1];
    if (n->hash == hash && n->len == text.len &&
        (n->len == 0 || !memcmp(n->text, text.data, n->len))) {
      break;
    }
  }
  return slot;
}

static hearth_status grow_slots(hearth_names *names) {
  if ((uint64_t)(names->count + 1) * 4 <= ((uint64_t)names->mask + 1) * 3) {
    return HEARTH_OK;
  }
  const uint32_t mask = names->mask * 2 + 1;
  uint32_t *const slots =
      hearth_zalloc(&names->memory, (size_t)mask + 1, sizeof *slots);
  if (!slots) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t id = 0; id < names->count; id++) {
    uint32_t slot = names->all[id].hash & mask;
    while (slots[slot]) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = id + 1;
  }
  hearth_release(&names->memory, names->slots);
  names->slots = slots;
  names->mask = mask;
  return HEARTH_OK;
}

/* A lasting copy; NULL when there is no memory. */
static const char *copy_text(hearth_names *names, hearth_str text) {
  const size_t len = (size_t)text.len;
  block *b = names->blocks;
  if (!b || b->cap - b->used < len) {
    const size_t cap = len > BLOCK_BYTES ? len : BLOCK_BYTES;
    b = hearth_resize(&names->memory, NULL, sizeof *b + cap);
    if (!b) {
      return NULL;
    }
    b->next = names->blocks;
    b->used = 0;
    b->cap = cap;
    names->blocks = b;
  }
  char *const copy = b->text + b->used;
  if (len) {
    memcpy(copy, text.data, len);
  }
  b->used += len;
  return copy;
}

uint32_t hearth_names_find(const hearth_names *names, hearth_str text) {
  const uint32_t slot = slot_of(names, text, hash_of(names, text));
  return names->slots[slot] ? names->slots[slot] - 1 : HEARTH_NO_NAME;
}

HEARTH_SELDOM hearth_status hearth_names_add(hearth_names *names,
                                             hearth_str text, uint32_t *id) {
  const uint32_t hash = hash_of(names, text);
  const uint32_t found = names->slots[slot_of(names, text, hash)];
  if (found) {
    *id = found - 1;
    return HEARTH_OK;
  }
  if (names->count >= names->limit || text.len > INT32_MAX) {
    return HEARTH_LIMIT;
  }
  void *all = names->all;
  hearth_status status = hearth_grow(&names->memory, &all, &names->cap,
                                     names->count + 1, sizeof *names->all);
  names->all = all;
  if (status == HEARTH_OK) {
    status = grow_slots(names);
  }
  const char *const copy = status ? NULL : copy_text(names, text);
  if (!copy) {
    return HEARTH_NO_MEMORY;
  }
  const name added = {copy, (uint32_t)text.len, hash};
  names->all[names->count] = added;
  names->slots[slot_of(names, text, hash)] = ++names->count;
  *id = names->count - 1;
  return HEARTH_OK;
}

uint32_t hearth_names_count(const hearth_names *names) {
  return names->count;
}

void hearth_names_fetch(const hearth_names *names, uint32_t id) {
  hearth_fetch(&names->all[id]);
}

hearth_str hearth_names_text(const hearth_names *names, uint32_t id) {
  const hearth_str text = {names->all[id].text, names->all[id].len};
  return text;
}
