/* SPDX-License-Identifier: MIT
   Experiments: plugins side by side on the same traffic, and who is better. */
#ifndef HEARTH_EXPERIMENT_H
#define HEARTH_EXPERIMENT_H

#include "hearth/predictor.h"
#include "hearth/slot.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An experiment runs several arms (a plugin with a configuration) on the same
   requests.  Each arm has an instance of its own and a ghost pool of its own:
   the warm pool's rules over metadata alone, so that what an arm's users would
   have waited is measured without loading a byte, and no arm disturbs another.
   The champion is the plugin that drives the real pool; the experiment holds a
   second instance of it, on a ghost like all others, so that like is compared
   with like.  The rest are challengers.

   A host tells of each request three times, at no more cost than a copy:

     hearth_experiment_request    it came (a Context message)
     hearth_experiment_settled    its model is known
     hearth_experiment_finished   it ran for so long

   or passes each Outcome message to hearth_experiment_outcome.  A thread of the
   experiment's own then plays it to every arm, in the order of coming.  A ghost
   needs to know how long a request runs, so one is played when it has finished
   (or after hold_ms): the figures are those of a replay of the same requests.

   The test.  Units are users, sessions or requests; a unit's cost under an arm
   is the seconds that its requests waited there (with a price of idle memory:
   plus the idle memory, in seconds at that price, since the request before), at
   most cap_s.  Two designs:

     paired  each unit's cost under the champion less that under the challenger:
             both are known, since every arm sees all traffic
     split   a unit counts under the arm only that its hash gives it to, as if
             nothing else were known of it; a unit counts once

   Both yield an empirical-Bernstein confidence sequence for the mean saving per
   unit (Howard, Ramdas, McAuliffe, Sekhon 2021, Theorem 4).  It holds at all
   times at once with probability 1 - alpha: it may be looked at after every
   unit, and be acted on at the first that does not contain zero.  alpha is
   shared among the challengers.  A challenger that is better may be promoted,
   and then the test begins anew against it, with an alpha of its own; one that
   is worse is stopped.

   The conventions are those of hearth/host.h.  Every function may be called
   from any thread, and none that a host tells by waits for a plugin. */
typedef struct hearth_experiment hearth_experiment;

enum { HEARTH_EXPERIMENT_ARMS = 8, HEARTH_EXPERIMENT_NAME = 64 };

enum {                      /* hearth_experiment_options.unit */
       HEARTH_UNIT_USER,    /* what a user costs within window_ms */
       HEARTH_UNIT_SESSION, /* until session_gap_ms without a request */
       HEARTH_UNIT_REQUEST
};
enum { HEARTH_DESIGN_PAIRED, HEARTH_DESIGN_SPLIT };

typedef struct hearth_experiment_arm {
  const char *name;        /* shorter than HEARTH_EXPERIMENT_NAME; unique */
  hearth_library *library; /* shared; may be closed at once */
  hearth_bytes config;     /* a Config message; empty: the defaults */
  hearth_bytes state; /* learned before (the living champion's); or empty */
  double share;       /* of the units, 0 to 1: whose callers get its
                         answers; all shares add up to 1 */
  int32_t shadow;     /* 1: nobody ever gets its answers; share 0 */
} hearth_experiment_arm;

/* What stops a challenger before the test does.  0: no such limit. */
typedef struct hearth_experiment_guardrails {
  double latency_p99_ms; /* of prepare_models */
  double error_share;    /* of all calls, failed */
  double wait_ratio;     /* of its cost to the champion's, so far */
  uint64_t least_calls;  /* before the first two are looked at */
  uint64_t least_units;  /* before the third is */
} hearth_experiment_guardrails;

/* A winner to be put in the champion's place.  Borrowed until the callback
   returns. */
typedef struct hearth_experiment_promotion {
  uint32_t winner, loser;  /* arms */
  hearth_library *library; /* of the winner */
  hearth_bytes config;
  hearth_bytes winner_state; /* learned so far; empty: the plugin has none */
  hearth_bytes loser_state;
  double saved_s, low_s, high_s; /* a unit */
  uint64_t units;
  int64_t at_ms;
} hearth_experiment_promotion;

