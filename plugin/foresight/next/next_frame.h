/* SPDX-License-Identifier: MIT
   One request as the predictor sees it: contexts, candidates, features. */
#ifndef FORESIGHT_NEXT_FRAME_H
#define FORESIGHT_NEXT_FRAME_H

/* Internal to the head.  A frame is scratch: filled from the learned state
   for one request, used to score and then to learn, never saved. */

#include "plugin/foresight/next/next.h"
#include "plugin/foresight/next/next_config.h"
#include "plugin/foresight/next/next_prior.h"
#include "plugin/foresight/next/next_rhythm.h"
#include "plugin/foresight/next/next_table.h"
#include "plugin/foresight/next/next_users.h"

#define NEXT_NONE UINT32_MAX
#define NEXT_FEATURES 32u /* those below, padded for the vector loops */
#define NEXT_SETS 6u      /* families of weight sets */
#define NEXT_SLOTS 256u   /* of the map from models to candidates */

/* Contexts: name, decay at an update, feature group. Those of the user come
   first: they are rebuilt from the ring unless the table has more. */
#define NEXT_USER_CONTEXTS(X)                                                  \
  X(USER, 0.98f, HABIT)                                                        \
  X(FAST, 0.8f, HABIT)                                                         \
  X(U_LAST2, 0.95f, SEQUENCE)                                                  \
  X(U_LAST3, 0.95f, SEQUENCE)                                                  \
  X(U_TASK, 0.95f, TASK)                                                       \
  X(U_GAP, 0.95f, SESSION)                                                     \
  X(U_SLOT, 0.97f, TIME)
#define NEXT_WORLD_CONTEXTS(X)                                                 \
  X(LAST2, 0.99f, SEQUENCE)                                                    \
  X(LAST_CHANGE, 0.99f, LENGTH)                                                \
  X(LAST_LENGTH, 0.99f, SESSION)                                               \
  X(TASK, 0.999f, TASK)                                                        \
  X(TASK_EXACT, 0.9f, LENGTH)                                                  \
  X(TASK_LENGTH, 0.995f, LENGTH)                                               \
  X(FIRST, 0.99f, LENGTH)                                                      \
  X(LAST_GAP, 0.99f, SESSION)                                                  \
  X(NEW_LAST, 0.99f, SEQUENCE)                                                 \
  X(PROJECT, 0.98f, PROJECT)                                                   \
  X(PROJECT_TASK, 0.95f, PROJECT)                                              \
  X(KIND, 0.99f, TASK)                                                         \
  X(KIND_USER, 0.95f, TASK)

enum {
#define X(name, alpha, group) NEXT_C_##name,
  NEXT_USER_CONTEXTS(X) NEXT_WORLD_CONTEXTS(X) NEXT_CONTEXTS,
  NEXT_OF_USER = NEXT_C_LAST2
#undef X
};

enum {
  NEXT_F_POPULAR,
  NEXT_F_TREND1,
  NEXT_F_TREND2,
  NEXT_F_RHYTHM,
  NEXT_F_TOGETHER,
  NEXT_F_CONTEXT,                /* NEXT_CONTEXTS of them */
  NEXT_F_DENSE = NEXT_F_CONTEXT, /* those before it tell of every candidate */
  NEXT_F_SINCE = NEXT_F_CONTEXT + NEXT_CONTEXTS,
  NEXT_F_KERNEL,
  NEXT_F_NEW,
  NEXT_F_LAST,
  NEXT_F_RUN,
  NEXT_F_COUNT
};
_Static_assert(NEXT_F_COUNT <= NEXT_FEATURES, "features");
_Static_assert(NEXT_FEATURES % NEXT_CHUNK == 0, "whole vectors");
_Static_assert(NEXT_MAX < NEXT_SLOTS, "a slot stays free");

/* Behind the candidates there is one that nobody asks about: an entry of a
   model that is no candidate, or that fills a chunk, tells of it. */
#define NEXT_NOBODY NEXT_MAX
#define NEXT_PLACES (NEXT_MAX + NEXT_BLOCK)

/* Entries of all sparse features: of the buckets; of the ring's models in
   NEW_LAST, SINCE, NEW and KERNEL; LAST and RUN. */
