/* SPDX-License-Identifier: MIT
   Checks of what a decoder must take and must refuse. */
#include <string.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/mutate.h"

typedef struct giving {
  validate_job *job;
  hearth_plugin *plugin;
  validate__kind kind;
  const char *fault;
} giving;

/* A message that is wrong must be refused. */
static void refused(void *user, hearth_bytes message, const char *path) {
  const giving *g = user;
  validate__sink sink;
  validate__sink_init(&sink);
  validate__doing(g->job, "%s with %s %s in its %s",
                  validate__function(g->kind), g->fault, path,
                  validate__kind_text[g->kind]);
  const hearth_status status = validate__give(
      g->job, g->plugin, NULL, g->kind, message, &sink.base);
  if (status != HEARTH_BAD_PAYLOAD) {
    validate__fail(g->job, "expected HEARTH_BAD_PAYLOAD of %s for %s %s, got "
                           "%s",
                   validate__function(g->kind), g->fault, path,
                   validate__status(status));
  }
  if (sink.len > 0) {
    validate__warn(g->job, "expected no answer of %s with a failure, got %llu "
                           "bytes",
                   validate__function(g->kind), (unsigned long long)sink.len);
  }
  validate__sink_free(&sink);
}

static void all_refused(validate_job *job, validate__fault fault,
                        const char *name) {
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  for (int kind = VALIDATE__CATALOG; kind < VALIDATE__KINDS; kind++) {
    giving g = {job, plugin, (validate__kind)kind, name};
    validate__mutate(job, (validate__kind)kind, fault, refused, &g);
  }
  job->entry->destroy(plugin);
}

static void types(validate_job *job) {
  all_refused(job, VALIDATE__WRONG_TYPE, "a wrong type of");
}

static void ranges(validate_job *job) {
  all_refused(job, VALIDATE__OUT_OF_RANGE, "a value out of range of");
}

static void missing(validate_job *job) {
  all_refused(job, VALIDATE__MISSING, "no key");
}

static void twice(validate_job *job) {
  all_refused(job, VALIDATE__TWICE, "twice the key");
}

/* A message with only what is required, of every kind. */
static void minimal(validate_job *job) {
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  for (int kind = 0; kind < VALIDATE__KINDS; kind++) {
    hearth_buffer message = {0};
    hearth_buffer_init(&message, 0);
    validate__minimal(job, (validate__kind)kind, &message);
    validate__doing(job, "%s with required keys only",
                    validate__function((validate__kind)kind));
    const hearth_status status =
        validate__tell(job, plugin, (validate__kind)kind,
                       hearth_buffer_bytes(&message), NULL, NULL);
    if (!validate__good((validate__kind)kind, status)) {
      validate__fail(job, "expected %s to take a message without optional "
                          "keys, got %s",
                     validate__function((validate__kind)kind),
                     validate__status(status));
    }
    hearth_buffer_free(&message);
  }
  job->entry->destroy(plugin);
}

/* Later versions add keys: the answers must be the same as without them. */
static void unknown_keys(validate_job *job) {
  validate__scene scene;
  hearth_buffer plain = {0}, extended = {0};
  validate__open(job);
  validate__scene_make(job, &scene, 8, 30, VALIDATE__START_MS);
  hearth_buffer_init(&plain, 0);
  hearth_buffer_init(&extended, 0);
  hearth_plugin *a = validate__create(job), *b = validate__create(job);
  validate__play(job, a, &scene, 0, scene.count, NULL, &plain);
  for (uint32_t i = 0; i < scene.count; i++) {
    const validate__kind kind = scene.steps[i].kind;
    hearth_buffer message = {0};
    hearth_buffer_init(&message, 0);
    validate__unknown_keys(job, validate__step_bytes(&scene, i), 6, &message);
    validate__doing(job, "%s with unknown keys", validate__function(kind));
    const hearth_status status = validate__tell(
        job, b, kind, hearth_buffer_bytes(&message), NULL, &extended);
    if (!validate__good(kind, status)) {
      validate__fail(job, "expected %s to skip unknown keys, got %s",
                     validate__function(kind), validate__status(status));
    }
    hearth_buffer_free(&message);
  }
  validate__same(job, &plain, &extended,
                 "the same answers with unknown keys as without");
}

/* A message that was refused must not have been taken in part. */
static void changes_nothing(validate_job *job) {
  validate__scene scene;
  hearth_buffer clean = {0}, disturbed = {0};
  validate__open(job);
  validate__scene_make(job, &scene, 8, 30, VALIDATE__START_MS);
  hearth_buffer_init(&clean, 0);
  hearth_buffer_init(&disturbed, 0);
  hearth_plugin *a = validate__create(job), *b = validate__create(job);
  validate__play(job, a, &scene, 0, scene.count, NULL, &clean);
  for (uint32_t i = 0; i < scene.count; i++) {
    hearth_buffer wrong = {0};
    const hearth_bytes right = validate__step_bytes(&scene, i);
    hearth_buffer_init(&wrong, 0);
    validate__put(job, &wrong, right.data, right.len);
    validate__put_byte(job, &wrong, 0xc0); /* bytes after the message */
    validate__doing(job, "%s with a byte after the message",
                    validate__function(scene.steps[i].kind));
    (void)validate__tell(job, b, scene.steps[i].kind,
                         hearth_buffer_bytes(&wrong), NULL, NULL);
    (void)validate__tell(job, b, scene.steps[i].kind,
                         (hearth_bytes){right.data, right.len - 1}, NULL,
                         NULL);
    validate__play(job, b, &scene, i, i + 1, NULL, &disturbed);
    hearth_buffer_free(&wrong);
  }
  validate__learned(job, a, &scene, &clean);
  validate__learned(job, b, &scene, &disturbed);
  validate__same(job, &clean, &disturbed,
                 "messages that were refused to change nothing");
}

/* What follows a message is an error. */
static void trailing(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  validate__scene_make(job, &scene, 4, 12, VALIDATE__START_MS);
  for (int kind = VALIDATE__CATALOG; kind < VALIDATE__KINDS; kind++) {
    const uint32_t step =
        validate__scene_next(&scene, 0, (validate__kind)kind);
    const hearth_bytes right = validate__step_bytes(&scene, step);
    giving g = {job, plugin, (validate__kind)kind, "bytes"};
    hearth_buffer wrong = {0};
    hearth_buffer_init(&wrong, 0);
    validate__put(job, &wrong, right.data, right.len);
    validate__put_byte(job, &wrong, 0x80);
    refused(&g, hearth_buffer_bytes(&wrong), "after the message");
    hearth_buffer_free(&wrong);
  }
  job->entry->destroy(plugin);
}

static const validate_check checks[] = {
    {"message-types", "a value of a wrong type is refused",
     "docs/wire-format.md, Rules", types},
    {"message-ranges", "a number out of range is refused",
     "docs/wire-format.md, Rules", ranges},
    {"message-missing", "a missing required key is refused",
     "docs/wire-format.md, Rules", missing},
    {"message-twice", "a key given twice is refused",
     "docs/wire-format.md, Rules", twice},
    {"message-trailing", "bytes after the message are refused",
     "docs/wire-format.md, Rules", trailing},
    {"message-minimal", "optional keys may be missing",
     "docs/wire-format.md, Rules: a missing key means its default", minimal},
    {"message-unknown-keys", "unknown keys are skipped",
     "docs/wire-format.md, Rules: unknown keys", unknown_keys},
    {"message-changes-nothing", "a refused message changes nothing",
     "plugin.h: leaves the instance as it was", changes_nothing}};

VALIDATE__THEME(validate__messages, checks);
