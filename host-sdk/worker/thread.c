/* SPDX-License-Identifier: MIT
   One worker process after another: the thread. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "host-sdk/worker/keeper.h"

/* Until something changes, or a time (0: none), with the lock held. */
static void await(hearth__keeper *keeper, uint64_t until_ns) {
  struct timespec at = {(time_t)(until_ns / 1000000000u),
                        (long)(until_ns % 1000000000u)};

  if (until_ns) {
    (void)pthread_cond_timedwait(&keeper->changed, &keeper->lock, &at);
  } else {
    (void)pthread_cond_wait(&keeper->changed, &keeper->lock);
  }
}

/* "was ended by signal 11", or how else it went. */
static void ending(const hearth_worker_info *counts, char *out, size_t cap) {
  if (counts->last_signal >= 0) {
    (void)snprintf(out, cap, "was ended by signal %d", counts->last_signal);
  } else {
    (void)snprintf(out, cap, "ended with status %d", counts->last_exit);
  }
}

/* End the process; with the lock held, which is let go meanwhile. */
static void end_process(hearth__keeper *keeper) {
  hearth__process process = keeper->process;
  int32_t signal = -1, code = -1;

  keeper->process.pid = 0;
  keeper->process.socket = keeper->process.pidfd = -1;
  keeper->counts.pid = 0;
  pthread_mutex_unlock(&keeper->lock);
  hearth__process_end(&process, &signal, &code);
  hearth__link_free(&keeper->link);
  pthread_mutex_lock(&keeper->lock);
  keeper->counts.last_signal = signal;
  keeper->counts.last_exit = code;
}

/* It is over with this process; with the lock held. */
static void bury(hearth__keeper *keeper, const char *why) {
  char how[64] = "was not started";
  uint64_t now;

  keeper->state = HEARTH__KEEPER_BROKEN;
  hearth__recall_drop(&keeper->recall, keeper->outcome, 1);
  keeper->outcome = 0;
  if (keeper->process.pid) {
    end_process(keeper);
    ending(&keeper->counts, how, sizeof(how));
  }
  now = hearth_monotonic_ns();
  keeper->retry_ns = hearth__breaker_failed(&keeper->breaker, now);
  keeper->state = HEARTH__KEEPER_DOWN;
  keeper->busy = 0;
  pthread_cond_broadcast(&keeper->changed);
  pthread_mutex_unlock(&keeper->lock);
  hearth__keeper_log(
      keeper, HEARTH_LOG_WARN,
      "%s: %s; its worker %s; next start in %" PRIu64 " ms%s",
      keeper->set->spawn.path, why, how, (keeper->retry_ns - now) / 1000000,
      keeper->breaker.state == HEARTH__BREAKER_OPEN ? " (too many failures)"
                                                    : "");
  pthread_mutex_lock(&keeper->lock);
}

static void start(hearth__keeper *keeper) {
  hearth_status status;

  keeper->start_err[0] = 0;
  hearth__breaker_started(&keeper->breaker);
  pthread_mutex_unlock(&keeper->lock);
  status = hearth__keeper_start(keeper);
  pthread_mutex_lock(&keeper->lock);
  keeper->start_status = status;
  if (status == HEARTH_OK) {
    keeper->state = HEARTH__KEEPER_READY;
  } else {
    keeper->counts.crashes += status == HEARTH_CRASHED;
    keeper->counts.overdue_kills += status == HEARTH_DEADLINE;
    bury(keeper, keeper->start_err);
  }
  keeper->opened = 1;
  pthread_cond_broadcast(&keeper->changed);
}

static int wants_telling(const hearth__keeper *keeper) {
  return keeper->recall.told + 1 < keeper->recall.next ||
         keeper->recall.catalog_untold;
}

static int wants_snapshot(const hearth__keeper *keeper) {
  return keeper->saves && keeper->recall.asked >= keeper->set->snapshot_every;
}

/* What waits to be told, or a snapshot if it is time. */
static void look_after(hearth__keeper *keeper) {
  int telling = wants_telling(keeper);
  hearth_status status;

  if (keeper->busy || !keeper->created ||
      !(telling || wants_snapshot(keeper))) {
    await(keeper, 0);
    return;
  }
  keeper->busy = 1;
  pthread_mutex_unlock(&keeper->lock);
  status =
      telling ? hearth__keeper_tell(keeper) : hearth__keeper_snapshot(keeper);
  pthread_mutex_lock(&keeper->lock);
  if (status != HEARTH_OK) {
    keeper->counts.crashes += status == HEARTH_CRASHED;
    keeper->counts.overdue_kills += status == HEARTH_DEADLINE;
    bury(keeper, "it failed while it was told outcomes or asked for its state");
    return;
  }
  keeper->busy = 0;
  pthread_cond_broadcast(&keeper->changed);
}

