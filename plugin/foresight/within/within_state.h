/* SPDX-License-Identifier: MIT
   State and constants of the head `within`, for its own files. */
#ifndef FORESIGHT_WITHIN_STATE_H
#define FORESIGHT_WITHIN_STATE_H

#include "plugin/foresight/within/within.h"
#include "plugin/foresight/within/within_lanes.h"

enum {
  HORIZONS = FORESIGHT_WITHIN_HORIZONS,
  BINS = 64,      /* of a gap */
  PER_OCTAVE = 4, /* of them */
  POOLS = 16,     /* classes of last gap; 0: used once */
  HISTORIES = 4,  /* of gaps: all, after short, after long, requests */
  CLOCKS = 3,     /* own hazards: all gaps, those after gaps like the last,
                     clock of requests */
  RATES = 2,      /* half-lives of rates, and one without decay */
  MASSES = 3,     /* of users: 2 by last model, 1 by the one before */
  HOURS = 24,
  INPUTS = 24,     /* of the mixer; a multiple of 4, for vectors */
  CLASSES = 8,     /* of age, and of rate, with a map of their own */
  TABLES = 5,      /* of delayed labels */
  CELLS = 20 * 20, /* of such a table */
  MAP = 24,        /* knots of a probability map */
  MAPS = 2,
  LINKS = 16384, /* between models */
  WAYS = 4,      /* of a bucket of links */
  RECENT = 6,    /* users followed from model to model */
  USERS = 4096,  /* users remembered at a time */
  RING = 4096,   /* samples of a horizon that wait for their label */
  FORECASTS = 5, /* inputs of the forecast of requests */
  FORECAST_RING = 16,
};

#define FIRST_KNOT 5.0f /* what a map is believed at first, in samples */

enum input {
  IN_BIAS,
  IN_SLOW,
  IN_BURST,
  IN_EVENTS,
  IN_POOL,
  IN_POOL_EVENTS,
  IN_RATE, /* RATES + 1 of them */
  IN_MASS = IN_RATE + RATES + 1,
  IN_DAYS = IN_MASS + MASSES, /* 14 days, 3 days, same weekday */
  IN_TABLE = IN_DAYS + 3,
  IN_TRAFFIC = IN_TABLE + TABLES,
  IN_COUNT = IN_TRAFFIC + 1,
  IN_RATIO,
  IN_HORIZON_RATIO,
  IN_END
};
_Static_assert((int)IN_END == (int)INPUTS, "each is filled");
_Static_assert((int)HORIZONS < (int)LANES, "a horizon is a lane");

/* Exposures and events of a shared hazard. */
typedef struct within_pool {
  float events[BINS];
  float exposed[BINS];
  /* Worked out of these now and then. */
  float p[BINS];
  float cumulated[BINS + 1];
  float changes;
} within_pool;

typedef struct within_model {
  int64_t first, last; /* times of use */
  int64_t mass_time;
  int64_t due;               /* next sample */
  int64_t sampled[HORIZONS]; /* last sample or when it would have been */
  uint64_t last_request;     /* number of the request that used it */
  uint32_t count;            /* uses */
  uint32_t heap_place;
  uint16_t gaps[HISTORIES][BINS];    /* decayed counts of gaps, 1/512 */
  float cumulated[CLOCKS][BINS + 1]; /* hazard up to a bin's start */
  float rate[RATES];                 /* decayed counts as of `last` */
  float mass[MASSES];                /* decayed users as of `mass_time` */
  float out;                         /* decayed requests that followed */
  uint32_t followed;
  float last_gap;         /* seconds, < 0: none */
  int32_t day;            /* the day of bit 0 of `days` */
  uint16_t days[HOURS];   /* bit k: used in this hour k days ago */
  uint32_t user;          /* of the last use */
  uint32_t user_requests; /* theirs, up to then */
  uint8_t exposed;        /* bins of the gap told to the pools */
  uint8_t exposed_requests;
  uint8_t pool;
  uint8_t after;  /* was the last gap long, for this model? */
  float mean_gap; /* decayed mean of the octaves of gaps */
} within_model;
_Static_assert(sizeof(within_model) <= 1536, "over 1.5 KB a model");

typedef struct within_sample {
  int64_t time;
  uint32_t model;
  float weight;
  uint16_t cell[TABLES];
  uint8_t age, rate; /* classes */
  int16_t x[INPUTS];
} within_sample;

/* The oldest is at head % RING: as both only grow, the sum tells how many there
   ever were. */
typedef struct within_ring {
  uint32_t head, size;
  within_sample samples[RING];
} within_ring;

/* A user's latest request; a slot is the latest comer's. */
typedef struct within_user {
  uint32_t user; /* one more than the id; 0: none */
  uint32_t requests;
  int64_t last;
} within_user;

/* A bucket; what is looked for lies together. */
typedef struct within_links {
  uint32_t key[WAYS]; /* 0: free */
  uint32_t age[WAYS]; /* of its first model, in requests that followed, at n */
  float n[WAYS];
} within_links;

typedef struct within_recent {
  uint32_t user; /* one more than the id; 0: none */
  uint32_t model;
  int64_t time;
} within_recent;

typedef struct within_cell {
  float p, n;
} within_cell;

