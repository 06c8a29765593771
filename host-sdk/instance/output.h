/* SPDX-License-Identifier: MIT
   The sinks and sources that a plugin gets from its instance. */
#ifndef HEARTH_INSTANCE_OUTPUT_H
#define HEARTH_INSTANCE_OUTPUT_H

#include "hearth/host.h"

/* A sink into an output.  The first failure sticks: what a plugin writes after
   it is refused too, and the answer is lost whatever the plugin returns. */
typedef struct hearth__sink {
  hearth_sink base; /* first */
  hearth_output *output;
  hearth_status status;
} hearth__sink;

/* Begin an answer; the output's old one is dropped. */
void hearth__sink_init(hearth__sink *sink, hearth_output *output);

/* A source over bytes. */
typedef struct hearth__source {
  hearth_source base; /* first */
  hearth_bytes rest;
} hearth__source;

void hearth__source_init(hearth__source *source, hearth_bytes bytes);

#endif
