/* SPDX-License-Identifier: MIT
   A trace told to an experiment as a host would tell it. */
#ifndef HEARTH_EXPERIMENT_FEED_H
#define HEARTH_EXPERIMENT_FEED_H

#include "hearth/experiment.h"
#include "host-sdk/replay/input/catalog.h"
#include "host-sdk/replay/input/trace.h"

/* The catalog as a host's models, in one block for free(); NULL: no memory.
   Texts are borrowed. */
hearth_model *hearth__feed_models(const hearth_models *models);

/* Tell every request, its model and its end, and have it played.  Request ids
   are the rows' numbers, from 0. */
hearth_status
hearth__feed(hearth_experiment *experiment, const hearth_trace *trace,
             const hearth_models *models,
             void (*progress)(void *user, uint64_t done, uint64_t total),
             void *user);

#endif
