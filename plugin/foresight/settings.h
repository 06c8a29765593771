/* SPDX-License-Identifier: MIT
   What the configuration allows: limits on age, number and speculation. */
#ifndef FORESIGHT_SETTINGS_H
#define FORESIGHT_SETTINGS_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/wire/messages.h"

/* data_retention_seconds: a model last used longer ago counts as never used,
   a user silent for longer as unknown. */
int foresight__is_expired(const hearth_plugin *f, uint32_t model, int64_t now);
int foresight__is_forgotten(const hearth_plugin *f, uint32_t user, int64_t now);
/* A request of `user` for `model` comes: give up what has to be forgotten of
   them, and one user more. */
void foresight__forget(hearth_plugin *f, uint32_t user, uint32_t model,
                       int64_t now);

/* Whether a model may be loaded ahead: background_warmup_enabled, and its last
   use lies within twelve times usage_window_seconds. */
int foresight__may_warm(const hearth_plugin *f, uint32_t model, int64_t now);

/* speculation_share, as a limit on loads against those wanted; 0: none. */
float foresight_loads_limit(double share, float otherwise);

/* max_warm_models: of the configuration and the pool, the lower. */
uint32_t foresight__most_warm(const hearth_plugin *f,
                              const hearth_context *context);
/* Models that are held, or are to be loaded, as far as plans and outcomes
   tell; and of those that are idle the one used longest ago, HEARTH_NO_NAME for
   none. */
uint32_t foresight__held(const hearth_plugin *f);
uint32_t foresight__longest_idle(const hearth_plugin *f);

#endif
