/* SPDX-License-Identifier: MIT
   Making and ending an instance. */
#include "host-sdk/instance/instance.h"

#include <stdlib.h>

#include "host-sdk/library/library.h"
#include "host-sdk/library/negotiate.h"
#include "host-sdk/library/tell.h"

/* An instance without its plugin and its host, or NULL. */
static hearth_instance *allocate(hearth_library *library) {
  hearth_instance *instance = calloc(1, sizeof(*instance));

  if (!instance) {
    return NULL;
  }
  if (pthread_mutex_init(&instance->control, NULL) != 0) {
    goto no_control;
  }
  if (hearth__stripes_init(&instance->stripes) != 0) {
    goto no_stripes;
  }
  instance->library = hearth__library_share(library);
  instance->entry = hearth_library_entry(library);
  return instance;
no_stripes:
  pthread_mutex_destroy(&instance->control);
no_control:
  free(instance);
  return NULL;
}

/* Everything but the plugin. */
static void release(hearth_instance *instance) {
  hearth_host_free(instance->own_host);
  hearth__stripes_destroy(&instance->stripes);
  pthread_mutex_destroy(&instance->control);
  hearth_library_close(instance->library);
  free(instance);
}

static hearth_status create_plugin(hearth_instance *instance,
                                   hearth_bytes config, char *err,
                                   uint64_t err_cap) {
  hearth_call given = {0};
  hearth__frame frame;
  hearth_status status;

  given.err = err;
  given.err_cap = err_cap;
  hearth__frame_begin(&frame, instance, HEARTH__OTHER, "create", &given);
  status = instance->entry->create(hearth__library_theirs(instance->library),
                                   instance->host, &frame.call, config,
                                   &instance->plugin);
  if (status == HEARTH_OK && !instance->plugin) {
    hearth__tell(frame.message, sizeof(frame.message),
                 "%s: create returned ok and no instance",
                 instance->entry->name);
    status = HEARTH_INTERNAL;
  }
  return hearth__frame_end(&frame, status, HEARTH_OK);
}

hearth_status hearth_instance_create(hearth_library *library,
                                     const hearth_instance_options *options,
                                     hearth_instance **out, char *err,
                                     uint64_t err_cap) {
  static const hearth_instance_options none = {NULL, {NULL, 0}};
  hearth_instance *instance;
  hearth_status status = HEARTH_OK;

  if (!library || !out) {
    hearth__tell(err, err_cap,
                 "hearth_instance_create: no library, or no `out`");
    return HEARTH_BAD_ARG;
  }
  if (!options) {
    options = &none;
  }
  instance = allocate(library);
  if (!instance) {
    hearth__tell(err, err_cap, "%s: no memory for an instance",
                 hearth_library_path(library));
    return HEARTH_NO_MEMORY;
  }
  if (!options->host) {
    status = hearth_host_new(NULL, &instance->own_host);
  }
  instance->host = options->host ? options->host : instance->own_host;
  if (status != HEARTH_OK) {
    hearth__tell(err, err_cap, "%s: no memory for an instance",
                 hearth_library_path(library));
  } else {
    status = hearth__negotiate_host(instance->entry, instance->host,
                                    hearth_library_path(library), err, err_cap);
  }
  if (status == HEARTH_OK) {
    status = create_plugin(instance, options->config, err, err_cap);
  }
  if (status == HEARTH_OK) {
    *out = instance;
  } else {
    release(instance);
  }
  return status;
}

void hearth_instance_destroy(hearth_instance *instance) {
  if (!instance) {
    return;
  }
  instance->entry->destroy(instance->plugin);
  release(instance);
}

const hearth_plugin_entry *
hearth_instance_entry(const hearth_instance *instance) {
  return instance->entry;
}
