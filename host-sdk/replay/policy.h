/* SPDX-License-Identifier: MIT
   Strategies to compare: a plugin with a name and a configuration. */
#ifndef HEARTH_REPLAY_POLICY_H
#define HEARTH_REPLAY_POLICY_H

#include "hearth/host.h"
#include "plugin/sdk/wire/messages.h"

/* What a policy is compared in, and what it is measured for. */
enum {
  HEARTH_POLICY_BUDGET = 1,
  HEARTH_POLICY_PRICE = 2,
  HEARTH_POLICY_SIMPLE = 4,      /* one of those that `best` is the best of */
  HEARTH_POLICY_CLAIRVOYANT = 8, /* one of those that know the future */
  HEARTH_POLICY_HIDDEN = 16      /* run for its figure, not shown */
};

typedef struct hearth_policy {
  char name[64];
  hearth_library *library; /* owned */
  hearth_config config;    /* its strings point into config_text */
  char *config_text;       /* owned */
  unsigned roles;          /* HEARTH_POLICY_* */
  const char *without;     /* the signal that is off; NULL: a policy's own */
} hearth_policy;

/* A list of policies.  Zero it to begin. */
typedef struct hearth_policies {
  hearth_policy *items; /* owned */
  uint32_t count, cap;
} hearth_policies;

void hearth_policies_free(hearth_policies *policies);

/* Add the plugin at `path`.  `name` NULL: the plugin's own.  `config` NULL or
   "key=value,key=value" over the profile replay.  A name twice is made unique
   by a number behind it. */
hearth_status hearth_policies_add(hearth_policies *policies, const char *path,
                                  const char *name, const char *config,
                                  unsigned roles, char *err, uint64_t err_cap);

/* Add policy `from` again without a signal: its name goes to the end of the key
   `ablate`. */
hearth_status hearth_policies_add_without(hearth_policies *policies,
                                          uint32_t from, const char *signal,
                                          char *err, uint64_t err_cap);

/* Add what belongs to every comparison: the simple rules that `best` is the best
   of, and the clairvoyants; with `all`, Foresight (first) and the other
   references too, else those yardsticks hidden.  `directories`: where plugins
   are, separated by colons. */
hearth_status hearth_policies_add_references(hearth_policies *policies,
                                             const char *directories, int all,
                                             char *err, uint64_t err_cap);

/* Find "hearth-STEM.so" in `directories`; HEARTH_BAD_ARG with a sentence. */
hearth_status hearth_find_plugin(const char *directories, const char *stem,
                                 char *path, uint64_t path_cap, char *err,
                                 uint64_t err_cap);

/* Set the fields of a configuration from "key=value,...", which must outlive
   it and is cut at the commas.  A value may be in double quotes.  Failures name
   the key. */
hearth_status hearth_config_parse(hearth_config *config, char *text, char *err,
                                  uint64_t err_cap);

#endif
