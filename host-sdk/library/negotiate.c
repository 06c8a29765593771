/* SPDX-License-Identifier: MIT
   Whether this host and a plugin can work together. */
#include "host-sdk/library/negotiate.h"

#include <string.h>

#include "host-sdk/library/tell.h"

/* The first mandatory function that is missing, or NULL. */
static const char *missing_function(const hearth_plugin_entry *entry) {
  if (!entry->create) {
    return "create";
  }
  if (!entry->destroy) {
    return "destroy";
  }
  if (!entry->set_catalog) {
    return "set_catalog";
  }
  if (!entry->prepare_models) {
    return "prepare_models";
  }
  if (!entry->get_model_metadata) {
    return "get_model_metadata";
  }
  if (!entry->record_outcome) {
    return "record_outcome";
  }
  return NULL;
}

/* The first text that every plugin must have and this one has not, or NULL. */
static const char *missing_text(const hearth_plugin_entry *entry) {
  if (!entry->id || !*entry->id) {
    return "id";
  }
  if (!entry->name || !*entry->name) {
    return "name";
  }
  if (!entry->version || !*entry->version) {
    return "version";
  }
  return NULL;
}

static const char *missing_state(const hearth_plugin_entry *entry) {
  if (!(entry->caps & HEARTH_CAP_STATE)) {
    return NULL;
  }
  if (!entry->save_state) {
    return "save_state";
  }
  return entry->load_state ? NULL : "load_state";
}

hearth_status hearth__negotiate(const hearth_plugin_entry *theirs,
                                const char *name, hearth_plugin_entry *out,
                                char *err, uint64_t err_cap) {
  hearth_plugin_entry entry;
  const char *missing;

  if (theirs->size < HEARTH_PLUGIN_ENTRY_MIN_SIZE) {
    hearth__tell(err, err_cap,
                 "%s: its entry has %lu bytes, version %d.0 of the ABI has %lu",
                 name, (unsigned long)theirs->size, HEARTH_ABI_MAJOR,
                 (unsigned long)HEARTH_PLUGIN_ENTRY_MIN_SIZE);
    return HEARTH_BAD_ARG;
  }
  memset(&entry, 0, sizeof(entry));
  memcpy(&entry, theirs,
         theirs->size < sizeof(entry) ? theirs->size : sizeof(entry));
  if ((missing = missing_text(&entry))) {
    hearth__tell(err, err_cap, "%s: the plugin gives no %s", name, missing);
    return HEARTH_BAD_ARG;
  }
  if ((missing = missing_function(&entry))) {
    hearth__tell(err, err_cap, "%s: the plugin has no function %s", name,
                 missing);
    return HEARTH_BAD_ARG;
  }
  if ((missing = missing_state(&entry))) {
    hearth__tell(
        err, err_cap,
        "%s: the plugin claims HEARTH_CAP_STATE and has no function %s", name,
        missing);
    return HEARTH_BAD_ARG;
  }
  *out = entry;
  return HEARTH_OK;
}

hearth_status hearth__negotiate_host(const hearth_plugin_entry *entry,
                                     const hearth_host *host, const char *name,
                                     char *err, uint64_t err_cap) {
  const char *const *id = entry->host_requires;

  for (; id && *id; ++id) {
    if (!host->get_extension || !host->get_extension(host, *id)) {
      hearth__tell(err, err_cap,
                   "%s: the plugin requires the host extension %s, which this "
                   "host has not",
                   name, *id);
      return HEARTH_UNSUPPORTED;
    }
  }
  return HEARTH_OK;
}
