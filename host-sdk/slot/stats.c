/* SPDX-License-Identifier: MIT
   What a slot tells of itself, and of a swap. */
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/slot/slot.h"

static uint64_t memory_of(const hearth_host *host) {
  const hearth_memory *memory =
      host->get_extension ? host->get_extension(host, HEARTH_EXT_MEMORY) : NULL;

  return memory && memory->used ? memory->used(host) : 0;
}

static void read_counts(const hearth_slot *slot, hearth_slot_stats *out) {
  out->key = slot->current->key;
  out->generation = slot->generation;
  out->outcomes = slot->outcomes;
  out->swaps = slot->swaps;
  out->failed_swaps = slot->failed_swaps;
  out->rollbacks = slot->rollbacks;
  out->auto_rollbacks = slot->auto_rollbacks;
  out->previous_failures = slot->previous_failures;
  out->longest_wait_ns = slot->longest_wait_ns;
  out->has_previous = slot->previous != NULL;
  out->swapping = slot->change == HEARTH__SWAPPING;
  memcpy(out->reason, slot->reason, sizeof(out->reason));
}

/* The previous one can't be destroyed while the lock is held, and a host's
   count takes none. */
void hearth_slot_get_stats(hearth_slot *slot, hearth_slot_stats *out) {
  const hearth_plugin_entry *entry;
  hearth__use use;

  memset(out, 0, sizeof(*out));
  hearth__slot_get(slot, &use);
  pthread_mutex_lock(&slot->lock);
  read_counts(slot, out);
  out->key = use.live->key;
  if (slot->previous) {
    out->previous_memory_bytes = memory_of(slot->previous->host);
  }
  pthread_mutex_unlock(&slot->lock);
  entry = hearth_instance_entry(use.live->instance);
  hearth__tell(out->id, sizeof(out->id), "%s", entry->id);
  hearth__tell(out->name, sizeof(out->name), "%s", entry->name);
  hearth__tell(out->version, sizeof(out->version), "%s", entry->version);
  out->memory_bytes = memory_of(use.live->host);
  hearth_instance_get_stats(use.live->instance, &out->calls);
  hearth__slot_drop(slot, &use);
}

static void handover_text(const hearth_swap_report *report, char *out,
                          size_t cap) {
  switch (report->handover) {
  case HEARTH_HANDOVER_STATE:
    hearth__tell(out, cap, "took over its state of %lu bytes",
                 (unsigned long)report->state_bytes);
    break;
  case HEARTH_HANDOVER_WARM:
    hearth__tell(out, cap, "learned from %lu stored outcomes",
                 (unsigned long)report->warmed);
    break;
  case HEARTH_HANDOVER_COLD:
    hearth__tell(out, cap, "started cold");
    break;
  default:
    hearth__tell(out, cap, "took over nothing");
  }
}

void hearth_swap_report_text(const hearth_swap_report *report, char *out,
                             uint64_t cap) {
  char handover[64];

  handover_text(report, handover, sizeof(handover));
  hearth__tell(out, cap,
               "%s -> %s: %s in %.3f ms; %lu outcomes came meanwhile, and "
               "waited %.3f ms at most%s",
               report->from, report->to, handover,
               (double)report->total_ns / 1e6, (unsigned long)report->journaled,
               (double)report->longest_wait_ns / 1e6,
               report->drained ? "" : "; not drained");
}
