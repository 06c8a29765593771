/* SPDX-License-Identifier: MIT
   hearth state rebuild: learn again from the stored outcomes. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "hearth/host.h"
#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/plugin_option.h"
#include "host-sdk/cli/state.h"
#include "host-sdk/replay/input/catalog.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"

struct rebuild {
  hearth_store *store;
  hearth_policies policies;
  hearth_models models;
  int32_t has_models;
  hearth_instance *instance;
  uint64_t taught, all, cursor;
  hearth_status refused; /* of the plugin */
  char err[HEARTH__STATE_SENTENCE];
};

/* A model that an outcome names and the catalog lacks has the default size. */
static hearth_status add_model(void *user, uint64_t sequence,
                               hearth_bytes bytes) {
  struct rebuild *const r = user;
  hearth_outcome message;
  (void)sequence;
  r->all++;
  hearth_message_init(&hearth_outcome_schema, &message);
  hearth_status status = hearth_decode(&hearth_outcome_schema, bytes, &message,
                                       r->err, sizeof r->err);
  if (status == HEARTH_OK && message.model.len > 0) {
    hearth_catalog_model model;
    hearth_message_init(&hearth_catalog_model_schema, &model);
    model.model = message.model;
    model.memory_mb = HEARTH_DEFAULT_MEMORY_MB;
    model.load_ms = HEARTH_DEFAULT_LOAD_MS;
    status = hearth_models_add(&r->models, &model);
    status = status == HEARTH_BAD_ARG ? HEARTH_OK : status; /* it is there */
  }
  return status;
}

static hearth_status read_models(struct rebuild *r, const char *catalog) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  hearth_status status = catalog != NULL
                             ? hearth_models_load(&r->models, &memory, catalog,
                                                  r->err, sizeof r->err)
                             : hearth_models_init(&r->models, &memory);
  r->has_models = status == HEARTH_OK;
  const uint32_t described = r->has_models ? r->models.count : 0;
  if (status == HEARTH_OK) {
    status =
        hearth_store_replay(r->store, 0, add_model, r, r->err, sizeof r->err);
  }
  if (status == HEARTH_OK && r->models.count > described) {
    fprintf(stderr,
            "hearth state: %" PRIu32 " models are in no catalog: taken as "
            "%d MB, loaded in %d ms\n",
            r->models.count - described, HEARTH_DEFAULT_MEMORY_MB,
            HEARTH_DEFAULT_LOAD_MS);
  }
  return status;
}

static hearth_status create(struct rebuild *r) {
  hearth_policy *const policy = &r->policies.items[0];
  hearth_buffer config;
  hearth_buffer_init(&config, 0);
  policy->config.models =
      (hearth_list){r->models.items, r->models.count, r->models.count};
  hearth_status status =
      hearth_encode(&hearth_config_schema, &policy->config, &config.sink);
  if (status == HEARTH_OK) {
    const hearth_instance_options options = {.config =
                                                 hearth_buffer_bytes(&config)};
    status = hearth_instance_create(policy->library, &options, &r->instance,
                                    r->err, sizeof r->err);
    r->refused = status;
  } else {
    snprintf(r->err, sizeof r->err, "the configuration: %s",
             hearth_status_text(status));
  }
  hearth_buffer_free(&config);
  return status;
}

static void show_progress(const struct rebuild *r) {
  if (r->all > 0 && (r->taught == r->all || r->taught % 100000 == 0)) {
    fprintf(stderr, "hearth state: taught %" PRIu64 " of %" PRIu64 " (%d %%)\n",
            r->taught, r->all, (int)(r->taught * 100 / r->all));
  }
}

static hearth_status teach(void *user, uint64_t sequence,
                           hearth_bytes outcome) {
  struct rebuild *const r = user;
  char said[500] = "";
  const hearth_call call = {
      .size = sizeof call, .err = said, .err_cap = sizeof said};
  const hearth_status status =
      hearth_instance_record_outcome(r->instance, &call, outcome);
  if (status != HEARTH_OK) {
    snprintf(r->err, sizeof r->err, "outcome %" PRIu64 ": %s", sequence, said);
    r->refused = status;
    return status;
  }
  r->cursor = sequence;
  r->taught++;
  show_progress(r);
  return HEARTH_OK;
}

static hearth_status keep(struct rebuild *r) {
  const hearth_plugin_entry *const entry = hearth_instance_entry(r->instance);
  char said[500] = "";
  const hearth_call call = {
      .size = sizeof call, .err = said, .err_cap = sizeof said};
  hearth_output state = {.limit = (uint64_t)1 << 32};
  hearth_status status = hearth_instance_save_state(r->instance, &call, &state);
  if (status != HEARTH_OK) {
    snprintf(r->err, sizeof r->err, "save_state: %s", said);
    r->refused = status;
  } else {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const hearth_snapshot snapshot = {
        .plugin_id = entry->id,
        .plugin_version = entry->version,
        .cursor = r->cursor,
        .taken_at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
        .state = {state.data, state.len}};
    status =
        hearth_store_save_snapshot(r->store, &snapshot, r->err, sizeof r->err);
  }
  if (status == HEARTH_OK) {
    printf("%s %s learned %" PRIu64 " outcomes up to %" PRIu64
           ": a snapshot of %" PRIu64 " bytes\n",
           entry->id, entry->version, r->taught, r->cursor, state.len);
  }
  hearth_output_free(&state);
  return status;
}

static hearth_status run(struct rebuild *r, const char *plugin,
                         const char *catalog) {
  hearth_status status =
      hearth__add_plugin(&r->policies, plugin, r->err, sizeof r->err);
  if (status == HEARTH_OK) {
    const hearth_plugin_entry *const entry =
        hearth_library_entry(r->policies.items[0].library);
    if (!(entry->caps & HEARTH_CAP_STATE)) {
      snprintf(r->err, sizeof r->err,
               "%s keeps no state (it lacks the capability): there is "
               "nothing to store",
               entry->id);
      status = HEARTH_UNSUPPORTED;
    }
  }
  if (status == HEARTH_OK) {
    status = read_models(r, catalog);
  }
  if (status == HEARTH_OK && r->all == 0) {
    snprintf(r->err, sizeof r->err, "the store has no outcome to learn from");
    status = HEARTH_BAD_ARG;
  }
  if (status == HEARTH_OK) {
    status = create(r);
  }
  if (status == HEARTH_OK) {
    status = hearth_store_replay(r->store, 0, teach, r, r->err, sizeof r->err);
  }
  return status == HEARTH_OK ? keep(r) : status;
}

int hearth__state_rebuild(const char *path, const char *plugin,
                          const char *catalog) {
  struct rebuild r = {0};
  r.store = hearth__state_open(path, HEARTH_STORE_MUST_EXIST);
  if (r.store == NULL) {
    return HEARTH__BAD_INPUT;
  }
  const hearth_status status = run(&r, plugin, catalog);
  int result = HEARTH__OK;
  if (status != HEARTH_OK) {
    result = hearth__state_fail(r.err);
    if (r.refused != HEARTH_OK) {
      result = HEARTH__PLUGIN_FAILED;
    }
  }
  hearth_instance_destroy(r.instance);
  if (r.has_models) {
    hearth_models_free(&r.models);
  }
  hearth_policies_free(&r.policies);
  return hearth__state_close(r.store, result);
}
