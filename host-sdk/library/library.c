/* SPDX-License-Identifier: MIT
   A plugin's file, mapped and checked. */
#include "host-sdk/library/library.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/mapping.h"
#include "host-sdk/library/negotiate.h"
#include "host-sdk/library/tell.h"

struct hearth_library {
  atomic_uint_fast32_t users;
  hearth__mapping *mapping; /* NULL: wrapped */
  const hearth_plugin_entry *theirs;
  hearth_plugin_entry entry;
  void (*release)(void *user); /* NULL: no proxy */
  void *user;
  char path[];
};

/* Negotiate and make the handle, which takes over the mapping on success. */
static hearth_status make(const hearth_plugin_entry *theirs, const char *path,
                          const hearth_library_options *options,
                          hearth__mapping *mapping, hearth_library **out,
                          char *err, uint64_t err_cap) {
  hearth_plugin_entry entry;
  hearth_library *library;
  size_t len = strlen(path) + 1;
  hearth_status status = hearth__negotiate(theirs, path, &entry, err, err_cap);

  if (status == HEARTH_OK && options && options->host) {
    status = hearth__negotiate_host(&entry, options->host, path, err, err_cap);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  library = malloc(sizeof(*library) + len);
  if (!library) {
    hearth__tell(err, err_cap, "%s: no memory to load it", path);
    return HEARTH_NO_MEMORY;
  }
  atomic_init(&library->users, 1);
  library->mapping = mapping;
  library->theirs = theirs;
  library->entry = entry;
  library->release = NULL;
  library->user = NULL;
  memcpy(library->path, path, len);
  *out = library;
  return HEARTH_OK;
}

hearth_status hearth_library_open(const char *path,
                                  const hearth_library_options *options,
                                  hearth_library **out, char *err,
                                  uint64_t err_cap) {
  hearth__mapping *mapping;
  const hearth_plugin_entry *theirs;
  hearth_status status;

  if (!path || !out) {
    hearth__tell(err, err_cap, "hearth_library_open: no path, or no `out`");
    return HEARTH_BAD_ARG;
  }
  status = hearth__mapping_get(path, &mapping, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  theirs = hearth__mapping_symbol(mapping, HEARTH_PLUGIN_SYMBOL);
  if (!theirs) {
    hearth__tell(err, err_cap,
                 "%s: is a shared object without the symbol %s, so no plugin "
                 "of version %d of the ABI",
                 path, HEARTH_PLUGIN_SYMBOL, HEARTH_ABI_MAJOR);
    status = HEARTH_BAD_ARG;
  } else {
    status = make(theirs, path, options, mapping, out, err, err_cap);
  }
  /* What was refused stays mapped: it made no promise about being unmapped. */
  if (status != HEARTH_OK) {
    hearth__mapping_put(mapping, 0);
  }
  return status;
}

hearth_status hearth_library_wrap(const hearth_plugin_entry *entry,
                                  const char *name,
                                  const hearth_library_options *options,
                                  hearth_library **out, char *err,
                                  uint64_t err_cap) {
  if (!entry || !name || !out) {
    hearth__tell(err, err_cap, "hearth_library_wrap: no entry, name or `out`");
    return HEARTH_BAD_ARG;
  }
  return make(entry, name, options, NULL, out, err, err_cap);
}

hearth_library *hearth__library_share(hearth_library *library) {
  atomic_fetch_add(&library->users, 1);
  return library;
}

void hearth_library_close(hearth_library *library) {
  if (!library || atomic_fetch_sub(&library->users, 1) > 1) {
    return;
  }
  hearth__mapping_put(library->mapping,
                      (library->entry.caps & HEARTH_CAP_UNLOADABLE) != 0);
  if (library->release) {
    library->release(library->user);
  }
  free(library);
}

void hearth__library_be_proxy(hearth_library *library, void (*release)(void *),
                              void *user) {
  library->release = release;
  library->user = user;
}

int hearth__library_is_proxy(const hearth_library *library) {
  return library->release != NULL;
}

const hearth_plugin_entry *hearth_library_entry(const hearth_library *library) {
  return &library->entry;
}

const hearth_plugin_entry *
hearth__library_theirs(const hearth_library *library) {
  return library->theirs;
}

const char *hearth_library_path(const hearth_library *library) {
  return library->path;
}

uint64_t hearth_library_hash(const hearth_library *library) {
  return library->mapping ? hearth__mapping_hash(library->mapping) : 0;
}