#define NEXT_HELD (NEXT_CONTEXTS * NEXT_ENTRIES + FORESIGHT_USERS_RING)
#define NEXT_ROOM (NEXT_HELD + 3u * FORESIGHT_USERS_RING + 2u * NEXT_CHUNK)
_Static_assert(NEXT_ENTRIES % NEXT_CHUNK == 0 &&
                   FORESIGHT_USERS_RING % NEXT_CHUNK == 0,
               "chunks, each feature's its own");

typedef struct {
  foresight_next_request request; /* without what the mask takes away */
  const foresight_user *user;     /* NULL when new */
  uint32_t last, before, third;   /* models of the user, newest first */
  uint32_t gap_class, busy, length_bin, change_bin, experience;
  uint32_t slot_of_day; /* of two hours */
  float gap_s;
  uint64_t hash[NEXT_CONTEXTS];
  bool live[NEXT_CONTEXTS]; /* whether it applies to this request */
  const next_bucket *bucket[NEXT_CONTEXTS]; /* NULL: nothing known */
  next_bucket rebuilt[NEXT_OF_USER];
  bool is_rebuilt[NEXT_OF_USER];   /* which of those were */
  float gap[FORESIGHT_USERS_RING]; /* of the user's events, in s */
  uint32_t recent[NEXT_RECENT], recents;
  uint32_t count, padded;   /* candidates; rounded up to blocks */
  uint32_t most;            /* candidates that there may be */
  uint32_t familiar;        /* of them, in the user's ring: the first */
  uint16_t model[NEXT_MAX]; /* the last is repeated to fill its block */
  /* Candidates, or NEXT_NOBODY: by model (open addressing), and of the user's
     events. */
  uint8_t slot[NEXT_SLOTS];
  uint8_t event[FORESIGHT_USERS_RING];
  uint8_t since[NEXT_MAX]; /* row of the since table, familiar ones */
  uint8_t since_row;       /* for what is not in the ring */
  float share[NEXT_SHARES][NEXT_PLACES]; /* popularity */
  float base[NEXT_PLACES]; /* the distribution that features are ratios to */
  /* Features: the dense ones of all candidates, the others only where a
     candidate differs from one about which nothing is known (the softmax does
     not see what all share).  A sparse feature's entries begin at a chunk of
     their own and fill it up with NEXT_NOBODY; a context's are in the order of
     its bucket. */
  float dense[NEXT_F_DENSE][NEXT_PLACES];
  uint16_t first[NEXT_FEATURES], entries[NEXT_FEATURES], used;
  uint8_t at[NEXT_ROOM];
  float value[NEXT_ROOM];    /* of a context at first what its bucket counts */
  float proved[NEXT_HELD];   /* how often such counts came true, */
  uint16_t state[NEXT_HELD]; /* as their row of evidence says */
  uint32_t set[NEXT_SETS];   /* chosen weight sets */
  float weight[NEXT_FEATURES]; /* their sum */
  float p_mixed[NEXT_PLACES];
  float p[NEXT_PLACES];         /* calibrated */
  float other;                  /* for all that are not candidates */
  uint32_t top[NEXT_TOP], tops; /* candidates by falling p */
  uint32_t map_bin[NEXT_TOP];   /* where those fell in the maps */
  float map_upper[NEXT_TOP];
} next_frame;

/* Up to whole chunks. */
static inline uint32_t next_frame_chunks(uint32_t entries) {
  return (entries + NEXT_CHUNK - 1) / NEXT_CHUNK * NEXT_CHUNK;
}

/* Where the model's candidate is in frame->slot, or the free slot where it
   would go. */
static inline uint8_t *next_frame_slot(next_frame *frame, uint32_t model) {
  uint32_t h = model % NEXT_SLOTS;
  while (frame->slot[h] != NEXT_NOBODY && frame->model[frame->slot[h]] != model)
    h = (h + 1) % NEXT_SLOTS;
  return &frame->slot[h];
}

/* The candidate that is the model, or NEXT_NOBODY. */
static inline uint32_t next_frame_place(const next_frame *frame,
                                        uint32_t model) {
  uint32_t h = model % NEXT_SLOTS;
  while (frame->slot[h] != NEXT_NOBODY && frame->model[frame->slot[h]] != model)
    h = (h + 1) % NEXT_SLOTS;
  return frame->slot[h];
}

/* The same, or NEXT_NONE. */
static inline uint32_t next_frame_find(const next_frame *frame,
                                       uint32_t model) {
  const uint32_t place = next_frame_place(frame, model);
  return place == NEXT_NOBODY ? NEXT_NONE : place;
}

#endif
