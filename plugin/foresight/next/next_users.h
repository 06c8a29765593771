/* SPDX-License-Identifier: MIT
   The bounded store of users: a ring of each one's latest requests. */
#ifndef FORESIGHT_NEXT_USERS_H
#define FORESIGHT_NEXT_USERS_H

/* What users share with every head of Foresight.  A user is a 64-bit key: a
   dense id, or a hash of a name.  At most `cap` users are kept, in 304 bytes
   each and 4 for the index; when a new one comes to a full store, one of a
   sample of sixteen leaves: that which is silent longest for its requests, of
   which eight count.  So a user that comes back is kept eight times as long as
   one that came once, and none stays for ever.  What those who left taught of
   all users stays with the heads.

   Memory grows with the users, 256 at a time, and nothing is moved then: the
   index is a linear hash table, in which each new user splits one bucket
   (Litwin, VLDB 1980; Larson, CACM 31(4), 1988).  Where memory fails, the store
   is full.  Finding changes nothing, and any number of threads may at once;
   everything else is for one thread alone.  Times are in milliseconds; one that
   jumps back counts as no time passed. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "plugin/sdk/memory.h"
#include "plugin/sdk/state.h"

#define FORESIGHT_USERS_RING 32u
#define FORESIGHT_USERS_NONE UINT32_MAX /* no such user, no such model */
#define FORESIGHT_USERS_MODELS 65535u   /* ids from here on are not kept */

/* One request of the past.  The gap is to the request after it or, for the
   newest, meaningless. */
typedef struct {
  uint16_t model;
  uint16_t length; /* next_length code: 0 unknown, else 1 + 1024 ln(len+4) */
  uint16_t gap;    /* code of the time since the request before it */
  uint8_t task;
  uint8_t duration; /* code; 0 while unknown */
} foresight_event;

typedef struct {
  uint64_t key;
  int64_t last_ms;       /* time of the newest request */
  uint32_t count;        /* requests ever (saturates) */
  uint32_t older, newer; /* by last use */
  uint32_t chain;        /* the next of its bucket */
  uint32_t run;          /* requests in a row on the last model */
  float last_duration_s; /* of the newest finished request; < 0 unknown */
  float mean_gap_s;      /* exponential mean of the gaps; < 0 until two */
  uint8_t head;          /* where the next event goes */
  uint8_t size;          /* events in the ring */
  uint8_t running;       /* requests started and not finished */
  foresight_event ring[FORESIGHT_USERS_RING];
} foresight_user;

/* What another head may ask of a user; see foresight_users_view. */
typedef struct {
  uint32_t last, before; /* models; FORESIGHT_USERS_NONE where there is none */
  int64_t last_ms;
  uint32_t count, run;
  float last_duration_s; /* < 0 unknown */
} foresight_user_view;

typedef struct foresight_users foresight_users;

/* NULL when memory fails or cap is 0 or over 2^24. */
foresight_users *foresight_users_new(const hearth_memory_user *memory,
                                     uint32_t cap);
void foresight_users_free(foresight_users *users);

/* From now on at most so many, at least 1 and at most those of _new: those
   beyond leave at once. */
void foresight_users_limit(foresight_users *users, uint32_t cap);

/* The user of that key or NULL.  Borrowed until the next add or forget. */
foresight_user *foresight_users_find(const foresight_users *users,
                                     uint64_t key);

/* Fills *view.  False, and a view of nothing, for an unknown user. */
bool foresight_users_view(const foresight_users *users, uint64_t key,
                          foresight_user_view *view);

/* The view after one more request, or the end of one, that the store is not told
   of yet. */
void foresight_users_view_started(foresight_user_view *view, uint32_t model,
                                  int64_t now_ms);
void foresight_users_view_finished(foresight_user_view *view,
                                   int64_t duration_ms);

/* Appends a request; the user is added when new. */
void foresight_users_started(foresight_users *users, uint64_t key,
                             uint32_t model, uint32_t task,
                             int64_t input_length, int64_t now_ms);

/* A request of the user ended after duration_ms (< 0 unknown). */
void foresight_users_finished(foresight_users *users, uint64_t key,
                              uint32_t model, int64_t duration_ms);

/* The user that is silent longest.  False when there is none. */
bool foresight_users_oldest(const foresight_users *users, uint64_t *key,
                            int64_t *last_ms);

/* Removes every trace of the user.  False when there was none. */
bool foresight_users_forget(foresight_users *users, uint64_t key);

/* Writes all users, those longest silent first; or reads them into an empty
   store, which takes the latest where it has not room for all.  Models are below
   `models`. */
void foresight_users_state(hearth_state *s, foresight_users *users,
                           uint32_t models);

uint32_t foresight_users_count(const foresight_users *users);
size_t foresight_users_bytes(const foresight_users *users);

/* The k-th newest event, k from 0 to size - 1. */
static inline const foresight_event *
foresight_users_event(const foresight_user *user, uint32_t k) {
  return &user->ring[(user->head + FORESIGHT_USERS_RING - 1u - k) %
                     FORESIGHT_USERS_RING];
}

/* Codes of the ring: ln(length + 4) in 1/1024 and seconds in 1/2048 octave,
   saturating; and back. */
uint16_t foresight_users_length_code(int64_t length);
uint16_t foresight_users_gap_code(float seconds);
float foresight_users_gap_s(uint16_t code);

#endif
