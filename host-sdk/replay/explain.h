/* SPDX-License-Identifier: MIT
   Why each model is kept, warmed or let go, at a moment of a trace. */
#ifndef HEARTH_REPLAY_EXPLAIN_H
#define HEARTH_REPLAY_EXPLAIN_H

#include <stdio.h>

#include "host-sdk/replay/replay.h"

/* A model: how the pool has it, and what the plugin says of it. */
typedef struct hearth_explained {
  uint32_t model;
  hearth_residency residency;
  int32_t busy;
  uint32_t rank;  /* among those in memory, from 1, the best; 0: not there */
  int32_t lowest; /* of those that may go, it goes first */
  int32_t told;   /* the plugin said something; else nothing below counts */
  int32_t action; /* HEARTH_ACTION_* */
  int64_t start_at_ms, keep_for_ms; /* as in a plan */
  double p_next;                    /* -1: not given, likewise below */
  double p_within[HEARTH_HORIZONS];
  hearth_reason reasons[HEARTH_MAX_REASONS]; /* strings: of the explanation */
  uint32_t reason_count;
} hearth_explained;

/* All models: those in memory, best first; then the others, in the plugin's
   order.  Zero it to begin; hearth_explanation_free it. */
typedef struct hearth_explanation {
  const hearth_models *models;   /* borrowed */
  const hearth_setting *setting; /* borrowed */
  const hearth_trace *trace;     /* borrowed */
  const char *plugin;            /* its name, borrowed */
  int64_t at_ms;
  int64_t request; /* that comes now, its model not known yet; -1: none */
  int64_t used_kb;
  uint32_t resident;
  hearth_explained *lines; /* owned */
  uint32_t count;
  void *text; /* owned: the answer, which holds the strings */
} hearth_explanation;

/* Replay up to `at_ms`, which lies within the trace, by options (whose `stop`
   is not looked at), and ask hearth.explain/1.  HEARTH_UNSUPPORTED: the plugin
   has none.  On failure `out` holds nothing, and `err` has a sentence. */
hearth_status hearth_explain_moment(hearth_library *library,
                                    const hearth_replay_options *options,
                                    int64_t at_ms, hearth_explanation *out,
                                    char *err, uint64_t err_cap);
void hearth_explanation_free(hearth_explanation *explanation);

/* What happens with a model, in words, into `out`. */
void hearth_explained_state(const hearth_explained *line, char *out,
                            uint64_t cap);
void hearth_explained_action(const hearth_explanation *explanation,
                             const hearth_explained *line, char *out,
                             uint64_t cap);

/* As a table: `model` alone, or (HEARTH_NO_MODEL) those in memory, those to be
   warmed, and of the others the likeliest. */
void hearth_explanation_table(const hearth_explanation *explanation,
                              uint32_t model, FILE *out);
/* As one JSON object, of `model` or of all. */
hearth_status hearth_explanation_json(const hearth_explanation *explanation,
                                      uint32_t model, FILE *out);

#endif
