/* SPDX-License-Identifier: MIT
   The host SDK: load a plugin, ask it, tell it what happened. */
#ifndef HEARTH_HOST_H
#define HEARTH_HOST_H

/* What a program that serves models links (libhearth).  Three floors, each of
   which stands on the one below and can be used alone:

     hearth_library    a plugin's file, mapped and checked
     hearth_instance   one plugin at work: calls with locks, limits, durations
     hearth_predictor  the whole job: requests in, models loaded and unloaded
                       by the host's own functions (hearth/predictor.h)

   Conventions.  What a `_new`, `_open` or `_create` gives is owned by the
   caller until `_free`, `_close` or `_destroy`, which take NULL too.  Texts are
   UTF-8, ended by NUL, borrowed until the call returns.  A function that can
   fail returns a hearth_status; on failure its outputs are untouched.  `err`,
   of `err_cap` bytes, gets one sentence on failure and may be NULL.  Every
   function may be called from any thread; two that free the same thing may
   not run at the same time. */

#include "hearth/ext/explain.h"
#include "hearth/ext/memory.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "hearth/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The message of a status, "unknown status" for a code that is none. */
HEARTH_EXPORT const char *hearth_status_text(hearth_status status);

/* The version of this library, "1.2.3". */
HEARTH_EXPORT const char *hearth_version(void);

/* ---- The host object: what a plugin may ask of its host ---- */

typedef struct hearth_host_options {
  const char *name;    /* NULL: "hearth" */
  const char *version; /* NULL: hearth_version() */
  /* Bytes that the plugins of this host may hold; 0: no limit.  Past it their
     allocations fail. */
  uint64_t memory_cap;
  /* Where a plugin's log lines go; NULL: nowhere.  [any] */
  void (*log)(void *user, int32_t level, uint64_t call_id, const char *message);
  /* Host extensions beside hearth.memory/1, by id; NULL: none.  [any] */
  const void *(*extension)(void *user, const char *id);
  void *user;
} hearth_host_options;

/* A host object with hearth.memory/1: allocations are counted, capped, and can
   be made to fail.  Must outlive the instances created with it.  `options` may
   be NULL. */
HEARTH_EXPORT hearth_status hearth_host_new(const hearth_host_options *options,
                                            hearth_host **out);
HEARTH_EXPORT void hearth_host_free(hearth_host *host);

/* These take a host made by hearth_host_new. */
HEARTH_EXPORT void *hearth_host_user(const hearth_host *host);
/* Bytes held now, the most there ever were, and allocations asked for. */
HEARTH_EXPORT uint64_t hearth_host_memory_used(const hearth_host *host);
HEARTH_EXPORT uint64_t hearth_host_memory_peak(const hearth_host *host);
HEARTH_EXPORT uint64_t hearth_host_allocations(const hearth_host *host);
/* Make the n-th allocation from now fail (1: the next), for tests; 0: none. */
HEARTH_EXPORT void hearth_host_fail_allocation(hearth_host *host, uint64_t nth);

/* ---- A plugin's file ---- */

typedef struct hearth_library hearth_library;

typedef struct hearth_library_options {
  /* Refuse a plugin that requires an extension this host lacks; NULL: that is
     left to hearth_instance_create. */
  const hearth_host *host;
} hearth_library_options;

/* Load the plugin at `path`.  The file is copied first, and the copy mapped: it
   may be replaced or removed at once, and opening the new file at the same path
   gives the new code.  Opening the same bytes again shares the mapping.

   HEARTH_BAD_ARG: no such file, not a shared object, or not a plugin that this
   host can work with; `err` says what did not match.  The plugin's code runs in
   this process from here on. */
HEARTH_EXPORT hearth_status
hearth_library_open(const char *path, const hearth_library_options *options,
                    hearth_library **out, char *err, uint64_t err_cap);

/* The same for an entry that is linked into the program.  `entry` must outlive
   the library and its instances; `name` stands in messages for the path. */
HEARTH_EXPORT hearth_status
hearth_library_wrap(const hearth_plugin_entry *entry, const char *name,
                    const hearth_library_options *options, hearth_library **out,
                    char *err, uint64_t err_cap);

/* Let go.  The code is unmapped with the last user of the mapping, if the
   plugin claims HEARTH_CAP_UNLOADABLE; else it stays. */
HEARTH_EXPORT void hearth_library_close(hearth_library *library);

/* The plugin's entry, as far as this host knows it; members that the plugin is
   too old for are zero.  Valid as long as the library. */
HEARTH_EXPORT const hearth_plugin_entry *
hearth_library_entry(const hearth_library *library);
/* The path it was opened by, and a hash of its bytes (0 for a wrapped one). */
HEARTH_EXPORT const char *hearth_library_path(const hearth_library *library);
HEARTH_EXPORT uint64_t hearth_library_hash(const hearth_library *library);