typedef struct hearth_experiment_options {
  const char *name;           /* salts the split */
  const hearth_model *models; /* copied */
  uint32_t model_count;
  double budget_mb;    /* of each ghost; <= 0: none */
  uint32_t load_lanes; /* 0: no limit */
  double idle_price;   /* GB*s idle worth a second of wait; <= 0: a budget */
  const char *pool_id; /* as the plugins know it; NULL: "default" */
  const hearth_experiment_arm *arms; /* copied */
  uint32_t arm_count;                /* 2 to HEARTH_EXPERIMENT_ARMS */
  uint32_t champion;
  int32_t unit, design;   /* the design that decides; both are measured */
  int64_t window_ms;      /* of a user; a day */
  int64_t session_gap_ms; /* 30 minutes */
  double alpha;           /* 0.05 */
  double cap_s;           /* of a unit's cost; <= 0: three times the longest
                             load, of a user ten times; with a price at least
                             all loads together */
  uint64_t least_units;   /* before a winner is looked for; 0 */
  hearth_experiment_guardrails guardrails;
  int32_t stop_worse; /* 1: a challenger that is worse is stopped */
  int32_t promote;    /* 1: a winner becomes the champion, and on it goes */
  uint32_t queue;     /* requests that may wait to be played; more are dropped
                         whole, for all arms alike, and counted */
  int64_t hold_ms;    /* a request that has not finished by then counts as if
                         it had */
  int32_t own_thread; /* 0: nothing is played before hearth_experiment_flush */
  /* All of these come from the thread that plays, with no lock that a teller
     would wait for; they may neither flush nor destroy.  NULL: none. */
  hearth_status (*promoted)(void *user,
                            const hearth_experiment_promotion *promotion);
  /* An arm was stopped; what it had learned (empty: its plugin has no state).
   */
  void (*stopped)(void *user, uint32_t arm, hearth_bytes state);
  /* A plan of an arm, for logs: reason HEARTH_REASON_*, bytes of a ModelSet,
     empty where it had no opinion or failed. */
  void (*planned)(void *user, uint32_t arm, int32_t reason, hearth_bytes plan);
  /* A unit is over: the arm that its hash gives it to, and its cost under each
     arm in seconds, not capped. */
  void (*closed)(void *user, uint32_t arm, const double *cost_s);
  void *user;
} hearth_experiment_options;

/* Everything to the defaults above: unit session, paired, a queue of 16384,
   hold_ms 60000, a thread, what is worse is stopped, no promotion; guardrails:
   errors 1 % and waits twice the champion's, after 200 calls and 50 units. */
HEARTH_EXPORT void
hearth_experiment_options_init(hearth_experiment_options *options);

/* HEARTH_BAD_ARG: `err` says which option is wrong; HEARTH_LIMIT: a model is
   larger than the budget; else what the arm's plugin failed with. */
HEARTH_EXPORT hearth_status
hearth_experiment_create(const hearth_experiment_options *options,
                         hearth_experiment **out, char *err, uint64_t err_cap);
/* What waits is not played.  No other call may be running. */
HEARTH_EXPORT void hearth_experiment_destroy(hearth_experiment *experiment);

/* ---- What a host tells ---- */

/* A request came: a Context message with a request_id.  HEARTH_BUSY: the queue
   is full, and it was dropped; what is told of it later is ignored.
   HEARTH_BAD_ARG: no request_id, or it is there already.  A context of another
   reason than `request` is ignored. */
HEARTH_EXPORT hearth_status
hearth_experiment_request(hearth_experiment *experiment, hearth_bytes context);
/* Its model is known.  HEARTH_BAD_ARG: no such model.  A request that is not
   known is ignored, likewise below. */
HEARTH_EXPORT hearth_status hearth_experiment_settled(
    hearth_experiment *experiment, const char *request_id, const char *model);
/* It ran for so long, its wait apart; < 0: unknown. */
HEARTH_EXPORT hearth_status hearth_experiment_finished(
    hearth_experiment *experiment, const char *request_id, int64_t duration_ms);
/* All of it by Outcome messages: `started` tells that a request came and of its
   model, `finished`, `failed` and `cancelled` that it ended; others are
   ignored.  Fits hearth_predictor_options.on_outcome. */
HEARTH_EXPORT void hearth_experiment_outcome(void *experiment,
                                             hearth_bytes outcome);

/* ---- Whose answer a caller gets ---- */

/* The arm of a request; the champion where its arm is stopped. */
HEARTH_EXPORT uint32_t hearth_experiment_arm_of(hearth_experiment *experiment,
                                                const char *user,
                                                const char *session,
                                                const char *request_id);
/* The answer of the request's arm to a Context message, by a call in the
   caller's thread.  HEARTH_NO_OPINION: it is the champion's turn, ask the real
   one.  Any failure: do the same. */
HEARTH_EXPORT hearth_status
hearth_experiment_answer(hearth_experiment *experiment, hearth_bytes context,
                         hearth_output *out, uint32_t *arm);

/* ---- Promotion ---- */

/* Put the winner into a live slot, with all that it has learned: a cold swap,
   then its state.  To be called from `promoted`, whose status it may be.  On
   failure the slot's old plugin is current again.  What the slot is told from
   then on it learns itself.  The way back is a swap with the loser's state,
   which the caller keeps: a state loaded from outside ends the slot's own way
   back.  `report` and `err` may be NULL. */
