/* SPDX-License-Identifier: MIT
   Who may be where at a time: the locks of an instance. */
#ifndef FORESIGHT_LOCKS_H
#define FORESIGHT_LOCKS_H

#include "plugin/sdk/lock.h"

/* Calls of many threads pass through the heads one behind another, each head
   with a lock of its own, so that one thread may learn in a head while another
   predicts in the next.  Every call shares `shape`; who adds models, makes or
   changes a deciding head, or needs several heads at one instant has it alone,
   and then needs none of the others, but `next` where it changes that head or
   users: a state that is being saved shares it (inbox.h: foresight__alone).

   Nesting: shape, then decide, then models, then next or within; notes in
   decide and in next. */
typedef struct foresight_locks {
  hearth_striped *shape; /* which models, tasks and heads there are */
  hearth_mutex *decide;  /* budget, price */
  hearth_mutex *models;  /* their usage, standing, load times, residence */
  hearth_shared *next;   /* next, users; predicting shares it */
  hearth_shared *within; /* predicting shares it */
  hearth_mutex *notes;   /* the inbox of next, the docket of decide */
} foresight_locks;

/* HEARTH_NO_MEMORY: free it all the same. */
hearth_status foresight_locks_init(const hearth_memory_user *memory,
                                   foresight_locks *locks);
void foresight_locks_free(const hearth_memory_user *memory,
                          foresight_locks *locks);

#endif
