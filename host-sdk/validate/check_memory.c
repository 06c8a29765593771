/* SPDX-License-Identifier: MIT
   Checks with an allocator that fails, at every allocation in turn. */
#include "host-sdk/validate/checks.h"

/* What is done with the allocator out of order: the status, and whether an
   instance was made. */
typedef hearth_status doing(validate_job *job, hearth_plugin *plugin);

/* A plugin with very many allocations is not waited for. */
enum { MOST = 100000 };
#define ENOUGH_NS UINT64_C(5000000000)

/* Do a deed with its first allocation failing, then its second, until none of
   them does. */
static void fail_each(validate_job *job, doing *deed, int in_life,
                      const char *name) {
  validate__scene scene;
  validate__open(job);
  validate__scene_make(job, &scene, 8, 12, VALIDATE__START_MS);
  const uint32_t half = scene.count / 2;
  const uint64_t until = hearth_monotonic_ns() + ENOUGH_NS;
  for (uint64_t n = 1;; n++) {
    hearth_plugin *plugin = in_life ? validate__create(job) : NULL;
    if (in_life) {
      validate__play(job, plugin, &scene, 0, half, NULL, NULL);
    }
    if (n == 1 && in_life && hearth_host_allocations(job->host) == 0) {
      validate__skip(job, "it does not use hearth.memory/1");
    }
    const uint64_t before = hearth_host_allocations(job->host);
    validate__doing(job, "%s with its allocation %llu failing", name,
                    (unsigned long long)n);
    hearth_host_fail_allocation(job->host, n);
    const hearth_status status = deed(job, plugin);
    hearth_host_fail_allocation(job->host, 0);
    const int failed = hearth_host_allocations(job->host) - before >= n;
    if (!failed && status != HEARTH_OK && status != HEARTH_NO_OPINION) {
      validate__fail(job, "expected %s to work, got %s", name,
                     validate__status(status));
    }
    if (status != HEARTH_OK && status != HEARTH_NO_OPINION &&
        status != HEARTH_NO_MEMORY) {
      validate__fail(job, "expected HEARTH_NO_MEMORY when allocation %llu of "
                          "%s fails, got %s",
                     (unsigned long long)n, name, validate__status(status));
    }
    if (in_life) {
      validate__doing(job, "calls after allocation %llu of %s failed",
                      (unsigned long long)n, name);
      validate__play(job, plugin, &scene, half, scene.count, NULL, NULL);
      job->entry->destroy(plugin);
    }
    if (hearth_host_memory_used(job->host) != 0) {
      validate__fail(job, "expected nothing to stay allocated after allocation "
                          "%llu of %s failed, got %llu bytes",
                     (unsigned long long)n, name,
                     (unsigned long long)hearth_host_memory_used(job->host));
    }
    if (!failed || n >= (job->quick ? 40u : (unsigned)MOST) ||
        hearth_monotonic_ns() > until) {
      return;
    }
  }
}

static hearth_status make(validate_job *job, hearth_plugin *plugin) {
  hearth_buffer config = {0};
  hearth_plugin *made = NULL;
  (void)plugin;
  hearth_buffer_init(&config, 0);
  validate__config(job, 6, &config);
  const hearth_status status = job->entry->create(
      job->entry, job->host, NULL, hearth_buffer_bytes(&config), &made);
  if (status == HEARTH_OK) {
    job->entry->destroy(made);
  } else if (made != NULL) {
    validate__fail(job, "expected *out untouched when create fails, got %p",
                   (void *)made);
  }
  hearth_buffer_free(&config);
  return status;
}

static hearth_status give_kind(validate_job *job, hearth_plugin *plugin,
                               validate__kind kind) {
  validate__scene scene;
  hearth_status status = HEARTH_OK;
  validate__scene_make(job, &scene, 9, 14, VALIDATE__START_MS + 3600000);
  for (uint32_t i = 0; i < scene.count && status >= HEARTH_OK; i++) {
    if (scene.steps[i].kind == kind) {
      status = validate__tell(job, plugin, kind,
                              validate__step_bytes(&scene, i), NULL, NULL);
    }
  }
  validate__scene_free(&scene);
  return status;
}

