/* SPDX-License-Identifier: MIT
   Every constant of the head `next`, in one place. */
#ifndef FORESIGHT_NEXT_CONFIG_H
#define FORESIGHT_NEXT_CONFIG_H

/* One set for all hosts.  Most lie on flat optima: of those that were tried,
   half or double moved no hit rate by more than 0.002 on gentd26 and pcapps.
   Those that matter are marked with (!). */

/* Sizes. */
#define NEXT_MAX 80u        /* candidates; a multiple of NEXT_BLOCK */
#define NEXT_BLOCK 16u      /* handled at once, so that loops vectorise */
#define NEXT_CHUNK 4u       /* likewise, where there are few */
#define NEXT_POPULAR 80u    /* models kept at hand as the most popular */
#define NEXT_FIRST 24u      /* of them, before what the contexts hold; */
#define NEXT_FIRST_KNOWN 8u /* where the user has a past */
#define NEXT_RECENT 4u      /* latest models of a user, for co-occurrence */
#define NEXT_TOP 8u         /* candidates calibrated one by one */
#define NEXT_SHARED 24u     /* requests from which a user is in the table */
#define NEXT_BUCKETS 16384u /* of the table, 136 bytes each */
#define NEXT_ENTRIES 16u    /* models in a bucket */

/* Popularity: half-lives of 1 m, 5 m, 30 m, 2 d and, to order the most popular
   by, 8 h. */
#define NEXT_SHARES 4u /* of those, the first are read */
#define NEXT_PRIOR 3u  /* the last of them is taken for the prior (!) */

/* Features. */
#define NEXT_CLIP 8.0f         /* logs are held within this */
#define NEXT_KERNEL_EVENTS 16u /* of the user, compared by length */
#define NEXT_KERNEL_WIDTH 6.0f /* a length off by e^(1/6) counts 1/e */
#define NEXT_KERNEL_AGE 0.05f  /* each event back counts so much less, ln */
#define NEXT_KERNEL_TRUST 1.0f /* weight of the prior against the kernel */
#define NEXT_TOGETHER 0.995f   /* decay of co-occurrence, at an update */
#define NEXT_CELL_START 1.5f   /* adaptive probabilities move by 1/(n + this) */
#define NEXT_CELL_LIMIT 400u   /* with n up to this */

/* The user's session. */
#define NEXT_RUNNING_LIMIT_S 3600.0f /* then a lost `finished` is forgotten */
#define NEXT_JUST_ENDED_S 15.0f

/* Rhythm of a model. */
#define NEXT_RHYTHM_OCTAVE 3.0f /* bins an octave */
#define NEXT_RHYTHM_DECAY 0.99f /* of a bin, at a use that passes it */
#define NEXT_RHYTHM_TRUST 1.0f  /* expected uses that the prior is worth */
#define NEXT_RHYTHM_BESIDE 0.5f /* weight of the two neighbouring bins */

/* Learning. */
#define NEXT_WEIGHT 0.05f        /* of a feature at first */
#define NEXT_POPULAR_WEIGHT 0.3f /* of popularity at first */
#define NEXT_RATE 0.01f          /* of the sets of a situation, AdaGrad (!) */
#define NEXT_COMMON_RATE 0.04f   /* of the set that all share */
#define NEXT_SQUARES 100.0f      /* gradients' squares, at first */
#define NEXT_MISSED_LIMIT 50.0f  /* requests that tell the share missed */
#define NEXT_MAP_RATE 0.007f
#define NEXT_MAP_SPAN 8.0f  /* the maps cover logits within this */
#define NEXT_MAP_FIRST 0.8f /* share of the map in the first candidate's p */
#define NEXT_MAP_SHARE 0.5f /* in the p of the others of NEXT_TOP */

#endif
