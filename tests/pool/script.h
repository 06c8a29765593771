/* SPDX-License-Identifier: MIT
   Schedules written by hand: a sim whose events read as one line. */
#ifndef HEARTH_TESTS_POOL_SCRIPT_H
#define HEARTH_TESTS_POOL_SCRIPT_H

#include "plugin/sdk/pool/sim.h"

/* Events as words: time, what, model.  L demand load, P prewarm, R ready, S
   request runs (+ its wait), D request done, E evicted, X keep-alive ran out,
   C prewarm cancelled.  "0L1 5R1 5S1+5 7D1". */
typedef struct script {
  hearth_sim *sim;
  char log[1024];
  uint64_t requests;
} script;

/* Begin with `count` models, all of the same size and load time. */
void script_begin(script *script, const hearth_pool_options *options,
                  uint32_t count, int64_t memory_kb, int64_t load_ms);
void script_add(script *script, hearth_pool_model model);
void script_end(script *script);

hearth_found script_request(script *script, int64_t now, uint32_t model,
                            int64_t duration_ms);

/* A review: the instant is finished, a plan of one entry adopted, and loads
   start. */
void script_plan(script *script, int64_t now, hearth_plan_entry entry);
void script_plans(script *script, int64_t now, const hearth_plan_entry *entries,
                  uint32_t count);

/* Entries of a plan. */
hearth_plan_entry keep(uint32_t model);
hearth_plan_entry keep_for(uint32_t model, int64_t keep_for_ms);
hearth_plan_entry warm(uint32_t model);

/* Run to the end; whether the log reads so.  Prints it where it does not. */
int script_reads(script *script, const char *expected);

#endif
