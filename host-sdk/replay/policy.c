/* SPDX-License-Identifier: MIT
   Strategies to compare: a plugin with a name and a configuration. */
#include "host-sdk/replay/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void hearth_policies_free(hearth_policies *policies) {
  for (uint32_t i = 0; i < policies->count; i++) {
    hearth_library_close(policies->items[i].library);
    free(policies->items[i].config_text);
  }
  free(policies->items);
  *policies = (hearth_policies){0};
}

static hearth_status make_room(hearth_policies *policies) {
  if (policies->count < policies->cap) {
    return HEARTH_OK;
  }
  const uint32_t cap = policies->cap == 0 ? 16 : 2 * policies->cap;
  hearth_policy *items = realloc(policies->items, cap * sizeof *items);
  if (items == NULL) {
    return HEARTH_NO_MEMORY;
  }
  policies->items = items;
  policies->cap = cap;
  return HEARTH_OK;
}

static int is_taken(const hearth_policies *policies, const char *name) {
  for (uint32_t i = 0; i < policies->count; i++) {
    if (strcmp(policies->items[i].name, name) == 0) {
      return 1;
    }
  }
  return 0;
}

static void choose_name(const hearth_policies *policies, const char *wanted,
                        char name[64]) {
  snprintf(name, 64, "%.50s", wanted);
  for (unsigned n = 2; is_taken(policies, name); n++) {
    snprintf(name, 64, "%.50s-%u", wanted, n);
  }
}

hearth_status hearth_policies_add(hearth_policies *policies, const char *path,
                                  const char *name, const char *config,
                                  unsigned roles, char *err,
                                  uint64_t err_cap) {
  hearth_status status = make_room(policies);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_policy policy = {.roles = roles};
  hearth_message_init(&hearth_config_schema, &policy.config);
  policy.config_text = strdup(config != NULL ? config : "");
  if (policy.config_text == NULL) {
    return HEARTH_NO_MEMORY;
  }
  status =
      hearth_config_parse(&policy.config, policy.config_text, err, err_cap);
  if (status == HEARTH_OK) {
    status = hearth_library_open(path, NULL, &policy.library, err, err_cap);
  }
  if (status != HEARTH_OK) {
    free(policy.config_text);
    return status;
  }
  if (name == NULL || *name == '\0') {
    name = hearth_library_entry(policy.library)->name;
  }
  if (roles & HEARTH_POLICY_HIDDEN) {
    snprintf(policy.name, sizeof policy.name, "%.60s", name);
  } else {
    choose_name(policies, name, policy.name);
  }
  policies->items[policies->count++] = policy;
  return HEARTH_OK;
}

hearth_status hearth_policies_add_without(hearth_policies *policies,
                                          uint32_t from, const char *signal,
                                          char *err, uint64_t err_cap) {
  hearth_status status = make_room(policies);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth_policy policy = policies->items[from];
  const hearth_str off = policy.config.ablate;
  const size_t len = (size_t)off.len;
  policy.config_text = malloc(len + strlen(signal) + 2);
  if (policy.config_text == NULL) {
    return HEARTH_NO_MEMORY;
  }
  sprintf(policy.config_text, "%.*s%s%s", (int)len, len > 0 ? off.data : "",
          len > 0 ? "," : "", signal);
  policy.config.ablate = hearth_str_from(policy.config_text);
  policy.without = policy.config_text + (len > 0 ? len + 1 : 0);
  snprintf(policy.name, sizeof policy.name, "%.22s-without-%.31s",
           policies->items[from].name, signal);
  status = hearth_library_open(hearth_library_path(policy.library), NULL,
                               &policy.library, err, err_cap);
  if (status != HEARTH_OK) {
    free(policy.config_text);
    return status;
  }
  policies->items[policies->count++] = policy;
  return HEARTH_OK;
}