/* ---- An instance at work ---- */

/* A buffer for answers.  Zero it; `limit` is the most that an answer may have
   (0: 16 MiB).  Its room is kept from call to call. */
typedef struct hearth_output {
  uint8_t *data; /* owned by the output */
  uint64_t len, cap, limit;
} hearth_output;

HEARTH_EXPORT void hearth_output_free(hearth_output *output);

typedef struct hearth_instance hearth_instance;

typedef struct hearth_instance_options {
  const hearth_host *host; /* NULL: one of its own, without a cap */
  hearth_bytes config;     /* a Config message; empty: the defaults */
} hearth_instance_options;

/* Create an instance of a plugin.  It holds its library, which may be closed
   before.  HEARTH_UNSUPPORTED if the plugin requires an extension that the host
   lacks; else the plugin's own status.  `options` may be NULL. */
HEARTH_EXPORT hearth_status hearth_instance_create(
    hearth_library *library, const hearth_instance_options *options,
    hearth_instance **out, char *err, uint64_t err_cap);
/* No call may be running. */
HEARTH_EXPORT void hearth_instance_destroy(hearth_instance *instance);

HEARTH_EXPORT const hearth_plugin_entry *
hearth_instance_entry(const hearth_instance *instance);

/* The calls of hearth/plugin.h, whose messages they carry.  The instance locks
   as the plugin's capabilities ask, so any thread may make any of them.  `call`
   may be NULL; its `err` gets what the plugin said, or the status's text.

   An answer is in `out` only with HEARTH_OK; with any other status out->len is
   0.  A plugin that writes past the limit gets HEARTH_LIMIT, whatever it
   returns; one that returns a status that is none, or says OK and wrote
   nothing, HEARTH_INTERNAL. */
HEARTH_EXPORT hearth_status hearth_instance_set_catalog(
    hearth_instance *instance, const hearth_call *call, hearth_bytes catalog);
HEARTH_EXPORT hearth_status hearth_instance_prepare_models(
    hearth_instance *instance, const hearth_call *call, hearth_bytes context,
    hearth_output *out);
HEARTH_EXPORT hearth_status hearth_instance_get_model_metadata(
    hearth_instance *instance, const hearth_call *call, hearth_bytes query,
    hearth_output *out);
HEARTH_EXPORT hearth_status hearth_instance_record_outcome(
    hearth_instance *instance, const hearth_call *call, hearth_bytes outcome);
/* HEARTH_UNSUPPORTED without HEARTH_CAP_STATE. */
HEARTH_EXPORT hearth_status hearth_instance_save_state(
    hearth_instance *instance, const hearth_call *call, hearth_output *out);
HEARTH_EXPORT hearth_status hearth_instance_load_state(
    hearth_instance *instance, const hearth_call *call, hearth_bytes state);

/* An extension of the plugin: a struct that begins with its size, which is at
   least `min_size`; NULL where there is none.  Its functions are to be called
   through the functions below, which lock. */
HEARTH_EXPORT const void *
hearth_instance_get_extension(hearth_instance *instance, const char *id,
                              uint32_t min_size);

/* The calls of the extensions; HEARTH_UNSUPPORTED where the plugin has it not.
 */
HEARTH_EXPORT hearth_status hearth_instance_predict(hearth_instance *instance,
                                                    const hearth_call *call,
                                                    hearth_bytes context,
                                                    hearth_output *out);
HEARTH_EXPORT hearth_status hearth_instance_explain(hearth_instance *instance,
                                                    const hearth_call *call,
                                                    hearth_bytes context,
                                                    hearth_output *out);
/* Metric `index`, from 0; HEARTH_NO_OPINION past the end. */
HEARTH_EXPORT hearth_status hearth_instance_metric(hearth_instance *instance,
                                                   uint32_t index,
                                                   hearth_metric *out);

/* What one kind of call took so far. */
typedef struct hearth_call_stats {
  uint64_t calls, failures; /* a failure is a negative status */
  uint64_t total_ns, max_ns, last_ns;
} hearth_call_stats;

typedef struct hearth_instance_stats {
  hearth_call_stats prepare_models, get_model_metadata, record_outcome;
  hearth_call_stats other;  /* all the rest, create included */
  uint64_t no_opinions;     /* of prepare_models */
  uint64_t deadline_misses; /* calls that returned after their deadline_ns */
} hearth_instance_stats;

HEARTH_EXPORT void hearth_instance_get_stats(const hearth_instance *instance,
                                             hearth_instance_stats *out);

/* CLOCK_MONOTONIC in nanoseconds, to set a hearth_call's deadline_ns from. */
HEARTH_EXPORT uint64_t hearth_monotonic_ns(void);

#ifdef __cplusplus
}
#endif

#endif
