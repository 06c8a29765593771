/* SPDX-License-Identifier: MIT
   A seeded workload: what the users of an AI-assisted IDE ask for. */
#include "host-sdk/replay/input/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/input/workload_private.h"
#include "plugin/sdk/math.h"

void hearth_workload_options_init(hearth_workload_options *options) {
  *options = (hearth_workload_options){1, 40, 14, 24};
}

/* Duration on a model of 16 GB, and length of the input, by task. */
static const struct {
  double duration_ms, input_len;
} sizes[HEARTH__TASKS] = {{450, 900},   {9000, 350},   {16000, 6000},
                          {14000, 700}, {11000, 2600}, {13000, 4200},
                          {700, 3000}};
static const double by_complexity[] = {1, 0.7, 1, 2.2};

void hearth__workload_emit(hearth__workload *w, hearth__random *random,
                           hearth__event event, double growth) {
  double size = 0.4 + 0.6 * w->models[event.model].memory_mb / 16384.0;
  double heavy = by_complexity[event.complexity];
  double duration = hearth__random_lognormal(
      random, sizes[event.task].duration_ms * size * heavy, 0.45);
  double input = hearth__random_lognormal(
      random, sizes[event.task].input_len * heavy * growth, 0.6);
  if (w->status != HEARTH_OK || event.ts_ms < HEARTH__WORKLOAD_START) {
    return;
  }
  event.duration_ms = (int64_t)hearth_clip(duration, 20, 600000);
  event.input_len = (int64_t)hearth_clip(input, 1, 200000);
  w->status = hearth_grow(&w->memory, (void **)&w->events, &w->cap,
                          w->count + 1, sizeof *w->events);
  if (w->status == HEARTH_OK) {
    w->events[w->count++] = event;
  }
}

/* By time, then by user, then as the user made them: no two are equal. */
static int in_order(const void *a, const void *b) {
  const hearth__event *x = a, *y = b;
  if (x->ts_ms != y->ts_ms) {
    return x->ts_ms < y->ts_ms ? -1 : 1;
  }
  if (x->user != y->user) {
    return x->user < y->user ? -1 : 1;
  }
  return (x->seq > y->seq) - (x->seq < y->seq);
}

/* The texts of a row, for as long as it is added. */
typedef struct texts {
  char user[32], session[48], project[32];
} texts;

static void name_row(const hearth__workload *w, const hearth__event *e,
                     texts *t, hearth_trace_row *row) {
  static const char *const machines[] = {"nightly", "ci", "schedule", "scan"};
  if (e->user < w->options.users) {
    snprintf(t->user, sizeof t->user, "dev-%03u", e->user + 1);
  } else {
    snprintf(t->user, sizeof t->user, "%s",
             machines[e->user - w->options.users]);
  }
  snprintf(t->session, sizeof t->session, "%s/%u", t->user, e->session);
  snprintf(t->project, sizeof t->project, "project-%02u", e->project + 1u);
  row->name[HEARTH_TRACE_USER] = hearth_str_from(t->user);
  row->name[HEARTH_TRACE_SESSION] = hearth_str_from(t->session);
  row->name[HEARTH_TRACE_PROJECT] = hearth_str_from(t->project);
  row->name[HEARTH_TRACE_TASK] = hearth_str_from(hearth__task_names[e->task]);
  row->name[HEARTH_TRACE_MODEL] = hearth_str_from(w->models[e->model].name);
  row->name[HEARTH_TRACE_LANGUAGE] =
      hearth_str_from(hearth__language_names[w->language[e->project]]);
  row->name[HEARTH_TRACE_HARDWARE] =
      hearth_str_from(e->task == HEARTH__EMBEDDING ? "cpu" : "gpu");
}

static hearth_status fill_trace(const hearth__workload *w,
                                hearth_trace *trace) {
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; i < w->count && status == HEARTH_OK; i++) {
    const hearth__event *e = &w->events[i];
    hearth_trace_row row;
    texts t;
    hearth_trace_row_init(&row);
    row.ts_ms = e->ts_ms;
    row.duration_ms = e->duration_ms;
    row.input_len = e->input_len;
    row.complexity = e->complexity;
    row.priority = e->priority;
    name_row(w, e, &t, &row);
    status = hearth_trace_add(trace, &row);
  }
  return status;
}

static hearth_status fill_models(const hearth__workload *w,
                                 hearth_models *models) {
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; i < w->options.models && status == HEARTH_OK; i++) {
    const hearth__model *m = &w->models[i];
    hearth_catalog_model item;
    hearth_message_init(&hearth_catalog_model_schema, &item);
    item.model = hearth_str_from(m->name);
    item.memory_mb = m->memory_mb;
    item.load_ms = m->load_ms;
    item.storage_mb = m->memory_mb;
    item.hardware =
        hearth_str_from(m->tasks == 1u << HEARTH__EMBEDDING ? "cpu" : "gpu");
    status = hearth_models_add(models, &item);
  }
  models->described = models->count;
  return status;
}

/* Fill w->events, in order. */
static hearth_status make_events(hearth__workload *w) {
  hearth__random random;
  hearth__random_init(&random, w->options.seed, UINT64_C(3) << 40);
  w->projects = 3 + w->options.users / 5;
  w->language = hearth_zalloc(&w->memory, w->projects, sizeof *w->language);
  if (!w->language) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t i = 0; i < w->projects; i++) {
    w->language[i] = (uint8_t)hearth__random_below(&random, HEARTH__LANGUAGES);
  }
  hearth__workload_models(w);
  for (uint32_t i = 0; i < w->options.users; i++) {
    hearth__user user;
    hearth__user_init(&user, w, i);
    for (uint32_t day = 0; day < w->options.days; day++) {
      hearth__user_morning(&user, w, day);
      hearth__user_day(&user, w, day);
    }
  }
  hearth__workload_timers(w);
  if (w->count) {
    qsort(w->events, w->count, sizeof *w->events, in_order);
  }
  return w->status;
}

static hearth_status fill(hearth__workload *w, hearth_trace *trace,
                          hearth_models *models) {
  uint32_t missing = 0;
  hearth_status status = hearth_trace_init(trace, &w->memory);
  if (status == HEARTH_OK) {
    status = hearth_models_init(models, &w->memory);
  }
  if (status == HEARTH_OK) {
    status = make_events(w);
  }
  if (status == HEARTH_OK) {
    status = fill_trace(w, trace);
  }
  if (status == HEARTH_OK) {
    status = fill_models(w, models);
  }
  return status == HEARTH_OK ? hearth_models_match(models, trace, &missing)
                             : status;
}

hearth_status hearth_workload_make(const hearth_workload_options *options,
                                   const hearth_memory_user *memory,
                                   hearth_trace *trace, hearth_models *models) {
  hearth__workload w;
  memset(&w, 0, sizeof w);
  memset(trace, 0, sizeof *trace);
  memset(models, 0, sizeof *models);
  w.memory = *memory;
  hearth_workload_options_init(&w.options);
  if (options) {
    w.options = *options;
  }
  const hearth_workload_options *o = &w.options;
  if (o->users < 1 || o->users > 10000 || o->days < 1 || o->days > 400 ||
      o->models < 4 || o->models > HEARTH__MAX_MODELS) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status = fill(&w, trace, models);
  hearth_release(memory, w.language);
  hearth_release(memory, w.events);
  if (status != HEARTH_OK) {
    hearth_trace_free(trace);
    hearth_models_free(models);
  }
  return status;
}
