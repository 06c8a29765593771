/* SPDX-License-Identifier: MIT
   The signals of Foresight that can be switched off, by name. */
#ifndef FORESIGHT_ABLATE_H
#define FORESIGHT_ABLATE_H

#include <stdint.h>

#include "hearth/plugin.h"
#include "plugin/sdk/wire/schema.h"

/* What is off, as each head takes it: bits by group for `next` and `within`,
   FORESIGHT_BUDGET_NO_... and FORESIGHT_PRICE_OFF_... for the deciding two.
   A signal is named HEAD-SIGNAL, as "next-time" or "price-holds". */
typedef struct foresight_ablation {
  uint32_t next, within, budget, price;
} foresight_ablation;

/* Read names that commas separate, with spaces around them or none; "" is
   nothing off.  An unknown name is HEARTH_BAD_PAYLOAD, leaves *out as it was,
   and `err` (may be NULL) says which names there are. */
hearth_status foresight__ablate(hearth_str names, foresight_ablation *out,
                                char *err, uint64_t err_cap);

/* The names of all signals, as a msgpack array of strings; `plugin` isn't looked
   at. */
hearth_status foresight__signals(hearth_plugin *plugin, hearth_sink *out);

#endif
