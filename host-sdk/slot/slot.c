/* SPDX-License-Identifier: MIT
   Making and ending a slot; the counted handle. */
#include "host-sdk/slot/slot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host-sdk/library/tell.h"

void hearth_slot_options_init(hearth_slot_options *options) {
  memset(options, 0, sizeof(*options));
  options->auto_rollback = 1;
  options->failure_share = 0.5;
  options->quarantine_ms = 3600000;
  options->drain_ms = 5000;
}

/* ---- An instance in the slot ---- */

hearth_status hearth__live_new(const hearth_slot *slot, hearth_library *library,
                               hearth_bytes config, hearth__live **out,
                               char *err, uint64_t err_cap) {
  hearth__live *live = calloc(1, sizeof(*live));
  hearth_instance_options options = {NULL, config};
  const hearth_plugin_entry *entry = hearth_library_entry(library);
  hearth_status status = live ? HEARTH_OK : HEARTH_NO_MEMORY;

  if (live && !slot->options.host) {
    status = hearth_host_new(&slot->options.host_options, &live->own_host);
  }
  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "%s: no memory for an instance",
                 hearth_library_path(library));
  } else {
    live->host = live->own_host ? live->own_host : slot->options.host;
    live->key = hearth_slot_key(library);
    live->users = 1;
    hearth__tell(live->title, sizeof(live->title), "%s %s", entry->name,
                 entry->version);
    options.host = live->host;
    status = hearth_instance_create(library, &options, &live->instance, err,
                                    err_cap);
  }
  if (status == HEARTH_OK) {
    *out = live;
  } else if (live) {
    hearth__live_free(live);
  }
  return status;
}

void hearth__live_free(hearth__live *live) {
  hearth_instance_destroy(live->instance);
  hearth_host_free(live->own_host);
  free(live);
}

int hearth__live_drop(hearth__live *live) {
  return --live->users == 0;
}

void hearth__live_end(hearth_slot *slot, hearth__live *live) {
  hearth__live_free(live);
  pthread_mutex_lock(&slot->lock);
  --slot->lives;
  hearth__slot_wake(slot);
  pthread_mutex_unlock(&slot->lock);
}

/* ---- The handle ---- */

void hearth__slot_get(hearth_slot *slot, hearth__use *use) {
  pthread_mutex_lock(&slot->lock);
  use->live = slot->current;
  ++use->live->users;
  use->generation = slot->generation;
  use->recording = use->hold = 0;
  use->began_ns = slot->change == HEARTH__SWAPPING ? hearth_monotonic_ns() : 0;
  pthread_mutex_unlock(&slot->lock);
}

static void say(const hearth__live *live, const char *reason) {
  if (live->host->log) {
    live->host->log(live->host, HEARTH_LOG_ERROR, 0, reason);
  }
}

/* What the report says of the calls; with the lock held. */
static void measure(const hearth_slot *slot, uint64_t began_ns) {
  uint64_t took = hearth_monotonic_ns() - began_ns;

  if (slot->report && took > slot->report->longest_call_ns) {
    slot->report->longest_call_ns = took;
  }
}

/* An outcome has arrived; with the lock held. */
static void arrive(hearth_slot *slot, hearth__use *use) {
  if (use->hold && use->hold == slot->holds) {
    --slot->held;
  } else if (use->hold || use->recording) {
    --use->live->recording;
  }
}

/* With the lock held; leaves it. */
static void leave(hearth_slot *slot, hearth__live *live) {
  int last = hearth__live_drop(live);

  hearth__slot_wake(slot);
  pthread_mutex_unlock(&slot->lock);
  if (last) {
    hearth__live_end(slot, live);
  }
}

void hearth__slot_drop(hearth_slot *slot, hearth__use *use) {
  pthread_mutex_lock(&slot->lock);
  arrive(slot, use);
  leave(slot, use->live);
}

int hearth__slot_put(hearth_slot *slot, hearth__use *use,
                     hearth_status status) {
  hearth__live *live = use->live;
  char reason[sizeof(slot->reason)];
  int fell;

  pthread_mutex_lock(&slot->lock);
  if (use->began_ns) {
    measure(slot, use->began_ns);
  }
  arrive(slot, use);
  fell = slot->trial && hearth__trial(slot, live, status);
  if (fell) {
    memcpy(reason, slot->reason, sizeof(reason));
    pthread_mutex_unlock(&slot->lock);
    say(live, reason);
    pthread_mutex_lock(&slot->lock);
  }
  leave(slot, live);
  return fell;
}

/* ---- Waiting ---- */

int hearth__slot_sleep(hearth_slot *slot, uint64_t until_ns) {
  struct timespec until;
  int failed;

  ++slot->sleepers;
  if (until_ns == UINT64_MAX) {
    failed = pthread_cond_wait(&slot->changed, &slot->lock);
  } else {
    until.tv_sec = (time_t)(until_ns / 1000000000u);
    until.tv_nsec = (long)(until_ns % 1000000000u);
    failed = pthread_cond_timedwait(&slot->changed, &slot->lock, &until);
  }
  --slot->sleepers;
  return failed != ETIMEDOUT;
}

