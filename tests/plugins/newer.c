/* SPDX-License-Identifier: MIT
   Behaves, and was made for a later minor version: its entry is longer. */
#include "tests/plugins/stub.h"

typedef struct newer_entry {
  hearth_plugin_entry entry;
  void (*later)(void);
} newer_entry;

extern HEARTH_EXPORT const newer_entry hearth_plugin_v1;
HEARTH_EXPORT const newer_entry hearth_plugin_v1 = {
    {.size = sizeof(newer_entry), .abi_minor = 7, STUB_MEMBERS}, abort};
