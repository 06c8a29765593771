/* SPDX-License-Identifier: MIT
   What a host told and no arm has seen yet. */
#include "host-sdk/experiment/inbox.h"

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/names.h"
#include "plugin/sdk/pool/pool.h"

hearth_status hearth__inbox_init(hearth__inbox *inbox, uint32_t cap) {
  uint32_t buckets = 64;
  while (buckets < cap && buckets < 1u << 24) {
    buckets *= 2;
  }
  *inbox =
      (hearth__inbox){.mask = buckets - 1, .cap = cap, .newest_ms = INT64_MIN};
  inbox->buckets = calloc(buckets, sizeof *inbox->buckets);
  return inbox->buckets == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
}

void hearth__inbox_free(hearth__inbox *inbox) {
  while (inbox->first != NULL) {
    hearth__told *next = inbox->first->next;
    free(inbox->first);
    inbox->first = next;
  }
  free(inbox->buckets);
  *inbox = (hearth__inbox){0};
}

static hearth__told *find(const hearth__inbox *inbox, hearth_str id,
                          uint64_t hash) {
  hearth__told *at = inbox->buckets[hash & inbox->mask];
  while (at != NULL &&
         !(at->hash == hash && hearth_str_equal(hearth_str_from(at->id), id))) {
    at = at->chain;
  }
  return at;
}

/* Strangers may choose ids: the table's address salts the hash. */
static uint64_t hash_of(const hearth__inbox *inbox, hearth_str id) {
  return hearth_hash((uint64_t)(uintptr_t)inbox->buckets, id.data, id.len);
}

hearth__told *hearth__inbox_find(const hearth__inbox *inbox, const char *id) {
  const hearth_str text = hearth_str_from(id);
  return find(inbox, text, hash_of(inbox, text));
}

hearth_status hearth__inbox_add(hearth__inbox *inbox, hearth_str id,
                                int64_t at_ms, hearth_bytes context) {
  const uint64_t hash = hash_of(inbox, id);
  if (id.len == 0 || id.len >= HEARTH_ID_CAP ||
      memchr(id.data, '\0', id.len) != NULL || find(inbox, id, hash) != NULL) {
    return HEARTH_BAD_ARG;
  }
  hearth__told *told =
      inbox->count < inbox->cap ? malloc(sizeof *told + context.len) : NULL;
  if (told == NULL) {
    inbox->dropped++;
    return inbox->count < inbox->cap ? HEARTH_NO_MEMORY : HEARTH_BUSY;
  }
  *told = (hearth__told){.hash = hash,
                         .at_ms = at_ms,
                         .duration_ms = -1,
                         .model = HEARTH_NO_MODEL,
                         .len = context.len,
                         .chain = inbox->buckets[hash & inbox->mask]};
  memcpy(told->id, id.data, id.len);
  memcpy(told->context, context.data, context.len);
  inbox->buckets[hash & inbox->mask] = told;
  if (inbox->last != NULL) {
    inbox->last->next = told;
  } else {
    inbox->first = told;
  }
  inbox->last = told;
  inbox->count++;
  inbox->newest_ms = at_ms > inbox->newest_ms ? at_ms : inbox->newest_ms;
  return HEARTH_OK;
}

static void take_first(hearth__inbox *inbox) {
  hearth__told *told = inbox->first;
  hearth__told **at = &inbox->buckets[told->hash & inbox->mask];
  while (*at != told) {
    at = &(*at)->chain;
  }
  *at = told->chain;
  inbox->first = told->next;
  if (inbox->first == NULL) {
    inbox->last = NULL;
  }
  inbox->count--;
}

int hearth__inbox_ready(const hearth__inbox *inbox, int64_t hold_ms, int all) {
  const hearth__told *told = inbox->first;
  return told != NULL &&
         (all || (told->finished && told->model != HEARTH_NO_MODEL) ||
          inbox->newest_ms - told->at_ms > hold_ms);
}

hearth__told *hearth__inbox_take(hearth__inbox *inbox, int64_t hold_ms,
                                 int all) {
  while (hearth__inbox_ready(inbox, hold_ms, all)) {
    hearth__told *told = inbox->first;
    take_first(inbox);
    if (told->model != HEARTH_NO_MODEL) {
      if (!told->finished || told->duration_ms < 0) {
        told->cut = 1;
        told->duration_ms = inbox->newest_ms - told->at_ms;
      }
      if (told->duration_ms > HEARTH__LONGEST_MS) {
        told->duration_ms = HEARTH__LONGEST_MS;
      }
      return told;
    }
    inbox->unsettled++;
    free(told);
  }
  return NULL;
}
