/* SPDX-License-Identifier: MIT
   A long run of calls on a Foresight instance, and all that it answers. */
#ifndef HEARTH_TESTS_COURSE_H
#define HEARTH_TESTS_COURSE_H

#include "hearth/plugin.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

extern const hearth_plugin_entry foresight_entry;

enum { COURSE_MODELS = 24, COURSE_USERS = 12 };

/* What every step tells of the pool. */
typedef struct course {
  double budget_mb, idle_price; /* -1: none */
  int32_t users;                /* 0: nobody has a name */
  int32_t silent;               /* 1: outcomes alone, no questions */
} course;

/* An instance with that configuration (NULL: the defaults) and catalog m0 to
   m(models - 1); 0: no catalog. */
hearth_plugin *course_create(const hearth_host *host,
                             const hearth_config *config, uint32_t models);
hearth_status course_catalog(hearth_plugin *plugin, uint32_t first,
                             uint32_t models, double memory_mb);

/* Step i is the same on whichever instance it is made: questions, a request
   that starts, what becomes of earlier ones, loads, evictions.  Two requests
   are always running.  Statuses and answers are appended to `log`, which may be
   NULL. */
void course_step(const course *c, hearth_plugin *plugin, uint64_t i,
                 hearth_buffer *log);
/* Steps [from, to). */
void course_run(const course *c, hearth_plugin *plugin, uint64_t from,
                uint64_t to, hearth_buffer *log);

/* A request of `user` at the time of step i, before its model is known,
   answered into `log`; and by predict/1. */
void course_ask(const course *c, hearth_plugin *plugin, uint64_t i,
                const char *user, hearth_buffer *log);

/* save_state into an empty buffer; load_state of bytes, `chunk` at a time (0:
   as asked for), with the message in `err` of 256 bytes. */
hearth_status course_save(hearth_plugin *plugin, hearth_buffer *state);
hearth_status course_load(hearth_plugin *plugin, hearth_bytes state,
                          uint64_t chunk, char *err);

#endif
