/* SPDX-License-Identifier: MIT
   What a predictor counts. */
#include "host-sdk/predictor/metrics.h"

#include <stdlib.h>
#include <string.h>

static const double least_accuracy = 0.7;

void hearth__metrics_latency(hearth__metrics *metrics, uint64_t ns) {
  metrics->latency_ns[metrics->latencies++ % HEARTH__LATENCIES] = ns;
}

void hearth__metrics_judge(hearth__metrics *metrics, int right, int first) {
  metrics->recent[metrics->counts.judged++ % HEARTH__JUDGED_RECENT] =
      right != 0;
  metrics->right += right != 0;
  metrics->right_first += first != 0;
}

static double share(uint64_t part, uint64_t whole) {
  return whole ? (double)part / (double)whole : -1;
}

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

static int compare(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

  return (left > right) - (left < right);
}

/* The 95th percentile is the value at index floor(0.95 n) of the sorted. */
static void read_latency(const hearth__metrics *metrics, double *mean,
                         double *p95) {
  uint64_t sorted[HEARTH__LATENCIES], sum = 0;
  uint64_t count = least(metrics->latencies, HEARTH__LATENCIES);

  *mean = *p95 = -1;
  if (!count) {
    return;
  }
  memcpy(sorted, metrics->latency_ns, (size_t)count * sizeof(*sorted));
  qsort(sorted, (size_t)count, sizeof(*sorted), compare);
  for (uint64_t i = 0; i < count; ++i) {
    sum += sorted[i];
  }
  *mean = (double)sum / (double)count / 1e6;
  *p95 = (double)sorted[count * 95 / 100] / 1e6;
}

void hearth__metrics_read(const hearth__metrics *metrics, double memory_mb,
                          hearth_predictor_metrics *out) {
  *out = metrics->counts;
  out->accuracy = share(metrics->right, out->judged);
  out->accuracy_first = share(metrics->right_first, out->judged);
  out->cache_hit_rate = share(out->cache_hits, out->total_predictions);
  out->memory_mb = memory_mb;
  read_latency(metrics, &out->latency_mean_ms, &out->latency_p95_ms);
}

static double recent_accuracy(const hearth__metrics *metrics) {
  uint64_t count = least(metrics->counts.judged, HEARTH__JUDGED_RECENT);
  uint64_t right = 0;

  if (count < HEARTH__JUDGED_ENOUGH) {
    return -1;
  }
  for (uint64_t i = 0; i < count; ++i) {
    right += metrics->recent[i];
  }
  return share(right, count);
}

void hearth__metrics_health(const hearth__metrics *metrics, double memory_mb,
                            hearth_health *out) {
  double p95;

  out->accuracy = recent_accuracy(metrics);
  out->memory_mb = memory_mb;
  read_latency(metrics, &out->latency_ms, &p95);
  out->last_prediction_ms =
      metrics->counts.total_predictions ? metrics->last_prediction_ms : -1;
  out->reason = "";
  if (metrics->failing) {
    out->reason = "the plugin failed when it was last asked";
  } else if (out->accuracy >= 0 && out->accuracy < least_accuracy) {
    out->reason = "fewer than 7 of 10 recent predictions were right";
  }
  out->healthy = !*out->reason;
  out->status = out->healthy ? "healthy" : "degraded";
}
