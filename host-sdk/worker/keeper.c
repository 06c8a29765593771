/* SPDX-License-Identifier: MIT
   One worker process after another: the callers' side. */
#include "host-sdk/worker/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "host-sdk/library/tell.h"

/* Until something changed or the deadline; 0: the deadline. */
static int await(hearth__keeper *keeper, uint64_t deadline_ns) {
  struct timespec at = {(time_t)(deadline_ns / 1000000000u),
                        (long)(deadline_ns % 1000000000u)};
  int failed;

  ++keeper->waiting;
  failed = pthread_cond_timedwait(&keeper->changed, &keeper->lock, &at);
  --keeper->waiting;
  return failed != ETIMEDOUT;
}

/* Get the link, with the lock held. */
static hearth_status acquire(hearth__keeper *keeper, uint64_t deadline_ns) {
  for (;;) {
    int half = keeper->breaker.state == HEARTH__BREAKER_HALF;

    if (keeper->state == HEARTH__KEEPER_READY && !keeper->busy) {
      keeper->busy = 1;
      return HEARTH_OK;
    }
    if ((keeper->state != HEARTH__KEEPER_READY &&
         keeper->state != HEARTH__KEEPER_OVERDUE) ||
        half) {
      return HEARTH_UNAVAILABLE;
    }
    if (!await(keeper, deadline_ns)) {
      return HEARTH_DEADLINE;
    }
  }
}

/* What is to be done, the thread sees when it wakes. */
static int thread_has_work(const hearth__keeper *keeper) {
  const hearth__recall *recall = &keeper->recall;

  return recall->told + 1 < recall->next || recall->catalog_untold ||
         (keeper->saves && recall->asked >= keeper->set->snapshot_every);
}

/* Let go of the link, with the lock held. */
static void give_back(hearth__keeper *keeper) {
  keeper->busy = 0;
  if (keeper->waiting || thread_has_work(keeper)) {
    pthread_cond_broadcast(&keeper->changed);
  }
}

/* The call got no answer: the link is the thread's, with the lock held. */
static void hand_over(hearth__keeper *keeper, hearth_status status, int sent,
                      uint64_t outcome) {
  keeper->outcome = outcome;
  if (status == HEARTH_DEADLINE && sent) {
    keeper->state = HEARTH__KEEPER_OVERDUE;
    keeper->grace_end_ns = hearth_monotonic_ns() + keeper->set->grace_ns;
  } else {
    keeper->state = HEARTH__KEEPER_BROKEN;
  }
  pthread_cond_broadcast(&keeper->changed);
}

static void explain(const hearth__keeper *keeper, hearth_status status,
                    char *err, uint64_t err_cap) {
  const char *path = keeper->set->spawn.path;

  if (status == HEARTH_CRASHED) {
    hearth__tell(err, err_cap,
                 "%s: its worker ended, or broke the protocol, in the call",
                 path);
  } else if (status == HEARTH_DEADLINE) {
    hearth__tell(err, err_cap, "%s: its worker did not answer in time", path);
  } else if (status == HEARTH_NO_MEMORY) {
    hearth__tell(err, err_cap, "%s: no memory for what its worker answered",
                 path);
  } else if (status == HEARTH_UNAVAILABLE) {
    hearth__tell(err, err_cap, "%s: its worker is down and will be restarted",
                 path);
  }
}

static uint64_t deadline_of(const hearth__keeper *keeper,
                            const hearth_call *call, int control) {
  if (call && call->deadline_ns) {
    return call->deadline_ns;
  }
  return hearth_monotonic_ns() +
         (control ? keeper->set->control_ns : keeper->set->deadline_ns);
}

/* With the link owned and the lock not held; 1: answered. */
static int ask_now(hearth__keeper *keeper, const hearth__question *question,
                   uint64_t deadline_ns, uint64_t outcome,
                   hearth__reply *reply) {
  int sent = 0;
  hearth_status status =
      hearth__keeper_exchange(keeper, question, deadline_ns, reply, &sent);

  pthread_mutex_lock(&keeper->lock);
  if (status == HEARTH_OK) {
    hearth__breaker_answered(&keeper->breaker);
  } else {
    reply->status = status;
    hand_over(keeper, status, sent, outcome);
  }
  pthread_mutex_unlock(&keeper->lock);
  return status == HEARTH_OK;
}

int hearth__keeper_ask(hearth__keeper *keeper, const hearth__question *question,
                       hearth__reply *reply, char *err, uint64_t err_cap) {
  uint64_t deadline = deadline_of(keeper, question->call, question->control);
  hearth_status status;

  memset(reply, 0, sizeof(*reply));
  pthread_mutex_lock(&keeper->lock);
  status = hearth_monotonic_ns() < deadline ? acquire(keeper, deadline)
                                            : HEARTH_DEADLINE;
  keeper->counts.unavailable += status == HEARTH_UNAVAILABLE;
  pthread_mutex_unlock(&keeper->lock);
  if (status != HEARTH_OK) {
    reply->status = status;
  } else if (ask_now(keeper, question, deadline, 0, reply)) {
    return 1;
  }
  explain(keeper, reply->status, err, err_cap);
  return 0;
}

int hearth__keeper_fresh(hearth__keeper *keeper) {
  struct pollfd one = {-1, POLLIN, 0};
  int fresh;

  pthread_mutex_lock(&keeper->lock);
  one.fd = keeper->process.socket;
  fresh = keeper->state == HEARTH__KEEPER_READY && one.fd >= 0 &&
          poll(&one, 1, 0) == 0;
  pthread_mutex_unlock(&keeper->lock);
  return fresh;
}

