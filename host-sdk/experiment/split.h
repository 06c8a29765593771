/* SPDX-License-Identifier: MIT
   Which unit belongs to which arm. */
#ifndef HEARTH_EXPERIMENT_SPLIT_H
#define HEARTH_EXPERIMENT_SPLIT_H

#include "plugin/sdk/names.h"

/* The salt of an experiment's split by its name; each reign of a champion
   splits anew. */
uint64_t hearth__split_salt(const char *name, uint32_t reign);

/* The arm of a unit, by SipHash: the same in every process and on every
   machine.  `shares` add up to 1. */
uint32_t hearth__split(uint64_t salt, hearth_str unit, const double *shares,
                       uint32_t count);

#endif
