/* SPDX-License-Identifier: MIT
   The plugin under test as a host has it, and what it then has learned. */
#include "host-sdk/validate/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"

hearth_library *validate__file(validate_job *job) {
  char err[400] = "";
  hearth_library *library = NULL;
  if (hearth_library_open(job->path, NULL, &library, err, sizeof err) !=
      HEARTH_OK) {
    validate__skip(job, "a host refuses it: %s", err);
  }
  return library;
}

hearth_instance *validate__instance(validate_job *job,
                                    hearth_library *library) {
  char err[400] = "";
  hearth_instance *instance = NULL;
  const hearth_instance_options options = {.host = job->host};
  const hearth_status status =
      hearth_instance_create(library, &options, &instance, err, sizeof err);
  if (status != HEARTH_OK) {
    validate__skip(job, "no instance can be created (%s): %s",
                   validate__status(status), err);
  }
  return instance;
}

hearth_status validate__ask(validate__whom whom, validate__kind kind,
                            hearth_bytes bytes, hearth_output *out) {
  hearth_slot *slot = whom.slot;
  hearth_instance *instance = whom.instance;
  switch (kind) {
  case VALIDATE__CATALOG:
    return slot ? hearth_slot_set_catalog(slot, NULL, bytes)
                : hearth_instance_set_catalog(instance, NULL, bytes);
  case VALIDATE__CONTEXT:
    return slot ? hearth_slot_prepare_models(slot, NULL, bytes, out)
                : hearth_instance_prepare_models(instance, NULL, bytes, out);
  case VALIDATE__QUERY:
    return slot
               ? hearth_slot_get_model_metadata(slot, NULL, bytes, out)
               : hearth_instance_get_model_metadata(instance, NULL, bytes, out);
  case VALIDATE__OUTCOME:
    return slot ? hearth_slot_record_outcome(slot, NULL, bytes)
                : hearth_instance_record_outcome(instance, NULL, bytes);
  default:
    return HEARTH_BAD_ARG;
  }
}

void validate__ask_step(validate_job *job, validate__whom whom,
                        const validate__scene *scene, uint32_t step,
                        hearth_output *out) {
  const validate__kind kind = scene->steps[step].kind;
  const hearth_status status =
      validate__ask(whom, kind, validate__step_bytes(scene, step), out);
  if (!validate__good(kind, status)) {
    validate__fail(job, "expected %s to take the scene's message %u, got %s",
                   validate__function(kind), step, validate__status(status));
  }
}

int validate__tells(const validate__scene *scene, uint32_t step) {
  hearth_context context;
  if (scene->steps[step].kind != VALIDATE__CONTEXT) {
    return scene->steps[step].kind != VALIDATE__QUERY;
  }
  hearth_message_init(&hearth_context_schema, &context);
  return hearth_decode(&hearth_context_schema,
                       validate__step_bytes(scene, step), &context, NULL,
                       0) == HEARTH_OK &&
         context.pool.resync;
}

static void encode(validate_job *job, const hearth_schema *schema,
                   const void *message, hearth_buffer *out) {
  hearth_buffer_init(out, 0);
  if (hearth_encode(schema, message, &out->sink) != HEARTH_OK) {
    validate__need(job, NULL);
  }
}

static void keep(validate_job *job, hearth_buffer *to, const void *data,
                 uint64_t len) {
  if (len > 0 && to->sink.write(&to->sink, data, len) != HEARTH_OK) {
    validate__need(job, NULL);
  }
}

static void take_metadata(validate_job *job, validate__whom whom,
                          const validate__scene *scene, validate__view *out) {
  hearth_output answer = {0};
  for (uint32_t i = 0; i < scene->models; i++) {
    char name[32];
    hearth_metadata_query query;
    hearth_buffer message;
    hearth_message_init(&hearth_metadata_query_schema, &query);
    query.model = hearth_str_from(validate__model(i, name));
    query.now_ms = scene->now_ms;
    encode(job, &hearth_metadata_query_schema, &query, &message);
    answer.len = 0;
    const hearth_status status = validate__ask(
        whom, VALIDATE__QUERY, hearth_buffer_bytes(&message), &answer);
    keep(job, &out->metadata, &status, sizeof status);
    if (status == HEARTH_OK) {
      keep(job, &out->metadata, answer.data, answer.len);
    }
    hearth_buffer_free(&message);
  }
  hearth_output_free(&answer);
}

