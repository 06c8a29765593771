/* SPDX-License-Identifier: MIT
   What is inside a pool: its books, shared by the files of this folder. */
#ifndef HEARTH_SDK_POOL_STATE_H
#define HEARTH_SDK_POOL_STATE_H

#include "plugin/sdk/pool/heap.h"
#include "plugin/sdk/pool/pool.h"

typedef enum hearth__wish {
  HEARTH__NO_WISH,
  HEARTH__WISH_LATER, /* in the heap of starts */
  HEARTH__WISH_DUE    /* in the list of wishes; the model is absent */
} hearth__wish;

/* A model; ghosts hold one for each of theirs, so it is kept small. */
typedef struct hearth__model {
  int64_t memory_kb;
  uint64_t rank;        /* listed: its stamp; else its place in order of load */
  int64_t last_request; /* INT64_MIN: never */
  int64_t since;        /* when its load began, or when it became ready */
  int64_t keep_for;     /* HEARTH_NEVER: no limit */
  int64_t idle_since;   /* or since when its keep_for counts */
  int64_t warm_by;      /* of the wish */
  uint32_t load_ms;
  uint32_t below, above;  /* in the standing order of residents */
  uint32_t prev, next;    /* in the list that its state or wish puts it in */
  uint32_t users;         /* requests: running if it is ready, else waiting */
  uint32_t group, leader; /* the leader is the first model of the group */
  uint32_t resident;      /* of a leader: who of the group is resident */
  uint8_t state;          /* hearth_residency */
  uint8_t wish;           /* hearth__wish */
  uint8_t pinned, listed;
} hearth__model;

/* Models linked by prev and next: absent ones with a due wish, highest first;
   queued ones, oldest first; prewarms in flight, oldest first. */
typedef struct hearth__list {
  uint32_t first, last;
} hearth__list;

struct hearth_pool {
  hearth_memory_user memory;
  hearth_pool_options options;
  hearth__model *models;
  uint32_t count, cap;
  uint32_t bottom, top;  /* of the standing order of residents */
  uint32_t top_unlisted; /* the highest resident that no plan ever listed */
  hearth__list queue, prewarms, wishes;
  hearth__heap expiries; /* idle models by when their keep-alive runs out */
  hearth__heap starts;   /* wishes by when they begin */
  uint64_t last_stamp, last_load;
  int64_t used_kb;    /* by residents */
  int64_t idle_kb;    /* by those that may be evicted for a demand */
  int64_t prewarm_kb; /* by prewarms in flight */
  uint32_t residents; /* loading and ready */
  uint32_t loading;   /* demanded and prewarming */
  uint32_t prewarming;
  int64_t expired_before; /* keep-alives that ran out before this are over */
  double speculated_ms;   /* lane time of prewarms, decayed to speculated_at */
  int64_t speculated_at;
};

/* order.c: the standing order and the lists. */
int hearth__ranks_below(const hearth_pool *pool, uint32_t a, uint32_t b);
void hearth__order_link(hearth_pool *pool, uint32_t id);
void hearth__order_unlink(hearth_pool *pool, uint32_t id);
void hearth__list_append(hearth_pool *pool, hearth__list *list, uint32_t id);
void hearth__list_remove(hearth_pool *pool, hearth__list *list, uint32_t id);

/* books.c: every change of state goes through these. */
int hearth__is_resident(const hearth__model *model);
int hearth__is_idle(const hearth__model *model);
void hearth__become(hearth_pool *pool, uint32_t id, hearth_residency state,
                    int64_t now);
/* Around a change that may turn a model idle or busy, pinned or not. */
void hearth__idle_end(hearth_pool *pool, uint32_t id);
void hearth__idle_begin(hearth_pool *pool, uint32_t id, int64_t now);

/* wish.c: wishes to warm. */
void hearth__wish_drop(hearth_pool *pool, uint32_t id);
void hearth__wish_add(hearth_pool *pool, uint32_t id, int64_t start_at,
                      int64_t now);
void hearth__wishes_fall_due(hearth_pool *pool, int64_t now);

/* prewarm.c: the next step towards a prewarm; 0: none can start. */
int hearth__prewarm_next(hearth_pool *pool, int64_t now, hearth_action *action);
void hearth__prewarm_refund(hearth_pool *pool, uint32_t id, int64_t now);

/* The resident model of the same group, or HEARTH_NO_MODEL. */
uint32_t hearth__group_mate(const hearth_pool *pool, uint32_t id);

#endif
