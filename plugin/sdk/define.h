/* SPDX-License-Identifier: MIT
   The macro that makes a file a plugin. */
#ifndef HEARTH_SDK_DEFINE_H
#define HEARTH_SDK_DEFINE_H

#include "hearth/plugin.h"

/* HEARTH_DEFINE_PLUGIN(.id = "org.example.x", .name = "x", .create = create, …)
   exports the entry with its size and minor version filled in.  With
   HEARTH_STATIC_PLUGIN defined to an identifier, the entry gets that name
   instead and is not exported, so that tests, benchmarks and WebAssembly can
   link several plugins into one program. */
#ifdef HEARTH_STATIC_PLUGIN
#define HEARTH_ENTRY_NAME HEARTH_STATIC_PLUGIN
#define HEARTH_ENTRY_EXPORT
#else
#define HEARTH_ENTRY_NAME hearth_plugin_v1
#define HEARTH_ENTRY_EXPORT HEARTH_EXPORT
#endif

#define HEARTH_DEFINE_PLUGIN(...)                                              \
  extern HEARTH_ENTRY_EXPORT const hearth_plugin_entry HEARTH_ENTRY_NAME;      \
  HEARTH_ENTRY_EXPORT const hearth_plugin_entry HEARTH_ENTRY_NAME = {          \
      .size = (uint32_t)sizeof(hearth_plugin_entry),                           \
      .abi_minor = HEARTH_ABI_MINOR,                                           \
      __VA_ARGS__}

#endif
