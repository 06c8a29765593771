/* SPDX-License-Identifier: MIT
   What a trace looks like, in figures. */
#ifndef HEARTH_REPLAY_DESCRIBE_H
#define HEARTH_REPLAY_DESCRIBE_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

/* X(member, decimals, label): every figure, in the order of printing.  Shares
   are within [0, 1], times in seconds; -1 where there is nothing to measure. */
#define HEARTH_TRACE_FIGURES(X)                                                \
  X(requests, 0, "requests")                                                   \
  X(days, 2, "days from first to last")                                        \
  X(users, 0, "users")                                                         \
  X(tasks, 0, "tasks")                                                         \
  X(projects, 0, "projects")                                                   \
  X(models, 0, "models in the catalog")                                        \
  X(models_used, 0, "models requested")                                        \
  X(models_late, 0, "models first requested in the second half")               \
  X(memory_gb, 1, "memory of all models, GB")                                  \
  X(load_p50_s, 1, "load time of a model, median, s")                          \
  X(load_max_s, 1, "load time of a model, longest, s")                         \
  X(top_1, 3, "share of the most requested model")                             \
  X(top_5, 3, "share of the five most requested")                              \
  X(models_90, 0, "models that make 90 % of requests")                         \
  X(overlap, 3, "overlap of popularity, first half and second")                \
  X(same_user, 3, "same model as the user's last request")                     \
  X(same_global, 3, "same model as the last request of anyone")                \
  X(recent_5, 3, "model among the five most recently requested")               \
  X(gap_p10_s, 3, "gap between requests, p10, s")                              \
  X(gap_p50_s, 3, "gap between requests, p50, s")                              \
  X(gap_p90_s, 3, "gap between requests, p90, s")                              \
  X(gap_p99_s, 3, "gap between requests, p99, s")                              \
  X(gap_cv, 2, "gap between requests, coefficient of variation")               \
  X(model_gap_p50_s, 1, "gap of a model, p50, s")                              \
  X(model_gap_p90_s, 1, "gap of a model, p90, s")                              \
  X(model_gap_p99_s, 1, "gap of a model, p99, s")                              \
  X(day_10h, 3, "share in the busiest ten hours of the day")                   \
  X(week_5d, 3, "share in the busiest five days of the week")                  \
  X(duration_p50_s, 2, "duration, p50, s")                                     \
  X(duration_p90_s, 2, "duration, p90, s")                                     \
  X(input_p50, 0, "length of input, p50")                                      \
  X(input_p90, 0, "length of input, p90")

typedef struct hearth_trace_figures {
#define HEARTH_TRACE_FIGURE(member, decimals, label) double member;
  HEARTH_TRACE_FIGURES(HEARTH_TRACE_FIGURE)
#undef HEARTH_TRACE_FIGURE
} hearth_trace_figures;

/* Measure a trace that was matched to its catalog (hearth_models_match) and
   holds a request.  HEARTH_NO_MEMORY. */
hearth_status hearth_trace_measure(const hearth_trace *trace,
                                   const hearth_models *models,
                                   hearth_trace_figures *out);

#endif
