/* SPDX-License-Identifier: MIT
   Sinks and sources that pass everything on and look at it. */
#include "host-sdk/reflect/trace_state.h"

static hearth_status tee_write(hearth_sink *base, const void *data,
                               uint64_t len) {
  hearth__tee *tee = (hearth__tee *)(void *)base;
  const hearth_status status = tee->real->write(tee->real, data, len);

  if (status == HEARTH_OK && len) {
    tee->len += len;
    if (tee->keep) {
      tee->keep = tee->copy.sink.write(&tee->copy.sink, data, len) == HEARTH_OK;
    }
  }
  return status;
}

hearth_sink *hearth__tee_init(hearth__tee *tee, hearth_sink *real, int keep) {
  hearth_buffer_init(&tee->copy, 0);
  tee->real = real;
  tee->len = 0;
  tee->keep = keep;
  if (!real) {
    return NULL;
  }
  tee->base.size = (uint32_t)sizeof(tee->base);
  tee->base.flags = real->flags;
  tee->base.write = tee_write;
  return &tee->base;
}

hearth_bytes hearth__tee_bytes(const hearth__tee *tee) {
  return tee->keep ? hearth_buffer_bytes(&tee->copy) : (hearth_bytes){NULL, 0};
}

void hearth__tee_free(hearth__tee *tee) {
  hearth_buffer_free(&tee->copy);
}

static hearth_status counted_read(hearth_source *base, void *data, uint64_t cap,
                                  uint64_t *got) {
  hearth__counted_source *source = (hearth__counted_source *)(void *)base;
  const hearth_status status = source->real->read(source->real, data, cap, got);

  if (status == HEARTH_OK && got) {
    source->len += *got;
  }
  return status;
}

hearth_source *hearth__counted_source_init(hearth__counted_source *source,
                                           hearth_source *real) {
  source->real = real;
  source->len = 0;
  if (!real) {
    return NULL;
  }
  source->base.size = (uint32_t)sizeof(source->base);
  source->base.flags = real->flags;
  source->base.read = counted_read;
  return &source->base;
}
