/* SPDX-License-Identifier: MIT
   Checks of statuses and answers to messages that are right. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/answer.h"
#include "host-sdk/validate/checks.h"

/* Give the whole scene, and look at each answer. */
typedef void looker(validate_job *job, validate__kind kind, hearth_bytes message,
                  hearth_status status, const validate__sink *sink);

static void each_answer(validate_job *job, looker *look) {
  validate__scene scene;
  validate__sink sink;
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  validate__sink_init(&sink);
  validate__scene_make(job, &scene, 12, validate__times(job, 300, 40),
                       VALIDATE__START_MS);
  for (uint32_t i = 0; i < scene.count; i++) {
    const validate__kind kind = scene.steps[i].kind;
    const hearth_bytes message = validate__step_bytes(&scene, i);
    validate__doing(job, "%s, the scene's message %u", validate__function(kind),
                    i);
    validate__sink_reset(&sink, UINT64_MAX, HEARTH_LIMIT);
    const hearth_status status =
        validate__give(job, plugin, NULL, kind, message, &sink.base);
    look(job, kind, message, status, &sink);
  }
  job->entry->destroy(plugin);
}

static void look_at_status(validate_job *job, validate__kind kind,
                           hearth_bytes message, hearth_status status,
                           const validate__sink *sink) {
  (void)message, (void)sink;
  if (!validate__good(kind, status)) {
    validate__fail(job, "expected %s to return HEARTH_OK%s for a message that "
                        "is right, got %s",
                   validate__function(kind),
                   validate__good(kind, HEARTH_NO_OPINION)
                       ? " or HEARTH_NO_OPINION"
                       : "",
                   validate__status(status));
  }
}

static void look_at_presence(validate_job *job, validate__kind kind,
                             hearth_bytes message, hearth_status status,
                             const validate__sink *sink) {
  (void)message;
  if (sink->offence != NULL) {
    validate__fail(job, "expected %s to write what it has, got %s",
                   validate__function(kind), sink->offence);
  }
  if (status == HEARTH_OK && sink->len == 0 &&
      validate__good(kind, HEARTH_NO_OPINION)) {
    validate__fail(job, "expected an answer with HEARTH_OK of %s, got no bytes",
                   validate__function(kind));
  }
  if (status == HEARTH_NO_OPINION && sink->len > 0) {
    validate__warn(job, "expected no bytes with HEARTH_NO_OPINION, got %llu",
                   (unsigned long long)sink->len);
  }
}

static void look_at_message(validate_job *job, validate__kind kind,
                            hearth_bytes message, hearth_status status,
                            const validate__sink *sink) {
  char err[300] = "";
  (void)message;
  if (status == HEARTH_OK &&
      validate__answer_decode(job, kind, validate__sink_bytes(sink), err,
                              sizeof err) != HEARTH_OK) {
    validate__fail(job, "expected %s's answer to decode, got %s",
                   validate__function(kind), err);
  }
}

static void look_at_echo(validate_job *job, validate__kind kind,
                         hearth_bytes message, hearth_status status,
                         const validate__sink *sink) {
  if (kind == VALIDATE__CONTEXT && status == HEARTH_OK) {
    validate__answer_echo(job, message, validate__sink_bytes(sink));
  }
}

static void look_at_models(validate_job *job, validate__kind kind,
                           hearth_bytes message, hearth_status status,
                           const validate__sink *sink) {
  if (kind == VALIDATE__CONTEXT && status == HEARTH_OK) {
    validate__answer_models(job, message, validate__sink_bytes(sink), 0, 12);
  }
}

static void look_at_horizons(validate_job *job, validate__kind kind,
                             hearth_bytes message, hearth_status status,
                             const validate__sink *sink) {
  (void)message;
  if (kind == VALIDATE__CONTEXT && status == HEARTH_OK) {
    validate__answer_horizons(job, validate__sink_bytes(sink));
  }
}

static void look_at_times(validate_job *job, validate__kind kind,
                          hearth_bytes message, hearth_status status,
                          const validate__sink *sink) {
  if (kind == VALIDATE__CONTEXT && status == HEARTH_OK) {
    validate__answer_times(job, message, validate__sink_bytes(sink));
  }
}

