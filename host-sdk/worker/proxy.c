/* SPDX-License-Identifier: MIT
   The functions that stand for those of a plugin in a worker. */
#include "host-sdk/worker/proxy.h"

#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/tell.h"

void hearth__proxy_tell(const hearth_call *call, const hearth__reply *reply) {
  if (call && reply->err.len) {
    hearth__tell(call->err, call->err_cap, "%.*s",
                 (int)(reply->err.len & 0xffff), (const char *)reply->err.data);
  }
}

static char *err_of(const hearth_call *call) {
  return call ? call->err : NULL;
}

static uint64_t err_cap_of(const hearth_call *call) {
  return call ? call->err_cap : 0;
}

/* 1: answered, and hearth__keeper_done must follow. */
static int ask(hearth_plugin *plugin, const hearth__question *question,
               hearth__reply *reply) {
  if (!hearth__keeper_ask(plugin->keeper, question, reply,
                          err_of(question->call), err_cap_of(question->call))) {
    return 0;
  }
  hearth__proxy_tell(question->call, reply);
  return 1;
}

hearth_status hearth__proxy_answer(hearth_plugin *plugin, uint16_t type,
                                   int control, const hearth_call *call,
                                   hearth_bytes in, hearth_sink *out) {
  hearth__question question = {type, 0, call, control, {NULL, 0}, in};
  hearth__reply reply;
  hearth_status written = HEARTH_OK;

  if (!ask(plugin, &question, &reply)) {
    return reply.status;
  }
  if (reply.status == HEARTH_OK && reply.body.len) {
    written = out->write(out, reply.body.data, reply.body.len);
  }
  hearth__keeper_done(plugin->keeper);
  return written == HEARTH_OK ? reply.status : written;
}

/* The spare worker if it still runs, else a new one. */
static hearth_status get_keeper(hearth__worker_library *library,
                                hearth__keeper **out, const hearth_call *call) {
  hearth__keeper *keeper;

  pthread_mutex_lock(&library->lock);
  keeper = library->spare;
  library->spare = NULL;
  pthread_mutex_unlock(&library->lock);
  if (keeper && !hearth__keeper_fresh(keeper)) {
    hearth__keeper_close(keeper);
    keeper = NULL;
  }
  if (keeper) {
    *out = keeper;
    return HEARTH_OK;
  }
  return hearth__keeper_open(&library->settings, out, err_of(call),
                             err_cap_of(call));
}

/* What create's answer says of the instance. */
static hearth_status read_instance(hearth_plugin *plugin, hearth_bytes body) {
  hearth__raw_reader in = {body, 0, 0};

  plugin->has = hearth__raw_read_u32(&in);
  if (!hearth__functions_read(&in, &plugin->functions)) {
    return in.no_memory ? HEARTH_NO_MEMORY : HEARTH_CRASHED;
  }
  plugin->reflect.size = (uint32_t)sizeof(plugin->reflect);
  plugin->reflect.count = plugin->functions.count;
  plugin->reflect.functions = plugin->functions.list;
  return in.rest.len ? HEARTH_CRASHED : HEARTH_OK;
}

/* It is there: from now on it is made again in each new process. */
static hearth_status keep(hearth_plugin *plugin, hearth_bytes request) {
  hearth__keeper *keeper = plugin->keeper;
  hearth_status status;

  pthread_mutex_lock(&keeper->lock);
  status = hearth__kept_set(&keeper->recall.create, request);
  keeper->created = status == HEARTH_OK;
  keeper->saves = (plugin->library->entry.caps & HEARTH_CAP_STATE) &&
                  plugin->library->settings.snapshot_every;
  pthread_mutex_unlock(&keeper->lock);
  return status;
}

static void free_plugin(hearth_plugin *plugin) {
  hearth__keeper_close(plugin->keeper);
  hearth__functions_free(&plugin->functions);
  free(plugin);
}

static hearth_status create_in(hearth_plugin *plugin, const hearth_call *call,
                               hearth_bytes request) {
  hearth__question question = {
      HEARTH__FRAME_CREATE, 0, call, 1, {NULL, 0}, request};
  hearth__reply reply;
  hearth_status status;

  if (!ask(plugin, &question, &reply)) {
    return reply.status;
  }
  status = reply.status;
  if (status == HEARTH_OK) {
    status = read_instance(plugin, reply.body);
    hearth__tell(err_of(call), status == HEARTH_CRASHED ? err_cap_of(call) : 0,
                 "%s: its worker broke the protocol in create",
                 plugin->library->path);
  }
  if (status == HEARTH_OK) {
    status = keep(plugin, request);
  }
  hearth__keeper_done(plugin->keeper);
  return status;
}

static hearth_status proxy_create(const hearth_plugin_entry *self,
                                  const hearth_host *host,
                                  const hearth_call *call, hearth_bytes config,
                                  hearth_plugin **out) {
  hearth_plugin *plugin = calloc(1, sizeof(*plugin));
  hearth__raw_writer request = {0};
  hearth_status status;

  if (!plugin) {
    return HEARTH_NO_MEMORY;
  }
  plugin->library = (hearth__worker_library *)(uintptr_t)self;
  hearth__raw_write_text(&request, host ? host->name : NULL);
  hearth__raw_write_text(&request, host ? host->version : NULL);
  hearth__raw_write(&request, config.data, config.len);
  status = request.failed ? HEARTH_NO_MEMORY
                          : get_keeper(plugin->library, &plugin->keeper, call);
  if (status == HEARTH_OK) {
    pthread_mutex_lock(&plugin->keeper->lock);
    plugin->keeper->host = host;
    pthread_mutex_unlock(&plugin->keeper->lock);
    status = create_in(plugin, call, hearth__raw_written(&request));
  }
  hearth__raw_writer_free(&request);
  if (status == HEARTH_OK) {
    *out = plugin;
  } else {
    free_plugin(plugin);
  }
  return status;
}