void hearth__slot_wake(hearth_slot *slot) {
  if (slot->sleepers) {
    pthread_cond_broadcast(&slot->changed);
  }
}

uint64_t hearth__slot_patience(const hearth_slot *slot) {
  return hearth_monotonic_ns() + slot->options.drain_ms * (uint64_t)1000000;
}

hearth_status hearth__slot_claim(hearth_slot *slot, hearth__change change,
                                 int wait) {
  hearth_status status = HEARTH_OK;

  pthread_mutex_lock(&slot->lock);
  while (slot->change == HEARTH__SAVING ||
         (slot->change == HEARTH__SWAPPING && wait)) {
    hearth__slot_sleep(slot, UINT64_MAX);
  }
  if (slot->change != HEARTH__NOTHING) {
    status = HEARTH_BUSY;
  } else {
    slot->change = change;
  }
  pthread_mutex_unlock(&slot->lock);
  return status;
}

void hearth__slot_unclaim(hearth_slot *slot) {
  pthread_mutex_lock(&slot->lock);
  slot->change = HEARTH__NOTHING;
  hearth__slot_wake(slot);
  pthread_mutex_unlock(&slot->lock);
}

/* ---- Making and ending ---- */

hearth_status hearth__output_set(hearth_output *output, hearth_bytes bytes) {
  uint8_t *data = bytes.len ? malloc((size_t)bytes.len) : NULL;

  if (bytes.len && !data) {
    return HEARTH_NO_MEMORY;
  }
  if (bytes.len) {
    memcpy(data, bytes.data, (size_t)bytes.len);
  }
  free(output->data);
  output->data = data;
  output->len = output->cap = bytes.len;
  return HEARTH_OK;
}

static int init_locks(hearth_slot *slot) {
  pthread_condattr_t clock;
  int failed = pthread_condattr_init(&clock);

  failed |= pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  failed |= pthread_cond_init(&slot->changed, &clock);
  pthread_condattr_destroy(&clock);
  failed |= pthread_mutex_init(&slot->lock, NULL);
  failed |= pthread_mutex_init(&slot->catalogs, NULL);
  return failed == 0;
}

/* Everything but the instances. */
static void release(hearth_slot *slot) {
  pthread_mutex_destroy(&slot->lock);
  pthread_mutex_destroy(&slot->catalogs);
  pthread_cond_destroy(&slot->changed);
  hearth__journal_clear(&slot->journal);
  hearth_output_free(&slot->config);
  hearth_output_free(&slot->catalog);
  free(slot);
}

static const char *problem(const hearth_slot_options *options) {
  if (!(options->failure_share >= 0 && options->failure_share <= 1)) {
    return "failure_share must be within 0 and 1";
  }
  if (options->quarantine_ms < -1) {
    return "quarantine_ms must be -1 or a time";
  }
  return NULL;
}

hearth_status hearth_slot_create(hearth_library *library,
                                 const hearth_slot_options *options,
                                 hearth_slot **out, char *err,
                                 uint64_t err_cap) {
  hearth_slot_options usual;
  const char *wrong;
  hearth_slot *slot;
  hearth_status status;

  hearth_slot_options_init(&usual);
  options = options ? options : &usual;
  wrong = library && out ? problem(options) : "no library, or no `out`";
  if (wrong) {
    hearth__tell(err, err_cap, "hearth_slot_create: %s", wrong);
    return HEARTH_BAD_ARG;
  }
  slot = calloc(1, sizeof(*slot));
  if (!slot || !init_locks(slot)) {
    hearth__tell(err, err_cap, "no memory for a slot");
    free(slot);
    return HEARTH_NO_MEMORY;
  }
  slot->options = *options;
  slot->options.config = slot->options.catalog = (hearth_bytes){NULL, 0};
  status = hearth__output_set(&slot->config, options->config);
  if (status == HEARTH_OK) {
    status = hearth__output_set(&slot->catalog, options->catalog);
  }
  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "no memory for a slot");
  } else {
    status = hearth__live_new(slot, library, options->config, &slot->current,
                              err, err_cap);
  }
  if (status != HEARTH_OK) {
    release(slot);
    return status;
  }
  slot->lives = slot->generation = slot->holds = 1;
  *out = slot;
  return HEARTH_OK;
}

void hearth_slot_destroy(hearth_slot *slot) {
  hearth__live *both[2];
  int last[2] = {0, 0};

  if (!slot) {
    return;
  }
  pthread_mutex_lock(&slot->lock);
  while (slot->change != HEARTH__NOTHING || slot->sleepers) {
    hearth__slot_sleep(slot, UINT64_MAX);
  }
  slot->change = HEARTH__ENDING;
  both[0] = slot->current;
  both[1] = slot->previous;
  for (int i = 0; i < 2; ++i) {
    last[i] = both[i] && hearth__live_drop(both[i]);
  }
  pthread_mutex_unlock(&slot->lock);
  for (int i = 0; i < 2; ++i) {
    if (last[i]) {
      hearth__live_end(slot, both[i]);
    }
  }
  pthread_mutex_lock(&slot->lock);
  while (slot->lives) {
    hearth__slot_sleep(slot, UINT64_MAX);
  }
  pthread_mutex_unlock(&slot->lock);
  release(slot);
}