HEARTH_EXPORT hearth_status hearth_experiment_publish(
    const hearth_experiment_promotion *promotion, hearth_slot *slot,
    hearth_swap_report *report, char *err, uint64_t err_cap);

/* ---- How it stands ---- */

/* Play what can be played, and wait until it is.  With `all`, what has not
   finished too, and every load and request in flight of the ghosts: the end. */
HEARTH_EXPORT void hearth_experiment_flush(hearth_experiment *experiment,
                                           int32_t all);

/* What an arm has learned. */
HEARTH_EXPORT hearth_status hearth_experiment_save_state(
    hearth_experiment *experiment, uint32_t arm, hearth_output *out);

/* Stop a challenger by hand.  HEARTH_BAD_ARG: it is the champion. */
HEARTH_EXPORT hearth_status hearth_experiment_stop(
    hearth_experiment *experiment, uint32_t arm, const char *why);

typedef struct hearth_experiment_figures { /* of an arm; NAN: does not apply */
  char name[HEARTH_EXPERIMENT_NAME];
  double share;
  int32_t shadow, stopped;
  uint64_t requests, cold, delayed, warm;
  double wait_s, idle_gb_s;
  double cost_s; /* wait, and with a price idle memory as seconds */
  double hit1;   /* the model was the likeliest by p_next */
  uint64_t loads_demanded, loads_ahead, ahead_used, loads_cancelled;
  uint64_t calls, errors;  /* of every kind */
  double p50_us, p99_us;   /* of prepare_models, within 3 % */
  uint64_t answers, units; /* given to callers; of its share */
  char why[160];           /* stopped: the reason */
} hearth_experiment_figures;

typedef struct hearth_experiment_estimate {
  uint64_t units;
  double saved_s; /* the mean saving a unit; > 0: the challenger is better */
  double low_s, high_s; /* its confidence sequence now; may be infinite */
  int32_t verdict;      /* 1 better, -1 worse, 0 not known */
} hearth_experiment_estimate;

typedef struct hearth_experiment_comparison { /* with the champion */
  hearth_experiment_estimate paired, split;
  double champion_s, challenger_s; /* mean cost a unit, capped */
} hearth_experiment_comparison;

typedef struct hearth_experiment_report {
  uint64_t requests;      /* played */
  uint64_t dropped;       /* the queue was full, or there was no memory */
  uint64_t unsettled;     /* whose model never became known */
  uint64_t cut;           /* played before they had finished */
  uint64_t units, capped; /* closed; those of which some cost was over cap_s */
  double cap_s;
  uint32_t arm_count, champion;
  hearth_experiment_figures arms[HEARTH_EXPERIMENT_ARMS];
  hearth_experiment_comparison comparisons[HEARTH_EXPERIMENT_ARMS];
} hearth_experiment_report;

HEARTH_EXPORT void hearth_experiment_get_report(hearth_experiment *experiment,
                                                hearth_experiment_report *out);

enum { /* hearth_experiment_event.kind */
       HEARTH_EVENT_BETTER,
       HEARTH_EVENT_WORSE,
       HEARTH_EVENT_GUARDRAIL,
       HEARTH_EVENT_STOPPED,
       HEARTH_EVENT_PROMOTED,
       HEARTH_EVENT_PROMOTION_FAILED
};

typedef struct hearth_experiment_event {
  int32_t kind;
  uint32_t arm;
  int64_t at_ms;
  uint64_t requests, units;
  char text[256]; /* one sentence */
} hearth_experiment_event;

/* Event `index`, from 0; HEARTH_NO_OPINION past the end.  The first 64 are
   kept. */
HEARTH_EXPORT hearth_status
hearth_experiment_get_event(hearth_experiment *experiment, uint32_t index,
                            hearth_experiment_event *out);

/* How it stood at a moment; at most 512 are kept, evenly thinned. */
typedef struct hearth_experiment_point {
  int64_t at_ms;
  uint64_t requests, units;
  uint32_t champion;
  double cost_s[HEARTH_EXPERIMENT_ARMS]; /* in all so far */
  /* By the design that decides; NAN for the champion and stopped arms. */
  double saved_s[HEARTH_EXPERIMENT_ARMS];
  double low_s[HEARTH_EXPERIMENT_ARMS], high_s[HEARTH_EXPERIMENT_ARMS];
} hearth_experiment_point;

HEARTH_EXPORT hearth_status
hearth_experiment_get_point(hearth_experiment *experiment, uint32_t index,
                            hearth_experiment_point *out);

#ifdef __cplusplus
}
#endif

#endif
