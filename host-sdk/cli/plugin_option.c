/* SPDX-License-Identifier: MIT
   A plugin as the command line names it. */
#include "host-sdk/cli/plugin_option.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"

enum { SENTENCE = 4600 };

/* A file that is not here may be a plugin's among the others: "hearth-lru.so".
   Where it is not there either, the path stays as it is. */
static void find_named(const char *file, char *path, size_t cap) {
  char stem[256], found[SENTENCE], err[SENTENCE];
  const size_t len = strlen(file);
  if (strncmp(file, "hearth-", 7) == 0 && len > 10 &&
      strcmp(file + len - 3, ".so") == 0 && len - 10 < sizeof stem) {
    snprintf(stem, sizeof stem, "%.*s", (int)(len - 10), file + 7);
    if (hearth_find_plugin(hearth__plugin_path(), stem, found, sizeof found,
                           err, sizeof err) == HEARTH_OK) {
      snprintf(path, cap, "%s", found);
    }
  }
}

hearth_status hearth__add_plugin(hearth_policies *policies, const char *text,
                                 char *err, uint64_t err_cap) {
  char copy[SENTENCE];
  if (strlen(text) >= sizeof copy) {
    snprintf(err, err_cap, "--plugin: over %d characters", SENTENCE);
    return HEARTH_BAD_ARG;
  }
  strcpy(copy, text);
  char *name = strchr(copy, ':');
  char *config = NULL;
  if (name != NULL) {
    *name++ = '\0';
    config = strchr(name, ':');
  }
  if (config != NULL) {
    *config++ = '\0';
  }
  char path[SENTENCE + 2];
  snprintf(path, sizeof path, "%s%s", strchr(copy, '/') ? "" : "./", copy);
  if (access(path, R_OK) != 0 && strchr(copy, '/') == NULL) {
    find_named(copy, path, sizeof path);
  }
  return hearth_policies_add(policies, path, name, config,
                             HEARTH_POLICY_BUDGET | HEARTH_POLICY_PRICE, err,
                             err_cap);
}
