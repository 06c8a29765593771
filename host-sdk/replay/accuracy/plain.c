/* SPDX-License-Identifier: MIT
   The plain guesses: last used, most used. */
#include "host-sdk/replay/accuracy/plain.h"

#include <stdlib.h>

typedef struct use {
  uint32_t model, count;
  uint64_t last; /* which request it was; 0: none */
} use;

typedef struct person {
  use *uses; /* owned; one a model */
  uint32_t count, cap;
} person;

struct hearth_plain {
  use *all;       /* by model */
  person *people; /* by user */
  uint64_t *seen; /* by model: the question in which the user has it */
  uint64_t questions, requests;
  uint32_t models, users;
};

hearth_plain *hearth_plain_new(uint32_t models, uint32_t users) {
  hearth_plain *plain = calloc(1, sizeof *plain);
  if (plain == NULL) {
    return NULL;
  }
  plain->models = models;
  plain->users = users;
  plain->all = calloc((size_t)models + 1, sizeof *plain->all);
  plain->seen = calloc((size_t)models + 1, sizeof *plain->seen);
  plain->people = calloc((size_t)users + 1, sizeof *plain->people);
  if (plain->all == NULL || plain->seen == NULL || plain->people == NULL) {
    hearth_plain_free(plain);
    return NULL;
  }
  for (uint32_t m = 0; m < models; m++) {
    plain->all[m].model = m;
  }
  return plain;
}

void hearth_plain_free(hearth_plain *plain) {
  if (plain == NULL) {
    return;
  }
  for (uint32_t u = 0; plain->people != NULL && u < plain->users; u++) {
    free(plain->people[u].uses);
  }
  free(plain->people);
  free(plain->seen);
  free(plain->all);
  free(plain);
}

static int is_ahead(const use *a, const use *b, int most) {
  return most && a->count != b->count ? a->count > b->count : a->last > b->last;
}

static use *find(const person *who, uint32_t model) {
  for (uint32_t i = 0; i < who->count; i++) {
    if (who->uses[i].model == model) {
      return &who->uses[i];
    }
  }
  return NULL;
}

uint32_t hearth_plain_place(hearth_plain *plain, uint32_t user, int most,
                            uint32_t model) {
  static const person nobody = {NULL, 0, 0};
  const person *who = user < plain->users ? &plain->people[user] : &nobody;
  const use *own = find(who, model);
  uint32_t place = 0;
  if (own != NULL) {
    for (uint32_t i = 0; i < who->count; i++) {
      place += (uint32_t)is_ahead(&who->uses[i], own, most);
    }
    return place;
  }
  if (plain->all[model].last == 0) {
    return HEARTH_NO_PLACE;
  }
  plain->questions++;
  for (uint32_t i = 0; i < who->count; i++) {
    plain->seen[who->uses[i].model] = plain->questions;
  }
  place = who->count;
  for (uint32_t m = 0; m < plain->models; m++) {
    place += plain->seen[m] != plain->questions &&
             is_ahead(&plain->all[m], &plain->all[model], most);
  }
  return place;
}

int hearth_plain_knows(const hearth_plain *plain) {
  return plain->requests > 0;
}

static void count(use *of, uint64_t request) {
  of->count++;
  of->last = request;
}

hearth_status hearth_plain_learn(hearth_plain *plain, uint32_t user,
                                 uint32_t model) {
  plain->requests++;
  count(&plain->all[model], plain->requests);
  if (user >= plain->users) {
    return HEARTH_OK;
  }
  person *who = &plain->people[user];
  use *own = find(who, model);
  if (own == NULL && who->count == who->cap) {
    const uint32_t cap = who->cap == 0 ? 4 : 2 * who->cap;
    use *uses = realloc(who->uses, cap * sizeof *uses);
    if (uses == NULL) {
      return HEARTH_NO_MEMORY;
    }
    who->uses = uses;
    who->cap = cap;
  }
  if (own == NULL) {
    own = &who->uses[who->count++];
    *own = (use){.model = model};
  }
  count(own, plain->requests);
  return HEARTH_OK;
}