static void proxy_destroy(hearth_plugin *plugin) {
  if (plugin) {
    free_plugin(plugin);
  }
}

/* While the worker is down, the catalog is kept for the next one. */
static hearth_status proxy_catalog(hearth_plugin *plugin,
                                   const hearth_call *call,
                                   hearth_bytes catalog) {
  hearth__question question = {
      HEARTH__FRAME_CATALOG, 0, call, 1, {NULL, 0}, catalog};
  hearth__keeper *keeper = plugin->keeper;
  hearth__reply reply;
  int answered = ask(plugin, &question, &reply);
  hearth_status status = reply.status;

  if (!answered && status != HEARTH_UNAVAILABLE) {
    return status;
  }
  pthread_mutex_lock(&keeper->lock);
  if (status == HEARTH_OK || !answered) {
    status = hearth__kept_set(&keeper->recall.catalog, catalog);
    keeper->recall.catalog_untold = !answered && status == HEARTH_OK;
    pthread_cond_broadcast(&keeper->changed);
  }
  pthread_mutex_unlock(&keeper->lock);
  if (answered) {
    hearth__keeper_done(keeper);
  }
  return status;
}

static hearth_status proxy_prepare(hearth_plugin *plugin,
                                   const hearth_call *call,
                                   hearth_bytes context, hearth_sink *out) {
  return hearth__proxy_answer(plugin, HEARTH__FRAME_PREPARE, 0, call, context,
                              out);
}

static hearth_status proxy_metadata(hearth_plugin *plugin,
                                    const hearth_call *call, hearth_bytes query,
                                    hearth_sink *out) {
  return hearth__proxy_answer(plugin, HEARTH__FRAME_METADATA, 0, call, query,
                              out);
}

static hearth_status proxy_outcome(hearth_plugin *plugin,
                                   const hearth_call *call,
                                   hearth_bytes outcome) {
  return hearth__keeper_learn(plugin->keeper, call, outcome, err_of(call),
                              err_cap_of(call));
}

static hearth_status proxy_save(hearth_plugin *plugin, const hearth_call *call,
                                hearth_sink *out) {
  return hearth__proxy_answer(plugin, HEARTH__FRAME_SAVE, 1, call,
                              (hearth_bytes){NULL, 0}, out);
}

/* All that a source has. */
static hearth_status drain(hearth_source *in, hearth__raw_writer *out) {
  uint8_t piece[16 << 10];
  uint64_t got = 0;
  hearth_status status;

  out->limit = UINT32_MAX;
  do {
    status = in->read(in, piece, sizeof(piece), &got);
    if (status == HEARTH_OK && got <= sizeof(piece)) {
      hearth__raw_write(out, piece, got);
    }
  } while (status == HEARTH_OK && got && !out->failed);
  return status == HEARTH_OK && out->failed ? HEARTH_NO_MEMORY : status;
}

static hearth_status proxy_load(hearth_plugin *plugin, const hearth_call *call,
                                hearth_source *in) {
  hearth__keeper *keeper = plugin->keeper;
  hearth__question question = {HEARTH__FRAME_LOAD, 0,        call, 1,
                               {NULL, 0},          {NULL, 0}};
  hearth__raw_writer state = {0};
  hearth__reply reply;
  hearth_status status = drain(in, &state);

  question.body = hearth__raw_written(&state);
  if (status != HEARTH_OK) {
    hearth__raw_writer_free(&state);
    return status;
  }
  if (ask(plugin, &question, &reply)) {
    pthread_mutex_lock(&keeper->lock);
    /* What the process knows is this; what it was told before is over. */
    if (reply.status == HEARTH_OK) {
      free(keeper->recall.snapshot.data);
      keeper->recall.snapshot.data = state.data;
      keeper->recall.snapshot.len = state.len;
      memset(&state, 0, sizeof(state));
      hearth__recall_saved(&keeper->recall, keeper->recall.told);
    }
    pthread_mutex_unlock(&keeper->lock);
    hearth__keeper_done(keeper);
  }
  hearth__raw_writer_free(&state);
  return reply.status;
}

void hearth__proxy_entry(hearth__worker_library *library) {
  hearth_plugin_entry *entry = &library->entry;

  *entry = library->identity.entry;
  entry->caps &= HEARTH_CAP_DETERMINISTIC | HEARTH_CAP_STATE;
  entry->create = proxy_create;
  entry->destroy = proxy_destroy;
  entry->set_catalog = proxy_catalog;
  entry->prepare_models = proxy_prepare;
  entry->get_model_metadata = proxy_metadata;
  entry->record_outcome = proxy_outcome;
  if (entry->caps & HEARTH_CAP_STATE) {
    entry->save_state = proxy_save;
    entry->load_state = proxy_load;
  }
  entry->get_extension = hearth__proxy_extension;
}

int hearth__is_proxy_entry(const hearth_plugin_entry *entry) {
  return entry->create == proxy_create;
}