static void look_at_metadata(validate_job *job, validate__kind kind,
                             hearth_bytes message, hearth_status status,
                             const validate__sink *sink) {
  if (kind == VALIDATE__QUERY && status == HEARTH_OK) {
    validate__answer_metadata(job, message, validate__sink_bytes(sink));
  }
}

static void statuses(validate_job *job) { each_answer(job, look_at_status); }
static void presence(validate_job *job) { each_answer(job, look_at_presence); }
static void decodes(validate_job *job) { each_answer(job, look_at_message); }
static void echo(validate_job *job) { each_answer(job, look_at_echo); }
static void models(validate_job *job) { each_answer(job, look_at_models); }
static void horizons(validate_job *job) { each_answer(job, look_at_horizons); }
static void times(validate_job *job) { each_answer(job, look_at_times); }
static void metadata(validate_job *job) { each_answer(job, look_at_metadata); }

/* predict/1 and explain/1 have one shape: a context in, a ModelSet out. */
typedef hearth_status asked(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes context, hearth_sink *out);

static void each_extension_answer(validate_job *job, const char *id,
                                  int every) {
  validate__scene scene;
  validate__sink sink;
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  const hearth_predict *ext =
      validate__extension(job, plugin, id, sizeof *ext);
  asked *ask = ext != NULL ? ext->predict : NULL;
  if (ask == NULL) {
    validate__skip(job, "it has no %s", id);
  }
  validate__sink_init(&sink);
  validate__scene_make(job, &scene, 12, validate__times(job, 200, 40),
                       VALIDATE__START_MS);
  for (uint32_t i = 0; i < scene.count; i++) {
    const hearth_bytes message = validate__step_bytes(&scene, i);
    validate__play(job, plugin, &scene, i, i + 1, NULL, NULL);
    if (scene.steps[i].kind != VALIDATE__CONTEXT ||
        !validate__answer_asks(message)) {
      continue;
    }
    validate__doing(job, "%s with the scene's message %u", id, i);
    validate__sink_reset(&sink, UINT64_MAX, HEARTH_LIMIT);
    const hearth_status status = ask(plugin, NULL, message, &sink.base);
    if (!validate__good(VALIDATE__CONTEXT, status)) {
      validate__fail(job, "expected %s to return HEARTH_OK, got %s", id,
                     validate__status(status));
    }
    if (status == HEARTH_OK) {
      look_at_message(job, VALIDATE__CONTEXT, message, status, &sink);
      validate__answer_horizons(job, validate__sink_bytes(&sink));
      validate__answer_lists(job, validate__sink_bytes(&sink), every ? 12 : 0);
    }
  }
  job->entry->destroy(plugin);
}

static void predict(validate_job *job) {
  each_extension_answer(job, HEARTH_EXT_PREDICT, 1);
}

static void explain(validate_job *job) {
  each_extension_answer(job, HEARTH_EXT_EXPLAIN, 0);
}

static const validate_check checks[] = {
    {"answer-status", "messages that are right are taken",
     "docs/abi.md, Statuses", statuses},
    {"answer-present", "with OK there is an answer, from real memory",
     "docs/abi.md, Statuses", presence},
    {"answer-decodes", "an answer is one message of its kind, in its ranges",
     "docs/wire-format.md, ModelSet, ModelMetadata", decodes},
    {"answer-echo", "request_id, pool and now_ms are the context's",
     "docs/wire-format.md, ModelSet", echo},
    {"answer-models", "at most max_models, each once, each in the catalog",
     "docs/wire-format.md, ModelSet.models", models},
    {"answer-horizons", "a longer horizon is no less likely",
     "docs/wire-format.md, PlanModel.p_within", horizons},
    {"answer-times", "a review lies ahead, a load begins before it must",
     "docs/wire-format.md, PlanModel, ModelSet.review_at_ms", times},
    {"answer-metadata", "metadata is of the model asked for, p50 <= p90",
     "docs/wire-format.md, ModelMetadata", metadata},
    {"answer-predict", "predict/1 lists every model once", "ext/predict.h",
     predict},
    {"answer-explain", "explain/1 answers, with at most four reasons each",
     "ext/explain.h", explain}};

VALIDATE__THEME(validate__answers, checks);
