/* SPDX-License-Identifier: MIT
   Mapped plugins by their content: the same bytes are mapped once. */
#include "host-sdk/library/mapping.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#include "host-sdk/library/copy.h"
#include "host-sdk/library/elf.h"
#include "host-sdk/library/tell.h"
#include "plugin/sdk/names.h"

/* What bytes are known by.  Two hashes under fixed seeds and the length: a
   plugin that went to the trouble of colliding runs in this process anyway. */
typedef struct fingerprint {
  uint64_t first, second, len;
} fingerprint;

struct hearth__mapping {
  hearth__mapping *next;
  fingerprint print;
  void *handle;
  uint64_t users;
};

/* The one mutable state of the library: like the dynamic linker's own list,
   which it mirrors, there can be only one in a process. */
static struct {
  pthread_mutex_t lock;
  hearth__mapping *first;
  uint32_t serial;
} mapped = {PTHREAD_MUTEX_INITIALIZER, NULL, 0};

static fingerprint fingerprint_of(hearth_bytes bytes) {
  fingerprint print = {hearth_hash(0x6865617274680001u, bytes.data, bytes.len),
                       hearth_hash(0x6865617274680002u, bytes.data, bytes.len),
                       bytes.len};

  return print;
}

static hearth__mapping *find(const fingerprint *print) {
  hearth__mapping *at = mapped.first;

  while (at &&
         (at->print.first != print->first ||
          at->print.second != print->second || at->print.len != print->len)) {
    at = at->next;
  }
  return at;
}

/* With the lock held. */
static hearth_status add(const char *path, hearth_bytes bytes,
                         const fingerprint *print, hearth__mapping **out,
                         char *err, uint64_t err_cap) {
  hearth__mapping *mapping = calloc(1, sizeof(*mapping));
  hearth_status status;

  if (!mapping) {
    hearth__tell(err, err_cap, "%s: no memory to load it", path);
    return HEARTH_NO_MEMORY;
  }
  status = hearth__copy_open(path, bytes, ++mapped.serial, &mapping->handle,
                             err, err_cap);
  if (status != HEARTH_OK) {
    free(mapping);
    return status;
  }
  mapping->print = *print;
  mapping->next = mapped.first;
  mapped.first = mapping;
  *out = mapping;
  return HEARTH_OK;
}

hearth_status hearth__mapping_get(const char *path, hearth__mapping **out,
                                  char *err, uint64_t err_cap) {
  uint8_t *data = NULL;
  hearth_bytes bytes = {NULL, 0};
  hearth__mapping *mapping;
  fingerprint print;
  const char *problem;
  hearth_status status;

  status = hearth__file_read(path, &data, &bytes.len, err, err_cap);
  if (status != HEARTH_OK) {
    return status;
  }
  bytes.data = data;
  problem = hearth__elf_problem(bytes.data, bytes.len);
  if (problem) {
    hearth__tell(err, err_cap, "%s: is %s", path, problem);
    status = HEARTH_BAD_ARG;
    goto done;
  }
  print = fingerprint_of(bytes);
  pthread_mutex_lock(&mapped.lock);
  mapping = find(&print);
  if (!mapping) {
    status = add(path, bytes, &print, &mapping, err, err_cap);
  }
  if (status == HEARTH_OK) {
    ++mapping->users;
    *out = mapping;
  }
  pthread_mutex_unlock(&mapped.lock);
done:
  free(data);
  return status;
}

void hearth__mapping_put(hearth__mapping *mapping, int unloadable) {
  hearth__mapping **link = &mapped.first;

  if (!mapping) {
    return;
  }
  pthread_mutex_lock(&mapped.lock);
  if (--mapping->users == 0 && unloadable) {
    while (*link != mapping) {
      link = &(*link)->next;
    }
    *link = mapping->next;
    dlclose(mapping->handle);
    free(mapping);
  }
  pthread_mutex_unlock(&mapped.lock);
}

void *hearth__mapping_symbol(const hearth__mapping *mapping, const char *name) {
  return dlsym(mapping->handle, name);
}

uint64_t hearth__mapping_hash(const hearth__mapping *mapping) {
  return mapping->print.first;
}
