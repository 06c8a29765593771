/* SPDX-License-Identifier: MIT
   A host for one reference: requests in, plans out, in a line each. */
#include "tests/reference/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "tests/unit.h"

static const char letters[] = "abcdefgh";

static hearth_str name_of(char model) {
  return (hearth_str){strchr(letters, model), 1};
}

static void *resize(const hearth_host *host, void *block, uint64_t len) {
  stage *self = (stage *)(uintptr_t)host;
  if (len == 0) {
    self->blocks -= block != NULL;
    free(block);
    return NULL;
  }
  if (self->allocations_left == 0) {
    return NULL;
  }
  self->allocations_left--;
  self->blocks += block == NULL;
  return realloc(block, (size_t)len);
}

static int64_t next_use(const hearth_host *host, const char *model,
                        uint64_t len, int64_t after_ms) {
  const stage *self = (const stage *)host;
  int64_t next = INT64_MAX;
  CU_ASSERT_EQUAL(len, 1);
  for (int i = 0; i < STAGE_USES; i++) {
    const int64_t use = self->uses[*model - 'a'][i];
    if (use > after_ms && use < next) {
      next = use;
    }
  }
  return next;
}

static const void *extension(const hearth_host *host, const char *id) {
  static const hearth_memory memory = {.size = sizeof memory, .resize = resize};
  static const hearth_future future = {.size = sizeof future,
                                       .next_use = next_use};
  (void)host;
  return strcmp(id, HEARTH_EXT_MEMORY) == 0   ? (const void *)&memory
         : strcmp(id, HEARTH_EXT_FUTURE) == 0 ? (const void *)&future
                                              : NULL;
}

static hearth_bytes encoded(stage *self, const hearth_schema *schema,
                            const void *message) {
  self->message.len = 0;
  CU_ASSERT_EQUAL(hearth_encode(schema, message, &self->message.sink),
                  HEARTH_OK);
  return hearth_buffer_bytes(&self->message);
}

hearth_status stage_catalog(stage *self, const stage_model *models, int count) {
  hearth_catalog_model items[STAGE_MODELS];
  for (int i = 0; i < count; i++) {
    hearth_message_init(&hearth_catalog_model_schema, &items[i]);
    items[i].model = name_of(letters[i]);
    items[i].memory_mb = models[i].memory_mb;
    items[i].load_ms = models[i].load_ms;
  }
  const hearth_catalog catalog = {
      .models = {items, (uint32_t)count, (uint32_t)count}};
  return self->entry->set_catalog(
      self->plugin, NULL, encoded(self, &hearth_catalog_schema, &catalog));
}

static void prepare_stage(stage *self, const hearth_plugin_entry *entry) {
  memset(self, 0, sizeof *self);
  self->host = (hearth_host){.size = sizeof self->host,
                             .name = "stage",
                             .version = "1",
                             .get_extension = extension};
  self->entry = entry;
  self->allocations_left = -1;
  self->budget_mb = 1000;
  self->idle_price = -1;
  self->max_models = STAGE_MODELS;
  hearth_buffer_init(&self->message, 0);
  hearth_buffer_init(&self->answer, 0);
}

void stage_configured(stage *self, const hearth_plugin_entry *entry,
                      const hearth_config *config, const stage_model *models,
                      int count) {
  prepare_stage(self, entry);
  const hearth_bytes bytes = config
                                 ? encoded(self, &hearth_config_schema, config)
                                 : (hearth_bytes){NULL, 0};
  CU_ASSERT_EQUAL_FATAL(
      entry->create(entry, &self->host, NULL, bytes, &self->plugin), HEARTH_OK);
  if (count > 0) {
    CU_ASSERT_EQUAL(stage_catalog(self, models, count), HEARTH_OK);
  }
}

void stage_begin(stage *self, const hearth_plugin_entry *entry,
                 const stage_model *models, int count) {
  stage_configured(self, entry, NULL, models, count);
}

void stage_end(stage *self) {
  self->entry->destroy(self->plugin);
  CU_ASSERT_EQUAL(self->blocks, 0);
  hearth_buffer_free(&self->message);
  hearth_buffer_free(&self->answer);
}

static hearth_status record(stage *self, const hearth_outcome *outcome) {
  return self->entry->record_outcome(
      self->plugin, NULL, encoded(self, &hearth_outcome_schema, outcome));
}

static hearth_outcome outcome_of(int32_t phase, int64_t now) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.phase = phase;
  outcome.at_ms = now;
  return outcome;
}

hearth_status stage_started(stage *self, int64_t now, int number,
                            const char *user, char model) {
  char id[16];
  hearth_outcome outcome = outcome_of(HEARTH_PHASE_STARTED, now);
  snprintf(id, sizeof id, "%d", number);
  outcome.request_id = hearth_str_from(id);
  outcome.model = name_of(model);
  outcome.user.id = hearth_str_from(user);
  self->status = record(self, &outcome);
  return self->status;
}

