/* SPDX-License-Identifier: MIT
   What a worker that starts again is told. */
#include "host-sdk/worker/recall.h"

#include <stdlib.h>
#include <string.h>

hearth_status hearth__recall_init(hearth__recall *recall, uint32_t room) {
  memset(recall, 0, sizeof(*recall));
  recall->ring = calloc(room, sizeof(*recall->ring));
  recall->room = room;
  recall->first = recall->next = 1;
  return recall->ring ? HEARTH_OK : HEARTH_NO_MEMORY;
}

static void empty(hearth__kept *kept) {
  free(kept->data);
  kept->data = NULL;
  kept->len = 0;
}

static hearth__kept *slot(hearth__recall *recall, uint64_t number) {
  return &recall->ring[number % recall->room];
}

/* The oldest goes. */
static void pop(hearth__recall *recall) {
  hearth__kept *kept = slot(recall, recall->first++);

  recall->bytes -= kept->len;
  empty(kept);
}

void hearth__recall_free(hearth__recall *recall) {
  while (recall->ring && recall->first < recall->next) {
    pop(recall);
  }
  free(recall->ring);
  empty(&recall->create);
  empty(&recall->catalog);
  empty(&recall->snapshot);
  memset(recall, 0, sizeof(*recall));
}

hearth_status hearth__kept_set(hearth__kept *kept, hearth_bytes bytes) {
  uint8_t *data = malloc((size_t)bytes.len + 1);

  if (!data) {
    return HEARTH_NO_MEMORY;
  }
  if (bytes.len) {
    memcpy(data, bytes.data, (size_t)bytes.len);
  }
  free(kept->data);
  kept->data = data;
  kept->len = bytes.len;
  return HEARTH_OK;
}

uint64_t hearth__recall_add(hearth__recall *recall, hearth_bytes outcome) {
  hearth__kept kept = {NULL, 0};

  if (outcome.len > HEARTH__RECALL_BYTES ||
      hearth__kept_set(&kept, outcome) != HEARTH_OK) {
    ++recall->lost;
    return 0;
  }
  while (recall->first < recall->next &&
         (recall->next - recall->first == recall->room ||
          recall->bytes + outcome.len > HEARTH__RECALL_BYTES)) {
    recall->lost += slot(recall, recall->first)->data != NULL;
    pop(recall);
  }
  recall->bytes += kept.len;
  ++recall->asked;
  *slot(recall, recall->next) = kept;
  return recall->next++;
}

void hearth__recall_drop(hearth__recall *recall, uint64_t number, int lost) {
  hearth__kept *kept;

  if (number < recall->first || number >= recall->next) {
    return;
  }
  kept = slot(recall, number);
  recall->lost += kept->data && lost;
  recall->bytes -= kept->len;
  empty(kept);
}

uint64_t hearth__recall_untold(hearth__recall *recall, hearth__kept *copy) {
  uint64_t number = recall->told + 1;

  if (number < recall->first) {
    number = recall->first;
  }
  for (; number < recall->next; ++number) {
    const hearth__kept *kept = slot(recall, number);
    hearth_bytes bytes = {kept->data, kept->len};

    if (!kept->data) {
      continue;
    }
    if (hearth__kept_set(copy, bytes) == HEARTH_OK) {
      return number;
    }
    hearth__recall_drop(recall, number, 1);
  }
  return 0;
}

void hearth__recall_saved(hearth__recall *recall, uint64_t number) {
  while (recall->first < recall->next && recall->first <= number) {
    pop(recall);
  }
  recall->asked = recall->next - recall->first;
}
