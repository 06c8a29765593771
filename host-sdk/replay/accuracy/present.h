/* SPDX-License-Identifier: MIT
   The accuracy of a comparison's plugins, as tables and as JSON. */
#ifndef HEARTH_ACCURACY_PRESENT_H
#define HEARTH_ACCURACY_PRESENT_H

#include <jansson.h>
#include <stdio.h>

#include "host-sdk/replay/compare.h"

/* Tables for each shown policy that gives probabilities, in each setting. */
void hearth_accuracy_table(const hearth_comparison *comparison, FILE *out);

/* Owned by caller; NULL: no memory. */
json_t *hearth_accuracy_json(const hearth_accuracy *accuracy);

#endif