/* Wait for the answer that is late, and discard it. */
static void outwait(hearth__keeper *keeper) {
  uint64_t until = keeper->grace_end_ns;
  hearth_status status = HEARTH_OK;
  hearth__reply reply = {0};
  int took = 0;

  pthread_mutex_unlock(&keeper->lock);
  while (status == HEARTH_OK && !took) {
    hearth__frame_header header;
    hearth_bytes body;

    status = hearth__link_receive(&keeper->link, &header, &body, until);
    if (status == HEARTH_OK) {
      took =
          hearth__keeper_take(keeper, keeper->link.id, &header, body, &reply);
    }
    if (!took && hearth_monotonic_ns() >= until) {
      status = HEARTH_DEADLINE;
    }
  }
  pthread_mutex_lock(&keeper->lock);
  if (took > 0) {
    ++keeper->counts.late_answers;
    if (reply.status < 0) {
      hearth__recall_drop(&keeper->recall, keeper->outcome, 0);
    }
    keeper->outcome = 0;
    keeper->state = HEARTH__KEEPER_READY;
    keeper->busy = 0;
    pthread_cond_broadcast(&keeper->changed);
    return;
  }
  keeper->counts.overdue_kills += status == HEARTH_DEADLINE;
  keeper->counts.crashes += status != HEARTH_DEADLINE;
  bury(keeper, status == HEARTH_DEADLINE ? "a call took too long"
                                         : "it crashed in a call");
}

/* Let an idle worker end by itself, within the grace; with the lock held. */
static void dismiss(hearth__keeper *keeper) {
  uint64_t until = hearth_monotonic_ns() + keeper->set->grace_ns;
  hearth__frame_header header;
  hearth_bytes body;
  hearth_status status = HEARTH_CRASHED;

  if (keeper->state == HEARTH__KEEPER_READY && !keeper->busy) {
    keeper->busy = 1;
    pthread_mutex_unlock(&keeper->lock);
    status =
        hearth__link_send(&keeper->link, HEARTH__FRAME_QUIT, NULL, 0, until);
    while (status == HEARTH_OK) {
      status = hearth__link_receive(&keeper->link, &header, &body, until);
      if (hearth_monotonic_ns() >= until) {
        break;
      }
    }
    pthread_mutex_lock(&keeper->lock);
  }
  if (keeper->process.pid) {
    end_process(keeper);
  }
}

void *hearth__keeper_run(void *user) {
  hearth__keeper *keeper = user;

  pthread_mutex_lock(&keeper->lock);
  while (!keeper->closing) {
    switch (keeper->state) {
    case HEARTH__KEEPER_START:
      start(keeper);
      break;
    case HEARTH__KEEPER_READY:
      look_after(keeper);
      break;
    case HEARTH__KEEPER_OVERDUE:
      outwait(keeper);
      break;
    case HEARTH__KEEPER_BROKEN:
      ++keeper->counts.crashes;
      bury(keeper, "it crashed in a call");
      break;
    case HEARTH__KEEPER_DOWN:
      if (!keeper->created) {
        await(keeper, 0); /* nobody has it yet, and nobody will */
      } else if (hearth_monotonic_ns() >= keeper->retry_ns) {
        keeper->state = HEARTH__KEEPER_START;
      } else {
        await(keeper, keeper->retry_ns);
      }
      break;
    }
  }
  dismiss(keeper);
  pthread_mutex_unlock(&keeper->lock);
  return NULL;
}

void hearth__keeper_info(hearth__keeper *keeper, hearth_worker_info *out) {
  static const int32_t states[] = {HEARTH_WORKER_STARTING, HEARTH_WORKER_READY,
                                   HEARTH_WORKER_OVERDUE, HEARTH_WORKER_DOWN,
                                   HEARTH_WORKER_DOWN};
  const hearth__facts *facts = &keeper->facts;

  pthread_mutex_lock(&keeper->lock);
  *out = keeper->counts;
  out->state = keeper->breaker.state == HEARTH__BREAKER_OPEN
                   ? HEARTH_WORKER_OPEN
                   : states[keeper->state];
  out->no_new_privileges = (facts->is & HEARTH__IS_NO_NEW_PRIVILEGES) != 0;
  out->no_capabilities = (facts->is & HEARTH__IS_NO_CAPABILITIES) != 0;
  out->own_session = (facts->is & HEARTH__IS_OWN_SESSION) != 0;
  out->dies_with_parent = (facts->is & HEARTH__IS_DYING_WITH_PARENT) != 0;
  out->seccomp = (facts->is & HEARTH__IS_SECCOMP) != 0;
  out->landlock = (int32_t)facts->landlock;
  out->sanitized = (facts->is & HEARTH__IS_SANITIZED) != 0;
  out->memory_limit_bytes = facts->memory;
  out->cpu_limit_s = facts->cpu;
  out->open_files_limit = facts->files;
  out->no_core = (facts->is & HEARTH__IS_NO_CORE) != 0;
  out->no_file_growth = (facts->is & HEARTH__IS_NO_FILE_GROWTH) != 0;
  out->no_processes = (facts->is & HEARTH__IS_NO_PROCESSES) != 0;
  memcpy(out->notes, facts->notes, sizeof(out->notes));
  out->outcomes_kept = keeper->recall.next - keeper->recall.first;
  out->outcomes_lost = keeper->recall.lost;
  pthread_mutex_unlock(&keeper->lock);
}
