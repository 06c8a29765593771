/* SPDX-License-Identifier: MIT
   The plugin ABI: what a host of models and a warmup strategy promise. */
#ifndef HEARTH_PLUGIN_H
#define HEARTH_PLUGIN_H

/* A Hearth plugin is a shared object that exports one symbol,
   `hearth_plugin_v1`: a constant `hearth_plugin_entry` with the plugin's
   identity, its capabilities and its functions.  A host loads it with dlopen,
   creates any number of instances, asks each which models to hold and which to
   load (prepare_models), and tells it what really happened (record_outcome).

   Everything that crosses the boundary is a msgpack message; docs/wire-format.md
   specifies them.  The rules, in short:

   - Inputs are borrowed until the call returns.  Outputs are written into a
     sink of the host.  No pointer allocated on one side is freed on the other.
   - On any status but HEARTH_OK the host discards what the sink got.
   - Everything learned arrives by record_outcome.  prepare_models and
     get_model_metadata teach nothing.
   - Times within messages are milliseconds since the epoch.  A plugin has no
     clock of its own, starts no thread that outlives a call, touches no signal,
     never exits, and never calls back into the host for another plugin call.
   - Threads: [control] calls on one instance are serialised by the host and
     exclude its [worker] calls.  [worker] calls run at the same time only with
     HEARTH_CAP_REENTRANT, else the host locks.  [any] may be called at any time.

   The major version is in the symbol's name.  Minor versions only append
   members to the structs below; each begins with its `size` in bytes as its
   maker knew it, so that both sides see what the other has.  No enum, bool,
   bit-field, long or size_t stands in a struct; i386 is not supported. */

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HEARTH_ABI_MAJOR 1
#define HEARTH_ABI_MINOR 0

/* The name to look up with dlsym. */
#define HEARTH_PLUGIN_SYMBOL "hearth_plugin_v1"

#if defined(_WIN32)
#define HEARTH_EXPORT __declspec(dllexport)
#elif defined(__GNUC__)
#define HEARTH_EXPORT __attribute__((visibility("default")))
#else
#define HEARTH_EXPORT
#endif

/* What a call came to.  0 and 1 are answers, negative is failure. */
typedef int32_t hearth_status;

/* X(name, code, message): the one list of codes. */
#define HEARTH_STATUSES(X)                                                     \
  X(HEARTH_OK, 0, "ok")                                                        \
  X(HEARTH_NO_OPINION, 1, "no opinion: the host's default applies")            \
  X(HEARTH_BAD_ARG, -1, "bad argument")                                        \
  X(HEARTH_BAD_PAYLOAD, -2, "malformed message")                               \
  X(HEARTH_NO_MEMORY, -3, "out of memory")                                     \
  X(HEARTH_DEADLINE, -4, "deadline passed")                                    \
  X(HEARTH_BUSY, -5, "busy")                                                   \
  X(HEARTH_UNSUPPORTED, -6, "not supported")                                   \
  X(HEARTH_STATE_VERSION, -7, "state of another plugin or a newer version")    \
  X(HEARTH_LIMIT, -8, "over a limit")                                          \
  X(HEARTH_INTERNAL, -9, "internal error of the plugin")                       \
  X(HEARTH_CRASHED, -100, "the plugin crashed")         /* host only */        \
  X(HEARTH_UNAVAILABLE, -101, "the plugin is not available") /* host only */

#define HEARTH_STATUS_CONSTANT(name, code, message) name = code,
enum { HEARTH_STATUSES(HEARTH_STATUS_CONSTANT) HEARTH_STATUS_END_ = -1000 };
#undef HEARTH_STATUS_CONSTANT

/* Bytes of the caller, borrowed until the call returns.  `data` may be NULL
   where `len` is 0. */
typedef struct hearth_bytes {
  const uint8_t *data;
  uint64_t len;
} hearth_bytes;

/* Where a plugin writes its answer.  Owned by the host, valid during the call.
   A plugin calls write any number of times; a status other than HEARTH_OK
   (HEARTH_LIMIT, HEARTH_NO_MEMORY) ends the answer, and the plugin returns it. */
typedef struct hearth_sink {
  uint32_t size;
  uint32_t flags; /* 0 */
  hearth_status (*write)(struct hearth_sink *sink, const void *data,
                         uint64_t len);
} hearth_sink;

/* Where a plugin reads a large input.  Owned by the host.  A read of up to
   `cap` bytes sets *got; *got == 0 with HEARTH_OK is the end. */
typedef struct hearth_source {
  uint32_t size;
  uint32_t flags; /* 0 */
  hearth_status (*read)(struct hearth_source *source, void *data, uint64_t cap,
                        uint64_t *got);
} hearth_source;

/* Nobody acts on the answer of this call; learning goes on. */
#define HEARTH_CALL_SHADOW 0x1u

/* One call's circumstances.  Owned by the host, valid during the call.  A host
   may pass NULL: no deadline, and no room for a message. */
typedef struct hearth_call {
  uint32_t size;
  uint32_t flags;       /* HEARTH_CALL_*; unknown bits are ignored */
  uint64_t call_id;     /* for logs; 0 = none */
  uint64_t deadline_ns; /* CLOCK_MONOTONIC; 0 = none */
  char *err;            /* where a failing call may leave one sentence, or NULL */
  uint64_t err_cap;     /* bytes at `err`, with room for the final NUL */
} hearth_call;

