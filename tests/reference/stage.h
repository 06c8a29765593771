/* SPDX-License-Identifier: MIT
   A host for one reference: requests in, plans out, in a line each. */
#ifndef HEARTH_TESTS_REFERENCE_STAGE_H
#define HEARTH_TESTS_REFERENCE_STAGE_H

#include "hearth/ext/future.h"
#include "hearth/ext/memory.h"
#include "hearth/ext/predict.h"
#include "hearth/plugin.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

enum { STAGE_MODELS = 8, STAGE_USES = 16 };

typedef struct stage {
  hearth_host host; /* first: a stage is a host */
  const hearth_plugin_entry *entry;
  hearth_plugin *plugin;
  int64_t allocations_left; /* then memory fails */
  int64_t blocks;
  double budget_mb, idle_price;
  int64_t max_models;
  /* What hearth.future/1 tells: times of use of the model of this letter. */
  int64_t uses[STAGE_MODELS][STAGE_USES];
  hearth_buffer message, answer;
  hearth_plan_model plan[STAGE_MODELS];
  hearth_model_set set;
  hearth_status status; /* of the last call */
  char text[256];
} stage;

/* Begin with models a, b, c … of these sizes and load times. */
typedef struct stage_model {
  double memory_mb;
  int64_t load_ms;
} stage_model;
void stage_begin(stage *stage, const hearth_plugin_entry *entry,
                 const stage_model *models, int count);
void stage_end(stage *stage);
hearth_status stage_catalog(stage *stage, const stage_model *models, int count);

/* As stage_begin, with a configuration. */
void stage_configured(stage *stage, const hearth_plugin_entry *entry,
                      const hearth_config *config, const stage_model *models,
                      int count);

/* A request for a model comes: started, then the settled plan is asked for.
   Its number is the id of the request. */
void stage_request(stage *stage, int64_t now, int number, const char *user,
                   char model);
/* Only started is told. */
hearth_status stage_started(stage *stage, int64_t now, int number,
                            const char *user, char model);
void stage_finish(stage *stage, int64_t now, int number);
/* Request and its end at once. */
void stage_use(stage *stage, int64_t now, int number, char model);
void stage_tell(stage *stage, int64_t now, int32_t phase, char model);
void stage_ask(stage *stage, int64_t now, int32_t reason, const char *user);
void stage_resync(stage *stage, int64_t now, const char *resident);

/* Whether the last plan lists just these models, in this order. */
int stage_plan_is(stage *stage, const char *models);
/* The entry of a model in the last plan, or one of -2 everywhere. */
const hearth_plan_model *stage_entry(stage *stage, char model);

/* predict/1, into the plan. */
void stage_predict(stage *stage, int64_t now, const char *user);

/* A source over bytes. */
typedef struct stage_source {
  hearth_source source;
  const uint8_t *data;
  uint64_t len;
} stage_source;
void stage_source_init(stage_source *source, hearth_bytes bytes);

#endif
