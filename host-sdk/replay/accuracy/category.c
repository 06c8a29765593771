/* SPDX-License-Identifier: MIT
   Which category a task is of. */
#include "host-sdk/replay/accuracy/category.h"

#include <string.h>

static const struct {
  const char *task;
  int category;
} known[] = {{"completion", HEARTH_INTERACTIVE},
             {"chat", HEARTH_INTERACTIVE},
             {"analysis", HEARTH_BACKGROUND},
             {"generation", HEARTH_COMPLEX},
             {"refactoring", HEARTH_COMPLEX}};

int hearth_task_category(hearth_str task) {
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (strlen(known[i].task) == task.len &&
        memcmp(known[i].task, task.data, (size_t)task.len) == 0) {
      return known[i].category;
    }
  }
  return HEARTH_CUSTOM;
}

const char *hearth_category_name(int category) {
  static const char *const names[] = {"interactive", "background", "complex",
                                      "custom"};
  return names[category];
}
