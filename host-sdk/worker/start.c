/* SPDX-License-Identifier: MIT
   A worker process from its start until it knows what the last one knew. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/worker/keeper.h"

/* The first frame, or why there is none. */
static hearth_status greet(hearth__keeper *keeper, uint64_t deadline_ns) {
  const char *path = keeper->set->spawn.path;
  hearth__frame_header header;
  hearth_bytes body;
  hearth_status status;
  hearth__identity identity;
  hearth__facts facts;
  int same, read;

  status = hearth__link_receive(&keeper->link, &header, &body, deadline_ns);
  if (status != HEARTH_OK) {
    hearth__tell(keeper->start_err, sizeof(keeper->start_err),
                 status == HEARTH_DEADLINE
                     ? "%s: its worker did not start in time"
                 : status == HEARTH_NO_MEMORY
                     ? "%s: no memory for what its worker said"
                     : "%s: its worker ended before the plugin was loaded",
                 path);
    return status;
  }
  if (header.type == HEARTH__FRAME_FAIL && header.status < 0 &&
      header.status > HEARTH_CRASHED) {
    hearth__tell(keeper->start_err, sizeof(keeper->start_err), "%.*s",
                 (int)(body.len & 0xffff), (const char *)body.data);
    return header.status;
  }
  read = header.type == HEARTH__FRAME_HELLO
             ? hearth__hello_read(body, &facts, &identity)
             : 0;
  if (read <= 0) {
    hearth__tell(keeper->start_err, sizeof(keeper->start_err),
                 read ? "%s: no memory for what its worker said"
                      : "%s: its worker broke the protocol as it began",
                 path);
    return read ? HEARTH_NO_MEMORY : HEARTH_CRASHED;
  }
  same = !keeper->set->known ||
         hearth__identity_same(keeper->set->known, &identity);
  pthread_mutex_lock(&keeper->lock);
  keeper->facts = facts;
  if (!keeper->set->known) {
    hearth__identity_free(&keeper->identity);
    keeper->identity = identity;
  } else {
    hearth__identity_free(&identity);
  }
  pthread_mutex_unlock(&keeper->lock);
  if (!same) {
    hearth__tell(keeper->start_err, sizeof(keeper->start_err),
                 "%s: the plugin says that it is another one", path);
  }
  return same ? HEARTH_OK : HEARTH_CRASHED;
}

/* Ask, within the time that a start may take altogether; what the plugin says
   is in *reply. */
static hearth_status pass(hearth__keeper *keeper, uint16_t type,
                          const hearth__kept *kept, uint64_t deadline_ns,
                          hearth__reply *reply) {
  hearth__question question = {type, 0, NULL, 1, {NULL, 0}, {NULL, 0}};
  int sent;

  question.body.data = kept->data;
  question.body.len = kept->len;
  return hearth__keeper_exchange(keeper, &question, deadline_ns, reply, &sent);
}

/* The configuration and the snapshot, which only the link's owner replaces. */
static hearth_status restore(hearth__keeper *keeper, uint64_t deadline_ns) {
  hearth__recall *recall = &keeper->recall;
  const char *path = keeper->set->spawn.path;
  hearth__reply reply = {0};
  hearth_status status =
      pass(keeper, HEARTH__FRAME_CREATE, &recall->create, deadline_ns, &reply);

  if (status == HEARTH_OK && reply.status != HEARTH_OK) {
    hearth__tell(keeper->start_err, sizeof(keeper->start_err),
                 "%s: create failed in the new worker: %s", path,
                 hearth_status_text(reply.status));
    return HEARTH_CRASHED;
  }
  if (status == HEARTH_OK && recall->snapshot.data) {
    status = pass(keeper, HEARTH__FRAME_LOAD, &recall->snapshot, deadline_ns,
                  &reply);
    if (status == HEARTH_OK && reply.status != HEARTH_OK) {
      hearth__keeper_log(keeper, HEARTH_LOG_WARN,
                         "%s: the snapshot was refused by the new worker: %s",
                         path, hearth_status_text(reply.status));
    }
  }
  return status;
}

/* The catalog, if it waits. */
static hearth_status tell_catalog(hearth__keeper *keeper) {
  hearth__kept copy = {NULL, 0};
  hearth__reply reply = {0};
  hearth_status status = HEARTH_OK;

  pthread_mutex_lock(&keeper->lock);
  if (keeper->recall.catalog_untold) {
    hearth_bytes bytes = {keeper->recall.catalog.data,
                          keeper->recall.catalog.len};

    status = hearth__kept_set(&copy, bytes);
    keeper->recall.catalog_untold = 0;
  }
  pthread_mutex_unlock(&keeper->lock);
  if (!copy.data) {
    return status;
  }
  status = pass(keeper, HEARTH__FRAME_CATALOG, &copy,
                hearth_monotonic_ns() + keeper->set->control_ns, &reply);
  if (status == HEARTH_OK && reply.status != HEARTH_OK) {
    hearth__keeper_log(keeper, HEARTH_LOG_WARN,
                       "%s: the catalog was refused by the new worker: %s",
                       keeper->set->spawn.path,
                       hearth_status_text(reply.status));
  }
  free(copy.data);
  return status;
}

