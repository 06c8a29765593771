/* SPDX-License-Identifier: MIT
   Checks of what teaches, and what must not. */
#include <string.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/view.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"

/* Encode an outcome and give it; anything but OK is a failure. */
static void tell_outcome(validate_job *job, hearth_plugin *plugin,
                         const hearth_outcome *outcome, const char *what) {
  hearth_buffer message = {0};
  hearth_buffer_init(&message, 0);
  if (hearth_encode(&hearth_outcome_schema, outcome, &message.sink) !=
      HEARTH_OK) {
    validate__need(job, NULL);
  }
  validate__doing(job, "record_outcome with %s", what);
  const hearth_status status =
      validate__tell(job, plugin, VALIDATE__OUTCOME,
                     hearth_buffer_bytes(&message), NULL, NULL);
  if (status != HEARTH_OK) {
    validate__fail(job, "expected HEARTH_OK for %s, got %s", what,
                   validate__status(status));
  }
  hearth_buffer_free(&message);
}

/* Every phase of a request that was never begun here, in the wrong order. */
static void unknown_request(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 20, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, &scene, 0, 1, NULL, NULL);
  for (int32_t phase = HEARTH_PHASE_FEEDBACK; phase >= HEARTH_PHASE_STARTED;
       phase--) {
    hearth_outcome outcome;
    hearth_message_init(&hearth_outcome_schema, &outcome);
    outcome.request_id = hearth_str_from("nobody-asked-this");
    outcome.at_ms = VALIDATE__START_MS + 1000 * (8 - phase);
    outcome.phase = phase;
    outcome.model = hearth_str_from("model-1-q4");
    tell_outcome(job, plugin, &outcome, "an outcome of an unknown request");
  }
  validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

static void unknown_model(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 20, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, &scene, 0, 1, NULL, NULL);
  for (int32_t phase = HEARTH_PHASE_STARTED; phase <= HEARTH_PHASE_FEEDBACK;
       phase++) {
    hearth_outcome outcome;
    hearth_message_init(&hearth_outcome_schema, &outcome);
    outcome.request_id = hearth_str_from("request-of-a-stranger");
    outcome.at_ms = VALIDATE__START_MS + 1000 * phase;
    outcome.phase = phase;
    outcome.model = hearth_str_from("a-model-that-no-catalog-has");
    outcome.load_ms = phase == HEARTH_PHASE_LOADED ? 4000 : -1;
    tell_outcome(job, plugin, &outcome, "an outcome of an unknown model");
  }
  validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

static int has_request(hearth_bytes bytes) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  return hearth_decode(&hearth_outcome_schema, bytes, &outcome, NULL, 0) ==
             HEARTH_OK &&
         outcome.request_id.len > 0;
}

/* The same (request_id, phase) again, at once and a little later. */
static void twice(validate_job *job) {
  validate__scene scene;
  hearth_buffer once = {0}, doubled = {0};
  validate__open(job);
  validate__scene_make(job, &scene, 8, validate__times(job, 100, 30),
                       VALIDATE__START_MS);
  hearth_buffer_init(&once, 0);
  hearth_buffer_init(&doubled, 0);
  hearth_plugin *a = validate__create(job), *b = validate__create(job);
  validate__play(job, a, &scene, 0, scene.count, NULL, &once);
  for (uint32_t i = 0; i < scene.count; i++) {
    validate__play(job, b, &scene, i, i + 1, NULL, &doubled);
    for (uint32_t back = 0; back <= 4 && back <= i; back += 4) {
      const uint32_t again = i - back;
      if (scene.steps[again].kind == VALIDATE__OUTCOME &&
          has_request(validate__step_bytes(&scene, again))) {
        validate__play(job, b, &scene, again, again + 1, NULL, NULL);
      }
    }
  }
  validate__learned(job, a, &scene, &once);
  validate__learned(job, b, &scene, &doubled);
  validate__same(job, &once, &doubled,
                 "the same (request_id, phase) twice to be ignored");
}

/* The same question twice in a row: the second changes nothing that is saved.
 */
static void asked_again(validate_job *job, validate__whom whom,
                        const validate__scene *scene) {
  hearth_output out = {0}, states[2] = {{0}, {0}};
  const uint32_t step = validate__scene_next(scene, 1, VALIDATE__CONTEXT);
  validate__ask_step(job, whom, scene, step, &out);
  for (int i = 0; i < 2; i++) {
    const hearth_status status =
        hearth_instance_save_state(whom.instance, NULL, &states[i]);
    if (status != HEARTH_OK) {
      validate__fail(job, "expected save_state to return HEARTH_OK, got %s",
                     validate__status(status));
    }
    out.len = 0;
    validate__ask_step(job, whom, scene, step, &out);
  }
  if (states[0].len != states[1].len ||
      memcmp(states[0].data, states[1].data, (size_t)states[0].len) != 0) {
    validate__fail(job, "expected the same question again to change nothing "
                        "that is saved, got another state");
  }
  hearth_output_free(&out);
  hearth_output_free(&states[0]);
  hearth_output_free(&states[1]);
}

/* One is told, the other is told and asked: both have learned the same.  What
   was told to the host meanwhile may stand in a state; so that is not compared,
   but what is believed and what is known of models. */