/* Levels of hearth_host.log. */
#define HEARTH_LOG_ERROR 0
#define HEARTH_LOG_WARN 1
#define HEARTH_LOG_INFO 2
#define HEARTH_LOG_DEBUG 3

/* What the host offers.  Outlives every instance that was created with it. */
typedef struct hearth_host {
  uint32_t size;
  uint32_t abi_minor;
  const char *name; /* UTF-8 */
  const char *version;
  /* [any] A host extension by its id ("hearth.memory/1"), or NULL. */
  const void *(*get_extension)(const struct hearth_host *host, const char *id);
  /* [any] One line, without a newline, for the host's log. */
  void (*log)(const struct hearth_host *host, int32_t level, uint64_t call_id,
              const char *message);
} hearth_host;

/* The plugin computes the same bytes from the same bytes, on every machine. */
#define HEARTH_CAP_DETERMINISTIC 0x1u
/* [worker] functions may run at the same time on one instance. */
#define HEARTH_CAP_REENTRANT 0x2u
/* save_state and load_state are there and complete. */
#define HEARTH_CAP_STATE 0x4u
/* save_state may run at the same time as [worker] functions. */
#define HEARTH_CAP_CONCURRENT_SAVE 0x8u
/* The library may be unmapped: no thread-local destructor, no atexit, no
   thread, no pointer left with anyone. */
#define HEARTH_CAP_UNLOADABLE 0x10u

/* An instance; only the plugin knows what is in it. */
typedef struct hearth_plugin hearth_plugin;

/* The plugin.  Constant; lives as long as the library is mapped.  Functions
   marked optional may be NULL.  Every function checks what it is given: a bad
   message gets HEARTH_BAD_PAYLOAD and leaves the instance as it was. */
typedef struct hearth_plugin_entry {
  uint32_t size;
  uint32_t abi_minor;
  const char *id;          /* unique and lasting: "org.example.lru" */
  const char *name;        /* short, for tables: "lru" */
  const char *vendor;      /* may be NULL */
  const char *version;     /* "1.2.3" */
  const char *description; /* one sentence; may be NULL */
  /* Ids of host extensions it can't do without, ended by NULL; may be NULL. */
  const char *const *host_requires;
  uint64_t caps; /* HEARTH_CAP_* */

  /* [control] Make an instance.  `config`: a Config message, or empty for the
     defaults; it may hold a catalog.  On HEARTH_OK *out is owned by the host
     until destroy; on failure *out is untouched. */
  hearth_status (*create)(const struct hearth_plugin_entry *self,
                          const hearth_host *host, const hearth_call *call,
                          hearth_bytes config, hearth_plugin **out);

  /* [control] Free an instance.  NULL is allowed. */
  void (*destroy)(hearth_plugin *plugin);

  /* [control] Tell which models there are (a Catalog message).  Models that are
     not in a later catalog are forgotten as candidates; what was learned of
     them may stay. */
  hearth_status (*set_catalog)(hearth_plugin *plugin, const hearth_call *call,
                               hearth_bytes catalog);

  /* [worker] Given an ExecutionContext, write a ModelSet: which models to hold
     and which to load, in order of worth.  HEARTH_NO_OPINION where the plugin
     is not sure enough: the host's default (least recently used) applies. */
  hearth_status (*prepare_models)(hearth_plugin *plugin,
                                  const hearth_call *call, hearth_bytes context,
                                  hearth_sink *out);

  /* [worker] Given a MetadataQuery {model}, write a ModelMetadata. */
  hearth_status (*get_model_metadata)(hearth_plugin *plugin,
                                      const hearth_call *call,
                                      hearth_bytes query, hearth_sink *out);

  /* [worker] Learn from an Outcome.  The same (request_id, phase) twice is
     ignored; one of an unknown request teaches too. */
  hearth_status (*record_outcome)(hearth_plugin *plugin,
                                  const hearth_call *call,
                                  hearth_bytes outcome);

  /* [control] optional, with HEARTH_CAP_STATE.  Write all that was learned. */
  hearth_status (*save_state)(hearth_plugin *plugin, const hearth_call *call,
                              hearth_sink *out);

  /* [control] optional, with HEARTH_CAP_STATE.  Replace what was learned.
     Foreign or newer bytes get HEARTH_STATE_VERSION, broken ones
     HEARTH_BAD_PAYLOAD; either way the instance stays as it was. */
  hearth_status (*load_state)(hearth_plugin *plugin, const hearth_call *call,
                              hearth_source *in);

  /* [any] optional.  An extension of the plugin by its id
     ("hearth.metrics/1"): a constant struct that begins with `size`, or NULL. */
  const void *(*get_extension)(hearth_plugin *plugin, const char *id);
} hearth_plugin_entry;

/* Every member of 1.0 must be there: a smaller `size` is refused. */
#define HEARTH_PLUGIN_ENTRY_MIN_SIZE ((uint32_t)sizeof(hearth_plugin_entry))

#ifdef __cplusplus
}
#endif

#endif
