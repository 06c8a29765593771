/* SPDX-License-Identifier: MIT
   Watching a new plugin, rolling it back, and refusing it afterwards. */
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/slot/slot.h"
#include "plugin/sdk/names.h"

uint64_t hearth_slot_key(const hearth_library *library) {
  const hearth_plugin_entry *entry = hearth_library_entry(library);
  const char *path = hearth_library_path(library);
  uint64_t key = hearth_library_hash(library);

  if (key) {
    return key;
  }
  key = hearth_hash(1, path, strlen(path));
  key = hearth_hash(key, entry->id, strlen(entry->id));
  key = hearth_hash(key, entry->version, strlen(entry->version));
  return key ? key : 1;
}

int hearth__status_fails(hearth_status status) {
  return status < 0 && status != HEARTH_BAD_ARG &&
         status != HEARTH_UNSUPPORTED && status != HEARTH_BUSY;
}

/* ---- Quarantine ---- */

static void take_out(hearth_slot *slot, uint32_t index) {
  memmove(&slot->refusals[index], &slot->refusals[index + 1],
          (--slot->refusal_count - index) * sizeof(*slot->refusals));
}

/* Those whose time is over are forgotten. */
static void expire(hearth_slot *slot) {
  uint64_t now = hearth_monotonic_ns();
  uint32_t i = 0;

  while (i < slot->refusal_count) {
    hearth__refusal *refusal = &slot->refusals[i];

    if (refusal->until_ns <= now) {
      take_out(slot, i);
      continue;
    }
    refusal->what.left_ms =
        refusal->until_ns == UINT64_MAX
            ? -1
            : (int64_t)((refusal->until_ns - now) / 1000000);
    ++i;
  }
}

static uint32_t find(const hearth_slot *slot, uint64_t key) {
  uint32_t i = 0;

  while (i < slot->refusal_count && slot->refusals[i].what.key != key) {
    ++i;
  }
  return i;
}

hearth_status hearth__refused(hearth_slot *slot, uint64_t key, char *err,
                              uint64_t err_cap) {
  const hearth_refusal *what;
  uint32_t at;

  expire(slot);
  at = find(slot, key);
  if (at == slot->refusal_count) {
    return HEARTH_OK;
  }
  what = &slot->refusals[at].what;
  if (what->left_ms < 0) {
    hearth__tell(err, err_cap, "%s is in quarantine until it is cleared: %s",
                 what->plugin, what->why);
  } else {
    hearth__tell(err, err_cap, "%s is in quarantine for another %ld s: %s",
                 what->plugin, (long)(what->left_ms / 1000 + 1), what->why);
  }
  return HEARTH_UNAVAILABLE;
}

void hearth__refuse(hearth_slot *slot, const hearth__live *live,
                    const char *why) {
  int64_t for_ms = slot->options.quarantine_ms;
  hearth__refusal *refusal;
  uint32_t at = find(slot, live->key);

  if (at < slot->refusal_count) {
    take_out(slot, at);
  } else if (slot->refusal_count == HEARTH__REFUSALS) {
    take_out(slot, 0);
  }
  refusal = &slot->refusals[slot->refusal_count++];
  memset(refusal, 0, sizeof(*refusal));
  refusal->what.key = live->key;
  refusal->until_ns = for_ms < 0 || for_ms > INT64_MAX / 2000000
                          ? UINT64_MAX
                          : hearth_monotonic_ns() + (uint64_t)for_ms * 1000000;
  memcpy(refusal->what.plugin, live->title, sizeof(live->title));
  hearth__tell(refusal->what.why, sizeof(refusal->what.why), "%s", why);
}

hearth_status hearth_slot_refusal(hearth_slot *slot, uint32_t index,
                                  hearth_refusal *out) {
  hearth_status status = HEARTH_NO_OPINION;

  pthread_mutex_lock(&slot->lock);
  expire(slot);
  if (index < slot->refusal_count) {
    *out = slot->refusals[index].what;
    status = HEARTH_OK;
  }
  pthread_mutex_unlock(&slot->lock);
  return status;
}