void hearth__keeper_done(hearth__keeper *keeper) {
  pthread_mutex_lock(&keeper->lock);
  give_back(keeper);
  pthread_mutex_unlock(&keeper->lock);
}

/* Whether outcome `number` is to be told by its caller, who then has the link;
   else the thread tells it, or did.  With the lock held. */
static int mine_to_tell(hearth__keeper *keeper, uint64_t number,
                        uint64_t deadline_ns) {
  hearth__recall *recall = &keeper->recall;

  if (hearth_monotonic_ns() >= deadline_ns ||
      acquire(keeper, deadline_ns) != HEARTH_OK) {
    return 0;
  }
  if (number && recall->told + 1 != number) {
    give_back(keeper);
    return 0;
  }
  if (number) {
    recall->told = number;
  }
  return 1;
}

hearth_status hearth__keeper_learn(hearth__keeper *keeper,
                                   const hearth_call *call,
                                   hearth_bytes outcome, char *err,
                                   uint64_t err_cap) {
  hearth__question question = {
      HEARTH__FRAME_OUTCOME, 0, call, 0, {NULL, 0}, outcome};
  uint64_t deadline = deadline_of(keeper, call, 0);
  hearth__reply reply = {0};
  uint64_t number;
  int mine;

  pthread_mutex_lock(&keeper->lock);
  number = hearth__recall_add(&keeper->recall, outcome);
  mine = mine_to_tell(keeper, number, deadline);
  pthread_mutex_unlock(&keeper->lock);
  if (!mine) {
    return number ? HEARTH_OK : HEARTH_UNAVAILABLE;
  }
  if (!ask_now(keeper, &question, deadline, number, &reply)) {
    explain(keeper, reply.status, err, err_cap);
    return reply.status;
  }
  if (reply.status != HEARTH_OK) {
    hearth__tell(err, err_cap, "%.*s", (int)(reply.err.len & 0xffff),
                 (const char *)reply.err.data);
  }
  pthread_mutex_lock(&keeper->lock);
  if (reply.status < 0) {
    hearth__recall_drop(&keeper->recall, number, 0);
  }
  give_back(keeper);
  pthread_mutex_unlock(&keeper->lock);
  return reply.status;
}

/* The lock, the condition and the recall; 0: no memory. */
static int init(hearth__keeper *keeper) {
  pthread_condattr_t attributes;
  int failed;

  if (hearth__recall_init(&keeper->recall, keeper->set->outcomes_kept) !=
          HEARTH_OK ||
      pthread_condattr_init(&attributes) != 0) {
    return 0;
  }
  failed = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) ||
           pthread_cond_init(&keeper->changed, &attributes);
  pthread_condattr_destroy(&attributes);
  if (failed) {
    return 0;
  }
  if (pthread_mutex_init(&keeper->lock, NULL) != 0) {
    pthread_cond_destroy(&keeper->changed);
    return 0;
  }
  return 1;
}

/* The program's signal handlers never run in the thread. */
static int start_thread(hearth__keeper *keeper) {
  sigset_t all, old;
  int failed;

  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  failed = pthread_create(&keeper->thread, NULL, hearth__keeper_run, keeper);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return !failed;
}

static void release(hearth__keeper *keeper) {
  pthread_mutex_destroy(&keeper->lock);
  pthread_cond_destroy(&keeper->changed);
  hearth__recall_free(&keeper->recall);
  hearth__identity_free(&keeper->identity);
  free(keeper);
}

hearth_status hearth__keeper_open(const hearth__worker_settings *set,
                                  hearth__keeper **out, char *err,
                                  uint64_t err_cap) {
  hearth__keeper *keeper = calloc(1, sizeof(*keeper));
  hearth_status status;

  if (keeper) {
    keeper->set = set;
    keeper->breaker = set->breaker;
    keeper->process.socket = keeper->process.pidfd = -1;
    keeper->counts.last_signal = keeper->counts.last_exit = -1;
  }
  if (!keeper || !init(keeper)) {
    if (keeper) {
      hearth__recall_free(&keeper->recall);
    }
    free(keeper);
    hearth__tell(err, err_cap, "%s: no memory for a worker", set->spawn.path);
    return HEARTH_NO_MEMORY;
  }
  if (!start_thread(keeper)) {
    release(keeper);
    hearth__tell(err, err_cap, "%s: no thread for a worker", set->spawn.path);
    return HEARTH_NO_MEMORY;
  }
  pthread_mutex_lock(&keeper->lock);
  while (!keeper->opened) {
    pthread_cond_wait(&keeper->changed, &keeper->lock);
  }
  status = keeper->start_status;
  hearth__tell(err, status == HEARTH_OK ? 0 : err_cap, "%s", keeper->start_err);
  pthread_mutex_unlock(&keeper->lock);
  if (status != HEARTH_OK) {
    hearth__keeper_close(keeper);
    return status;
  }
  *out = keeper;
  return HEARTH_OK;
}

void hearth__keeper_close(hearth__keeper *keeper) {
  if (!keeper) {
    return;
  }
  pthread_mutex_lock(&keeper->lock);
  keeper->closing = 1;
  /* A process that is being started, or told something, has had its time. */
  if (keeper->process.socket >= 0 &&
      (keeper->state != HEARTH__KEEPER_READY || keeper->busy)) {
    (void)shutdown(keeper->process.socket, SHUT_RDWR);
  }
  pthread_cond_broadcast(&keeper->changed);
  pthread_mutex_unlock(&keeper->lock);
  pthread_join(keeper->thread, NULL);
  release(keeper);
}
