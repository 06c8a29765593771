/* SPDX-License-Identifier: MIT
   Why each model is kept, warmed or let go, at a moment of a trace. */
#include "host-sdk/replay/explain.h"

#include <stdlib.h>
#include <string.h>

typedef struct moment {
  hearth_explanation *out;
  const hearth_plan_model *answer; /* valid in `reached` */
  uint32_t answered;
} moment;

static void take_line(const hearth_plan_model *from, hearth_explained *line) {
  line->told = 1;
  line->action = from->action;
  line->start_at_ms = from->start_at_ms;
  line->keep_for_ms = from->keep_for_ms;
  line->p_next = from->p_next;
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    line->p_within[h] = from->p_within.p[h];
  }
  const uint32_t count = from->reasons.count < from->reasons.cap
                             ? from->reasons.count
                             : from->reasons.cap;
  memcpy(line->reasons, from->reasons.items, count * sizeof *line->reasons);
  line->reason_count = count;
}

static void look_at_pool(const hearth_pool *pool, hearth_explained *lines,
                         uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    lines[i] = (hearth_explained){.model = i,
                                  .residency = hearth_pool_residency(pool, i),
                                  .busy = hearth_pool_busy(pool, i),
                                  .start_at_ms = -1,
                                  .keep_for_ms = -1,
                                  .p_next = -1,
                                  .p_within = {-1, -1, -1}};
  }
}

/* Number those in memory, and find the first to go. */
static uint32_t rank(const hearth_pool *pool, hearth_explained *lines) {
  uint32_t count = 0;
  int found = 0;
  for (uint32_t m = hearth_pool_above(pool, HEARTH_NO_MODEL);
       m != HEARTH_NO_MODEL; m = hearth_pool_above(pool, m)) {
    lines[m].rank = ++count; /* the lowest is 1 */
    if (!found && lines[m].residency == HEARTH_READY && !lines[m].busy) {
      lines[m].lowest = found = 1;
    }
  }
  return count;
}

/* Those in memory first, in their order; then as the answer has them; then what
   it left out.  `from` is by model. */
static void put_in_order(const moment *m, const hearth_messenger *messenger,
                         hearth_explained *from) {
  hearth_explanation *out = m->out;
  uint32_t n = out->resident;
  for (uint32_t i = 0; i < out->count; i++) {
    if (from[i].rank > 0) {
      from[i].rank = out->resident + 1 - from[i].rank;
      out->lines[from[i].rank - 1] = from[i];
    }
  }
  for (uint32_t k = 0; k < m->answered; k++) {
    const uint32_t i = hearth_messenger_model(messenger, m->answer[k].model);
    if (from[i].rank == 0 && from[i].told == 1) {
      out->lines[n++] = from[i];
      from[i].told = 2; /* once */
    }
  }
  for (uint32_t i = 0; i < out->count; i++) {
    if (from[i].rank == 0 && from[i].told == 0) {
      out->lines[n++] = from[i];
    }
  }
}

static hearth_status reached(void *user, hearth_messenger *messenger,
                             hearth_sim *sim, int64_t request) {
  moment *m = user;
  hearth_explanation *out = m->out;
  const hearth_pool *pool = hearth_sim_pool(sim);
  out->request = request;
  out->used_kb = hearth_pool_used_kb(pool);
  out->count = out->models->count;
  out->lines = calloc((size_t)out->count + 1, sizeof *out->lines);
  hearth_explained *lines = calloc((size_t)out->count + 1, sizeof *lines);
  hearth_status status = out->lines == NULL || lines == NULL
                             ? HEARTH_NO_MEMORY
                             : hearth_messenger_explain(
                                   messenger, out->at_ms, request, out->used_kb,
                                   &out->text, &m->answer, &m->answered);
  if (status == HEARTH_OK) {
    look_at_pool(pool, lines, out->count);
    for (uint32_t k = 0; k < m->answered; k++) {
      take_line(&m->answer[k],
                &lines[hearth_messenger_model(messenger, m->answer[k].model)]);
    }
    out->resident = rank(pool, lines);
    put_in_order(m, messenger, lines);
  }
  free(lines);
  return status;
}

hearth_status hearth_explain_moment(hearth_library *library,
                                    const hearth_replay_options *options,
                                    int64_t at_ms, hearth_explanation *out,
                                    char *err, uint64_t err_cap) {
  moment m = {.out = out};
  const hearth_replay_stop stop = {
      .at_ms = at_ms, .reached = reached, .user = &m};
  hearth_replay_options own = *options;
  own.stop = &stop;
  *out = (hearth_explanation){.models = options->models,
                              .setting = options->setting,
                              .trace = options->trace,
                              .plugin = hearth_library_entry(library)->name,
                              .at_ms = at_ms};
  const hearth_status status = hearth_replay(library, &own, NULL, err, err_cap);
  if (status != HEARTH_OK) {
    hearth_explanation_free(out);
  }
  return status;
}

void hearth_explanation_free(hearth_explanation *explanation) {
  free(explanation->lines);
  free(explanation->text);
  explanation->lines = NULL;
  explanation->text = NULL;
  explanation->count = 0;
}
