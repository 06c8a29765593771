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
  uint64_t len[TASKS];  /* 0: none yet */
  int64_t at_ms[TASKS]; /* when it was used */
};

/* Into an initialised struct; what is wrong is said in call->err. */
static hearth_status decode(const hearth_schema *schema,
                            const hearth_call *call, hearth_bytes bytes,
                            void *message) {
  return hearth_decode(schema, bytes, message, call ? call->err : NULL,
                       call ? call->err_cap : 0);
}

/* With a list of models: once to count them, then with room for them, which the
   caller frees. */
static hearth_status decode_models(const hearth_schema *schema,
                                   const hearth_call *call, hearth_bytes bytes,
                                   void *message, hearth_list *list) {
  hearth_message_init(schema, message);
  if (decode(schema, call, bytes, message)) {
    return HEARTH_BAD_PAYLOAD;
  }
  const uint32_t count = list->count;
  void *room = calloc(count + 1, sizeof(hearth_catalog_model));
  *list = (hearth_list){room, room ? count : 0, 0};
  return room ? decode(schema, call, bytes, message) : HEARTH_NO_MEMORY;
}

static hearth_status create(const hearth_plugin_entry *entry,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes bytes, hearth_plugin **out) {
  hearth_config config; /* no setting of it concerns this plugin */
  hearth_status status = decode_models(&hearth_config_schema, call, bytes,
                                       &config, &config.models);
  (void)entry, (void)host;
  free(config.models.items);
  if (status == HEARTH_OK && !(*out = calloc(1, sizeof **out))) {
    status = HEARTH_NO_MEMORY;
  }
  return status;
}
static void destroy(hearth_plugin *self) {
  free(self);
}

static hearth_status learn(hearth_plugin *self, const hearth_call *call,
                           hearth_bytes bytes) {
  hearth_outcome o;
  hearth_message_init(&hearth_outcome_schema, &o);
  if (decode(&hearth_outcome_schema, call, bytes, &o)) {
    return HEARTH_BAD_PAYLOAD;
  }
  const uint64_t slot = hearth_hash(0, o.task.data, o.task.len) % TASKS;
  if (o.phase == HEARTH_PHASE_STARTED && o.model.len <= NAME &&
      (self->len[slot] == 0 || o.at_ms > self->at_ms[slot])) { /* not again */
    memcpy(self->model[slot], o.model.data, o.model.len);
    self->len[slot] = o.model.len;
    self->at_ms[slot] = o.at_ms;
  }
  return HEARTH_OK;
}

static hearth_status prepare(hearth_plugin *self, const hearth_call *call,
                             hearth_bytes bytes, hearth_sink *out) {
  hearth_context c;
  hearth_plan_model entry;
  hearth_model_set set;
  hearth_message_init(&hearth_context_schema, &c);
  if (decode(&hearth_context_schema, call, bytes, &c)) {
    return HEARTH_BAD_PAYLOAD;
  }
  const uint64_t slot = hearth_hash(0, c.task.data, c.task.len) % TASKS;
  if (self->len[slot] == 0) {
    return HEARTH_NO_OPINION; /* the host goes by its default */
  }
  hearth_message_init(&hearth_plan_model_schema, &entry);
  entry.model = (hearth_str){self->model[slot], self->len[slot]};
  entry.action = HEARTH_ACTION_WARM;
  hearth_message_init(&hearth_model_set_schema, &set);
  set.request_id = c.request_id; /* an answer says what it answers */
  set.pool = c.pool.id;
  set.now_ms = c.now_ms;
  set.models = (hearth_list){&entry, 1, 1};
  return hearth_encode(&hearth_model_set_schema, &set, out);
}

/* Forget the models that are no more. */
static hearth_status set_catalog(hearth_plugin *self, const hearth_call *call,
                                 hearth_bytes bytes) {
  hearth_catalog c;
  const hearth_status status =
      decode_models(&hearth_catalog_schema, call, bytes, &c, &c.models);
  const hearth_catalog_model *models = c.models.items;
  for (int slot = 0; status == HEARTH_OK && slot < TASKS; slot++) {
    uint32_t i = 0;
    while (i < c.models.count &&
           (models[i].model.len != self->len[slot] ||
            memcmp(models[i].model.data, self->model[slot], self->len[slot]))) {
      i++;
    }
    self->len[slot] = i < c.models.count ? self->len[slot] : 0;
  }
  free(c.models.items);
  return status;
}

static hearth_status metadata(hearth_plugin *self, const hearth_call *call,
                              hearth_bytes bytes, hearth_sink *out) {
  hearth_metadata_query query;
  (void)self, (void)out;
  hearth_message_init(&hearth_metadata_query_schema, &query);
  return decode(&hearth_metadata_query_schema, call, bytes, &query)
             ? HEARTH_BAD_PAYLOAD
             : HEARTH_NO_OPINION;
}

HEARTH_DEFINE_PLUGIN(.id = "org.example.last-by-task", .name = "last-by-task",
                     .version = "1.0.0", .caps = HEARTH_CAP_DETERMINISTIC,
                     .create = create, .destroy = destroy,
                     .set_catalog = set_catalog, .prepare_models = prepare,
                     .get_model_metadata = metadata, .record_outcome = learn);
