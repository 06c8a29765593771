/* SPDX-License-Identifier: MIT
   A made-up day at a host: the messages that a plugin gets, in order. */
#ifndef HEARTH_VALIDATE_SCENE_H
#define HEARTH_VALIDATE_SCENE_H

#include "host-sdk/validate/job.h"
#include "plugin/sdk/wire/encode.h"

/* The kinds of messages that go to a plugin. */
typedef enum validate__kind {
  VALIDATE__CONFIG,
  VALIDATE__CATALOG,
  VALIDATE__CONTEXT,
  VALIDATE__QUERY,
  VALIDATE__OUTCOME,
  VALIDATE__KINDS
} validate__kind;

extern const char *const validate__kind_text[VALIDATE__KINDS];

typedef struct validate__step {
  validate__kind kind;
  uint64_t at, len; /* in the scene's bytes */
} validate__step;

/* A few users, each with habits, ask for a few models; a pool of four holds
   what was used last.  The same seed gives the same bytes everywhere. */
typedef struct validate__scene {
  hearth_buffer bytes;
  validate__step *steps;
  uint32_t count, cap;
  uint64_t random;
  uint32_t models;
  int64_t now_ms, start_ms;
  uint32_t warm[4], warm_count; /* newest first */
  uint32_t request;
} validate__scene;

/* Step 0 is the catalog.  `start_ms`: when the day begins. */
void validate__scene_make(validate_job *job, validate__scene *scene,
                          uint32_t models, uint32_t requests,
                          int64_t start_ms);
void validate__scene_free(validate__scene *scene);

hearth_bytes validate__step_bytes(const validate__scene *scene, uint32_t step);

/* The first step of a kind from `from` on, or the count. */
uint32_t validate__scene_next(const validate__scene *scene, uint32_t from,
                              validate__kind kind);

/* The usual beginning: Monday, 2026-01-05, 08:00 UTC. */
#define VALIDATE__START_MS INT64_C(1767600000000)

/* A catalog of `count` models from number `first` on, encoded into `out`. */
void validate__catalog(validate_job *job, uint32_t first, uint32_t count,
                       hearth_buffer *out);

/* A Config message with every setting and a catalog of `models`. */
void validate__config(validate_job *job, uint32_t models, hearth_buffer *out);

/* The name of a model. */
const char *validate__model(uint32_t number, char name[32]);

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t validate__random(uint64_t *state);

#endif
