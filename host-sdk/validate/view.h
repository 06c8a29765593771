/* SPDX-License-Identifier: MIT
   The plugin under test as a host has it, and what it then has learned. */
#ifndef HEARTH_VALIDATE_VIEW_H
#define HEARTH_VALIDATE_VIEW_H

#include "hearth/slot.h"
#include "host-sdk/validate/subject.h"

/* One who answers: an instance or a slot; the other is NULL. */
typedef struct validate__whom {
  hearth_instance *instance;
  hearth_slot *slot;
} validate__whom;

/* The plugin's file by hearth_library_open, and an instance of a library; skip
   where they can't be had.  validate__open comes first. */
hearth_library *validate__file(validate_job *job);
hearth_instance *validate__instance(validate_job *job, hearth_library *library);

/* A catalog, context, query or outcome. */
hearth_status validate__ask(validate__whom whom, validate__kind kind,
                            hearth_bytes bytes, hearth_output *out);

/* The same of a step; what is not good is a failure. */
void validate__ask_step(validate_job *job, validate__whom whom,
                        const validate__scene *scene, uint32_t step,
                        hearth_output *out);

/* Whether a step tells something to be kept: a catalog, an outcome, a context
   that says what is resident.  The others ask. */
int validate__tells(const validate__scene *scene, uint32_t step);

typedef struct validate__belief {
  char model[64];
  double p_next, p_within[3];
} validate__belief;

enum { VALIDATE__BELIEFS = 64 };

/* What a plugin has learned, as far as its answers show it: the metadata of the
   scene's models, and its probabilities at the scene's end, by hearth.predict/1
   or else by a plan.  What it has told its host to keep or load is no part of
   it. */
typedef struct validate__view {
  hearth_buffer metadata;
  int plans; /* 1: by plans, which need not name every model */
  uint32_t count;
  validate__belief beliefs[VALIDATE__BELIEFS];
} validate__view;

/* Free it by validate__view_free. */
void validate__view_take(validate_job *job, validate__whom whom,
                         const validate__scene *scene, validate__view *out);
void validate__view_free(validate__view *view);

/* Fail unless the metadata is the same, and the probabilities within 1e-6;
   of plans those of the models that both name. */
void validate__view_same(validate_job *job, const validate__view *want,
                         const validate__view *got, const char *what);

#endif
