/* SPDX-License-Identifier: MIT
   A minimal plugin: warms the model that was last used for the task at hand. */
#include <plugin/sdk/define.h>
#include <plugin/sdk/names.h>
#include <plugin/sdk/wire/decode.h>
#include <plugin/sdk/wire/encode.h>
#include <plugin/sdk/wire/messages.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 64, NAME = 128 };
struct hearth_plugin { /* by the hash of a task */
  char model[TASKS][NAME];
  uint64_t len[TASKS]; /* 0: none yet */
};

static hearth_status create(const hearth_plugin_entry *entry,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  hearth_plugin *self = calloc(1, sizeof *self);
  (void)entry, (void)host, (void)call, (void)config;
  if (!self) {
    return HEARTH_NO_MEMORY;
  }
  *out = self;
  return HEARTH_OK;
}
static void destroy(hearth_plugin *self) {
  free(self);
}
static hearth_status learn(hearth_plugin *self, const hearth_call *call,
                           hearth_bytes bytes) {
  hearth_outcome o;
  (void)call;
  hearth_message_init(&hearth_outcome_schema, &o);
  if (hearth_decode(&hearth_outcome_schema, bytes, &o, NULL, 0)) {
    return HEARTH_BAD_PAYLOAD;
  }
  if (o.phase == HEARTH_PHASE_STARTED && o.model.len <= NAME) {
    const uint64_t slot = hearth_hash(0, o.task.data, o.task.len) % TASKS;
    memcpy(self->model[slot], o.model.data, o.model.len);
    self->len[slot] = o.model.len;
  }
  return HEARTH_OK;
}
static hearth_status prepare(hearth_plugin *self, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  hearth_context c;
  hearth_plan_model entry;
  hearth_model_set set;
  (void)call;
  hearth_message_init(&hearth_context_schema, &c);
  hearth_message_init(&hearth_plan_model_schema, &entry);
  hearth_message_init(&hearth_model_set_schema, &set);
  if (hearth_decode(&hearth_context_schema, bytes, &c, NULL, 0)) {
    return HEARTH_BAD_PAYLOAD;
  }
  const uint64_t slot = hearth_hash(0, c.task.data, c.task.len) % TASKS;
  if (self->len[slot] == 0) {
    return HEARTH_NO_OPINION; /* the host goes by its default */
  }
  entry.model = (hearth_str){self->model[slot], self->len[slot]};
  entry.action = HEARTH_ACTION_WARM;
  set.models = (hearth_list){&entry, 1, 1};
  return hearth_encode(&hearth_model_set_schema, &set, out);
}
static hearth_status set_catalog(hearth_plugin *self, const hearth_call *call,
                                 hearth_bytes catalog) {
  return (void)self, (void)call, (void)catalog, HEARTH_OK;
}
static hearth_status metadata(hearth_plugin *self, const hearth_call *call,
                              hearth_bytes query, hearth_sink *out) {
  return (void)self, (void)call, (void)query, (void)out, HEARTH_NO_OPINION;
}
HEARTH_DEFINE_PLUGIN(.id = "org.example.last-by-task", .name = "last-by-task",
                     .version = "1.0.0", .caps = HEARTH_CAP_DETERMINISTIC,
                     .create = create, .destroy = destroy,
                     .set_catalog = set_catalog, .prepare_models = prepare,
                     .get_model_metadata = metadata, .record_outcome = learn);
