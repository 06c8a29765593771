/* SPDX-License-Identifier: MIT
   How each call of an instance begins and ends. */
#include <string.h>
#include <time.h>

#include "host-sdk/instance/instance.h"
#include "host-sdk/instance/status.h"
#include "host-sdk/library/library.h"
#include "host-sdk/library/tell.h"

uint64_t hearth_monotonic_ns(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void hearth__frame_begin(hearth__frame *frame, hearth_instance *instance,
                         hearth__kind kind, const char *function,
                         const hearth_call *given) {
  frame->call.size = (uint32_t)sizeof(frame->call);
  frame->call.flags = given ? given->flags : 0;
  frame->call.call_id = given ? given->call_id : 0;
  frame->call.deadline_ns = given ? given->deadline_ns : 0;
  frame->call.err = frame->message;
  frame->call.err_cap = sizeof(frame->message);
  frame->message[0] = 0;
  frame->instance = instance;
  frame->stripe = &instance->stripes.of[0];
  frame->given = given;
  frame->function = function;
  frame->kind = kind;
  frame->began_ns = hearth_monotonic_ns();
}

static void count(hearth__counter *counter, uint64_t now, uint64_t took,
                  int failed) {
  uint_fast64_t max =
      atomic_load_explicit(&counter->max_ns, memory_order_relaxed);

  atomic_fetch_add_explicit(&counter->calls, 1, memory_order_relaxed);
  if (failed) {
    atomic_fetch_add_explicit(&counter->failures, 1, memory_order_relaxed);
  }
  atomic_fetch_add_explicit(&counter->total_ns, took, memory_order_relaxed);
  atomic_store_explicit(&counter->last_ns, took, memory_order_relaxed);
  atomic_store_explicit(&counter->ended_ns, now, memory_order_relaxed);
  while (took > max &&
         !atomic_compare_exchange_weak(&counter->max_ns, &max, took)) {
    continue;
  }
}

/* The plugin's message is not trusted to be ended, or to be text. */
static void tidy(char *message, size_t cap) {
  message[cap - 1] = 0;
  for (; *message; ++message) {
    if ((unsigned char)*message < ' ' || *message == 0x7f) {
      *message = ' ';
    }
  }
}

static void deliver(hearth__frame *frame, hearth_status status) {
  if (!frame->given) {
    return;
  }
  tidy(frame->message, sizeof(frame->message));
  hearth__tell(frame->given->err, frame->given->err_cap, "%s",
               frame->message[0] ? frame->message : hearth_status_text(status));
}

/* Some statuses are the host's to say, or a proxy's, which is part of it. */
static int may_return(const hearth_instance *instance, hearth_status status,
                      hearth_status allow) {
  int host_only = status == HEARTH_CRASHED || status == HEARTH_UNAVAILABLE;

  return status <= allow && hearth__status_known(status) &&
         (!host_only || hearth__library_is_proxy(instance->library));
}

hearth_status hearth__frame_end(hearth__frame *frame, hearth_status status,
                                hearth_status allow) {
  hearth_instance *instance = frame->instance;
  hearth__stripe *stripe = frame->stripe;
  uint64_t now = hearth_monotonic_ns();

  if (!may_return(instance, status, allow)) {
    hearth__tell(frame->message, sizeof(frame->message),
                 "%s: %s returned the status %ld, which it may not",
                 instance->entry->name, frame->function, (long)status);
    status = HEARTH_INTERNAL;
  }
  count(&stripe->counters[frame->kind], now, now - frame->began_ns, status < 0);
  if (frame->call.deadline_ns && now > frame->call.deadline_ns) {
    atomic_fetch_add_explicit(&stripe->deadline_misses, 1,
                              memory_order_relaxed);
  }
  if (status == HEARTH_NO_OPINION && frame->kind == HEARTH__PREPARE) {
    atomic_fetch_add_explicit(&stripe->no_opinions, 1, memory_order_relaxed);
  }
  if (status != HEARTH_OK) {
    deliver(frame, status);
  }
  return status;
}

void hearth_instance_get_stats(const hearth_instance *instance,
                               hearth_instance_stats *out) {
  const hearth__stripes *stripes = &instance->stripes;

  out->prepare_models = hearth__stripes_stats(stripes, HEARTH__PREPARE);
  out->get_model_metadata = hearth__stripes_stats(stripes, HEARTH__METADATA);
  out->record_outcome = hearth__stripes_stats(stripes, HEARTH__OUTCOME);
  out->other = hearth__stripes_stats(stripes, HEARTH__OTHER);
  out->no_opinions = out->deadline_misses = 0;
  for (int i = 0; i < HEARTH__STRIPES; i++) {
    out->no_opinions += atomic_load(&stripes->of[i].no_opinions);
    out->deadline_misses += atomic_load(&stripes->of[i].deadline_misses);
  }
}
