/* SPDX-License-Identifier: MIT
   A plugin whose state is what it was told, and that fails as a test wants. */
#include "tests/slot/counter.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit.h"

struct hearth_plugin {
  counter_kind *kind;
  atomic_uint told[COUNTER_TELLERS], wrong;
};

static counter_kind *kind_of(const hearth_plugin_entry *entry) {
  return (counter_kind *)(uintptr_t)entry;
}

static void say(const hearth_call *call, const char *what) {
  (void)snprintf(call->err, (size_t)call->err_cap, "%s", what);
}

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  counter_kind *kind = kind_of(self);
  hearth_plugin *plugin;

  (void)host;
  (void)config;
  if (kind->create_status) {
    say(call, "create fails as it was told");
    return kind->create_status;
  }
  plugin = calloc(1, sizeof(*plugin));
  if (!plugin) {
    return HEARTH_NO_MEMORY;
  }
  plugin->kind = kind;
  atomic_fetch_add(&kind->instances, 1);
  atomic_fetch_add(&kind->created, 1);
  *out = plugin;
  return HEARTH_OK;
}

static void destroy(hearth_plugin *plugin) {
  if (plugin) {
    atomic_fetch_sub(&plugin->kind->instances, 1);
    free(plugin);
  }
}

static hearth_status set_catalog(hearth_plugin *plugin, const hearth_call *call,
                                 hearth_bytes catalog) {
  (void)call;
  (void)catalog;
  atomic_fetch_add(&plugin->kind->catalogs, 1);
  return plugin->kind->catalog_status;
}

/* Stay until the test lets go. */
static void stay(counter_kind *kind, atomic_int *block) {
  atomic_fetch_add(&kind->within, 1);
  while (atomic_load(block)) {
    sched_yield();
  }
  atomic_fetch_sub(&kind->within, 1);
}

static hearth_status prepare(hearth_plugin *plugin, const hearth_call *call,
                             hearth_bytes context, hearth_sink *out) {
  counter_answer answer = {{0}, 0, 0};

  (void)call;
  (void)context;
  stay(plugin->kind, &plugin->kind->block);
  for (int i = 0; i < COUNTER_TELLERS; ++i) {
    answer.told[i] = plugin->told[i];
  }
  answer.wrong = plugin->wrong;
  answer.version = (uint32_t)atoi(plugin->kind->entry.version);
  if (plugin->kind->prepare_status) {
    return plugin->kind->prepare_status;
  }
  return out->write(out, &answer, sizeof(answer));
}

static hearth_status metadata(hearth_plugin *plugin, const hearth_call *call,
                              hearth_bytes query, hearth_sink *out) {
  (void)plugin;
  (void)call;
  return out->write(out, query.data, query.len);
}

static hearth_status record(hearth_plugin *plugin, const hearth_call *call,
                            hearth_bytes bytes) {
  counter_kind *kind = plugin->kind;
  uint32_t what[2];

  (void)call;
  stay(kind, &kind->block_record);
  if (bytes.len != sizeof(what)) {
    return HEARTH_BAD_PAYLOAD;
  }
  memcpy(what, bytes.data, sizeof(what));
  if (kind->record_fails_after >= 0 &&
      what[1] >= (uint32_t)kind->record_fails_after) {
    return kind->record_status;
  }
  if (atomic_fetch_add(&plugin->told[what[0]], 1) != what[1]) {
    atomic_fetch_add(&plugin->wrong, 1);
  }
  return HEARTH_OK;
}

static void linger(const counter_kind *kind) {
  for (int i = kind->slow; i > 0; --i) {
    sched_yield();
  }
}

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  uint32_t words[COUNTER_TELLERS + 1];

  stay(plugin->kind, &plugin->kind->block_save);
  if (plugin->kind->save_status) {
    say(call, "save fails as it was told");
    return plugin->kind->save_status;
  }
  for (int i = 0; i < COUNTER_TELLERS; ++i) {
    words[i] = plugin->told[i];
    linger(plugin->kind);
  }
  words[COUNTER_TELLERS] = plugin->wrong;
  return out->write(out, words, sizeof(words));
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  uint32_t words[COUNTER_TELLERS + 1];
  uint64_t got = 0;

  stay(plugin->kind, &plugin->kind->block_load);
  atomic_fetch_add(&plugin->kind->loads, 1);
  if (plugin->kind->load_status) {
    say(call, "load fails as it was told");
    return plugin->kind->load_status;
  }
  if (in->read(in, words, sizeof(words), &got) != HEARTH_OK ||
      got != sizeof(words)) {
    return HEARTH_BAD_PAYLOAD;
  }
  for (int i = 0; i < COUNTER_TELLERS; ++i) {
    plugin->told[i] = words[i];
    linger(plugin->kind);
  }
  plugin->wrong = words[COUNTER_TELLERS];
  return HEARTH_OK;
}

void counter_init(counter_kind *kind, const char *id, int number,
                  uint64_t caps) {
  static const char *const versions[] = {"0", "1", "2", "3", "4",
                                         "5", "6", "7", "8", "9"};

  memset(kind, 0, sizeof(*kind));
  kind->record_fails_after = -1;
  kind->entry = (hearth_plugin_entry){.size = sizeof(kind->entry),
                                      .abi_minor = HEARTH_ABI_MINOR,
                                      .id = id,
                                      .name = "counter",
                                      .version = versions[number],
                                      .caps = caps,
                                      .create = create,
                                      .destroy = destroy,
                                      .set_catalog = set_catalog,
                                      .prepare_models = prepare,
                                      .get_model_metadata = metadata,
                                      .record_outcome = record,
                                      .save_state = save,
                                      .load_state = load};
}

hearth_library *counter_library(counter_kind *kind) {
  hearth_library *library = NULL;

  CU_ASSERT_EQUAL_FATAL(
      hearth_library_wrap(&kind->entry, "counter", NULL, &library, NULL, 0),
      HEARTH_OK);
  return library;
}

hearth_slot *counter_slot(counter_kind *kind,
                          const hearth_slot_options *options) {
  hearth_library *library = counter_library(kind);
  hearth_slot *slot = NULL;

  CU_ASSERT_EQUAL_FATAL(hearth_slot_create(library, options, &slot, NULL, 0),
                        HEARTH_OK);
  hearth_library_close(library);
  return slot;
}

hearth_status counter_swap(hearth_slot *slot, counter_kind *kind,
                           const hearth_swap_options *options,
                           hearth_swap_report *report) {
  hearth_library *library = counter_library(kind);
  hearth_status status =
      hearth_slot_swap(slot, library, options, report, NULL, 0);

  hearth_library_close(library);
  return status;
}

hearth_status counter_tell(hearth_slot *slot, uint32_t teller,
                           uint32_t sequence) {
  const uint32_t what[2] = {teller, sequence};

  return hearth_slot_record_outcome(
      slot, NULL, (hearth_bytes){(const uint8_t *)what, sizeof(what)});
}

counter_answer counter_ask(hearth_slot *slot) {
  hearth_output output = {0};
  counter_answer answer = {{0}, 0, 0};

  if (hearth_slot_prepare_models(slot, NULL, (hearth_bytes){NULL, 0},
                                 &output) == HEARTH_OK) {
    memcpy(&answer, output.data, sizeof(answer));
  }
  hearth_output_free(&output);
  return answer;
}

uint32_t counter_total(hearth_slot *slot) {
  counter_answer answer = counter_ask(slot);
  uint32_t total = 0;

  for (int i = 0; i < COUNTER_TELLERS; ++i) {
    total += answer.told[i];
  }
  return total;
}
