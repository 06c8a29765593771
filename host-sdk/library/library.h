/* SPDX-License-Identifier: MIT
   What an instance needs of its library. */
#ifndef HEARTH_LIBRARY_LIBRARY_H
#define HEARTH_LIBRARY_LIBRARY_H

#include "hearth/host.h"

/* One more user, who calls hearth_library_close in the end. */
hearth_library *hearth__library_share(hearth_library *library);

/* The entry as the plugin exports it, to give back to its create. */
const hearth_plugin_entry *
hearth__library_theirs(const hearth_library *library);

/* Make a wrapped library a proxy's, whose plugin is elsewhere: `release(user)`
   is called once nobody uses the library any more, and the statuses that only a
   host says (HEARTH_CRASHED, HEARTH_UNAVAILABLE) pass. */
void hearth__library_be_proxy(hearth_library *library, void (*release)(void *),
                              void *user);
int hearth__library_is_proxy(const hearth_library *library);

#endif
