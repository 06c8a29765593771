/* SPDX-License-Identifier: MIT
   Checks of how a plugin treats the memory that it is lent. */
#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/page.h"

/* Play a scene with each message at the end of a page that can only be read. */
static void play_pages(validate_job *job, int shut, const char *what) {
  validate__scene scene;
  validate__page pages[2];
  validate__sink sink;
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  validate__scene_make(job, &scene, 10, validate__times(job, 150, 25),
                       VALIDATE__START_MS);
  validate__page_open(job, &pages[0], 1 << 16);
  validate__page_open(job, &pages[1], 1 << 16);
  validate__sink_init(&sink);
  for (uint32_t i = 0; i < scene.count; i++) {
    const validate__kind kind = scene.steps[i].kind;
    validate__page *page = &pages[i % 2];
    const hearth_bytes bytes =
        validate__page_put(job, page, validate__step_bytes(&scene, i));
    validate__doing(job, "%s, %s", validate__function(kind), what);
    validate__sink_reset(&sink, UINT64_MAX, HEARTH_LIMIT);
    const hearth_status status =
        validate__give(job, plugin, NULL, kind, bytes, &sink.base);
    if (!validate__good(kind, status)) {
      validate__fail(job, "expected %s to take the scene's message %u, got %s",
                     validate__function(kind), i, validate__status(status));
    }
    if (shut) {
      validate__page_shut(job, page);
    }
  }
  validate__doing(job, "destroy, %s", what);
  job->entry->destroy(plugin);
}

static void unmodified(validate_job *job) {
  play_pages(job, 0, "with an input that can only be read");
}

static void not_kept(validate_job *job) {
  play_pages(job, 1, "with the inputs of earlier calls unmapped");
}

/* The configuration too is only borrowed. */
static void config_not_kept(validate_job *job) {
  validate__page page;
  validate__scene scene;
  hearth_buffer config = {0};
  validate__open(job);
  hearth_buffer_init(&config, 0);
  validate__config(job, 5, &config);
  validate__page_open(job, &page, config.len);
  validate__doing(job, "create, with a configuration that can only be read");
  hearth_plugin *plugin = validate__create_with(
      job, job->host,
      validate__page_put(job, &page, hearth_buffer_bytes(&config)));
  validate__page_shut(job, &page);
  validate__doing(job, "calls after the configuration was unmapped");
  validate__scene_make(job, &scene, 5, 30, VALIDATE__START_MS);
  validate__play(job, plugin, &scene, 1, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
}

static const validate_check checks[] = {
    {"input-unmodified", "an input is read, never written",
     "plugin.h, the rules: inputs are borrowed", unmodified},
    {"input-not-kept", "no pointer into an input outlives its call",
     "plugin.h, the rules: inputs are borrowed", not_kept},
    {"input-config-not-kept", "no pointer into the configuration is kept",
     "plugin.h, the rules: inputs are borrowed", config_not_kept}};

VALIDATE__THEME(validate__inputs, checks);
