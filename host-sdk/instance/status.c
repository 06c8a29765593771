/* SPDX-License-Identifier: MIT
   Texts: of a status, and of the library's version. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "hearth/host.h"
#include "host-sdk/instance/status.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

const char *hearth_status_text(hearth_status status) {
#define TEXT(name, code, message)                                              \
  case name:                                                                   \
    return message;
  switch (status) { HEARTH_STATUSES(TEXT) }
#undef TEXT
  return "unknown status";
}

int hearth__status_known(hearth_status status) {
#define KNOWN(name, code, message) case name:
  switch (status) {
    HEARTH_STATUSES(KNOWN)
    return 1;
  }
#undef KNOWN
  return 0;
}

const char *hearth_version(void) {
  return PACKAGE_VERSION;
}
