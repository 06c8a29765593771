/* SPDX-License-Identifier: MIT
   Checks with catalogs that are empty, that change, that are large. */
#include "host-sdk/validate/answer.h"
#include "host-sdk/validate/checks.h"

static void set_catalog(validate_job *job, hearth_plugin *plugin,
                        uint32_t first, uint32_t count) {
  hearth_buffer message = {0};
  hearth_buffer_init(&message, 0);
  validate__catalog(job, first, count, &message);
  validate__doing(job, "set_catalog with %u models", count);
  const hearth_status status =
      job->entry->set_catalog(plugin, NULL, hearth_buffer_bytes(&message));
  if (status != HEARTH_OK) {
    validate__fail(job, "expected HEARTH_OK for a catalog of %u models, got %s",
                   count, validate__status(status));
  }
  hearth_buffer_free(&message);
}

/* Ask everything that a scene asks, without its outcomes; plans may name the
   models from `first` to before `until` only. */
static void ask(validate_job *job, hearth_plugin *plugin,
                const validate__scene *scene, uint32_t first, uint32_t until) {
  validate__sink sink;
  validate__sink_init(&sink);
  for (uint32_t i = 1; i < scene->count; i++) {
    const validate__kind kind = scene->steps[i].kind;
    const hearth_bytes message = validate__step_bytes(scene, i);
    if (kind == VALIDATE__OUTCOME) {
      continue;
    }
    validate__sink_reset(&sink, UINT64_MAX, HEARTH_LIMIT);
    const hearth_status status =
        validate__give(job, plugin, NULL, kind, message, &sink.base);
    if (!validate__good(kind, status)) {
      validate__fail(job, "expected an answer of %s, got %s",
                     validate__function(kind), validate__status(status));
    }
    if (kind == VALIDATE__CONTEXT && status == HEARTH_OK) {
      validate__answer_models(job, message, validate__sink_bytes(&sink), first,
                              until);
    }
  }
  validate__sink_free(&sink);
}

static void empty(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 5, 20, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  set_catalog(job, plugin, 0, 0);
  ask(job, plugin, &scene, 0, 0);
  validate__doing(job, "outcomes with an empty catalog");
  validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

/* Models come and go; what is gone is no candidate. */
static void changed(validate_job *job) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 10, 60, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  for (uint32_t first = 0; first < 12; first += 3) {
    set_catalog(job, plugin, first, 4);
    ask(job, plugin, &scene, first, first + 4);
  }
  set_catalog(job, plugin, 0, 0);
  ask(job, plugin, &scene, 0, 0);
  set_catalog(job, plugin, 0, 10);
  ask(job, plugin, &scene, 0, 10);
  job->entry->destroy(plugin);
}

static void of_size(validate_job *job, uint32_t models) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, models, 20, VALIDATE__START_MS);
  hearth_plugin *plugin = validate__create(job);
  set_catalog(job, plugin, 0, models);
  set_catalog(job, plugin, 0, models);
  validate__doing(job, "a life with %u models", models);
  validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

static void one(validate_job *job) { of_size(job, 1); }

static void large(validate_job *job) {
  of_size(job, validate__times(job, 10000, 3000));
}

/* A host may tell the same catalog whenever it likes. */
static void same_again(validate_job *job) {
  validate__scene scene;
  hearth_buffer once = {0}, again = {0};
  validate__open(job);
  validate__scene_make(job, &scene, 8, 40, VALIDATE__START_MS);
  hearth_buffer_init(&once, 0);
  hearth_buffer_init(&again, 0);
  hearth_plugin *a = validate__create(job), *b = validate__create(job);
  validate__play(job, a, &scene, 0, scene.count, NULL, NULL);
  validate__play(job, b, &scene, 0, scene.count, NULL, NULL);
  validate__play(job, b, &scene, 0, 1, NULL, NULL);
  validate__learned(job, a, &scene, &once);
  validate__learned(job, b, &scene, &again);
  validate__same(job, &once, &again,
                 "the same catalog again to change nothing that was learned");
}

static const validate_check checks[] = {
    {"catalog-empty", "an empty catalog is a catalog",
     "docs/wire-format.md, Catalog.models: may be empty", empty},
    {"catalog-changed", "models that are gone are named no more",
     "plugin.h, hearth_plugin_entry.set_catalog", changed},
    {"catalog-same-again", "the same catalog again changes nothing learned",
     "plugin.h, the rules: everything learned arrives by record_outcome",
     same_again},
    {"catalog-one", "a catalog of one model", "docs/wire-format.md, Catalog",
     one},
    {"catalog-large", "a catalog of 10,000 models",
     "docs/wire-format.md, Bounds", large}};

VALIDATE__THEME(validate__catalogs, checks);