void stage_request(stage *self, int64_t now, int number, const char *user,
                   char model) {
  CU_ASSERT_EQUAL(stage_started(self, now, number, user, model), HEARTH_OK);
  stage_ask(self, now, HEARTH_REASON_SETTLED, user);
}

void stage_finish(stage *self, int64_t now, int number) {
  char id[16];
  hearth_outcome outcome = outcome_of(HEARTH_PHASE_FINISHED, now);
  snprintf(id, sizeof id, "%d", number);
  outcome.request_id = hearth_str_from(id);
  CU_ASSERT_EQUAL(record(self, &outcome), HEARTH_OK);
}

void stage_use(stage *self, int64_t now, int number, char model) {
  stage_request(self, now, number, "u", model);
  stage_finish(self, now, number);
}

void stage_tell(stage *self, int64_t now, int32_t phase, char model) {
  hearth_outcome outcome = outcome_of(phase, now);
  outcome.model = name_of(model);
  CU_ASSERT_EQUAL(record(self, &outcome), HEARTH_OK);
}

static void decode_answer(stage *self) {
  hearth_message_init(&hearth_model_set_schema, &self->set);
  self->set.models = (hearth_list){self->plan, STAGE_MODELS, 0};
  if (self->status == HEARTH_OK) {
    CU_ASSERT_EQUAL(hearth_decode(&hearth_model_set_schema,
                                  hearth_buffer_bytes(&self->answer),
                                  &self->set, self->text, sizeof self->text),
                    HEARTH_OK);
  }
}

static hearth_context context_of(const stage *self, int64_t now, int32_t reason,
                                 const char *user) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.now_ms = now;
  context.reason = reason;
  context.user.id = hearth_str_from(user);
  context.max_models = self->max_models;
  context.pool.id = hearth_str_from("p");
  context.pool.budget_mb = self->idle_price > 0 ? -1 : self->budget_mb;
  context.pool.idle_price = self->idle_price;
  return context;
}

static void ask(stage *self, const hearth_context *context) {
  const hearth_bytes bytes = encoded(self, &hearth_context_schema, context);
  self->answer.len = 0;
  self->status = self->entry->prepare_models(self->plugin, NULL, bytes,
                                             &self->answer.sink);
  decode_answer(self);
}

void stage_ask(stage *self, int64_t now, int32_t reason, const char *user) {
  const hearth_context context = context_of(self, now, reason, user);
  ask(self, &context);
}

void stage_resync(stage *self, int64_t now, const char *resident) {
  hearth_resident items[STAGE_MODELS];
  const uint32_t count = (uint32_t)strlen(resident);
  hearth_context context = context_of(self, now, HEARTH_REASON_TICK, "u");
  for (uint32_t i = 0; i < count; i++) {
    items[i] = (hearth_resident){
        .model = name_of(resident[i]), .state = HEARTH_STATE_WARM, .busy = 0};
  }
  context.pool.resync = 1;
  context.pool.resident = (hearth_list){items, count, count};
  ask(self, &context);
}

void stage_predict(stage *self, int64_t now, const char *user) {
  const hearth_predict *predict =
      self->entry->get_extension(self->plugin, HEARTH_EXT_PREDICT);
  const hearth_context context =
      context_of(self, now, HEARTH_REASON_REQUEST, user);
  const hearth_bytes bytes = encoded(self, &hearth_context_schema, &context);
  CU_ASSERT_PTR_NOT_NULL_FATAL(predict);
  self->answer.len = 0;
  self->status =
      predict->predict(self->plugin, NULL, bytes, &self->answer.sink);
  decode_answer(self);
}

int stage_plan_is(stage *self, const char *models) {
  char got[STAGE_MODELS + 1] = "";
  for (uint32_t i = 0; i < self->set.models.count && i < STAGE_MODELS; i++) {
    got[i] = self->plan[i].model.data[0];
  }
  const int same = self->status == HEARTH_OK && strcmp(got, models) == 0;
  if (!same) {
    printf("# status %d: want %s, got %s\n", self->status, models, got);
  }
  return same;
}

const hearth_plan_model *stage_entry(stage *self, char model) {
  static const hearth_plan_model none = {.action = -2,
                                         .p_next = -2,
                                         .start_at_ms = -2,
                                         .warm_by_ms = -2,
                                         .keep_for_ms = -2};
  for (uint32_t i = 0; i < self->set.models.count && i < STAGE_MODELS; i++) {
    if (self->plan[i].model.data[0] == model) {
      return &self->plan[i];
    }
  }
  return &none;
}

static hearth_status read_bytes(hearth_source *source, void *data, uint64_t cap,
                                uint64_t *got) {
  stage_source *self = (stage_source *)source;
  *got = cap < self->len ? cap : self->len;
  *got = *got > 7 ? 7 : *got; /* a source may give less than is asked for */
  memcpy(data, self->data, (size_t)*got);
  self->data += *got;
  self->len -= *got;
  return HEARTH_OK;
}

void stage_source_init(stage_source *source, hearth_bytes bytes) {
  *source = (stage_source){
      .source = {.size = sizeof source->source, .read = read_bytes},
      .data = bytes.data,
      .len = bytes.len};
}