static hearth_status catalog(validate_job *job, hearth_plugin *plugin) {
  hearth_buffer message = {0};
  hearth_buffer_init(&message, 0);
  validate__catalog(job, 4, 300, &message);
  const hearth_status status = job->entry->set_catalog(
      plugin, NULL, hearth_buffer_bytes(&message));
  hearth_buffer_free(&message);
  return status;
}

static hearth_status prepare(validate_job *job, hearth_plugin *plugin) {
  return give_kind(job, plugin, VALIDATE__CONTEXT);
}

static hearth_status metadata(validate_job *job, hearth_plugin *plugin) {
  return give_kind(job, plugin, VALIDATE__QUERY);
}

static hearth_status outcome(validate_job *job, hearth_plugin *plugin) {
  return give_kind(job, plugin, VALIDATE__OUTCOME);
}

static hearth_status save(validate_job *job, hearth_plugin *plugin) {
  validate__sink sink;
  validate__sink_init(&sink);
  const hearth_status status =
      job->entry->save_state(plugin, NULL, &sink.base);
  validate__sink_free(&sink);
  return status;
}

/* Its own state, of before. */
static hearth_status load(validate_job *job, hearth_plugin *plugin) {
  static hearth_buffer state;
  if (state.len == 0) {
    hearth_host *other = validate__host(job);
    hearth_plugin *teacher =
        validate__create_with(job, other, (hearth_bytes){NULL, 0});
    validate__scene scene;
    validate__scene_make(job, &scene, 12, 20, VALIDATE__START_MS);
    validate__play(job, teacher, &scene, 0, scene.count, NULL, NULL);
    hearth_buffer_init(&state, 0);
    validate__save(job, teacher, &state);
    job->entry->destroy(teacher);
    validate__scene_free(&scene);
  }
  return validate__load(job, plugin, hearth_buffer_bytes(&state));
}

static void alloc_create(validate_job *job) {
  fail_each(job, make, 0, "create");
}

static void alloc_catalog(validate_job *job) {
  fail_each(job, catalog, 1, "set_catalog");
}

static void alloc_prepare(validate_job *job) {
  fail_each(job, prepare, 1, "prepare_models");
}

static void alloc_metadata(validate_job *job) {
  fail_each(job, metadata, 1, "get_model_metadata");
}

static void alloc_outcome(validate_job *job) {
  fail_each(job, outcome, 1, "record_outcome");
}

static void alloc_save(validate_job *job) {
  validate__open(job);
  validate__needs(job, HEARTH_CAP_STATE);
  fail_each(job, save, 1, "save_state");
}

static void alloc_load(validate_job *job) {
  validate__open(job);
  validate__needs(job, HEARTH_CAP_STATE);
  fail_each(job, load, 1, "load_state");
}

static const validate_check checks[] = {
    {"memory-create", "create lives without memory", "docs/abi.md, Memory",
     alloc_create},
    {"memory-catalog", "set_catalog lives without memory",
     "docs/abi.md, Memory", alloc_catalog},
    {"memory-prepare", "prepare_models lives without memory",
     "docs/abi.md, Memory", alloc_prepare},
    {"memory-metadata", "get_model_metadata lives without memory",
     "docs/abi.md, Memory", alloc_metadata},
    {"memory-outcome", "record_outcome lives without memory",
     "docs/abi.md, Memory", alloc_outcome},
    {"memory-save", "save_state lives without memory", "docs/abi.md, Memory",
     alloc_save},
    {"memory-load", "load_state lives without memory", "docs/abi.md, Memory",
     alloc_load}};

VALIDATE__THEME(validate__memory, checks);
