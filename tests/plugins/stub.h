/* SPDX-License-Identifier: MIT
   A plugin that does nothing wrong, for each file here to spoil in one way. */
#ifndef HEARTH_TESTS_PLUGINS_STUB_H
#define HEARTH_TESTS_PLUGINS_STUB_H

#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/define.h"

/* A file defines what it does differently, includes this, and then says
   HEARTH_DEFINE_PLUGIN(STUB_MEMBERS). */
#ifndef STUB_ID
#define STUB_ID "org.hearth.tests.stub"
#endif
#ifndef STUB_NAME
#define STUB_NAME "stub"
#endif
#ifndef STUB_VERSION
#define STUB_VERSION "1.0.0"
#endif
#ifndef STUB_REQUIRES
#define STUB_REQUIRES NULL
#endif
#ifndef STUB_CAPS
#define STUB_CAPS 0
#endif
#ifndef STUB_CREATE
#define STUB_CREATE stub_create
#endif
#ifndef STUB_PREPARE
#define STUB_PREPARE stub_prepare
#endif
#ifndef STUB_RECORD
#define STUB_RECORD stub_record
#endif
#ifndef STUB_SAVE
#define STUB_SAVE NULL
#endif
#ifndef STUB_LOAD
#define STUB_LOAD NULL
#endif
#ifndef STUB_EXTENSION
#define STUB_EXTENSION NULL
#endif

struct hearth_plugin {
  uint64_t outcomes;
};

static inline hearth_status
stub_create(const hearth_plugin_entry *self, const hearth_host *host,
            const hearth_call *call, hearth_bytes config, hearth_plugin **out) {
  hearth_plugin *plugin = calloc(1, sizeof(*plugin));

  (void)self;
  (void)host;
  (void)call;
  (void)config;
  if (!plugin) {
    return HEARTH_NO_MEMORY;
  }
  *out = plugin;
  return HEARTH_OK;
}

static inline void stub_destroy(hearth_plugin *plugin) {
  free(plugin);
}

static inline hearth_status stub_catalog(hearth_plugin *plugin,
                                         const hearth_call *call,
                                         hearth_bytes catalog) {
  (void)plugin;
  (void)call;
  (void)catalog;
  return HEARTH_OK;
}

/* The answer is the question. */
static inline hearth_status stub_prepare(hearth_plugin *plugin,
                                         const hearth_call *call,
                                         hearth_bytes in, hearth_sink *out) {
  (void)plugin;
  (void)call;
  return out->write(out, in.data, in.len);
}

static inline hearth_status stub_record(hearth_plugin *plugin,
                                        const hearth_call *call,
                                        hearth_bytes outcome) {
  (void)call;
  (void)outcome;
  ++plugin->outcomes;
  return HEARTH_OK;
}

#define STUB_MEMBERS                                                           \
  .id = STUB_ID, .name = STUB_NAME, .version = STUB_VERSION,                   \
  .host_requires = STUB_REQUIRES, .caps = STUB_CAPS, .create = STUB_CREATE,    \
  .destroy = stub_destroy, .set_catalog = stub_catalog,                        \
  .prepare_models = STUB_PREPARE, .get_model_metadata = stub_prepare,          \
  .record_outcome = STUB_RECORD, .save_state = STUB_SAVE,                      \
  .load_state = STUB_LOAD, .get_extension = STUB_EXTENSION

#endif
