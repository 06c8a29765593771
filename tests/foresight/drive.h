/* SPDX-License-Identifier: MIT
   A Foresight instance in a test: short calls instead of messages. */
#ifndef HEARTH_TESTS_DRIVE_H
#define HEARTH_TESTS_DRIVE_H

#include "hearth/plugin.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"
#include "tests/sdk/support.h"

extern const hearth_plugin_entry foresight_entry;

enum { DRIVE_LINES = 64, DRIVE_MODELS = 10000 };

typedef struct drive {
  support_host host;
  hearth_plugin *plugin;
  hearth_buffer message, answer;
  hearth_plan_model lines[DRIVE_LINES]; /* of the last answer */
  hearth_reason reasons[DRIVE_LINES][HEARTH_MAX_REASONS];
  hearth_model_set set;
  hearth_status status; /* of the last call */
  char err[256];
  int32_t want_reasons; /* in every context */
  double budget_mb, idle_price; /* told in every context; -1: none */
} drive;

/* An instance with `config` (NULL: defaults) and models m0, m1, ... of
   1024 MB and 10 s each.  fail_at: as support_host_init. */
hearth_status drive_begin(drive *d, const hearth_config *config,
                          uint32_t models, uint64_t fail_at);
void drive_end(drive *d);

/* Call prepare_models and decode the answer into d->set. */
hearth_status drive_ask(drive *d, int32_t reason, int64_t now,
                        const char *user, const char *task);
/* The same through hearth.predict/1. */
hearth_status drive_predict(drive *d, int32_t reason, int64_t now,
                            const char *user, const char *task);
/* The same through hearth.explain/1. */
hearth_status drive_explain(drive *d, int32_t reason, int64_t now,
                            const char *user, const char *task);
/* record_outcome of a phase, for model number `model`. */
hearth_status drive_tell(drive *d, int32_t phase, int64_t now, uint32_t model,
                         const char *user, const char *request);
/* started, settled, loaded if it was cold, finished after 1 s. */
void drive_request(drive *d, int64_t now, uint32_t model, const char *user);

/* get_model_metadata. */
hearth_status drive_metadata(drive *d, uint32_t model, int64_t now,
                             hearth_metadata *metadata);

/* The line of model number `model` in the last answer, or NULL. */
const hearth_plan_model *drive_line(const drive *d, uint32_t model);

#endif
