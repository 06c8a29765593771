/* SPDX-License-Identifier: MIT
   What the files of the references' base share among themselves. */
#ifndef HEARTH_REFERENCE_INSIDE_H
#define HEARTH_REFERENCE_INSIDE_H

#include "plugin/reference/base.h"
#include "plugin/sdk/wire/decode.h"

enum { REFERENCE_FLIGHTS = 65536 };

/* A request that runs or waits. */
struct reference_flight {
  uint64_t request;
  uint32_t model;
};

/* An instance with nothing in it yet. */
hearth_status reference__new(const reference_policy *policy,
                             const hearth_plugin_entry *entry,
                             const hearth_host *host,
                             const hearth_config *config, reference **out);

/* The number of a model, which is added if it is new. */
hearth_status reference__model(reference *ref, hearth_str name, uint32_t *id);

/* Put a present model to its place in the order, by its score. */
void reference__rank(reference *ref, uint32_t model);
void reference__arrive(reference *ref, uint32_t model);
void reference__leave(reference *ref, uint32_t model);

static inline hearth_status reference__decode(const hearth_schema *schema,
                                              const hearth_call *call,
                                              hearth_bytes bytes,
                                              void *message) {
  return hearth_decode(schema, bytes, message, call ? call->err : NULL,
                       call ? call->err_cap : 0);
}

#endif
