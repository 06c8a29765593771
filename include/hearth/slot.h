/* SPDX-License-Identifier: MIT
   The live plugin: replaced, rolled back and kept learning while calls run. */
#ifndef HEARTH_SLOT_H
#define HEARTH_SLOT_H

#include "hearth/host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A slot stands where an instance stood, with the same calls, and its plugin
   can be replaced meanwhile.  It holds two instances:

     the current    answers, and learns from every outcome
     the previous   the one before the last swap; answers nothing, goes on
                    learning from every outcome, until the next swap.  That is
                    why a rollback is instant, and comes back warm.

   So that between two swaps an outcome costs twice what it cost before the
   first; hearth_slot_forget ends that, and the way back.

   What a swap does, in order; until the last step the old one is current, and
   if any step fails it stays so and the new one is destroyed:

     1. the new instance is created, and told the catalog
     2. outcomes that are on their way to the old one arrive; those that come
        from now on are written to a journal
     3. the old one saves its state; outcomes that come meanwhile are answered
        at once, and told to the old one, in their order, when it has saved
     4. the new one loads the state; the old one goes on learning
     5. the journal is replayed to the new one
     6. for the rest of the journal, outcomes wait; then the new one is current
     7. the previous one of the last swap is destroyed, once its last caller
        has left it

   Every outcome is thus in the new one exactly once: by the state or by the
   journal.  No call fails because of a swap.  An outcome waits in step 6, in
   step 3 while it is told what came meanwhile (at most 1024 outcomes; those
   beyond wait from the start), and any call of a plugin without
   HEARTH_CAP_CONCURRENT_SAVE in step 3.  An outcome of step 3 is answered
   HEARTH_OK before the plugin has seen it.

   Only a plugin of the same id reads the state.  Another kind learns from
   stored outcomes (hearth_swap_options.warm) or starts cold.

   A plugin fails its trial if, as long as there is a previous one, it crashes
   (HEARTH_CRASHED), or more than a share of its last 32 calls fail.  Then the
   previous one becomes current again by itself, and the plugin is quarantined:
   its content hash is refused for a while, with the reason.  So is one that
   says HEARTH_INTERNAL, or crashes, when it is created, told the catalog, given
   the state or the journal.  A failure is any negative status but
   HEARTH_BAD_ARG, HEARTH_UNSUPPORTED and HEARTH_BUSY.

   Conventions are those of hearth/host.h.  Any thread may make any call; none
   may be made from within a plugin or from on_outcome. */
typedef struct hearth_slot hearth_slot;

typedef struct hearth_slot_options {
  const hearth_host *host; /* for every instance; NULL: one for each, by ... */
  hearth_host_options host_options; /* ... these, so that a memory_cap is the
                                       limit of one plugin, not of two */
  hearth_bytes config;  /* of the first, and of later ones by default; copied */
  hearth_bytes catalog; /* what later ones are told until set_catalog; copied */
  /* Called with each outcome once the current plugin had it (or the journal,
     in step 3), whatever it said: this is what a store keeps.  From the thread
     that brought the outcome.  NULL: nobody.  [any] */
  void (*on_outcome)(void *user, hearth_bytes outcome);
  void *user;
  int32_t auto_rollback; /* 0: a plugin that fails its trial stays */
  double failure_share;  /* of the last 32 calls, at least 8; 0 to 1 */
  int64_t quarantine_ms; /* -1: until it is cleared */
  uint32_t drain_ms;     /* how long a swap waits for a caller to leave */
} hearth_slot_options;

/* auto_rollback 1, failure_share 0.5, quarantine_ms an hour, drain_ms 5000. */
HEARTH_EXPORT void hearth_slot_options_init(hearth_slot_options *options);

/* A slot with its first instance.  `options` may be NULL: the above.  The
   library may be closed at once.  Statuses as hearth_instance_create. */
HEARTH_EXPORT hearth_status
hearth_slot_create(hearth_library *library, const hearth_slot_options *options,
                   hearth_slot **out, char *err, uint64_t err_cap);

/* Waits until the calls within have returned; none may begin any more. */
HEARTH_EXPORT void hearth_slot_destroy(hearth_slot *slot);

/* ---- The calls of an instance (hearth/host.h) ---- */

/* If a call makes its plugin fail its trial, it is asked again of the one that
   came back. */
