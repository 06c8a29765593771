/* SPDX-License-Identifier: MIT
   A plugin's answer, with models as numbers. */
#ifndef HEARTH_REPLAY_PLAN_H
#define HEARTH_REPLAY_PLAN_H

#include <stdint.h>

#include "plugin/sdk/pool/pool.h"
#include "plugin/sdk/wire/messages.h"

/* One line of an answer: what the pool needs, and what was predicted. */
typedef struct hearth_plan_line {
  hearth_plan_entry entry;
  double confidence, p_next; /* -1: not given */
  double p_within[HEARTH_HORIZONS];
} hearth_plan_line;

/* An answer.  Owned by whoever decoded it, valid until its next call. */
typedef struct hearth_plan {
  hearth_plan_line *lines;
  hearth_plan_entry *entries; /* the same lines, for the pool */
  uint32_t count;
  int opinion; /* 0: the plugin had none */
  int64_t review_at_ms;
} hearth_plan;

#endif
