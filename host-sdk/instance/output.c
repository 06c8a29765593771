/* SPDX-License-Identifier: MIT
   The sinks and sources that a plugin gets from its instance. */
#include "host-sdk/instance/output.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t default_limit = (uint64_t)16 << 20;

/* Room for `need` bytes, at least doubling. */
static hearth_status reserve(hearth_output *output, uint64_t need) {
  uint64_t cap = output->cap ? output->cap : 1024;
  uint8_t *data;

  if (need <= output->cap) {
    return HEARTH_OK;
  }
  while (cap < need) {
    cap *= 2;
  }
  if (cap > SIZE_MAX) {
    return HEARTH_NO_MEMORY;
  }
  data = realloc(output->data, (size_t)cap);
  if (!data) {
    return HEARTH_NO_MEMORY;
  }
  output->data = data;
  output->cap = cap;
  return HEARTH_OK;
}

/* A length is checked against the room before anything else: a plugin may say
   any number. */
static hearth_status append(hearth_output *output, const void *data,
                            uint64_t len) {
  uint64_t limit = output->limit ? output->limit : default_limit;
  hearth_status status;

  if (len > limit - output->len) {
    return HEARTH_LIMIT;
  }
  if (!len) {
    return HEARTH_OK;
  }
  if (!data) {
    return HEARTH_BAD_ARG;
  }
  status = reserve(output, output->len + len);
  if (status != HEARTH_OK) {
    return status;
  }
  memcpy(output->data + output->len, data, (size_t)len);
  output->len += len;
  return HEARTH_OK;
}

static hearth_status sink_write(hearth_sink *base, const void *data,
                                uint64_t len) {
  hearth__sink *sink = (hearth__sink *)base;

  if (sink->status == HEARTH_OK) {
    sink->status = append(sink->output, data, len);
  }
  return sink->status;
}

void hearth__sink_init(hearth__sink *sink, hearth_output *output) {
  output->len = 0;
  sink->base.size = (uint32_t)sizeof(sink->base);
  sink->base.flags = 0;
  sink->base.write = sink_write;
  sink->output = output;
  sink->status = HEARTH_OK;
}

void hearth_output_free(hearth_output *output) {
  if (!output) {
    return;
  }
  free(output->data);
  output->data = NULL;
  output->len = output->cap = 0;
}

static hearth_status source_read(hearth_source *base, void *data, uint64_t cap,
                                 uint64_t *got) {
  hearth__source *source = (hearth__source *)base;
  uint64_t len = cap < source->rest.len ? cap : source->rest.len;

  if (!got || (!data && cap)) {
    return HEARTH_BAD_ARG;
  }
  if (len) {
    memcpy(data, source->rest.data, (size_t)len);
    source->rest.data += len;
    source->rest.len -= len;
  }
  *got = len;
  return HEARTH_OK;
}

void hearth__source_init(hearth__source *source, hearth_bytes bytes) {
  source->base.size = (uint32_t)sizeof(source->base);
  source->base.flags = 0;
  source->base.read = source_read;
  source->rest = bytes;
}
