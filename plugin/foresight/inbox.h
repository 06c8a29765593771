/* SPDX-License-Identifier: MIT
   What the head `next` is told while others are predicting with it. */
#ifndef FORESIGHT_INBOX_H
#define FORESIGHT_INBOX_H

#include <stdatomic.h>

#include "plugin/foresight/next/next.h"

/* Nobody waits for the head to be free: what can't be learned at once is noted,
   and learned, in order, with what comes after.  One thread alone finds the
   head always free, so that its calls are answered the same every time.  A save
   shares the head for as long as it takes; then more is noted, up to a bound.
   Only past the bounds does a call wait. */
enum {
  FORESIGHT_NOTES = 16,             /* as a rule: more wait for the head */
  FORESIGHT_NOTES_SAVING = 1 << 16, /* while a state is being saved */
  FORESIGHT_NOTES_SEEN = 1024       /* looked at for what a user did */
};

typedef struct foresight_note {
  foresight_next_request request;
  int64_t duration_ms; /* of a request that ended; < 0 unknown */
  uint32_t model, place;
  int32_t ended; /* or started */
} foresight_note;

typedef struct foresight_inbox {
  foresight_note *ring; /* `cap` of them, a power of two; locks.notes */
  uint32_t cap, first;
  atomic_uint count;
  atomic_int saving;
  atomic_int used[FORESIGHT_NEXT_PLACES]; /* a note needs the frame there */
} foresight_inbox;

/* The head learns this now or later, by the calling thread's frame.  `shape` is
   shared. */
void foresight__tell(hearth_plugin *f, foresight_note note);

/* The same in two steps, for who has a look there too: 1 if the head is free,
   and had alone from then till it has learned. */
int foresight__try_next(hearth_plugin *f);
void foresight__learn_next(hearth_plugin *f, foresight_note note);

/* A user as all outcomes told so far leave it, those too that are only noted
   (the newest FORESIGHT_NOTES_SEEN of them, where a save lets many gather); 0:
   it is unknown.  `next` is shared, or had alone. */
int foresight__view_user(const hearth_plugin *f, uint32_t user,
                         foresight_user_view *view);

/* Learn of what is noted if the head is free; and wait for that, unless it is
   being saved, where a note needs the frame that the caller will use now. */
void foresight__catch_up(hearth_plugin *f, int uses_frame);

/* A save will begin: room for all that may be noted until it ends; where memory
   fails, calls wait sooner. */
void foresight__expect_notes(hearth_plugin *f);

/* Have `shape` and `next` alone, with everything learned, by the deciding heads
   too; and end that. */
void foresight__alone(hearth_plugin *f);
void foresight__not_alone(hearth_plugin *f);

/* From being alone to a save, which shares `next` with who predicts; and its
   end. */
void foresight__share_next(hearth_plugin *f);
void foresight__unshare_next(hearth_plugin *f);

#endif
