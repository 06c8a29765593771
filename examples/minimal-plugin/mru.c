/* SPDX-License-Identifier: MIT
   A minimal plugin: warms what was last used for the task at hand. */
#include <plugin/sdk/define.h>
#include <plugin/sdk/names.h>
#include <plugin/sdk/wire/decode.h>
#include <plugin/sdk/wire/encode.h>
#include <plugin/sdk/wire/messages.h>

enum { TASKS = 64 };
struct hearth_plugin {
  hearth_memory_user memory;
  hearth_names *models, *tasks;
  uint32_t last[TASKS]; /* by task: its last model + 1; 0: none yet */
};

static void destroy(hearth_plugin *self) {
  if (self) {
    hearth_names_free(self->models);
    hearth_names_free(self->tasks);
    hearth_release(&self->memory, self);
  }
}
static hearth_status create(const hearth_plugin_entry *entry,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  const hearth_memory_user memory = hearth_memory_of(host);
  hearth_plugin *self = hearth_zalloc(&memory, 1, sizeof *self);
  (void)entry, (void)call, (void)config;
  if (self) {
    self->memory = memory;
    self->models = hearth_names_new(&memory, 0, 0);
    self->tasks = hearth_names_new(&memory, 0, TASKS);
  }
  if (!self || !self->models || !self->tasks) {
    return destroy(self), HEARTH_NO_MEMORY;
  }
  return *out = self, HEARTH_OK;
}
static hearth_status learn(hearth_plugin *self, const hearth_call *call,
                           hearth_bytes bytes) {
  hearth_outcome o;
  uint32_t task, model;
  hearth_message_init(&hearth_outcome_schema, &o);
  int32_t status = hearth_decode(&hearth_outcome_schema, bytes, &o, NULL, 0);
  if (status || o.phase != HEARTH_PHASE_STARTED ||
      (status = hearth_names_add(self->tasks, o.task, &task)) ||
      (status = hearth_names_add(self->models, o.model, &model))) {
    return (void)call, status;
  }
  return self->last[task] = model + 1, HEARTH_OK;
}
static hearth_status prepare(hearth_plugin *self, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  hearth_context c;
  hearth_plan_model entry;
  hearth_model_set set = {.models = {&entry, 1, 1}};
  return HEARTH_OK;
}
