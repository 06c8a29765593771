/* SPDX-License-Identifier: MIT
   One worker process after another, for one instance. */
#ifndef HEARTH_WORKER_KEEPER_H
#define HEARTH_WORKER_KEEPER_H

#include <pthread.h>

#include "hearth/worker.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/worker/breaker.h"
#include "host-sdk/worker/hello.h"
#include "host-sdk/worker/link.h"
#include "host-sdk/worker/recall.h"
#include "host-sdk/worker/spawn.h"

/* The options with their defaults filled in; outlives its keepers. */
typedef struct hearth__worker_settings {
  hearth__spawn spawn;
  uint64_t deadline_ns, control_ns, grace_ns, answer_limit;
  uint32_t snapshot_every, outcomes_kept; /* 0: no snapshots */
  hearth__breaker breaker;                /* as it begins */
  const hearth__identity *known;          /* of the first; NULL: not yet */
  void (*log)(void *user, int32_t level, uint64_t call_id, const char *message);
  void *user;
} hearth__worker_settings;

typedef enum hearth__keeper_state {
  HEARTH__KEEPER_START,   /* the thread starts a process */
  HEARTH__KEEPER_READY,   /* `busy`: someone has the link */
  HEARTH__KEEPER_OVERDUE, /* the thread has the link, till the grace ends */
  HEARTH__KEEPER_BROKEN,  /* the thread is to end the process */
  HEARTH__KEEPER_DOWN     /* until retry_ns */
} hearth__keeper_state;

/* The link belongs to whoever set `busy`; everything else is under `lock`.  The
   thread starts every process, because a process dies with the thread that
   started it, and ends it. */
typedef struct hearth__keeper {
  const hearth__worker_settings *set;
  pthread_mutex_t lock;
  pthread_cond_t changed; /* by CLOCK_MONOTONIC */
  pthread_t thread;
  hearth__keeper_state state;
  int busy, closing, waiting;
  int created;             /* there is an instance to make again */
  int saves;               /* snapshots are to be taken */
  int opened;              /* the first start is over */
  const hearth_host *host; /* for the plugin's log lines; NULL: none yet */
  hearth__process process;
  hearth__link link;
  hearth__recall recall;
  hearth__breaker breaker;
  hearth__identity identity; /* for the opener to take, where none is known */
  hearth__facts facts;
  uint64_t retry_ns, grace_end_ns;
  uint64_t outcome; /* the one in the call under way; 0: none */
  hearth_status start_status;
  char start_err[512];
  hearth_worker_info counts; /* of it, what is counted */
} hearth__keeper;

/* One call. */
typedef struct hearth__question {
  uint16_t type;
  uint32_t index;          /* of a metric */
  const hearth_call *call; /* may be NULL */
  int control;
  hearth_bytes head, body; /* sent one after the other */
} hearth__question;

typedef struct hearth__reply {
  hearth_status status;
  hearth_bytes err, body;
} hearth__reply;

/* Start a process and wait until it told who the plugin is. */
hearth_status hearth__keeper_open(const hearth__worker_settings *set,
                                  hearth__keeper **out, char *err,
                                  uint64_t err_cap);
/* Whether the process runs and has said nothing since. */
int hearth__keeper_fresh(hearth__keeper *keeper);
void hearth__keeper_close(hearth__keeper *keeper);

/* 1: answered; *reply is valid until hearth__keeper_done, which must follow.
   0: not; reply->status says why, and `err` has a sentence. */
int hearth__keeper_ask(hearth__keeper *keeper, const hearth__question *question,
                       hearth__reply *reply, char *err, uint64_t err_cap);
void hearth__keeper_done(hearth__keeper *keeper);

/* Tell an outcome, now or once that can be. */
hearth_status hearth__keeper_learn(hearth__keeper *keeper,
                                   const hearth_call *call,
                                   hearth_bytes outcome, char *err,
                                   uint64_t err_cap);

void hearth__keeper_info(hearth__keeper *keeper, hearth_worker_info *out);

/* ---- Between the files of the keeper ---- */

/* With the link owned: ask and wait for the answer.  HEARTH_OK: *reply is
   there.  *sent is 1 once the request was sent whole. */
hearth_status hearth__keeper_exchange(hearth__keeper *keeper,
                                      const hearth__question *question,
                                      uint64_t deadline_ns,
                                      hearth__reply *reply, int *sent);
/* Take the frames that are no answer to request `id`: 1 it is the answer, 0 go
   on, -1 the worker broke the rules. */
int hearth__keeper_take(hearth__keeper *keeper, uint64_t id,
                        const hearth__frame_header *header, hearth_bytes body,
                        hearth__reply *reply);
/* The process, until it is ready; in the thread. */
hearth_status hearth__keeper_start(hearth__keeper *keeper);
/* Tell the outcomes that it was not told; likewise. */
hearth_status hearth__keeper_tell(hearth__keeper *keeper);
hearth_status hearth__keeper_snapshot(hearth__keeper *keeper);
void *hearth__keeper_run(void *keeper);
void hearth__keeper_log(hearth__keeper *keeper, int32_t level,
                        const char *format, ...) HEARTH__PRINTF(3, 4);

#endif