/* Of every horizon, side by side as they are read. */
typedef struct within_cells {
  lanes p, n;
} within_cells;

typedef struct within_map {
  within_cell knot[MAP];
} within_map;

typedef struct within_mixer {
  float weight[INPUTS];
  float grad[INPUTS];
} within_mixer;

typedef struct within_forecast {
  int64_t time;
  uint64_t requests;
  float x[FORECASTS];
} within_forecast;

struct foresight_within {
  hearth_memory_user memory;
  uint32_t off;
  uint32_t count, room;
  int begun;
  int64_t start, now;
  uint64_t requests;
  float traffic[3];     /* decayed counts of all requests */
  float profile[HOURS]; /* requests in an hour of the day */
  float profile_n[HOURS];
  int64_t hour; /* being counted */
  float in_hour;
  float newcomers; /* decayed first uses, as of `now` */
  float stride;    /* multiplies the spacing of samples */
  float debt;      /* visits not yet paid for */
  uint32_t noise;
  within_model *models;
  uint32_t *heap;
  uint32_t heap_size;
  within_pool pools[POOLS], all, all_requests;
  within_mixer mixer[HORIZONS];
  lanes weight[INPUTS]; /* theirs, as they are read */
  within_map maps[MAPS][HORIZONS][CLASSES];
  within_cells tables[TABLES][CELLS];
  float forecast_weight[HORIZONS][FORECASTS];
  within_forecast forecasts[HORIZONS][FORECAST_RING];
  uint32_t forecast_head[HORIZONS], forecast_size[HORIZONS];
  within_user users[USERS];
  within_links links[LINKS / WAYS];
  within_recent recent[RECENT];
  within_ring rings[HORIZONS];
};

/* Everything a prediction is made of. */
typedef struct within_inputs {
  lanes x[INPUTS];
  uint16_t cell[TABLES];
  uint8_t age, rate; /* classes */
} within_inputs;

extern const float foresight_within_horizon[HORIZONS]; /* s */
extern const float foresight_within_half_life[RATES];  /* s */
extern const float foresight_within_mass_life[MASSES]; /* s */
extern const float foresight_within_traffic_life[3];   /* s */
extern const float foresight_within_newcomer_life;     /* s */

static inline int within_on(const foresight_within *head, int signal) {
  return !(head->off >> signal & 1u);
}

static inline float within_seconds(int64_t from, int64_t to) {
  return to > from ? (float)(to - from) * 1e-3f : 0.0f;
}

/* Times are held where sums and days cannot overflow (1.6 million years). */
static inline int64_t within_time(int64_t now, int64_t least) {
  const int64_t end = 50000000000000000;
  now = now < -end ? -end : now > end ? end : now;
  return now > least ? now : least;
}

/* Octaves of a gap above 16 s, below which little is told apart, and of a
   number of requests; both from 0, real, and without end. */
static inline float within_octave(float seconds) {
  return within_log2(1.0f + seconds * (1.0f / 16.0f));
}
static inline float within_octave_requests(float n) {
  return within_log2(1.0f + n);
}
static inline int within_bin(float octave) {
  const int i = (int)((float)PER_OCTAVE * octave);
  return i < BINS ? i : BINS - 1;
}

/* Hazard up to an octave; past the last bin it goes on as in it. */
static inline float within_up_to(const float *cumulated, float octave) {
  const int i = within_bin(octave);
  return cumulated[i] + ((float)PER_OCTAVE * octave - (float)i) *
                            (cumulated[i + 1] - cumulated[i]);
}

/* within_hazard.c */
void foresight_within_hazard_begin(foresight_within *head);
void foresight_within_hazard_expose(foresight_within *head, within_model *m,
                                    float age, float requests);
void foresight_within_hazard_used(foresight_within *head, within_model *m,
                                  float gap, float requests);
void foresight_within_hazard_refresh(foresight_within *head, within_model *m);

/* within_traffic.c */
void foresight_within_traffic_begin(foresight_within *head);
void foresight_within_traffic_learn(foresight_within *head, int64_t now);
void foresight_within_traffic_used(foresight_within *head, int64_t now);

/* within_inputs.c */
void foresight_within_inputs(const foresight_within *head,
                             const foresight_within_now *at,
                             const within_model *m, within_inputs *in);

/* The group of signals an input belongs to. */
int foresight_within_signal_of(int input);

/* within_links.c */
void foresight_within_links_used(foresight_within *head, uint32_t user,
                                 uint32_t from, uint32_t to, int64_t now);
int foresight_within_links_cell(const foresight_within *head,
                                const foresight_within_now *at, uint32_t model);

/* within_mixer.c */
void foresight_within_mixer_begin(foresight_within *head);
void foresight_within_mixer_loaded(foresight_within *head);
void foresight_within_mix(const foresight_within *head, const within_inputs *in,
                          lanes p);
void foresight_within_train(foresight_within *head, const within_sample *s,
                            int horizon, float y);

/* within_samples.c */
void foresight_within_samples_take(foresight_within *head, int64_t now);
void foresight_within_samples_label(foresight_within *head, int64_t now);
void foresight_within_samples_used(foresight_within *head, uint32_t model);

#endif
