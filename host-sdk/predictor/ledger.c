/* SPDX-License-Identifier: MIT
   Requests by their id: what was predicted, and what runs. */
#include "host-sdk/predictor/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/names.h"

enum { BUCKETS = 4096 };

struct hearth__ledger {
  uint64_t seed;
  uint32_t kept; /* entries in the list by age: all that have not started */
  hearth__entry *oldest, *newest;
  hearth__entry *buckets[BUCKETS];
};

hearth__ledger *hearth__ledger_new(uint64_t seed) {
  hearth__ledger *ledger = calloc(1, sizeof(*ledger));

  if (ledger) {
    ledger->seed = seed;
  }
  return ledger;
}

void hearth__ledger_free(hearth__ledger *ledger) {
  if (!ledger) {
    return;
  }
  for (uint32_t i = 0; i < BUCKETS; ++i) {
    while (ledger->buckets[i]) {
      hearth__entry *entry = ledger->buckets[i];

      ledger->buckets[i] = entry->chain;
      free(entry);
    }
  }
  free(ledger);
}

/* The link that points to the entry of an id, or to the end of its chain. */
static hearth__entry **link_of(hearth__ledger *ledger, const char *id) {
  uint64_t hash = hearth_hash(ledger->seed, id, strlen(id));
  hearth__entry **link = &ledger->buckets[hash % BUCKETS];

  while (*link && strcmp((*link)->id, id) != 0) {
    link = &(*link)->chain;
  }
  return link;
}

hearth__entry *hearth__ledger_find(const hearth__ledger *ledger,
                                   const char *id) {
  return *link_of((hearth__ledger *)(uintptr_t)ledger, id);
}

static void age_in(hearth__ledger *ledger, hearth__entry *entry) {
  entry->newer = NULL;
  entry->older = ledger->newest;
  if (ledger->newest) {
    ledger->newest->newer = entry;
  } else {
    ledger->oldest = entry;
  }
  ledger->newest = entry;
  ++ledger->kept;
}

static void age_out(hearth__ledger *ledger, hearth__entry *entry) {
  if (entry->older) {
    entry->older->newer = entry->newer;
  } else {
    ledger->oldest = entry->newer;
  }
  if (entry->newer) {
    entry->newer->older = entry->older;
  } else {
    ledger->newest = entry->older;
  }
  --ledger->kept;
}

static void forget_oldest(hearth__ledger *ledger) {
  hearth__entry *entry = ledger->oldest;
  hearth__entry **link = link_of(ledger, entry->id);

  *link = entry->chain;
  age_out(ledger, entry);
  free(entry);
}

hearth__entry *hearth__ledger_add(hearth__ledger *ledger, const char *id) {
  hearth__entry *entry = *link_of(ledger, id);
  hearth__entry **link;

  if (entry) {
    return entry;
  }
  entry = calloc(1, sizeof(*entry));
  if (!entry) {
    return NULL;
  }
  while (ledger->kept >= HEARTH__LEDGER_KEEP) {
    forget_oldest(ledger);
  }
  memcpy(entry->id, id, strlen(id) + 1);
  link = link_of(ledger, id);
  *link = entry;
  age_in(ledger, entry);
  return entry;
}

void hearth__ledger_stage(hearth__ledger *ledger, hearth__entry *entry,
                          hearth__stage stage) {
  if (entry->stage != HEARTH__STARTED) {
    age_out(ledger, entry);
  }
  entry->stage = stage;
  if (stage != HEARTH__STARTED) {
    age_in(ledger, entry);
  }
  while (ledger->kept > HEARTH__LEDGER_KEEP) {
    forget_oldest(ledger);
  }
}
