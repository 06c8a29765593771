/* SPDX-License-Identifier: MIT
   What a shared object exports and imports. */
#ifndef HEARTH_VALIDATE_SYMBOLS_H
#define HEARTH_VALIDATE_SYMBOLS_H

#include "host-sdk/validate/job.h"

/* Call `seen` with each dynamic symbol of the job's file, without its version.
   0, or -1 where the file has no section headers to find them by. */
int validate__symbols(validate_job *job,
                      void (*seen)(void *user, const char *name, int defined),
                      void *user);

#endif