HEARTH_EXPORT hearth_status hearth_slot_prepare_models(hearth_slot *slot,
                                                       const hearth_call *call,
                                                       hearth_bytes context,
                                                       hearth_output *out);
HEARTH_EXPORT hearth_status
hearth_slot_get_model_metadata(hearth_slot *slot, const hearth_call *call,
                               hearth_bytes query, hearth_output *out);
HEARTH_EXPORT hearth_status hearth_slot_predict(hearth_slot *slot,
                                                const hearth_call *call,
                                                hearth_bytes context,
                                                hearth_output *out);
HEARTH_EXPORT hearth_status hearth_slot_explain(hearth_slot *slot,
                                                const hearth_call *call,
                                                hearth_bytes context,
                                                hearth_output *out);
/* Its texts are the plugin's: valid until the next swap. */
HEARTH_EXPORT hearth_status hearth_slot_metric(hearth_slot *slot,
                                               uint32_t index,
                                               hearth_metric *out);

/* The status is the current plugin's. */
HEARTH_EXPORT hearth_status hearth_slot_record_outcome(hearth_slot *slot,
                                                       const hearth_call *call,
                                                       hearth_bytes outcome);

/* The same for an outcome that a store kept: on_outcome is not called, and it
   is counted nowhere. */
HEARTH_EXPORT hearth_status hearth_slot_teach(hearth_slot *slot,
                                              const hearth_call *call,
                                              hearth_bytes outcome);

/* Kept for the instances of later swaps, if the current one accepts it. */
HEARTH_EXPORT hearth_status hearth_slot_set_catalog(hearth_slot *slot,
                                                    const hearth_call *call,
                                                    hearth_bytes catalog);

/* The state of the current one.  During a swap this waits for its end. */
HEARTH_EXPORT hearth_status hearth_slot_save_state(hearth_slot *slot,
                                                   const hearth_call *call,
                                                   hearth_output *out);

/* The same; *outcomes gets how many outcomes the state holds, of those that the
   slot was ever told: exactly the first so many that on_outcome was called
   with, where outcomes are told one at a time (the predictor does).
   HEARTH_DEADLINE: an outcome has been with the plugin for over drain_ms. */
HEARTH_EXPORT hearth_status hearth_slot_snapshot(hearth_slot *slot,
                                                 const hearth_call *call,
                                                 hearth_output *out,
                                                 uint64_t *outcomes);

/* Into the current one; the previous one, which did not learn that, is
   forgotten.  HEARTH_BUSY: a swap is under way. */
HEARTH_EXPORT hearth_status hearth_slot_load_state(hearth_slot *slot,
                                                   const hearth_call *call,
                                                   hearth_bytes state);

/* ---- Swap and rollback ---- */

/* How the new plugin came to know what the old one knew. */
enum {
  HEARTH_HANDOVER_STATE = 1, /* it loaded the old one's state */
  HEARTH_HANDOVER_WARM,      /* it was told stored outcomes */
  HEARTH_HANDOVER_COLD       /* not at all, apart from the journal */
};

/* Start cold: for a state that can't be saved or read. */
#define HEARTH_SWAP_COLD 0x1u

/* Zero it; NULL: all zero. */
typedef struct hearth_swap_options {
  uint32_t flags;      /* HEARTH_SWAP_* */
  uint32_t reserved;   /* 0 */
  hearth_bytes config; /* for the new one; empty: the last one given */
  /* The next stored outcome, oldest first, into *next, borrowed until the next
     call; HEARTH_NO_OPINION: that was all; a failure ends the swap.  Used where
     the state can't be handed over: another id, no HEARTH_CAP_STATE, a state
     that can't be saved or is refused.  `outcomes`: of those that on_outcome
     was called with, the first so many are to be told; the journal has the
     rest.  NULL: another id and one without HEARTH_CAP_STATE start cold, a
     state that can't be saved or is refused makes the swap fail. */
  hearth_status (*warm)(void *user, uint64_t outcomes, hearth_bytes *next);
  void *user;
  /* The most that the journal may hold; 0: 64 MiB.  When it is full, or there
     is no memory for it, the swap fails with HEARTH_LIMIT; no outcome is lost.
   */
  uint64_t journal_bytes;
} hearth_swap_options;