hearth_status hearth_find_plugin(const char *directories, const char *stem,
                                 char *path, uint64_t path_cap, char *err,
                                 uint64_t err_cap) {
  for (const char *d = directories; *d != '\0';) {
    const size_t len = strcspn(d, ":");
    const int written = snprintf(path, path_cap, "%.*s/hearth-%s.so", (int)len,
                                 d, stem);
    if (written > 0 && (uint64_t)written < path_cap && len > 0 &&
        access(path, R_OK) == 0) {
      return HEARTH_OK;
    }
    d += len + (d[len] == ':');
  }
  snprintf(err, err_cap,
           "no plugin hearth-%s.so in %s: set HEARTH_PLUGIN_PATH to the folder "
           "that has it",
           stem, directories);
  return HEARTH_BAD_ARG;
}

/* What is compared when nothing else is asked for, in the table's order. */
static const struct {
  const char *name, *stem, *config;
  unsigned roles;
} references[] = {
    {"foresight", "foresight", NULL,
     HEARTH_POLICY_BUDGET | HEARTH_POLICY_PRICE},
    {"lru", "lru", NULL, HEARTH_POLICY_BUDGET | HEARTH_POLICY_SIMPLE},
    {"lfu", "lfu", NULL, HEARTH_POLICY_BUDGET | HEARTH_POLICY_SIMPLE},
    {"gdsf", "gdsf", NULL, HEARTH_POLICY_BUDGET | HEARTH_POLICY_SIMPLE},
    {"gdsf-forgetful", "gdsf-forgetful", NULL, HEARTH_POLICY_BUDGET},
    {"markov", "markov", NULL, HEARTH_POLICY_BUDGET},
    {"hazard", "hazard", NULL, HEARTH_POLICY_BUDGET | HEARTH_POLICY_PRICE},
    {"clairvoyant-distance", "clairvoyant-distance", NULL,
     HEARTH_POLICY_BUDGET | HEARTH_POLICY_CLAIRVOYANT},
    {"clairvoyant-cost", "clairvoyant-cost", NULL,
     HEARTH_POLICY_BUDGET | HEARTH_POLICY_CLAIRVOYANT},
#define TTL(seconds)                                                           \
  {"ttl-" #seconds, "ttl", "ttl_seconds=" #seconds,                            \
   HEARTH_POLICY_PRICE | HEARTH_POLICY_SIMPLE}
    TTL(0), TTL(15), TTL(30), TTL(60), TTL(120), TTL(300), TTL(600), TTL(900),
    TTL(1200), TTL(1800), TTL(3600), TTL(7200), TTL(14400),
#undef TTL
    {"breakeven", "breakeven", NULL,
     HEARTH_POLICY_PRICE | HEARTH_POLICY_SIMPLE},
    {"hybrid-histogram", "hybrid-histogram", NULL, HEARTH_POLICY_PRICE},
    {"exponential", "exponential", NULL, HEARTH_POLICY_PRICE},
    {"clairvoyant", "clairvoyant", NULL,
     HEARTH_POLICY_PRICE | HEARTH_POLICY_CLAIRVOYANT}};

hearth_status hearth_policies_add_references(hearth_policies *policies,
                                             const char *directories, int all,
                                             char *err, uint64_t err_cap) {
  const unsigned yardstick =
      HEARTH_POLICY_SIMPLE | HEARTH_POLICY_CLAIRVOYANT;
  for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
    unsigned roles = references[i].roles;
    if (!all && !(roles & yardstick)) {
      continue;
    }
    char path[4096];
    hearth_status status = hearth_find_plugin(
        directories, references[i].stem, path, sizeof path, err, err_cap);
    if (status == HEARTH_OK) {
      roles |= all ? 0 : HEARTH_POLICY_HIDDEN;
      status =
          hearth_policies_add(policies, path, references[i].name,
                              references[i].config, roles, err, err_cap);
    }
    if (status != HEARTH_OK) {
      return status;
    }
  }
  return HEARTH_OK;
}
