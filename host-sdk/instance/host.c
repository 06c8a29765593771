/* SPDX-License-Identifier: MIT
   The host object: counted memory, and the host's own functions. */
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "hearth/host.h"

typedef struct own_host {
  hearth_host base; /* first: a hearth_host * is an own_host * */
  hearth_memory memory;
  hearth_host_options options;
  atomic_uint_fast64_t used, peak, allocations, fail_at;
} own_host;

/* Ahead of each block: its size, in a unit that keeps what follows aligned. */
typedef union block_head {
  uint64_t len;
  max_align_t align;
} block_head;

static own_host *own(const hearth_host *host) {
  return (own_host *)(uintptr_t)host;
}

/* Count `more` bytes in, unless that would pass the cap. */
static int charge(own_host *host, uint64_t more) {
  uint_fast64_t used = atomic_load(&host->used), peak;
  uint64_t cap = host->options.memory_cap;

  do {
    if (more > UINT64_MAX - used || (cap && used + more > cap)) {
      return 0;
    }
  } while (!atomic_compare_exchange_weak(&host->used, &used, used + more));
  peak = atomic_load(&host->peak);
  while (used + more > peak &&
         !atomic_compare_exchange_weak(&host->peak, &peak, used + more)) {
    continue;
  }
  return 1;
}

/* Whether this is the allocation that is to fail. */
static int fails(own_host *host) {
  return atomic_fetch_add(&host->allocations, 1) + 1 ==
         atomic_load(&host->fail_at);
}

static void *zeroed(const hearth_host *base, uint64_t len) {
  own_host *host = own(base);
  block_head *head;

  if (!len || fails(host) || len > SIZE_MAX - sizeof(*head) ||
      !charge(host, len)) {
    return NULL;
  }
  head = calloc(1, sizeof(*head) + (size_t)len);
  if (!head) {
    atomic_fetch_sub(&host->used, len);
    return NULL;
  }
  head->len = len;
  return head + 1;
}

static void *resize(const hearth_host *base, void *block, uint64_t len) {
  own_host *host = own(base);
  block_head *head = block ? (block_head *)block - 1 : NULL;
  uint64_t before = head ? head->len : 0;

  if (!len) {
    atomic_fetch_sub(&host->used, before);
    free(head);
    return NULL;
  }
  if (fails(host) || len > SIZE_MAX - sizeof(*head) ||
      (len > before && !charge(host, len - before))) {
    return NULL;
  }
  head = realloc(head, sizeof(*head) + (size_t)len);
  if (!head) {
    if (len > before) {
      atomic_fetch_sub(&host->used, len - before);
    }
    return NULL;
  }
  if (len < before) {
    atomic_fetch_sub(&host->used, before - len);
  }
  head->len = len;
  return head + 1;
}

static const void *get_extension(const hearth_host *base, const char *id) {
  const own_host *host = own(base);

  if (strcmp(id, HEARTH_EXT_MEMORY) == 0) {
    return &host->memory;
  }
  return host->options.extension
             ? host->options.extension(host->options.user, id)
             : NULL;
}

static void log_line(const hearth_host *base, int32_t level, uint64_t call_id,
                     const char *message) {
  const own_host *host = own(base);

  if (host->options.log && message) {
    host->options.log(host->options.user, level, call_id, message);
  }
}

hearth_status hearth_host_new(const hearth_host_options *options,
                              hearth_host **out) {
  own_host *host;

  if (!out) {
    return HEARTH_BAD_ARG;
  }
  host = calloc(1, sizeof(*host));
  if (!host) {
    return HEARTH_NO_MEMORY;
  }
  if (options) {
    host->options = *options;
  }
  host->base.size = (uint32_t)sizeof(host->base);
  host->base.abi_minor = HEARTH_ABI_MINOR;
  host->base.name = host->options.name ? host->options.name : "hearth";
  host->base.version =
      host->options.version ? host->options.version : hearth_version();
  host->base.get_extension = get_extension;
  host->base.log = log_line;
  host->memory.size = (uint32_t)sizeof(host->memory);
  host->memory.resize = resize;
  host->memory.used = hearth_host_memory_used;
  host->memory.zeroed = zeroed;
  atomic_init(&host->used, 0);
  atomic_init(&host->peak, 0);
  atomic_init(&host->allocations, 0);
  atomic_init(&host->fail_at, 0);
  *out = &host->base;
  return HEARTH_OK;
}

void hearth_host_free(hearth_host *host) {
  free(host);
}

void *hearth_host_user(const hearth_host *host) {
  return own(host)->options.user;
}

uint64_t hearth_host_memory_used(const hearth_host *host) {
  return atomic_load(&own(host)->used);
}

uint64_t hearth_host_memory_peak(const hearth_host *host) {
  return atomic_load(&own(host)->peak);
}

uint64_t hearth_host_allocations(const hearth_host *host) {
  return atomic_load(&own(host)->allocations);
}

void hearth_host_fail_allocation(hearth_host *host, uint64_t nth) {
  own_host *mine = own(host);

  atomic_store(&mine->fail_at, nth ? atomic_load(&mine->allocations) + nth : 0);
}
