/* SPDX-License-Identifier: MIT
   The plain guesses: last used, most used. */
#ifndef HEARTH_ACCURACY_PLAIN_H
#define HEARTH_ACCURACY_PLAIN_H

#include <stdint.h>

#include "hearth/plugin.h"

typedef struct hearth_plain hearth_plain;

#define HEARTH_NO_PLACE UINT32_MAX

/* Owned by caller; NULL: no memory. */
hearth_plain *hearth_plain_new(uint32_t models, uint32_t users);
void hearth_plain_free(hearth_plain *plain); /* NULL is a no-op */

/* The place of `model`, from 0, among the guesses for a request of `user`
   (UINT32_MAX: unknown).  First the models of this user, then those of all: by
   how lately each was used, or with `most` by how often, of equals the later.
   HEARTH_NO_PLACE: never used so far. */
uint32_t hearth_plain_place(hearth_plain *plain, uint32_t user, int most,
                            uint32_t model);

/* Whether there is anything to guess. */
int hearth_plain_knows(const hearth_plain *plain);

/* The request was for `model`.  HEARTH_NO_MEMORY: not taken in for the user. */
hearth_status hearth_plain_learn(hearth_plain *plain, uint32_t user,
                                 uint32_t model);

#endif
