/* SPDX-License-Identifier: MIT
   Where every member of the ABI is, for ever: 64-bit machines and wasm32.

   Compiled by headers.sh as C and C++ and for wasm32; nothing runs.  A line may
   be added here, for a member that a minor version appends; none may change. */
#include <stddef.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/future.h"
#include "hearth/ext/memory.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "hearth/ext/reflect.h"
#include "hearth/plugin.h"

#ifdef __cplusplus
#define PIN(what, is, lp64, wasm32)                                            \
  static_assert((is) == (sizeof(void *) == 8 ? lp64 : wasm32), what)
#else
#define PIN(what, is, lp64, wasm32)                                            \
  _Static_assert((is) == (sizeof(void *) == 8 ? lp64 : wasm32), what)
#endif

/* A struct's size, a member's offset: LP64, then wasm32. */
#define SIZE(type, lp64, wasm32) PIN(#type, sizeof(type), lp64, wasm32)
#define AT(type, member, lp64, wasm32)                                         \
  PIN(#type "." #member, offsetof(type, member), lp64, wasm32)

SIZE(hearth_bytes, 16, 16);
AT(hearth_bytes, data, 0, 0);
AT(hearth_bytes, len, 8, 8);

SIZE(hearth_sink, 16, 12);
AT(hearth_sink, size, 0, 0);
AT(hearth_sink, flags, 4, 4);
AT(hearth_sink, write, 8, 8);

SIZE(hearth_source, 16, 12);
AT(hearth_source, size, 0, 0);
AT(hearth_source, flags, 4, 4);
AT(hearth_source, read, 8, 8);

SIZE(hearth_call, 40, 40);
AT(hearth_call, size, 0, 0);
AT(hearth_call, flags, 4, 4);
AT(hearth_call, call_id, 8, 8);
AT(hearth_call, deadline_ns, 16, 16);
AT(hearth_call, err, 24, 24);
AT(hearth_call, err_cap, 32, 32);

SIZE(hearth_host, 40, 24);
AT(hearth_host, size, 0, 0);
AT(hearth_host, abi_minor, 4, 4);
AT(hearth_host, name, 8, 8);
AT(hearth_host, version, 16, 12);
AT(hearth_host, get_extension, 24, 16);
AT(hearth_host, log, 32, 20);

SIZE(hearth_plugin_entry, 136, 80);
AT(hearth_plugin_entry, size, 0, 0);
AT(hearth_plugin_entry, abi_minor, 4, 4);
AT(hearth_plugin_entry, id, 8, 8);
AT(hearth_plugin_entry, name, 16, 12);
AT(hearth_plugin_entry, vendor, 24, 16);
AT(hearth_plugin_entry, version, 32, 20);
AT(hearth_plugin_entry, description, 40, 24);
AT(hearth_plugin_entry, host_requires, 48, 28);
AT(hearth_plugin_entry, caps, 56, 32);
AT(hearth_plugin_entry, create, 64, 40);
AT(hearth_plugin_entry, destroy, 72, 44);
AT(hearth_plugin_entry, set_catalog, 80, 48);
AT(hearth_plugin_entry, prepare_models, 88, 52);
AT(hearth_plugin_entry, get_model_metadata, 96, 56);
AT(hearth_plugin_entry, record_outcome, 104, 60);
AT(hearth_plugin_entry, save_state, 112, 64);
AT(hearth_plugin_entry, load_state, 120, 68);
AT(hearth_plugin_entry, get_extension, 128, 72);

SIZE(hearth_memory, 32, 20);
AT(hearth_memory, size, 0, 0);
AT(hearth_memory, flags, 4, 4);
AT(hearth_memory, resize, 8, 8);
AT(hearth_memory, used, 16, 12);
AT(hearth_memory, zeroed, 24, 16);

SIZE(hearth_future, 16, 12);
AT(hearth_future, size, 0, 0);
AT(hearth_future, flags, 4, 4);
AT(hearth_future, next_use, 8, 8);

SIZE(hearth_metric, 32, 24);
AT(hearth_metric, size, 0, 0);
AT(hearth_metric, kind, 4, 4);
AT(hearth_metric, name, 8, 8);
AT(hearth_metric, help, 16, 12);
AT(hearth_metric, value, 24, 16);

SIZE(hearth_metrics, 16, 12);
AT(hearth_metrics, size, 0, 0);
AT(hearth_metrics, flags, 4, 4);
AT(hearth_metrics, get, 8, 8);

SIZE(hearth_predict, 16, 12);
AT(hearth_predict, size, 0, 0);
AT(hearth_predict, flags, 4, 4);
AT(hearth_predict, predict, 8, 8);

SIZE(hearth_explain, 16, 12);
AT(hearth_explain, size, 0, 0);
AT(hearth_explain, flags, 4, 4);
AT(hearth_explain, explain, 8, 8);

SIZE(hearth_function, 40, 24);
AT(hearth_function, size, 0, 0);
AT(hearth_function, flags, 4, 4);
AT(hearth_function, name, 8, 8);
AT(hearth_function, signature, 16, 12);
AT(hearth_function, help, 24, 16);
AT(hearth_function, pointer, 32, 20);

SIZE(hearth_reflect, 16, 12);
AT(hearth_reflect, size, 0, 0);
AT(hearth_reflect, count, 4, 4);
AT(hearth_reflect, functions, 8, 8);

PIN("the least entry", HEARTH_PLUGIN_ENTRY_MIN_SIZE, 136, 80);
PIN("hearth_status", sizeof(hearth_status), 4, 4);
PIN("ok", HEARTH_OK, 0, 0);
PIN("no opinion", HEARTH_NO_OPINION, 1, 1);
PIN("bad argument", HEARTH_BAD_ARG, -1, -1);
PIN("internal", HEARTH_INTERNAL, -9, -9);
PIN("crashed", HEARTH_CRASHED, -100, -100);
