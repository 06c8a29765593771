/* SPDX-License-Identifier: MIT
   The plots of an experiment's page. */
#ifndef HEARTH_EXPERIMENT_PLOT_H
#define HEARTH_EXPERIMENT_PLOT_H

#include "host-sdk/experiment/offline/offline.h"

/* The classes "arm0" to "arm7" colour what belongs to an arm. */
extern const char hearth__plot_style[];

/* Cost so far by arm over time; and what each arm saved on the first
   champion. */
void hearth__plot_costs(const hearth__offline *run, FILE *out);

/* The confidence sequence of an arm against the champion of each time, over
   units. */
void hearth__plot_sequence(const hearth__offline *run, uint32_t arm, FILE *out);

/* p50 and p99 of the plugins' calls. */
void hearth__plot_latency(const hearth__offline *run, FILE *out);

#endif
