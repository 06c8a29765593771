/* SPDX-License-Identifier: MIT
   Which signals a plugin can switch off. */
#include "host-sdk/replay/ablate/signals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hearth/ext/reflect.h"
#include "host-sdk/instance/instance.h"
#include "plugin/sdk/wire/encode.h"

typedef hearth_status (*ask_function)(hearth_plugin *plugin, hearth_sink *out);

void hearth_signals_free(hearth_signals *signals) {
  free(signals->names);
  *signals = (hearth_signals){NULL, 0};
}

/* Take a big-endian number of `width` bytes. */
static int take(hearth_bytes *bytes, unsigned width, uint32_t *out) {
  if (bytes->len < width) {
    return 0;
  }
  *out = 0;
  for (unsigned i = 0; i < width; i++) {
    *out = *out << 8 | bytes->data[i];
  }
  bytes->data += width;
  bytes->len -= width;
  return 1;
}

/* fixarray or array 16. */
static int take_count(hearth_bytes *bytes, uint32_t *count) {
  uint32_t kind;
  if (!take(bytes, 1, &kind)) {
    return 0;
  }
  if ((kind & 0xf0) == 0x90) {
    *count = kind & 0x0f;
    return 1;
  }
  return kind == 0xdc && take(bytes, 2, count);
}

/* fixstr: longer ones are no names. */
static int take_name(hearth_bytes *bytes, char name[HEARTH_SIGNAL_NAME]) {
  uint32_t kind;
  if (!take(bytes, 1, &kind) || (kind & 0xe0) != 0xa0) {
    return 0;
  }
  const uint32_t len = kind & 0x1f;
  if (len == 0 || bytes->len < len || memchr(bytes->data, 0, len) != NULL) {
    return 0;
  }
  memcpy(name, bytes->data, len);
  name[len] = '\0';
  bytes->data += len;
  bytes->len -= len;
  return 1;
}

hearth_status hearth_signals_read(hearth_signals *signals,
                                  hearth_bytes bytes) {
  uint32_t count;
  *signals = (hearth_signals){NULL, 0};
  if (!take_count(&bytes, &count) || count == 0 ||
      count > HEARTH_MAX_SIGNALS) {
    return HEARTH_BAD_PAYLOAD;
  }
  signals->names = calloc(count, sizeof *signals->names);
  if (signals->names == NULL) {
    return HEARTH_NO_MEMORY;
  }
  while (signals->count < count) {
    if (!take_name(&bytes, signals->names[signals->count++])) {
      hearth_signals_free(signals);
      return HEARTH_BAD_PAYLOAD;
    }
  }
  return HEARTH_OK;
}

static ask_function find(hearth_instance *instance) {
  const hearth_reflect *reflect = hearth_instance_get_extension(
      instance, HEARTH_EXT_REFLECT, sizeof *reflect);
  for (uint32_t i = 0; reflect != NULL && i < reflect->count; i++) {
    const hearth_function *f = &reflect->functions[i];
    if (strcmp(f->name, "signals") == 0 && strcmp(f->signature, "h(po)") == 0) {
      return (ask_function)f->pointer;
    }
  }
  return NULL;
}

static hearth_status ask(hearth_instance *instance, hearth_signals *signals,
                         char *err, uint64_t err_cap) {
  const ask_function function = find(instance);
  if (function == NULL) {
    snprintf(err, (size_t)err_cap,
             "it can't be ablated: no function signals, h(po), in %s",
             HEARTH_EXT_REFLECT);
    return HEARTH_UNSUPPORTED;
  }
  hearth_buffer buffer = {.limit = 0};
  hearth_buffer_init(&buffer, 0);
  hearth_status status = function(instance->plugin, &buffer.sink);
  if (status == HEARTH_OK) {
    status = hearth_signals_read(signals, hearth_buffer_bytes(&buffer));
  }
  hearth_buffer_free(&buffer);
  if (status != HEARTH_OK && status != HEARTH_NO_MEMORY) {
    snprintf(err, (size_t)err_cap, "its function signals: %s",
             hearth_status_text(status));
    return HEARTH_UNAVAILABLE;
  }
  return status;
}

hearth_status hearth_signals_ask(hearth_library *library,
                                 hearth_signals *signals, char *err,
                                 uint64_t err_cap) {
  hearth_instance *instance = NULL;
  const hearth_instance_options options = {.host = NULL};
  *signals = (hearth_signals){NULL, 0};
  hearth_status status =
      hearth_instance_create(library, &options, &instance, err, err_cap);
  if (status != HEARTH_OK) {
    return HEARTH_UNAVAILABLE;
  }
  status = ask(instance, signals, err, err_cap);
  hearth_instance_destroy(instance);
  return status;
}
