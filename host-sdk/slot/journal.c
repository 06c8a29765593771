/* SPDX-License-Identifier: MIT
   Outcomes that came during a swap, in their order. */
#include "host-sdk/slot/journal.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 << 10 };

/* Entries: 8 bytes of length, then the outcome; none spans two chunks. */
struct hearth__chunk {
  hearth__chunk *next;
  uint64_t len, cap;
  uint8_t data[];
};

/* A chunk at the end with room for `need` bytes, or NULL. */
static hearth__chunk *room(hearth__journal *journal, uint64_t need) {
  uint64_t cap = need > CHUNK ? need : CHUNK;
  hearth__chunk *chunk = journal->last;

  if (chunk && chunk->cap - chunk->len >= need) {
    return chunk;
  }
  if (cap > SIZE_MAX - sizeof(*chunk)) {
    return NULL;
  }
  chunk = malloc(sizeof(*chunk) + (size_t)cap);
  if (!chunk) {
    return NULL;
  }
  chunk->next = NULL;
  chunk->len = 0;
  chunk->cap = cap;
  if (journal->last) {
    journal->last->next = chunk;
  } else {
    journal->first = chunk;
  }
  journal->last = chunk;
  return chunk;
}

hearth_status hearth__journal_add(hearth__journal *journal,
                                  hearth_bytes outcome) {
  hearth__chunk *chunk;
  uint64_t need;

  if (outcome.len > UINT64_MAX - 2 * sizeof(need)) {
    return HEARTH_LIMIT;
  }
  need = sizeof(outcome.len) + outcome.len;
  if (journal->bytes > journal->limit ||
      need > journal->limit - journal->bytes) {
    return HEARTH_LIMIT;
  }
  chunk = room(journal, need);
  if (!chunk) {
    return HEARTH_NO_MEMORY;
  }
  memcpy(chunk->data + chunk->len, &outcome.len, sizeof(outcome.len));
  if (outcome.len) {
    memcpy(chunk->data + chunk->len + sizeof(outcome.len), outcome.data,
           (size_t)outcome.len);
  }
  chunk->len += need;
  journal->bytes += need;
  ++journal->count;
  return HEARTH_OK;
}

int hearth__journal_next(const hearth__journal *journal, hearth__mark *mark,
                         hearth_bytes *outcome) {
  if (mark->read == journal->count) {
    return 0;
  }
  if (!mark->chunk) {
    mark->chunk = journal->first;
  } else if (mark->offset == mark->chunk->len) {
    mark->chunk = mark->chunk->next;
    mark->offset = 0;
  }
  memcpy(&outcome->len, mark->chunk->data + mark->offset, sizeof(outcome->len));
  outcome->data = mark->chunk->data + mark->offset + sizeof(outcome->len);
  mark->offset += sizeof(outcome->len) + outcome->len;
  ++mark->read;
  return 1;
}

void hearth__journal_clear(hearth__journal *journal) {
  while (journal->first) {
    hearth__chunk *chunk = journal->first;

    journal->first = chunk->next;
    free(chunk);
  }
  journal->last = NULL;
  journal->count = journal->bytes = 0;
}