typedef struct hearth_swap_report {
  char from[64], to[64]; /* "markov 1.0.0" */
  int32_t handover;      /* HEARTH_HANDOVER_* */
  /* 1: the one before the old one is destroyed, or there was none.  0: after
     drain_ms a call was still in it; its last caller destroys it. */
  int32_t drained;
  uint64_t state_bytes;
  uint64_t warmed;    /* stored outcomes that it was told */
  uint64_t journaled; /* outcomes that came meanwhile, and were replayed */
  uint64_t refused;   /* of warmed and journaled: HEARTH_BAD_PAYLOAD */
  uint64_t create_ns, save_ns, load_ns, warm_ns, replay_ns, drain_ns, total_ns;
  uint64_t longest_wait_ns; /* that the slot held an outcome up */
  /* The longest call that began and ended during the swap, the plugin's own
     time and its locks included; outcomes too. */
  uint64_t longest_call_ns;
} hearth_swap_report;

/* One line, ended by NUL, cut to fit. */
HEARTH_EXPORT void hearth_swap_report_text(const hearth_swap_report *report,
                                           char *out, uint64_t cap);

/* Replace the plugin by one of `library`, which may be closed at once; the same
   library is allowed (another config).  `options` and `report` may be NULL; the
   report is filled in on failure too, as far as the swap came.
   HEARTH_BUSY: another swap is under way.  HEARTH_UNAVAILABLE: the plugin is in
   quarantine.  HEARTH_DEADLINE: an outcome has been with the old plugin for
   over drain_ms.  HEARTH_LIMIT: the journal is full.  Else what the plugin
   said; the old one is current on every failure, and `err` says why. */
HEARTH_EXPORT hearth_status hearth_slot_swap(hearth_slot *slot,
                                             hearth_library *library,
                                             const hearth_swap_options *options,
                                             hearth_swap_report *report,
                                             char *err, uint64_t err_cap);

/* The previous one becomes current, at once; what was current becomes the
   previous, and goes on learning, so that a second rollback undoes the first.
   HEARTH_UNAVAILABLE: there is no previous one.  HEARTH_BUSY: a swap is under
   way. */
HEARTH_EXPORT hearth_status hearth_slot_rollback(hearth_slot *slot, char *err,
                                                 uint64_t err_cap);

/* Let the previous one go: there is no way back any more, and no trial.
   HEARTH_BUSY: a swap is under way. */
HEARTH_EXPORT hearth_status hearth_slot_forget(hearth_slot *slot);

/* ---- Quarantine ---- */

/* What a plugin is known by: hearth_library_hash; of a wrapped one, which has
   none, a hash of its path, id and version. */
HEARTH_EXPORT uint64_t hearth_slot_key(const hearth_library *library);

typedef struct hearth_refusal {
  uint64_t key;
  int64_t left_ms; /* -1: until it is cleared */
  char plugin[64]; /* "markov 1.0.0" */
  char why[192];
} hearth_refusal;

/* Number `index`, from 0; HEARTH_NO_OPINION past the end.  A slot remembers 16;
   a 17th takes the place of the oldest. */
HEARTH_EXPORT hearth_status hearth_slot_refusal(hearth_slot *slot,
                                                uint32_t index,
                                                hearth_refusal *out);

/* Clear a plugin, or all (0). */
HEARTH_EXPORT void hearth_slot_pardon(hearth_slot *slot, uint64_t key);

/* ---- How it is doing ---- */

typedef struct hearth_slot_stats {
  char id[128], name[64], version[32]; /* of the current one */
  uint64_t key;
  uint64_t generation; /* grows whenever another state becomes current */
  uint64_t outcomes;   /* told so far */
  uint64_t swaps, failed_swaps, rollbacks, auto_rollbacks;
  uint64_t previous_failures; /* outcomes that the previous one failed */
  uint64_t longest_wait_ns;   /* of all swaps and saves so far */
  int32_t has_previous;
  int32_t swapping;                             /* 1: a swap is under way */
  uint64_t memory_bytes, previous_memory_bytes; /* 0: the host does not count */
  char reason[192];            /* of the last automatic rollback; "" */
  hearth_instance_stats calls; /* of the current instance */
} hearth_slot_stats;

HEARTH_EXPORT void hearth_slot_get_stats(hearth_slot *slot,
                                         hearth_slot_stats *out);

#ifdef __cplusplus
}
#endif

#endif
