/* SPDX-License-Identifier: MIT
   The plugins of tests/plugins, by name. */
#include "tests/host/plugins.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit.h"

const char *plugin_path(const char *name) {
  static char path[4096];
  char below[128];

  (void)snprintf(below, sizeof(below), "tests/plugins/.libs/%s.so", name);
  (void)snprintf(path, sizeof(path), "%s", unit_build(below));
  return path;
}

hearth_library *plugin_open(const char *name) {
  hearth_library *library = NULL;
  char err[512] = "";

  CU_ASSERT_EQUAL(
      hearth_library_open(plugin_path(name), NULL, &library, err, sizeof(err)),
      HEARTH_OK);
  if (!library) {
    printf("# %s\n", err);
  }
  return library;
}

hearth_instance *plugin_instance(const char *name, const hearth_host *host) {
  hearth_library *library = plugin_open(name);
  hearth_instance_options options = {host, {NULL, 0}};
  hearth_instance *instance = NULL;

  if (library) {
    CU_ASSERT_EQUAL(
        hearth_instance_create(library, &options, &instance, NULL, 0),
        HEARTH_OK);
  }
  hearth_library_close(library);
  return instance;
}

hearth_bytes bytes_of(const char *text) {
  hearth_bytes bytes = {(const uint8_t *)text, strlen(text)};

  return bytes;
}