static void add_beliefs(validate_job *job, hearth_bytes answer,
                        validate__view *out) {
  hearth_plan_model plan[VALIDATE__BELIEFS];
  hearth_model_set set;
  char err[200] = "";
  hearth_message_init(&hearth_model_set_schema, &set);
  set.models = (hearth_list){plan, VALIDATE__BELIEFS, 0};
  if (hearth_decode(&hearth_model_set_schema, answer, &set, err, sizeof err) !=
      HEARTH_OK) {
    validate__fail(job, "expected a ModelSet, got one that does not decode: %s",
                   err);
  }
  for (uint32_t i = 0; i < set.models.count && i < VALIDATE__BELIEFS; i++) {
    validate__belief *b = &out->beliefs[out->count++];
    snprintf(b->model, sizeof b->model, "%.*s", (int)plan[i].model.len,
             plan[i].model.data);
    b->p_next = plan[i].p_next;
    memcpy(b->p_within, plan[i].p_within.p, sizeof b->p_within);
  }
}

static hearth_status predict(validate__whom whom, hearth_bytes context,
                             hearth_output *out) {
  return whom.slot ? hearth_slot_predict(whom.slot, NULL, context, out)
                   : hearth_instance_predict(whom.instance, NULL, context, out);
}

/* A request of somebody whom the scene knows, at its end. */
static void take_beliefs(validate_job *job, validate__whom whom,
                         const validate__scene *scene, validate__view *out) {
  hearth_output answer = {0};
  hearth_context context;
  hearth_buffer message;
  hearth_message_init(&hearth_context_schema, &context);
  context.request_id = hearth_str_from("what-is-known");
  context.now_ms = scene->now_ms;
  context.reason = HEARTH_REASON_REQUEST;
  context.task = hearth_str_from("chat");
  context.user.id = hearth_str_from("user-1");
  encode(job, &hearth_context_schema, &context, &message);
  hearth_status status = predict(whom, hearth_buffer_bytes(&message), &answer);
  if (status == HEARTH_UNSUPPORTED) {
    out->plans = 1;
    answer.len = 0;
    status = validate__ask(whom, VALIDATE__CONTEXT,
                           hearth_buffer_bytes(&message), &answer);
  }
  if (!validate__good(VALIDATE__CONTEXT, status)) {
    validate__fail(job, "expected %s to answer, got %s",
                   out->plans ? "prepare_models" : "predict",
                   validate__status(status));
  }
  if (status == HEARTH_OK) {
    add_beliefs(job, (hearth_bytes){answer.data, answer.len}, out);
  }
  hearth_buffer_free(&message);
  hearth_output_free(&answer);
}

void validate__view_take(validate_job *job, validate__whom whom,
                         const validate__scene *scene, validate__view *out) {
  memset(out, 0, sizeof *out);
  hearth_buffer_init(&out->metadata, 0);
  take_metadata(job, whom, scene, out);
  take_beliefs(job, whom, scene, out);
}

void validate__view_free(validate__view *view) {
  hearth_buffer_free(&view->metadata);
}

static void same_number(validate_job *job, const char *model, const char *name,
                        double want, double got, const char *what) {
  if (!(fabs(want - got) <= 1e-6)) {
    validate__fail(job, "expected %s, got %s %.9g of %s in place of %.9g", what,
                   name, got, model, want);
  }
}

void validate__view_same(validate_job *job, const validate__view *want,
                         const validate__view *got, const char *what) {
  char metadata[300];
  snprintf(metadata, sizeof metadata, "%s (metadata)", what);
  validate__same(job, &want->metadata, &got->metadata, metadata);
  for (uint32_t i = 0; i < want->count; i++) {
    const validate__belief *a = &want->beliefs[i], *b = NULL;
    for (uint32_t j = 0; b == NULL && j < got->count; j++) {
      b = strcmp(a->model, got->beliefs[j].model) == 0 ? &got->beliefs[j]
                                                       : NULL;
    }
    if (b != NULL) {
      same_number(job, a->model, "p_next", a->p_next, b->p_next, what);
      for (int h = 0; h < 3; h++) {
        same_number(job, a->model, "p_within", a->p_within[h], b->p_within[h],
                    what);
      }
    } else if (!want->plans) {
      validate__fail(job, "expected %s, got no prediction for %s", what,
                     a->model);
    }
  }
  if (!want->plans && want->count != got->count) {
    validate__fail(job, "expected %s, got %u models in place of %u", what,
                   got->count, want->count);
  }
}
