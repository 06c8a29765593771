/* SPDX-License-Identifier: MIT
   What the files of the head "price" share. */
#ifndef FORESIGHT_PRICE_STATE_H
#define FORESIGHT_PRICE_STATE_H

#include "plugin/foresight/price/price.h"
#include "plugin/foresight/price/price_cells.h"

/* Ages are binned: under 1 s, then by half octaves. */
enum {
  PRICE_BINS = 48,
  PRICE_ROOM = 49, /* full rows of them, for vectors that reach beyond */
  PRICE_INPUTS = 19, /* of the mixer; 0 global, 1 and 2 the model's own */
  PRICE_SCALED = 18, /* the input by age in typical gaps of the model */
  PRICE_SCALES = 5,  /* sets of its counters, by gaps so far */
  PRICE_CLASSES = 6,
  PRICE_GHOSTS = 3,
  PRICE_NEXTS = 8,
  PRICE_LOAD_CLASSES = 10
};
/* Break-even; stopping; stopping, prewarm and successor holds. */
enum { PRICE_BE, PRICE_A, PRICE_C };

/* A model that was never idle. */
#define PRICE_NEVER INT64_MIN

typedef struct {
  int64_t since, until, ready; /* held in [since, until), loaded at ready */
  int64_t hold;                /* a successor hold lasts until then */
  float spent;                 /* idle cost of this gap so far, s */
  uint8_t held;
} price_ghost;

typedef struct {
  double load_s, price; /* price: s of cost a s of idleness */
  double even_ms;       /* idle time that costs as much as a load */
  float log_gap;        /* mean logarithm of recent gaps, s */
  uint32_t shift;       /* bins from a typical gap to the last bin */
  price_cell slow[PRICE_ROOM], fast[PRICE_ROOM];
  int64_t idle_since, last_arrival, decayed_at;
  double count[3]; /* decayed arrivals: 10 min, 1 h, 1 d */
  double mass[2];  /* decayed users whose latest model this is: 10 min, 1 h */
  uint32_t asked;  /* since the latest plan */
  uint32_t busy, gaps, burst, gap1, gap2;
  uint32_t user, user_before, task, same_length, user_count;
  int64_t length, user_gap;
  int64_t keep[PRICE_GHOSTS]; /* planned at arrival, from idleness on, ms */
  price_ghost ghost[PRICE_GHOSTS];
  float score[PRICE_GHOSTS], scored;
  float extra[PRICE_LOAD_CLASSES],
      extra_n[PRICE_LOAD_CLASSES]; /* wait of arrivals during a load, by age */
  uint32_t follow;                 /* the ghost whose word goes */
  /* Open sample: the contexts at the latest review.  0: none; that of
     PRICE_SCALED is 1 more than the number of its set. */
  uint32_t key[PRICE_INPUTS], sample_bin, sampling;
  /* What was forecast in those contexts, from the bin of the latest review to
     known_to (lower ones are of earlier times): good until they change or the
     gap ends. */
  float known[PRICE_BINS];
  uint32_t known_to;
  /* Arrivals within a load's time after a gap, to measure `extra`. */
  int64_t window_start;
  double window_wait, window_left, window_miss;
  uint32_t missed, window_missed;
  int64_t duration;
  uint32_t window_age, window_open;
  int64_t due;
  uint32_t heap_at, tell;
  int64_t told;
  uint32_t resident;
  double last_q, last_value;
} price_model;

typedef struct {
  uint32_t key, total;
  uint32_t model[PRICE_NEXTS];
  uint16_t count[PRICE_NEXTS];
  float log_dwell[PRICE_NEXTS];
} price_next;

enum { PRICE_NEXT_ROWS = 4096, PRICE_BUCKETS = PRICE_ROWS / PRICE_WAYS };

