/* SPDX-License-Identifier: MIT
   Names to dense numbers: models, users and tasks as small integers. */
#ifndef HEARTH_SDK_NAMES_H
#define HEARTH_SDK_NAMES_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/wire/schema.h"

/* A set of strings, each with a number from 0 in the order of coming.  An open
   hash table by SipHash-1-3 (Aumasson, Bernstein 2012) with the instance's
   seed, so that strangers who choose names can't make it slow.  Not locked. */
typedef struct hearth_names hearth_names;

#define HEARTH_NO_NAME UINT32_MAX

/* Owned by caller; NULL when there is no memory.  `limit`: how many names at
   most (0: 2^24). */
hearth_names *hearth_names_new(const hearth_memory_user *memory, uint64_t seed,
                               uint32_t limit);
void hearth_names_free(hearth_names *names);

/* The number of a name, or HEARTH_NO_NAME. */
uint32_t hearth_names_find(const hearth_names *names, hearth_str name);

/* The number of a name, which is copied in if it is new.  HEARTH_LIMIT or
   HEARTH_NO_MEMORY leave *id and the set untouched. */
hearth_status hearth_names_add(hearth_names *names, hearth_str name,
                               uint32_t *id);

uint32_t hearth_names_count(const hearth_names *names);

/* The text of a number below the count; valid as long as the set. */
hearth_str hearth_names_text(const hearth_names *names, uint32_t id);

/* Have the text's place come nearer; see hint.h. */
void hearth_names_fetch(const hearth_names *names, uint32_t id);

/* SipHash-1-3 of bytes under a seed, for other tables. */
uint64_t hearth_hash(uint64_t seed, const void *data, uint64_t len);

#endif
