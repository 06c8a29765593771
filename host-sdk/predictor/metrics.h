/* SPDX-License-Identifier: MIT
   What a predictor counts. */
#ifndef HEARTH_PREDICTOR_METRICS_H
#define HEARTH_PREDICTOR_METRICS_H

#include "hearth/predictor.h"

enum {
  HEARTH__LATENCIES = 1024,    /* of the last so many predictions */
  HEARTH__JUDGED_RECENT = 128, /* health looks at the last so many */
  HEARTH__JUDGED_ENOUGH = 20   /* ... once there are so many */
};

/* Zero it.  Not locked. */
typedef struct hearth__metrics {
  hearth_predictor_metrics counts; /* its means and rates are computed */
  uint64_t right, right_first;     /* of counts.judged */
  uint64_t latency_ns[HEARTH__LATENCIES];
  uint64_t latencies; /* so far */
  uint8_t recent[HEARTH__JUDGED_RECENT];
  int32_t failing; /* the plugin failed when last asked */
  int64_t last_prediction_ms;
} hearth__metrics;

void hearth__metrics_latency(hearth__metrics *metrics, uint64_t ns);

/* A prediction's model became known. */
void hearth__metrics_judge(hearth__metrics *metrics, int right, int first);

/* Fill in what is computed; `memory_mb` is the plugin's. */
void hearth__metrics_read(const hearth__metrics *metrics, double memory_mb,
                          hearth_predictor_metrics *out);
void hearth__metrics_health(const hearth__metrics *metrics, double memory_mb,
                            hearth_health *out);

#endif
