/* SPDX-License-Identifier: MIT
   What the SDK's tests share: byte vectors, and a host whose memory fails. */
#include "tests/sdk/support.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin/sdk/wire/messages.h"
#include "tests/unit.h"

const support_message support_messages[] = {
    {&hearth_catalog_schema, "catalog"},
    {&hearth_context_schema, "context"},
    {&hearth_model_set_schema, "model_set"},
    {&hearth_outcome_schema, "outcome"},
    {&hearth_metadata_query_schema, "metadata_query"},
    {&hearth_metadata_schema, "metadata"},
    {&hearth_config_schema, "config"},
};
const size_t support_message_count =
    sizeof support_messages / sizeof *support_messages;

int support_same(const hearth_buffer *a, const hearth_buffer *b) {
  return a->len > 0 && a->len == b->len &&
         memcmp(a->data, b->data, (size_t)a->len) == 0;
}

static uint8_t digit(char c) {
  return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static size_t each_of(const json_t *file, const hearth_schema *schema,
                      void (*each)(const support_vector *)) {
  const json_t *const vectors = json_object_get(file, "vectors");
  for (size_t i = 0; i < json_array_size(vectors); i++) {
    const json_t *const item = json_array_get(vectors, i);
    const char *const hex = json_string_value(json_object_get(item, "hex"));
    support_vector v = {
        .schema = schema,
        .name = json_string_value(json_object_get(item, "name")),
        .len = strlen(hex) / 2,
        .json = json_object_get(item, "json"),
        .error = json_string_value(json_object_get(item, "error")),
        .exact = json_is_true(json_object_get(item, "exact"))};
    v.bytes = malloc(v.len ? v.len : 1);
    for (size_t j = 0; j < v.len; j++) {
      v.bytes[j] = (uint8_t)(digit(hex[2 * j]) << 4 | digit(hex[2 * j + 1]));
    }
    each(&v);
    free(v.bytes);
  }
  return json_array_size(vectors);
}

size_t support_each_vector(void (*each)(const support_vector *)) {
  size_t total = 0;
  for (size_t i = 0; i < support_message_count; i++) {
    char path[64];
    snprintf(path, sizeof path, "tests/vectors/%s.json",
             support_messages[i].file);
    json_error_t error;
    json_t *const file = json_load_file(unit_source(path), 0, &error);
    const char *const name =
        json_string_value(json_object_get(file, "message"));
    const hearth_schema *const schema = support_messages[i].schema;
    const size_t count = name && strcmp(name, schema->name) == 0
                             ? each_of(file, schema, each)
                             : 0;
    json_decref(file);
    if (count == 0) {
      printf("# %s: %s\n", path, error.text);
      return 0;
    }
    total += count;
  }
  return total;
}

/* A block knows its length; the rest keeps the alignment. */
typedef union block {
  uint64_t len;
  max_align_t align;
} block;

static support_host *of(const hearth_host *host) {
  return (support_host *)(uintptr_t)host;
}

static void *change(support_host *h, void *data, uint64_t len) {
  block *const old = data ? (block *)data - 1 : NULL;
  const uint64_t before = old ? old->len : 0;
  if (len == 0) {
    h->used -= before;
    h->blocks -= old != NULL;
    free(old);
    return NULL;
  }
  h->calls++;
  if (h->fail_at && h->calls >= h->fail_at) {
    return NULL;
  }
  block *const grown = realloc(old, sizeof *grown + (size_t)len);
  if (!grown) {
    return NULL;
  }
  grown->len = len;
  h->used += len - before;
  h->blocks += old == NULL;
  return grown + 1;
}

static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

static void *resize(const hearth_host *host, void *data, uint64_t len) {
  pthread_mutex_lock(&counting);
  void *const moved = change(of(host), data, len);
  pthread_mutex_unlock(&counting);
  return moved;
}

static uint64_t used(const hearth_host *host) {
  pthread_mutex_lock(&counting);
  const uint64_t bytes = of(host)->used;
  pthread_mutex_unlock(&counting);
  return bytes;
}

static const void *get_extension(const hearth_host *host, const char *id) {
  static const hearth_memory memory = {
      .size = (uint32_t)sizeof memory, .resize = resize, .used = used};
  (void)host;
  return strcmp(id, HEARTH_EXT_MEMORY) == 0 ? &memory : NULL;
}

void support_host_init(support_host *host, uint64_t fail_at) {
  memset(host, 0, sizeof *host);
  host->host.size = (uint32_t)sizeof host->host;
  host->host.name = "test";
  host->host.version = "1";
  host->host.get_extension = get_extension;
  host->fail_at = fail_at;
}
