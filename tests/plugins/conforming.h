/* SPDX-License-Identifier: MIT
   A plugin that keeps the whole contract, for each file here to spoil in one
   way. */
#ifndef HEARTH_TESTS_PLUGINS_CONFORMING_H
#define HEARTH_TESTS_PLUGINS_CONFORMING_H

#include <stdlib.h>
#include <string.h>

#include "hearth/ext/metrics.h"
#include "plugin/sdk/define.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/names.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

/* What is known of a model. */
typedef struct known {
  uint64_t requests;
  int64_t last_used_ms, load_ms; /* load_ms: measured, -1 */
  uint64_t candidate;
} known;

enum { SEEN = 512 };

struct hearth_plugin {
  hearth_memory_user memory;
  const hearth_host *host;
  hearth_names *names;
  known *known;
  uint32_t known_cap;
  uint64_t total, seen[SEEN];
};

/* It counts what was used, and answers with what was used most. */
hearth_status conforming_create(const hearth_plugin_entry *self,
                                const hearth_host *host,
                                const hearth_call *call, hearth_bytes config,
                                hearth_plugin **out);
void conforming_destroy(hearth_plugin *plugin);
hearth_status conforming_catalog(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes catalog);
hearth_status conforming_prepare(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes context, hearth_sink *out);
hearth_status conforming_metadata(hearth_plugin *plugin,
                                  const hearth_call *call, hearth_bytes query,
                                  hearth_sink *out);
hearth_status conforming_record(hearth_plugin *plugin, const hearth_call *call,
                                hearth_bytes outcome);
hearth_status conforming_save(hearth_plugin *plugin, const hearth_call *call,
                              hearth_sink *out);
hearth_status conforming_load(hearth_plugin *plugin, const hearth_call *call,
                              hearth_source *in);
const void *conforming_extension(hearth_plugin *plugin, const char *id);

/* A plan of these models, in their order; what else it says may be spoiled by
   `spoil` (NULL: nothing) just before it is written. */
typedef void conforming_spoil(hearth_plugin *plugin,
                              const hearth_context *context,
                              hearth_model_set *set);
hearth_status conforming_answer(hearth_plugin *plugin, const hearth_call *call,
                                hearth_bytes context, hearth_sink *out,
                                conforming_spoil *spoil);

/* A file includes this, says what it does differently by defining one of
   these names again (after #undef), and ends with CONFORMING_PLUGIN. */
#define ID "org.hearth.tests.conforming"
#define NAME "conforming"
#define VERSION "1.0.0"
#define VENDOR "Hearth"
#define REQUIRES NULL
#define CAPS (HEARTH_CAP_STATE | HEARTH_CAP_DETERMINISTIC)
#define CREATE conforming_create
#define DESTROY conforming_destroy
#define CATALOG conforming_catalog
#define PREPARE conforming_prepare
#define METADATA conforming_metadata
#define RECORD conforming_record
#define SAVE conforming_save
#define LOAD conforming_load
#define EXTENSION conforming_extension

#define CONFORMING_MEMBERS                                                     \
  .id = ID, .name = NAME, .vendor = VENDOR, .version = VERSION,                \
  .description = "Answers with what was used most.",                           \
  .host_requires = REQUIRES, .caps = CAPS, .create = CREATE,                   \
  .destroy = DESTROY, .set_catalog = CATALOG, .prepare_models = PREPARE,       \
  .get_model_metadata = METADATA, .record_outcome = RECORD,                    \
  .save_state = SAVE, .load_state = LOAD, .get_extension = EXTENSION

#define CONFORMING_PLUGIN HEARTH_DEFINE_PLUGIN(CONFORMING_MEMBERS)

#endif
