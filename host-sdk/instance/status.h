/* SPDX-License-Identifier: MIT
   Which statuses there are. */
#ifndef HEARTH_INSTANCE_STATUS_H
#define HEARTH_INSTANCE_STATUS_H

#include "hearth/plugin.h"

/* Whether the ABI has such a status. */
int hearth__status_known(hearth_status status);

#endif