void hearth_slot_pardon(hearth_slot *slot, uint64_t key) {
  uint32_t at;

  pthread_mutex_lock(&slot->lock);
  at = find(slot, key);
  if (!key) {
    slot->refusal_count = 0;
  } else if (at < slot->refusal_count) {
    take_out(slot, at);
  }
  pthread_mutex_unlock(&slot->lock);
}

/* ---- Trial ---- */

static uint32_t bits_of(uint32_t word) {
  uint32_t count = 0;

  for (; word; word &= word - 1) {
    ++count;
  }
  return count;
}

/* Whether the last calls of the current one end its trial; `why` says it. */
static int guilty(const hearth_slot *slot, const hearth__live *live, char *why,
                  size_t cap) {
  uint64_t calls = live->noted < HEARTH__TRIAL ? live->noted : HEARTH__TRIAL;
  uint32_t failed = bits_of(live->failed);

  if (live->crashed) {
    hearth__tell(why, cap, "%s crashed", live->title);
    return 1;
  }
  if (calls < HEARTH__TRIAL_MIN ||
      failed <= slot->options.failure_share * (double)calls) {
    return 0;
  }
  hearth__tell(why, cap, "%s failed %lu of its last %lu calls", live->title,
               (unsigned long)failed, (unsigned long)calls);
  return 1;
}

int hearth__trial(hearth_slot *slot, hearth__live *live, hearth_status status) {
  char why[sizeof(slot->reason) / 2];

  if (live != slot->current) {
    return 0;
  }
  live->failed = live->failed << 1 | (hearth__status_fails(status) ? 1u : 0u);
  ++live->noted;
  live->crashed |= status == HEARTH_CRASHED;
  if (slot->change != HEARTH__NOTHING || !slot->options.auto_rollback ||
      !slot->previous || !guilty(slot, live, why, sizeof(why))) {
    return 0;
  }
  hearth__tell(slot->reason, sizeof(slot->reason),
               "%s; rolled back to %s, and in quarantine", why,
               slot->previous->title);
  hearth__refuse(slot, live, why);
  slot->current = slot->previous;
  slot->previous = NULL;
  slot->trial = 0;
  ++slot->generation;
  ++slot->auto_rollbacks;
  (void)hearth__live_drop(live); /* its caller is one more */
  return 1;
}

hearth_status hearth_slot_rollback(hearth_slot *slot, char *err,
                                   uint64_t err_cap) {
  hearth_status status = hearth__slot_claim(slot, HEARTH__SAVING, 0);
  hearth__live *current;

  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "a swap is under way");
    return status;
  }
  pthread_mutex_lock(&slot->lock);
  if (slot->previous) {
    current = slot->current;
    slot->current = slot->previous;
    slot->previous = current;
    slot->trial = 0;
    ++slot->generation;
    ++slot->rollbacks;
  } else {
    hearth__tell(err, err_cap, "there is no previous plugin to go back to");
    status = HEARTH_UNAVAILABLE;
  }
  pthread_mutex_unlock(&slot->lock);
  hearth__slot_unclaim(slot);
  return status;
}

hearth_status hearth_slot_forget(hearth_slot *slot) {
  hearth_status status = hearth__slot_claim(slot, HEARTH__SAVING, 0);
  hearth__live *previous;
  int last;

  if (status != HEARTH_OK) {
    return status;
  }
  pthread_mutex_lock(&slot->lock);
  previous = slot->previous;
  slot->previous = NULL;
  slot->trial = 0;
  last = previous && hearth__live_drop(previous);
  pthread_mutex_unlock(&slot->lock);
  if (last) {
    hearth__live_end(slot, previous);
  }
  hearth__slot_unclaim(slot);
  return HEARTH_OK;
}
