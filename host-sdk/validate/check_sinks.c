/* SPDX-License-Identifier: MIT
   Checks with sinks that refuse, deadlines, and shadow calls. */
#include "host-sdk/validate/checks.h"

/* An instance that knows something, and contexts to ask it with. */
static hearth_plugin *begin(validate_job *job, validate__scene *scene,
                            uint32_t requests) {
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  validate__scene_make(job, scene, 8, requests, VALIDATE__START_MS);
  validate__play(job, plugin, scene, 0, scene->count / 2, NULL, NULL);
  return plugin;
}

/* Give a message to a sink with little room: the refusal must come back. */
static void give_little(validate_job *job, hearth_plugin *plugin,
                        validate__kind kind, hearth_bytes bytes,
                        validate__sink *sink, uint64_t room,
                        hearth_status refusal) {
  validate__sink_reset(sink, room, refusal);
  validate__doing(job, "%s with a sink that takes %llu bytes",
                  validate__function(kind), (unsigned long long)room);
  const hearth_status status =
      validate__give(job, plugin, NULL, kind, bytes, &sink->base);
  if (sink->refused > 0 && status != refusal) {
    validate__fail(job, "expected %s to return the sink's %s after %llu bytes, "
                        "got %s",
                   validate__function(kind), validate__status(refusal),
                   (unsigned long long)room, validate__status(status));
  }
  if (sink->refused > 0 && sink->after > 0) {
    validate__warn(job, "expected no write after a refused one, got %u",
                   sink->after);
  }
}

static void at_once(validate_job *job) {
  static const hearth_status refusals[] = {HEARTH_LIMIT, HEARTH_NO_MEMORY};
  validate__scene scene;
  validate__sink sink;
  hearth_plugin *plugin = begin(job, &scene, 40);
  validate__sink_init(&sink);
  for (uint32_t i = scene.count / 2; i < scene.count; i++) {
    give_little(job, plugin, scene.steps[i].kind,
                validate__step_bytes(&scene, i), &sink, 0, refusals[i % 2]);
  }
  job->entry->destroy(plugin);
}

/* How long the answer to a message is; 0 for none. */
static uint64_t answer_length(validate_job *job, hearth_plugin *plugin,
                              validate__kind kind, hearth_bytes bytes,
                              validate__sink *sink) {
  validate__sink_reset(sink, UINT64_MAX, HEARTH_LIMIT);
  return validate__give(job, plugin, NULL, kind, bytes, &sink->base) ==
                 HEARTH_OK
             ? sink->len
             : 0;
}

static void after_bytes(validate_job *job) {
  validate__scene scene;
  validate__sink sink;
  hearth_plugin *plugin = begin(job, &scene, 40);
  validate__sink_init(&sink);
  uint32_t left = validate__times(job, 30, 6);
  for (uint32_t i = scene.count / 2; i < scene.count && left > 0; i++) {
    const validate__kind kind = scene.steps[i].kind;
    const hearth_bytes bytes = validate__step_bytes(&scene, i);
    if (kind != VALIDATE__CONTEXT && kind != VALIDATE__QUERY) {
      continue;
    }
    const uint64_t len = answer_length(job, plugin, kind, bytes, &sink);
    const uint64_t step = 1 + len / 200;
    for (uint64_t room = 0; room < len; room += step) {
      give_little(job, plugin, kind, bytes, &sink, room, HEARTH_LIMIT);
    }
    left--;
  }
  validate__doing(job, "calls after sinks that refused");
  validate__play(job, plugin, &scene, scene.count / 2, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

/* A deadline may be answered with HEARTH_DEADLINE, and with nothing worse. */
static void deadlines(validate_job *job) {
  validate__scene scene;
  validate__sink sink;
  hearth_plugin *plugin = begin(job, &scene, 60);
  validate__sink_init(&sink);
  for (uint32_t i = scene.count / 2; i < scene.count; i++) {
    const validate__kind kind = scene.steps[i].kind;
    const hearth_call call = {
        .size = sizeof call,
        .deadline_ns = i % 3 == 0   ? 1
                       : i % 3 == 1 ? hearth_monotonic_ns() + 1000
                                    : UINT64_MAX};
    validate__doing(job, "%s with the deadline %llu", validate__function(kind),
                    (unsigned long long)call.deadline_ns);
    validate__sink_reset(&sink, UINT64_MAX, HEARTH_LIMIT);
    const hearth_status status =
        validate__give(job, plugin, &call, kind,
                       validate__step_bytes(&scene, i), &sink.base);
    const int late = i % 3 != 2 && status == HEARTH_DEADLINE;
    if (!validate__good(kind, status) && !late) {
      validate__fail(job, "expected an answer%s of %s, got %s",
                     i % 3 != 2 ? " or HEARTH_DEADLINE" : "",
                     validate__function(kind), validate__status(status));
    }
  }
  validate__doing(job, "calls without a deadline after those with one");
  validate__play(job, plugin, &scene, scene.count / 2, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

/* Nobody acts on a shadow's answers; it is taught, and answers, all the same. */
static void shadow(validate_job *job) {
  validate__scene scene;
  hearth_buffer real = {0}, shadowed = {0};
  const hearth_call call = {.size = sizeof call, .flags = HEARTH_CALL_SHADOW};
  validate__open(job);
  validate__scene_make(job, &scene, 8, validate__times(job, 100, 30),
                       VALIDATE__START_MS);
  hearth_buffer_init(&real, 0);
  hearth_buffer_init(&shadowed, 0);
  hearth_plugin *a = validate__create(job), *b = validate__create(job);
  validate__play(job, a, &scene, 0, scene.count, NULL, &real);
  validate__play(job, b, &scene, 0, scene.count, &call, &shadowed);
  validate__learned(job, a, &scene, &real);
  validate__learned(job, b, &scene, &shadowed);
  validate__same(job, &real, &shadowed,
                 "shadow calls to be answered and to teach as others do");
}

static const validate_check checks[] = {
    {"sink-refuses", "a sink's refusal is returned",
     "plugin.h, hearth_sink.write", at_once},
    {"sink-little-room", "a sink that refuses after n bytes, for every n",
     "plugin.h, hearth_sink.write", after_bytes},
    {"call-deadline", "a deadline that passed does no harm",
     "docs/abi.md, Threads: deadlines", deadlines},
    {"call-shadow", "with HEARTH_CALL_SHADOW learning goes on",
     "plugin.h, HEARTH_CALL_SHADOW", shadow}};

VALIDATE__THEME(validate__sinks, checks);
