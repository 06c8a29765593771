/* SPDX-License-Identifier: MIT
   All checks, theme by theme. */
#include <string.h>

#include "host-sdk/validate/checks.h"

static const validate__theme *const themes[] = {
    &validate__library,  &validate__identity, &validate__imports,
    &validate__loading,  &validate__extensions, &validate__life,
    &validate__hosts,    &validate__configs,  &validate__memory,
    &validate__answers,  &validate__messages, &validate__hostile,
    &validate__inputs,   &validate__sinks,    &validate__outcomes,
    &validate__catalogs, &validate__manners,  &validate__state,
    &validate__bad_state, &validate__threads, &validate__swaps,
    &validate__workers};

enum { THEMES = sizeof themes / sizeof *themes };

size_t validate_count(void) {
  size_t count = 0;
  for (int i = 0; i < THEMES; i++) {
    count += themes[i]->count;
  }
  return count;
}

const validate_check *validate_at(size_t index) {
  for (int i = 0; i < THEMES; i++) {
    if (index < themes[i]->count) {
      return &themes[i]->checks[index];
    }
    index -= themes[i]->count;
  }
  return NULL;
}

const validate_check *validate_find(const char *name) {
  const size_t count = validate_count();
  for (size_t i = 0; i < count; i++) {
    if (strcmp(validate_at(i)->name, name) == 0) {
      return validate_at(i);
    }
  }
  return NULL;
}