static void asking_teaches_nothing(validate_job *job) {
  validate__scene scene;
  validate__view want, got;
  validate__open(job);
  validate__scene_make(job, &scene, 8, validate__times(job, 100, 30),
                       VALIDATE__START_MS);
  hearth_library *library = validate__file(job);
  const validate__whom told = {.instance = validate__instance(job, library)};
  const validate__whom asked = {.instance = validate__instance(job, library)};
  hearth_output out = {0};
  for (uint32_t i = 0; i < scene.count; i++) {
    const int tells = validate__tells(&scene, i);
    if (tells) {
      out.len = 0;
      validate__ask_step(job, told, &scene, i, &out);
    }
    for (int again = tells ? 1 : 3; again > 0; again--) {
      out.len = 0;
      validate__ask_step(job, asked, &scene, i, &out);
    }
  }
  validate__view_take(job, told, &scene, &want);
  validate__view_take(job, asked, &scene, &got);
  validate__view_same(job, &want, &got,
                      "prepare_models and get_model_metadata to teach nothing");
  if (hearth_library_entry(library)->caps & HEARTH_CAP_STATE) {
    asked_again(job, asked, &scene);
  }
  validate__view_free(&want);
  validate__view_free(&got);
  hearth_output_free(&out);
  hearth_instance_destroy(asked.instance);
  hearth_instance_destroy(told.instance);
  hearth_library_close(library);
}

/* Two instances, at other addresses, with other things between. */
static void deterministic(validate_job *job) {
  validate__scene scene;
  hearth_buffer first = {0}, second = {0};
  validate__open(job);
  validate__needs(job, HEARTH_CAP_DETERMINISTIC);
  validate__scene_make(job, &scene, 16, validate__times(job, 300, 60),
                       VALIDATE__START_MS);
  hearth_buffer_init(&first, 0);
  hearth_buffer_init(&second, 0);
  hearth_plugin *a = validate__create(job);
  validate__play(job, a, &scene, 0, scene.count, NULL, &first);
  validate__learned(job, a, &scene, &first);
  hearth_host *other = validate__host(job);
  hearth_plugin *b = validate__create_with(job, other, (hearth_bytes){NULL, 0});
  validate__play(job, b, &scene, 0, scene.count, NULL, &second);
  validate__learned(job, b, &scene, &second);
  validate__same(job, &first, &second,
                 "the same bytes out for the same bytes in");
  job->entry->destroy(b);
  job->entry->destroy(a);
}

static hearth_context tick_at(int64_t now_ms) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.now_ms = now_ms;
  context.reason = HEARTH_REASON_TICK;
  return context;
}

/* The calls of one moment, wherever it lies. */
static void at_time(validate_job *job, hearth_plugin *plugin, int64_t now_ms,
                    uint32_t number) {
  char id[32];
  hearth_outcome outcome;
  hearth_buffer message = {0};
  const hearth_context context = tick_at(now_ms);
  snprintf(id, sizeof id, "timely-%u", number);
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.request_id = hearth_str_from(id);
  outcome.at_ms = now_ms;
  outcome.model = hearth_str_from("model-1-q4");
  tell_outcome(job, plugin, &outcome, "an extreme time");
  hearth_buffer_init(&message, 0);
  hearth_encode(&hearth_context_schema, &context, &message.sink);
  validate__doing(job, "prepare_models at %lld ms", (long long)now_ms);
  const hearth_status status =
      validate__tell(job, plugin, VALIDATE__CONTEXT,
                     hearth_buffer_bytes(&message), NULL, NULL);
  if (!validate__good(VALIDATE__CONTEXT, status)) {
    validate__fail(job, "expected an answer at %lld ms, got %s",
                   (long long)now_ms, validate__status(status));
  }
  outcome.phase = HEARTH_PHASE_FINISHED;
  outcome.model = (hearth_str){NULL, 0};
  tell_outcome(job, plugin, &outcome, "an extreme time");
  hearth_buffer_free(&message);
}

static void times(validate_job *job) {
  static const int64_t most = INT64_C(1) << 53;
  const int64_t moments[] = {0,
                             -1,
                             1,
                             most,
                             -most,
                             VALIDATE__START_MS,
                             VALIDATE__START_MS - 86400000,
                             most,
                             5,
                             -5};
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 30, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  for (uint32_t i = 0; i < sizeof moments / sizeof *moments; i++) {
    at_time(job, plugin, moments[i], i);
  }
  validate__doing(job, "usual times after extreme ones");
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

static const validate_check checks[] = {
    {"outcome-unknown-request", "an outcome of an unknown request is taken",
     "plugin.h, hearth_plugin_entry.record_outcome", unknown_request},
    {"outcome-unknown-model", "an outcome of an unknown model is taken",
     "docs/abi.md, Functions", unknown_model},
    {"outcome-twice", "the same (request_id, phase) twice is ignored",
     "plugin.h, hearth_plugin_entry.record_outcome", twice},
    {"outcome-only",
     "asking changes neither beliefs nor metadata, asking again no "
     "state; standing orders may change",
     "plugin.h, the rules: everything learned arrives by record_outcome",
     asking_teaches_nothing},
    {"outcome-deterministic", "DETERMINISTIC: the same bytes in, the same out",
     "plugin.h, HEARTH_CAP_DETERMINISTIC", deterministic},
    {"outcome-times", "extreme times, and times that go back, do no harm",
     "docs/wire-format.md, Units", times}};

VALIDATE__THEME(validate__outcomes, checks);
