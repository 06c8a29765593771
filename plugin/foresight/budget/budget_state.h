/* SPDX-License-Identifier: MIT
   Inside the budget head: its state, its constants, its parts. */
#ifndef FORESIGHT_BUDGET_STATE_H
#define FORESIGHT_BUDGET_STATE_H

#include "plugin/foresight/budget/budget.h"
#include "plugin/foresight/budget/budget_ghost.h"
#include "plugin/sdk/lock.h"
#include "plugin/sdk/pool/heap.h"

enum {
  BUDGET_HORIZONS = FORESIGHT_BUDGET_HORIZONS,
  BUDGET_RATES = 6,
  BUDGET_MASSES = 4,
  BUDGET_SIGNALS = BUDGET_RATES + BUDGET_MASSES + 3, /* idle, gap, traffic */
  BUDGET_POPULATIONS = 3,
  BUDGET_USED_INPUTS = BUDGET_SIGNALS + BUDGET_POPULATIONS + 1, /* a bias */
  /* in a state a multiple of four, the last ones zero */
  BUDGET_INPUTS = (BUDGET_USED_INPUTS + 3) & ~3,
  BUDGET_TABLES = 5,
  BUDGET_IDLE_CLASSES = 8,
  BUDGET_COUNT_CLASSES = 6,
  BUDGET_IDLE_BINS = 54,   /* three an octave, from 2 s to a week */
  BUDGET_SAMPLES = 22,     /* open at once, a model */
  BUDGET_HASH_BITS = 15,
  BUDGET_HASH_SIZE = 1 << BUDGET_HASH_BITS,
  BUDGET_PAIRS = BUDGET_HASH_SIZE / 2, /* a context is in either of a pair */
  BUDGET_STRETCH = 4096,
  BUDGET_LOWEST = 4,       /* re-scored before a plan: next to be evicted, */
  BUDGET_HIGHEST = 8,      /* and first to be prewarmed */
  BUDGET_WISHES = 4,       /* prewarms a plan may ask for */
  BUDGET_NO_SLOT = UINT32_MAX
};

/* Adaptive probabilities, one a horizon, with how many labels made each. */
typedef struct {
  uint16_t p[BUDGET_HORIZONS]; /* of 65536 */
  uint8_t n[BUDGET_HORIZONS];
} budget_slot;

typedef struct {
  budget_slot slot;
  uint32_t check; /* 0: free */
} budget_hashed;

/* The same, shared by all models, with the logits, which are read more often
   than they change. */
typedef struct {
  float logit[BUDGET_HORIZONS], p[BUDGET_HORIZONS], n[BUDGET_HORIZONS];
} budget_population;

/* What was known of a model at one instant. */
typedef struct {
  int64_t at;
  int16_t signal[BUDGET_SIGNALS]; /* of 1024; without ln H */
  uint16_t population[BUDGET_POPULATIONS];
  uint32_t slot[BUDGET_TABLES - 1]; /* in the hash; the last is the model's */
  uint8_t idle_bin, idle_class, count_class;
  uint8_t labelled; /* bit h: horizon h has its label */
} budget_sample;

typedef struct {
  int64_t last, gap, gap_before; /* gaps -1: none yet */
  int64_t count;
  int64_t rate_at, mass_at, left_at;
  float rate[BUDGET_RATES], mass[BUDGET_MASSES]; /* decayed to those times */
  uint32_t user;  /* who used it last */
  int32_t left;   /* and went on to another at left_at */
  int64_t burst_at; /* the cold start being imagined, -1: none */
  float burst_now, burst_sum, burst_count;
  float foretold, came; /* prewarms: expected uses, uses; decayed */
  float promised;       /* the chance at the prewarm now held; 0: none */
  float within[BUDGET_HORIZONS];
  float prewarm;        /* worth of loading it ahead */
  float chance;         /* that a prewarm now would be used */
  float next_sample_s;  /* age of the next sample */
  uint32_t samples;
  uint32_t scored; /* the turn of its last scoring */
  budget_slot idle[BUDGET_IDLE_BINS];
  budget_sample sample[BUDGET_SAMPLES];
} budget_model;

enum { BUDGET_ABSENT, BUDGET_DEMANDED, BUDGET_READY };

typedef struct {
  float shared[BUDGET_INPUTS][BUDGET_HORIZONS];
  float by_idle[BUDGET_IDLE_CLASSES][BUDGET_INPUTS][BUDGET_HORIZONS];
  float by_count[BUDGET_COUNT_CLASSES][BUDGET_INPUTS][BUDGET_HORIZONS];
  float tables[BUDGET_IDLE_CLASSES][BUDGET_TABLES][BUDGET_HORIZONS];
} budget_weights;

/* What calls change lies together, so that few lines of memory go from one
   processor to the other with it; what is only looked at lies before. */