/* The next outcome to tell, as a copy; its number, or 0. */
static uint64_t next_outcome(hearth__keeper *keeper, hearth__kept *copy) {
  hearth__recall *recall = &keeper->recall;
  uint64_t number = 0;

  pthread_mutex_lock(&keeper->lock);
  if (!keeper->closing) {
    number = hearth__recall_untold(recall, copy);
    recall->told = number ? number : recall->next - 1;
  }
  pthread_mutex_unlock(&keeper->lock);
  return number;
}

hearth_status hearth__keeper_tell(hearth__keeper *keeper) {
  hearth__kept copy = {NULL, 0};
  hearth_status status = tell_catalog(keeper);
  uint64_t number;

  while (status == HEARTH_OK && (number = next_outcome(keeper, &copy))) {
    hearth__reply reply = {0};

    status = pass(keeper, HEARTH__FRAME_OUTCOME, &copy,
                  hearth_monotonic_ns() + keeper->set->deadline_ns +
                      keeper->set->grace_ns,
                  &reply);
    if (status != HEARTH_OK || reply.status < 0) {
      pthread_mutex_lock(&keeper->lock);
      hearth__recall_drop(&keeper->recall, number, status != HEARTH_OK);
      pthread_mutex_unlock(&keeper->lock);
    }
  }
  free(copy.data);
  return status;
}

hearth_status hearth__keeper_snapshot(hearth__keeper *keeper) {
  static const hearth__kept nothing = {NULL, 0};
  hearth__reply reply = {0};
  uint64_t number = keeper->recall.told;
  hearth_status status =
      pass(keeper, HEARTH__FRAME_SAVE, &nothing,
           hearth_monotonic_ns() + keeper->set->control_ns, &reply);

  if (status != HEARTH_OK) {
    hearth__keeper_log(keeper, HEARTH_LOG_ERROR,
                       "%s: its worker failed in save_state; no more "
                       "snapshots are taken",
                       keeper->set->spawn.path);
    pthread_mutex_lock(&keeper->lock);
    keeper->saves = 0;
    pthread_mutex_unlock(&keeper->lock);
    return status;
  }
  pthread_mutex_lock(&keeper->lock);
  if (reply.status == HEARTH_OK && reply.body.len &&
      hearth__kept_set(&keeper->recall.snapshot, reply.body) == HEARTH_OK) {
    hearth__recall_saved(&keeper->recall, number);
    ++keeper->counts.snapshots;
  } else {
    keeper->recall.asked = 0; /* once more after as many again */
  }
  pthread_mutex_unlock(&keeper->lock);
  return HEARTH_OK;
}

hearth_status hearth__keeper_start(hearth__keeper *keeper) {
  uint64_t deadline = hearth_monotonic_ns() + keeper->set->control_ns;
  hearth__process process = {0, -1, -1};
  hearth_status status =
      hearth__process_start(&keeper->set->spawn, &process, keeper->start_err,
                            sizeof(keeper->start_err));

  if (status != HEARTH_OK) {
    return status;
  }
  pthread_mutex_lock(&keeper->lock);
  keeper->process = process;
  keeper->counts.pid = process.pid;
  keeper->recall.told = 0;
  keeper->recall.catalog_untold = keeper->recall.catalog.data != NULL;
  ++keeper->counts.starts;
  hearth__link_init(&keeper->link, process.socket, keeper->set->answer_limit);
  status = keeper->closing ? HEARTH_CRASHED : HEARTH_OK;
  pthread_mutex_unlock(&keeper->lock);
  if (status == HEARTH_OK) {
    status = greet(keeper, deadline);
  }
  if (status == HEARTH_OK && keeper->created) {
    status = restore(keeper, deadline);
    if (status == HEARTH_OK) {
      status = hearth__keeper_tell(keeper);
    }
    if (status != HEARTH_OK && !keeper->start_err[0]) {
      hearth__tell(keeper->start_err, sizeof(keeper->start_err),
                   "%s: the new worker failed as it was told what the last "
                   "one knew",
                   keeper->set->spawn.path);
    }
  }
  return status;
}
