/* SPDX-License-Identifier: MIT
   Numbers with names, as msgpack maps. */
#ifndef FORESIGHT_DUMP_H
#define FORESIGHT_DUMP_H

#include <stdint.h>

#include "hearth/plugin.h"

/* Written straight into a sink; the first failure stays.  Floats that are not
   finite are written as 0. */
typedef struct foresight_dump {
  hearth_sink *out;
  hearth_status status;
} foresight_dump;

/* A map of so many names with what follows each; fewer than 65,536. */
void foresight_dump_map(foresight_dump *d, uint32_t count);
void foresight_dump_name(foresight_dump *d, const char *name);
void foresight_dump_number(foresight_dump *d, double x);

/* A name in place, with its NUL: a table of pointers takes relocations. */
typedef char foresight_dump_key[24];

/* A map of `count` names with their numbers. */
void foresight_dump_numbers(foresight_dump *d, const foresight_dump_key *names,
                            const float *x, uint32_t count);

#endif
