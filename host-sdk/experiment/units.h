/* SPDX-License-Identifier: MIT
   Users, sessions or requests, and what each costs under every arm. */
#ifndef HEARTH_EXPERIMENT_UNITS_H
#define HEARTH_EXPERIMENT_UNITS_H

#include "hearth/experiment.h"
#include "plugin/sdk/names.h"

#define HEARTH__NO_UNIT UINT32_MAX

/* A unit that is not over yet. */
typedef struct hearth__unit {
  uint32_t name;          /* HEARTH_NO_NAME: a request's, which has none */
  uint32_t arm;           /* by its hash */
  uint32_t reign;         /* in which it began */
  int32_t fresh;          /* it was in no split of this reign before */
  uint32_t waiting;       /* requests that have not begun under every arm */
  int64_t due_ms;         /* over then */
  uint32_t before, after; /* in the order of due_ms; `after` of a free one */
  double cost[HEARTH_EXPERIMENT_ARMS];
} hearth__unit;

/* A request that runs, or waits, under some arm. */
typedef struct hearth__flight {
  uint32_t unit;    /* HEARTH__NO_UNIT: counts for none */
  uint32_t waiting; /* a bit an arm that it has not begun under */
  uint32_t running; /* not ended under */
  uint32_t next;    /* of the free */
  char id[HEARTH_ID_CAP];
} hearth__flight;

typedef struct hearth__units {
  hearth_memory_user memory;
  int32_t kind; /* HEARTH_UNIT_* */
  int64_t lasts_ms;
  hearth_names *names;
  uint32_t *open;     /* by name: the unit, HEARTH__NO_UNIT */
  uint32_t *split_in; /* by name: the last reign that it was split in; 0 */
  uint32_t open_cap, split_cap;
  hearth__unit *units;
  uint32_t unit_cap, unit_free, unit_used, first, last, count;
  hearth__flight *flights;
  uint32_t flight_cap, flight_free, flight_used;
} hearth__units;

hearth_status hearth__units_init(hearth__units *units, int32_t kind,
                                 int64_t lasts_ms);
void hearth__units_free(hearth__units *units);

/* The text that stands for a request's unit: its user or session, where they
   are known; else the request's own id. */
hearth_str hearth__unit_text(int32_t kind, hearth_str user, hearth_str session,
                             hearth_str request_id);

/* The unit of a request at `now`, begun where it is not there; *begun tells.
   HEARTH_NO_MEMORY and HEARTH_LIMIT (too many names) change nothing. */
hearth_status hearth__units_enter(hearth__units *units, hearth_str text,
                                  int64_t now, uint32_t reign, uint32_t *unit,
                                  int *begun);

/* A flight of a unit under the arms of `arms`. */
hearth_status hearth__units_fly(hearth__units *units, uint32_t unit,
                                const char *id, uint32_t arms,
                                uint32_t *flight);
/* The request began, or ended, under an arm. */
void hearth__units_began(hearth__units *units, uint32_t flight, uint32_t arm);
void hearth__units_ended(hearth__units *units, uint32_t flight, uint32_t arm);
/* An arm is no more. */
void hearth__units_drop_arm(hearth__units *units, uint32_t arm);

/* The next unit that is over at `now` (with `all`, that is there), or
   HEARTH__NO_UNIT.  Look at it, then give it back.  One that still waits
   somewhere is passed over until later; *round, from 0, counts these. */
uint32_t hearth__units_over(hearth__units *units, int64_t now, int all,
                            uint32_t *round);
void hearth__units_close(hearth__units *units, uint32_t unit);

#endif
