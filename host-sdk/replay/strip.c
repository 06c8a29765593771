/* SPDX-License-Identifier: MIT
   What was warm when: a picture of a replay in bounded memory. */
#include "host-sdk/replay/strip.h"

#include <stddef.h>

static uint32_t uses_of(const hearth_uses *uses, uint32_t model) {
  return uses->start[model + 1] - uses->start[model];
}

/* Keep the rows in order; a model with less use than all of a full list is
   passed over. */
static void consider(hearth_strip *strip, uint32_t model, uint32_t requests) {
  uint32_t at = strip->rows;
  while (at > 0 && strip->row[at - 1].requests < requests) {
    at--;
  }
  if (at == HEARTH_STRIP_ROWS) {
    return;
  }
  if (strip->rows < HEARTH_STRIP_ROWS) {
    strip->rows++;
  }
  for (uint32_t i = strip->rows - 1; i > at; i--) {
    strip->row[i] = strip->row[i - 1];
  }
  strip->row[at] =
      (hearth_strip_row){.model = model, .requests = requests, .since_ms = -1};
}

hearth_strip *hearth_strip_new(const hearth_memory_user *memory,
                               const hearth_trace *trace,
                               const hearth_uses *uses) {
  hearth_strip *strip = hearth_zalloc(memory, 1, sizeof *strip);
  if (strip == NULL) {
    return NULL;
  }
  strip->memory = *memory;
  strip->begin_ms = trace->ts_ms[0];
  strip->end_ms = trace->ts_ms[trace->count - 1] + 1;
  const int64_t span = strip->end_ms - strip->begin_ms;
  strip->column_ms = (span - 1) / HEARTH_STRIP_COLUMNS + 1;
  strip->columns = (uint32_t)((span - 1) / strip->column_ms + 1);
  for (uint32_t m = 0; m < uses->models->count; m++) {
    if (uses_of(uses, m) > 0) {
      consider(strip, m, uses_of(uses, m));
    }
  }
  const size_t cells = (size_t)strip->rows * strip->columns;
  strip->held_ms = hearth_zalloc(memory, cells, sizeof *strip->held_ms);
  strip->waits = hearth_zalloc(memory, cells, sizeof *strip->waits);
  if (strip->held_ms == NULL || strip->waits == NULL) {
    hearth_strip_free(strip);
    return NULL;
  }
  return strip;
}

void hearth_strip_free(hearth_strip *strip) {
  if (strip != NULL) {
    const hearth_memory_user memory = strip->memory;
    hearth_release(&memory, strip->held_ms);
    hearth_release(&memory, strip->waits);
    hearth_release(&memory, strip);
  }
}

/* The row of a model; HEARTH_STRIP_ROWS: it has none. */
static uint32_t find(const hearth_strip *strip, uint32_t model) {
  for (uint32_t r = 0; r < strip->rows; r++) {
    if (strip->row[r].model == model) {
      return r;
    }
  }
  return HEARTH_STRIP_ROWS;
}

static uint32_t column_of(const hearth_strip *strip, int64_t at) {
  return (uint32_t)((at - strip->begin_ms) / strip->column_ms);
}

/* Where a column ends. */
static int64_t column_end(const hearth_strip *strip, uint32_t column) {
  const int64_t end =
      strip->begin_ms + ((int64_t)column + 1) * strip->column_ms;
  return end < strip->end_ms ? end : strip->end_ms;
}

static void release(hearth_strip *strip, uint32_t r, int64_t until) {
  int64_t from = strip->row[r].since_ms;
  if (from < 0) {
    return;
  }
  from += strip->begin_ms;
  strip->row[r].since_ms = -1;
  until = until < strip->end_ms ? until : strip->end_ms;
  while (from < until) {
    const uint32_t column = column_of(strip, from);
    const int64_t end = column_end(strip, column);
    const int64_t to = end < until ? end : until;
    strip->held_ms[r * strip->columns + column] += to - from;
    from = to;
  }
}

void hearth_strip_request(hearth_strip *strip, int64_t now, uint32_t model,
                          hearth_found found) {
  if (strip == NULL || found == HEARTH_FOUND_WARM) {
    return;
  }
  const uint32_t r = find(strip, model);
  if (r < HEARTH_STRIP_ROWS) {
    strip->row[r].waited++;
    strip->waits[r * strip->columns + column_of(strip, now)]++;
  }
}

void hearth_strip_event(hearth_strip *strip, const hearth_sim_event *event) {
  if (strip == NULL ||
      (event->kind != HEARTH_SIM_LOAD && event->kind != HEARTH_SIM_EVICT &&
       event->kind != HEARTH_SIM_CANCEL)) {
    return;
  }
  const uint32_t r = find(strip, event->model);
  if (r == HEARTH_STRIP_ROWS) {
    return;
  }
  if (event->kind == HEARTH_SIM_LOAD) {
    strip->row[r].since_ms = event->at_ms - strip->begin_ms;
  } else {
    release(strip, r, event->at_ms);
  }
}

void hearth_strip_finish(hearth_strip *strip) {
  for (uint32_t r = 0; strip != NULL && r < strip->rows; r++) {
    release(strip, r, strip->end_ms);
  }
}

double hearth_strip_share(const hearth_strip *strip, uint32_t row,
                          uint32_t column) {
  const int64_t length = column_end(strip, column) - strip->begin_ms -
                         (int64_t)column * strip->column_ms;
  return (double)strip->held_ms[row * strip->columns + column] / (double)length;
}
