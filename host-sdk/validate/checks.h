/* SPDX-License-Identifier: MIT
   The themes: each a list of checks in a file of its own. */
#ifndef HEARTH_VALIDATE_CHECKS_H
#define HEARTH_VALIDATE_CHECKS_H

#include "host-sdk/validate/subject.h"

typedef struct validate__theme {
  const validate_check *checks;
  size_t count;
} validate__theme;

#define VALIDATE__THEME(name, list)                                            \
  const validate__theme name = {list, sizeof list / sizeof *list}

extern const validate__theme validate__library, validate__identity,
    validate__imports, validate__loading, validate__extensions, validate__life,
    validate__hosts, validate__configs, validate__memory, validate__answers,
    validate__messages, validate__hostile, validate__inputs, validate__sinks,
    validate__outcomes, validate__catalogs, validate__manners,
    validate__state, validate__bad_state, validate__threads, validate__swaps,
    validate__workers;

#endif
