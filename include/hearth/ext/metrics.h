/* SPDX-License-Identifier: MIT
   Plugin extension hearth.metrics/1: counters and gauges of an instance. */
#ifndef HEARTH_EXT_METRICS_H
#define HEARTH_EXT_METRICS_H

#include "hearth/plugin.h"

#define HEARTH_EXT_METRICS "hearth.metrics/1"

#ifdef __cplusplus
extern "C" {
#endif

#define HEARTH_METRIC_COUNTER 0 /* only grows */
#define HEARTH_METRIC_GAUGE 1

typedef struct hearth_metric {
  uint32_t size;
  int32_t kind;     /* HEARTH_METRIC_* */
  const char *name; /* static; snake_case with its unit: "state_bytes" */
  const char *help; /* static; one sentence */
  double value;
} hearth_metric;

typedef struct hearth_metrics {
  uint32_t size;
  uint32_t flags; /* 0 */
  /* [worker] Fill metric `index` (from 0).  HEARTH_NO_OPINION past the end. */
  hearth_status (*get)(hearth_plugin *plugin, uint32_t index,
                       hearth_metric *out);
} hearth_metrics;

#ifdef __cplusplus
}
#endif

#endif
