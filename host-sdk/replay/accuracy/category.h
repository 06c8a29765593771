/* SPDX-License-Identifier: MIT
   Which category a task is of. */
#ifndef HEARTH_ACCURACY_CATEGORY_H
#define HEARTH_ACCURACY_CATEGORY_H

#include "plugin/sdk/wire/schema.h"

/* interactive: completion, chat; background: analysis; complex: generation,
   refactoring; custom: every other name, and requests without a task. */
enum {
  HEARTH_INTERACTIVE,
  HEARTH_BACKGROUND,
  HEARTH_COMPLEX,
  HEARTH_CUSTOM
};

int hearth_task_category(hearth_str task);

/* "interactive", ...; static. */
const char *hearth_category_name(int category);

#endif
