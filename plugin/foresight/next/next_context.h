/* SPDX-License-Identifier: MIT
   The situation of a request, and what is known to follow in it. */
#ifndef FORESIGHT_NEXT_CONTEXT_H
#define FORESIGHT_NEXT_CONTEXT_H

#include "plugin/foresight/next/next_frame.h"

/* Describes the frame's request: the user's past, classes, hashes. */
void next_context_describe(next_frame *frame, const foresight_users *users,
                           uint32_t off);

/* Finds each context's bucket; a light user's are rebuilt from the ring. */
void next_context_gather(next_frame *frame, const next_table *table);

/* Counts the model in every context of the frame. */
void next_context_learn(next_frame *frame, next_table *table, uint32_t model);

/* The owner of the buckets of a user: never 0. */
uint32_t next_context_owner(uint64_t user);

/* The hash of the bucket of what was used together with a model. */
uint64_t next_context_together(uint32_t model);

#endif
