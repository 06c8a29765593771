/* SPDX-License-Identifier: MIT
   The parts of the workload generator, for its own files. */
#ifndef HEARTH_REPLAY_WORKLOAD_PRIVATE_H
#define HEARTH_REPLAY_WORKLOAD_PRIVATE_H

#include <stdint.h>

#include "host-sdk/replay/input/random.h"
#include "host-sdk/replay/input/workload.h"

#define HEARTH__MINUTE INT64_C(60000)
#define HEARTH__HOUR (60 * HEARTH__MINUTE)
#define HEARTH__DAY (24 * HEARTH__HOUR)
/* Monday, 5 January 2026, 00:00 UTC. */
#define HEARTH__WORKLOAD_START INT64_C(1767571200000)

typedef enum hearth__task {
  HEARTH__COMPLETION,
  HEARTH__CHAT,
  HEARTH__ANALYSIS,
  HEARTH__GENERATION,
  HEARTH__REFACTORING,
  HEARTH__REVIEW,    /* a custom one */
  HEARTH__EMBEDDING, /* a custom one */
  HEARTH__TASKS
} hearth__task;

typedef enum hearth__language {
  HEARTH__TYPESCRIPT,
  HEARTH__PYTHON,
  HEARTH__GO,
  HEARTH__RUST,
  HEARTH__JAVA,
  HEARTH__SQL,
  HEARTH__LANGUAGES
} hearth__language;

extern const char *const hearth__task_names[HEARTH__TASKS];
extern const char *const hearth__language_names[HEARTH__LANGUAGES];

enum { HEARTH__MAX_MODELS = 64, HEARTH__PROJECTS_OF_USER = 3 };

typedef struct hearth__model {
  char name[32];
  uint32_t memory_mb, load_ms;
  uint32_t tasks;    /* bit 1 << hearth__task */
  int32_t language;  /* the one it is made for, -1: any */
  uint32_t from_day; /* when it comes in */
  double popularity;
} hearth__model;

/* One request; workload.c turns it into a row of the trace. */
typedef struct hearth__event {
  int64_t ts_ms, duration_ms, input_len;
  uint32_t user, session; /* session: of this user, from 1 */
  uint32_t seq;           /* of this user; ends ties */
  uint16_t model, project;
  uint8_t task, complexity, priority;
} hearth__event;

/* The workload in the making.  `status` is the first failure; what is emitted
   after it is dropped. */
typedef struct hearth__workload {
  hearth_workload_options options;
  hearth_memory_user memory;
  hearth_status status;
  hearth__model models[HEARTH__MAX_MODELS];
  uint32_t projects;
  uint8_t *language; /* of each project */
  hearth__event *events;
  uint32_t count, cap;
} hearth__workload;

/* A developer: where and when they work, on what, and with which models. */
typedef struct hearth__user {
  hearth__random random;
  uint32_t number, sessions, requests;
  int64_t zone_ms, start_ms, length_ms; /* of the working day */
  double weekend, pace, loyalty;        /* pace: factor on thinking time */
  double mix[HEARTH__TASKS];            /* what they do, by weight */
  uint16_t projects[HEARTH__PROJECTS_OF_USER];
  uint16_t favourite[HEARTH__TASKS][2]; /* for usual and for complex work */
} hearth__user;

/* Add a request; ts_ms, task, model and so on from `event`, the duration and
   the length of input drawn by the task, the model's size and `growth`. */
void hearth__workload_emit(hearth__workload *w, hearth__random *random,
                           hearth__event event, double growth);

/* workload_models.c: the models, and which of them serve a task on a day. */
void hearth__workload_models(hearth__workload *w);
int hearth__workload_serves(const hearth__workload *w, uint32_t model,
                            hearth__task task, uint32_t day);
/* The most popular that serves it, or by memory (`heavy`), at random. */
uint16_t hearth__workload_choose(const hearth__workload *w,
                                 hearth__random *random, hearth__task task,
                                 uint32_t day, int heavy);

/* workload_user.c: habits, and how they change. */
void hearth__user_init(hearth__user *user, const hearth__workload *w,
                       uint32_t number);
void hearth__user_morning(hearth__user *user, const hearth__workload *w,
                          uint32_t day);
/* The model this user takes for a task. */
uint16_t hearth__user_model(hearth__user *user, const hearth__workload *w,
                            hearth__event event, uint32_t day);

/* workload_session.c: a user's day. */
void hearth__user_day(hearth__user *user, hearth__workload *w, uint32_t day);

/* workload_timers.c: what machines ask for. */
void hearth__workload_timers(hearth__workload *w);

#endif