struct foresight_budget {
  hearth_memory_user memory;
  foresight_budget_options options;
  /* By model: */
  budget_model *models;
  int64_t *memory_kb, *load_ms, *due; /* due: time of the next sample */
  float *worth;                       /* to evict by, lowest first */
  float *rank[FORESIGHT_BUDGET_LEARNED + 1];
  float *frequency; /* lfu: uses, decayed to the last use */
  uint32_t *running;
  uint32_t *held, *place; /* held: ready or demanded, the best by rank[order]
                             first; place: in `held`, from 1; 0: not there */
  uint8_t *state;
  uint32_t *fresh, *aside; /* scored since the last plan; room to set models
                              aside */
  uint32_t count, room;
  foresight_ghost_world world; /* the pool */
  foresight_ghost *ghost[FORESIGHT_BUDGET_LEARNED + 1];
  int64_t load_sum_ms, start;
  char apart[HEARTH_APART];
  hearth__heap by_due, lowest, highest; /* lowest: idle, by worth; highest:
                                           absent, by what a prewarm is worth */
  /* The pool, and following. */
  int64_t now, held_kb;
  int64_t asked_kb; /* by the cold load of the request at hand */
  uint32_t held_count, demanded;
  int32_t begun;
  foresight_budget_rule following;
  uint64_t own_loads;
  double loss[FORESIGHT_BUDGET_RULES];
  /* The plan. */
  uint32_t fresh_count, order, unseen_turn, turn;
  uint32_t wished[BUDGET_WISHES], wishes; /* prewarms of the last plan */
  /* All together. */
  float traffic[2]; /* requests, decayed at 20 min and 1 d */
  int64_t traffic_at;
  float novel;      /* first uses of a model, decayed at 1 d */
  uint32_t seen;
  uint32_t last_model, user_model, user_before, sequence;
  float eviction_gap_s;
  int64_t evicted_at;
  float gdsf_clock;
  /* Learned. */
  budget_weights weights;
  budget_population gap_idle[32 * 32], gap_ratio[16 * 16], rate_idle[32 * 32];
  budget_hashed hash[BUDGET_HASH_SIZE];
  uint8_t changed[BUDGET_PAIRS]; /* of the hash, since they were copied */
  float stretch[BUDGET_STRETCH + 1];
};

/* Constants.  One set for all; found on four traces and synthetic streams. */
#define BUDGET_BASE_STEP .02f  /* of the normalised gradient */
#define BUDGET_TABLE_STEP .01f
#define BUDGET_TABLE_LIMIT 120 /* labels a model's table averages over */
#define BUDGET_POPULATION_LIMIT 1000.0f
#define BUDGET_EVIDENCE .3f    /* labels' information at which a table is half
                                  believed */
#define BUDGET_SAMPLE_GROWTH 1.6f /* of the age, from one sample to the next */
#define BUDGET_FREED 3.0f      /* times the eviction gap: unused memory waits */
#define BUDGET_EVICTION_STEP .005f
#define BUDGET_BURST_DECAY .9f
#define BUDGET_FORGET .99861466 /* 2^-(1/500): of losses, a cold request */
#define BUDGET_SWITCH 1.02
#define BUDGET_RETRY .97 /* loss of prewarming while untried, of learned's */
#define BUDGET_CHANCE .15f     /* least chance of use for which to evict, */
#define BUDGET_CHANCE_SPENT .3f /* and more of it as the allowance is spent */
#define BUDGET_CHANCE_S 1200.0f /* within this or 4 loads */
#define BUDGET_ALLOWANCE .9f   /* of the extra loads allowed, to stay within */
#define BUDGET_TRUST_PRIOR 3.0f
#define BUDGET_DAY_S 110848.0f /* e-folding of slow clocks: half in 21 h */

extern const float foresight__budget_horizon[BUDGET_HORIZONS]; /* s */

/* budget_signal.c: what is known of a model now. */
void foresight__budget_note_use(foresight_budget *b,
                                const foresight_budget_use *use);
/* With `keep` the sample is to be learned from: its contexts get their slots,
   and the model's decayed sums are brought to now. */
void foresight__budget_signals(foresight_budget *b, uint32_t model,
                               budget_sample *s, int keep);
/* Waits that a cold start would cost now, in loads. */
float foresight__budget_burst(const foresight_budget *b, uint32_t model);

/* budget_order.c: put a model where it belongs after it changed.  `order`: of
   which rule's rank. */
void foresight__budget_placed(foresight_budget *b, uint32_t model);
void foresight__budget_sort(foresight_budget *b, uint32_t order);
int foresight__budget_order_reserve(foresight_budget *b, uint32_t count);
void foresight__budget_order_free(foresight_budget *b);

/* budget_mix.c: from that to probabilities; `p`: of each horizon. */
void foresight__budget_predict(const foresight_budget *b, uint32_t model,
                               const budget_sample *s, float *p);

/* budget_learn.c: back from what came.  After a state was loaded, the logits of
   what all models share are to be known anew. */
void foresight__budget_learn_init(foresight_budget *b);
void foresight__budget_learn_know(foresight_budget *b);
/* Label the model's open samples; `used`: it was just used. */
void foresight__budget_label(foresight_budget *b, uint32_t model, int used);

/* budget_score.c: what holding or loading a model is worth.  After a use, take
   the samples that are due; nothing else teaches what a model's past means.
   Before a plan, score those that may be evicted or loaded next. */
void foresight__budget_sample_due(foresight_budget *b);
void foresight__budget_refresh(foresight_budget *b);

/* budget_follow.c: ghosts, and whom to follow. */
int foresight__budget_follow_reserve(foresight_budget *b, uint32_t count);
void foresight__budget_follow_use(foresight_budget *b, uint32_t model);
/* 0..1: how much of the extra loads that are allowed is spent. */
float foresight__budget_spent(const foresight_budget *b);
/* Whether a load ahead may begin at all. */
int foresight__budget_may_wish(const foresight_budget *b);

void foresight__budget_follow_wait(foresight_budget *b, double wait_s);
/* budget.c: what the pool holds, as far as its events tell. */
void foresight__budget_set_state(foresight_budget *b, uint32_t model,
                                 uint8_t state);

#endif
