/* SPDX-License-Identifier: MIT
   Checks of state that is right: saved, loaded, saved again. */
#include "host-sdk/validate/checks.h"

/* A taught instance and its state. */
typedef struct taught {
  validate__scene scene;
  uint32_t half;
  hearth_plugin *plugin;
  hearth_buffer state;
} taught;

static void teach(validate_job *job, taught *t) {
  validate__open(job);
  validate__needs(job, HEARTH_CAP_STATE);
  validate__scene_make(job, &t->scene, 10, validate__times(job, 200, 60),
                       VALIDATE__START_MS);
  t->half = t->scene.count / 2;
  t->plugin = validate__create(job);
  validate__play(job, t->plugin, &t->scene, 0, t->half, NULL, NULL);
  hearth_buffer_init(&t->state, 0);
  validate__doing(job, "save_state");
  validate__save(job, t->plugin, &t->state);
}

static hearth_plugin *loaded(validate_job *job, const hearth_buffer *state) {
  hearth_plugin *plugin = validate__create(job);
  validate__doing(job, "load_state of its own state");
  const hearth_status status =
      validate__load(job, plugin, hearth_buffer_bytes(state));
  if (status != HEARTH_OK) {
    validate__fail(job, "expected load_state to take what save_state wrote, "
                        "got %s",
                   validate__status(status));
  }
  return plugin;
}

/* A restart: the new instance goes on where the old one was.  Both get the
   catalog, which is no part of what is learned. */
static void round_trip(validate_job *job) {
  taught t;
  hearth_buffer old = {0}, new = {0};
  teach(job, &t);
  hearth_plugin *other = loaded(job, &t.state);
  hearth_buffer_init(&old, 0);
  hearth_buffer_init(&new, 0);
  validate__play(job, t.plugin, &t.scene, 0, 1, NULL, &old);
  validate__play(job, other, &t.scene, 0, 1, NULL, &new);
  for (uint32_t i = t.half; i < t.scene.count; i++) {
    if (t.scene.steps[i].kind != VALIDATE__CONTEXT) {
      validate__play(job, t.plugin, &t.scene, i, i + 1, NULL, &old);
      validate__play(job, other, &t.scene, i, i + 1, NULL, &new);
    }
  }
  validate__learned(job, t.plugin, &t.scene, &old);
  validate__learned(job, other, &t.scene, &new);
  validate__same(job, &old, &new,
                 "an instance with loaded state to go on as the old one");
}

static void identical(validate_job *job) {
  taught t;
  hearth_buffer again = {0};
  teach(job, &t);
  hearth_plugin *other = loaded(job, &t.state);
  hearth_buffer_init(&again, 0);
  validate__save(job, other, &again);
  validate__same(job, &t.state, &again,
                 "save_state after load_state to write the same bytes");
}

static void empty(validate_job *job) {
  hearth_buffer state = {0}, again = {0};
  validate__scene scene;
  validate__open(job);
  validate__needs(job, HEARTH_CAP_STATE);
  hearth_plugin *plugin = validate__create(job);
  hearth_buffer_init(&state, 0);
  hearth_buffer_init(&again, 0);
  validate__doing(job, "save_state of an instance that was taught nothing");
  validate__save(job, plugin, &state);
  if (state.len == 0) {
    validate__fail(job, "expected a state to begin with what names it, got no "
                        "bytes");
  }
  hearth_plugin *other = loaded(job, &state);
  validate__save(job, other, &again);
  validate__same(job, &state, &again, "the state of an untaught instance back");
  validate__scene_make(job, &scene, 5, 20, VALIDATE__START_MS);
  validate__play(job, other, &scene, 0, scene.count, NULL, NULL);
}

/* Learning replaced, not added to. */
static void replaces(validate_job *job) {
  taught t;
  hearth_buffer again = {0};
  teach(job, &t);
  hearth_plugin *other = validate__create(job);
  validate__play(job, other, &t.scene, 0, t.scene.count, NULL, NULL);
  validate__doing(job, "load_state over what was learned");
  if (validate__load(job, other, hearth_buffer_bytes(&t.state)) != HEARTH_OK) {
    validate__fail(job, "expected load_state to replace what was learned, got "
                        "a refusal");
  }
  hearth_buffer_init(&again, 0);
  validate__save(job, other, &again);
  validate__same(job, &t.state, &again,
                 "load_state to replace all that was learned");
}

static void still(validate_job *job) {
  taught t;
  hearth_buffer again = {0};
  teach(job, &t);
  hearth_buffer_init(&again, 0);
  validate__save(job, t.plugin, &again);
  validate__same(job, &t.state, &again,
                 "save_state to write the same bytes twice");
}

static void slow_source(validate_job *job) {
  taught t;
  validate__source source;
  hearth_buffer again = {0};
  teach(job, &t);
  hearth_plugin *other = validate__create(job);
  validate__source_init(&source, hearth_buffer_bytes(&t.state));
  source.piece = 1;
  validate__doing(job, "load_state of a source that gives a byte at a time");
  const hearth_status status =
      job->entry->load_state(other, NULL, &source.base);
  if (status != HEARTH_OK) {
    validate__fail(job, "expected a source that gives a byte at a time to be "
                        "read, got %s",
                   validate__status(status));
  }
  hearth_buffer_init(&again, 0);
  validate__save(job, other, &again);
  validate__same(job, &t.state, &again, "the same state byte by byte");
}

static void sink_fails(validate_job *job) {
  taught t;
  validate__sink sink;
  hearth_buffer again = {0};
  teach(job, &t);
  validate__sink_init(&sink);
  const uint64_t step = 1 + t.state.len / validate__times(job, 500, 40);
  for (uint64_t room = 0; room < t.state.len; room += step) {
    validate__sink_reset(&sink, room, HEARTH_LIMIT);
    validate__doing(job, "save_state with a sink that takes %llu bytes",
                    (unsigned long long)room);
    const hearth_status status =
        job->entry->save_state(t.plugin, NULL, &sink.base);
    if (status != HEARTH_LIMIT) {
      validate__fail(job, "expected save_state to return the sink's "
                          "HEARTH_LIMIT, got %s",
                     validate__status(status));
    }
  }
  hearth_buffer_init(&again, 0);
  validate__save(job, t.plugin, &again);
  validate__same(job, &t.state, &again,
                 "a save that failed to change nothing");
}

static const validate_check checks[] = {
    {"state-round-trip", "a new instance goes on with what was saved",
     "plugin.h, HEARTH_CAP_STATE: complete", round_trip},
    {"state-identical", "saved, loaded and saved again: the same bytes",
     "plugin.h, HEARTH_CAP_STATE: complete", identical},
    {"state-empty", "an untaught instance has a state",
     "plugin.h, hearth_plugin_entry.save_state", empty},
    {"state-replaces", "load_state replaces all that was learned",
     "plugin.h, hearth_plugin_entry.load_state", replaces},
    {"state-still", "saving changes nothing",
     "plugin.h, hearth_plugin_entry.save_state", still},
    {"state-slow-source", "a source may give a byte at a time",
     "plugin.h, hearth_source.read", slow_source},
    {"state-sink-fails", "a sink's refusal is returned, and changes nothing",
     "plugin.h, hearth_sink.write", sink_fails}};

VALIDATE__THEME(validate__state, checks);