struct foresight_price {
  hearth_memory_user memory;
  foresight_price_config config;
  price_model *model;
  uint32_t models, capacity;
  uint32_t *heap, heap_len; /* models by due */
  uint32_t *tell, tell_len; /* models with something to say */
  price_row *rows;
  price_next *next;
  int64_t edge[PRICE_BINS + 1];
  price_cell global[PRICE_ROOM], scaled[PRICE_SCALES][PRICE_ROOM * 2];
  float w[PRICE_CLASSES][PRICE_INPUTS], v[PRICE_INPUTS][PRICE_ROOM];
  double samples;
  double rate; /* all arrivals, half-life 10 min */
  double rate_day;
  int64_t rate_at;
  int64_t now;    /* never goes back */
  int64_t offset; /* from the caller's clock to `now` */
  uint32_t began;
  float score[PRICE_GHOSTS], square[PRICE_GHOSTS], differ[PRICE_GHOSTS], scored;
  float extra[PRICE_LOAD_CLASSES], extra_n[PRICE_LOAD_CLASSES];
  /* Of `rows` and `next`, since they were copied. */
  uint8_t changed[PRICE_BUCKETS], changed_next[PRICE_NEXT_ROWS];
};

/* contexts */
uint32_t foresight_price_bin(const foresight_price *p, int64_t age_ms,
                             uint32_t from);
/* Class of x > 0: how many of 1, 2, 4, 8... it reaches, at most `most`. */
uint32_t foresight_price_octave(double x, uint32_t most);
/* A typical gap of a model, into its `shift`. */
void foresight_price_scale(const foresight_price *p, price_model *m);
/* The contexts of a model, into its `key`. */
void foresight_price_contexts(foresight_price *p, uint32_t m);

/* hazard */
/* q[b] for b in [from, to): chance that the model is used in bin b if it was
   not before.  Returns where it stopped, `to` or earlier: the idle time hardly
   ever lasts till then. */
uint32_t foresight_price_forecast(foresight_price *p, uint32_t m, uint32_t from,
                                  uint32_t to, double *q);
void foresight_price_learn(foresight_price *p, uint32_t m, uint32_t bin,
                           uint32_t event);

/* stop */
uint32_t foresight_price_load_class(const foresight_price *p,
                                    const price_model *m, uint32_t bin);
double foresight_price_miss(const foresight_price *p, uint32_t m, uint32_t bin);
typedef struct {
  int64_t keep;   /* A: stay until this age, ms */
  int64_t keep_c; /* C likewise */
  uint32_t prewarm;
  double q, value;
} price_decision;
/* At an age, which is in this bin. */
void foresight_price_decide(foresight_price *p, uint32_t m, int64_t age,
                            uint32_t bin, price_decision *d);

/* heap: models by `due`; and those whose plan changed */
int64_t foresight_price_due_at(const foresight_price *p, uint32_t i);
void foresight_price_place(foresight_price *p, uint32_t i, uint32_t id);
void foresight_price_set_due(foresight_price *p, uint32_t id, int64_t due);
void foresight_price_say(foresight_price *p, uint32_t id);

/* gap; forward is b - a, 0 if the clock jumped back */
int64_t foresight_price_forward(int64_t a, int64_t b);
void foresight_price_fade(foresight_price *p, price_model *m, int64_t now);
void foresight_price_learn_until(foresight_price *p, uint32_t id, uint32_t bin);
void foresight_price_watch_window(foresight_price *p, price_model *m,
                                  int64_t now);
void foresight_price_end_gap(foresight_price *p, uint32_t id, int64_t now);
void foresight_price_note_user(foresight_price *p, uint32_t id,
                               const foresight_price_event *e);

double foresight_price_bounded(double idle_price);

/* next */
uint32_t foresight_price_next_key(const foresight_price *p, uint32_t user,
                                  uint32_t model);
void foresight_price_learn_next(foresight_price *p, uint32_t user,
                                uint32_t from, uint32_t to, int64_t dwell);
void foresight_price_holds(foresight_price *p, uint32_t user, uint32_t from,
                           int64_t now);
void foresight_price_release(foresight_price *p, uint32_t user, uint32_t from,
                             uint32_t to, int64_t now);

#endif
