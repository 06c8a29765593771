/* SPDX-License-Identifier: MIT
   The parts of `hearth state`. */
#ifndef HEARTH_CLI_STATE_H
#define HEARTH_CLI_STATE_H

#include <stdint.h>

#include "hearth/store.h"

enum { HEARTH__STATE_SENTENCE = 4700 };

/* Each returns an exit status, and on failure has printed one sentence. */
int hearth__state_show(const char *path, int json);
int hearth__state_export(const char *path, const char *folder);
int hearth__state_import(const char *path, const char *folder);
int hearth__state_rebuild(const char *path, const char *plugin,
                          const char *catalog);

/* Open with the store's lines on the standard error; NULL after a sentence. */
hearth_store *hearth__state_open(const char *path, uint32_t flags);
/* Close; `status`, or that of bad input where closing failed. */
int hearth__state_close(hearth_store *store, int status);
/* "hearth state: SENTENCE", and the exit status of bad input. */
int hearth__state_fail(const char *sentence);

#endif
