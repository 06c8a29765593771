/* SPDX-License-Identifier: MIT
   The store of users, inside. */
#ifndef FORESIGHT_NEXT_USERS_INSIDE_H
#define FORESIGHT_NEXT_USERS_INSIDE_H

#include "plugin/foresight/next/next_users.h"

#define FORESIGHT_USERS_MOST (1u << 24)
#define FORESIGHT_USERS_CHUNK 256u /* records that are allocated together */

struct foresight_users {
  hearth_memory_user memory;
  uint32_t cap, count;
  uint32_t most;           /* that there may ever be */
  uint32_t oldest, newest; /* ends of the list by last use */
  uint32_t chunks;         /* allocated */
  uint32_t buckets;        /* in use; as many as users, and no fewer than 1 */
  uint32_t segments;       /* of buckets, allocated */
  foresight_user **chunk;  /* records 0 to count - 1 are used */
  uint32_t **segment;      /* a bucket's first record, or NONE */
};

static inline foresight_user *foresight_users__at(const foresight_users *users,
                                                  uint32_t u) {
  return &users->chunk[u / FORESIGHT_USERS_CHUNK][u % FORESIGHT_USERS_CHUNK];
}

/* Buckets for so many users at once, in an empty store: for what would else
   split them one by one.  Does less where memory fails. */
void foresight_users__expect(foresight_users *users, uint32_t count);

/* Have what the key is looked up by fetched from memory: first its bucket, then
   the record that the bucket names. */
void foresight_users__fetch_bucket(const foresight_users *users, uint64_t key);
void foresight_users__fetch_record(const foresight_users *users, uint64_t key);

/* The user of that key, added if new, who is now the newest. */
foresight_user *foresight_users__use(foresight_users *users, uint64_t key);

#endif
