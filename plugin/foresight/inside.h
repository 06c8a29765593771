/* SPDX-License-Identifier: MIT
   What the files of Foresight share: the instance. */
#ifndef FORESIGHT_INSIDE_H
#define FORESIGHT_INSIDE_H

#include "hearth/plugin.h"
#include "plugin/foresight/ablate.h"
#include "plugin/foresight/budget/budget.h"
#include "plugin/foresight/desk.h"
#include "plugin/foresight/docket.h"
#include "plugin/foresight/inbox.h"
#include "plugin/foresight/locks.h"
#include "plugin/foresight/next/next.h"
#include "plugin/foresight/price/price.h"
#include "plugin/foresight/settings.h"
#include "plugin/foresight/standing.h"
#include "plugin/foresight/twin.h"
#include "plugin/foresight/usage.h"
#include "plugin/foresight/within/within.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/names.h"
#include "plugin/sdk/seen.h"
#include "plugin/sdk/wire/messages.h"

/* Four heads learn from every outcome; the two that decide are made when a
   context first shows their regime:

     next     which model comes next            p_next
     within   will it be used within 5 min, 1 h, 6 h   p_within
     budget   what to hold under a memory budget
     price    how long to hold where idle memory has a price */

enum {
  FORESIGHT_GUESSES = 5, /* models listed before a request's model is known */
  FORESIGHT_TASKS = 254, /* told apart; the rest are one */
  FORESIGHT_USERS = 1 << 20
};

/* From this p_next on a guess tells p_within, and its reasons are explained. */
#define FORESIGHT_LIKELY 0.05

#define FORESIGHT_ID "org.hearth.foresight"
#define FORESIGHT_NOBODY UINT32_MAX

/* A model, by its number; what plans read lies first. */
typedef struct foresight_model {
  int32_t candidate; /* the catalog has it */
  int32_t resident;  /* as far as the outcomes tell */
  int64_t load_ms;   /* as last measured; until then the guess */
  foresight_standing standing;
  foresight_usage usage;
  int64_t guess_ms; /* the catalog's */
  double memory_mb;
} foresight_model;

struct hearth_plugin {
  const hearth_host *host;
  hearth_memory_user memory;      /* which counts */
  hearth_memory_count *own_count; /* or NULL: another's */
  hearth_config config; /* its strings and lists are not kept */
  foresight_ablation off;
  hearth_names *names;  /* of models */
  hearth_names *tasks;
  foresight_model *models;
  uint32_t model_cap;
  foresight_users *users;
  foresight_next *next;
  foresight_within *within;
  foresight_budget *budget; /* NULL until a pool with a budget was seen */
  foresight_price *price;   /* NULL until one with a price was */
  double budget_mb, idle_price; /* as they were made for */
  int64_t lanes;
  foresight_locks locks;
  char apart[HEARTH_APART]; /* from what calls write */
  foresight_price_user asked; /* what `price` is told of a user */
  hearth_seen seen;
  char inbox_apart[HEARTH_APART];
  foresight_inbox inbox;
  foresight_docket docket;
  foresight_place desks[FORESIGHT_DESKS]; /* those that are free */
};

/* foresight.c: an empty instance with the settings of another, but for the seed;
   and the end of one (NULL is allowed). */
hearth_status foresight__new_like(const hearth_plugin *f, uint64_t seed,
                                  hearth_plugin **out);
void foresight__destroy(hearth_plugin *f);

/* foresight.c: fewer users, for what else needs memory; 0: there are few, or
   there is no limit.  Had alone. */
int foresight__make_room(hearth_plugin *f);
/* The same for who holds no lock. */
int foresight__give_way(hearth_plugin *f);

/* catalog.c: the number of a model; one never heard of is added to every head.
   HEARTH_NO_MEMORY or HEARTH_LIMIT leave *id untouched. */
hearth_status foresight__model(hearth_plugin *f, hearth_str name, uint32_t *id);
/* Take a catalog's models as the candidates. */
hearth_status foresight__take_catalog(hearth_plugin *f,
                                      const hearth_list *models);

/* regime.c: make or change the deciding head that a pool's terms ask for, as a
   context or a started outcome tells them; and take a context's residents. */
hearth_status foresight__take_terms(hearth_plugin *f,
                                    const hearth_pool_terms *pool);
/* Whether the terms would change anything. */
int foresight__terms_differ(const hearth_plugin *f,
                            const hearth_pool_terms *pool);
hearth_status foresight__take_pool(hearth_plugin *f,
                                   const hearth_context *context);

/* Make the deciding heads for the pool and the price that the instance has been
   told, with all models. */
hearth_status foresight__make_budget(hearth_plugin *f);
hearth_status foresight__make_price(hearth_plugin *f);

/* What a context and a started outcome both tell of a request. */
typedef struct foresight_asked {
  int64_t now_ms, input_length;
  hearth_str task;
  int32_t complexity, priority;
  const hearth_user *user;
  const hearth_project *project;
} foresight_asked;

/* person.c: a request as the head `next` takes it. */
foresight_next_request foresight__request(const hearth_plugin *f,
                                          const foresight_asked *asked);
/* Of a context. */
foresight_next_request foresight__request_of(const hearth_plugin *f,
                                             const hearth_context *context);
/* The key of a user's id, FORESIGHT_NOBODY for none. */
uint32_t foresight__user(const hearth_plugin *f, hearth_str id);
/* Whether the task has no number yet and there is one to be had. */
int foresight__is_new_task(const hearth_plugin *f, hearth_str task);
const foresight_price_user *foresight__asked(void *plugin, uint32_t user);

/* The calls of the vtable, one file each. */
hearth_status foresight__prepare(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes context, hearth_sink *out);
hearth_status foresight__outcome(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes outcome);
hearth_status foresight__metadata(hearth_plugin *f, const hearth_call *call,
                                  hearth_bytes query, hearth_sink *out);
hearth_status foresight__set_catalog(hearth_plugin *f, const hearth_call *call,
                                     hearth_bytes catalog);
hearth_status foresight__save(hearth_plugin *f, const hearth_call *call,
                              hearth_sink *out);
hearth_status foresight__load(hearth_plugin *f, const hearth_call *call,
                              hearth_source *in);
const void *foresight__extension(hearth_plugin *f, const char *id);

/* predict.c, explain.c: the extensions. */
hearth_status foresight__predict(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes context, hearth_sink *out);
hearth_status foresight__explain(hearth_plugin *f, const hearth_call *call,
                                 hearth_bytes context, hearth_sink *out);

/* reasons.c: give the first `count` lines their reasons. */
hearth_status foresight__reasons(hearth_plugin *f, foresight_desk *desk,
                                 const hearth_context *context,
                                 const foresight_within_now *at,
                                 uint32_t count);

/* answer.c: a line for a model, with nothing said but its name and load time;
   and its p_within. */
void foresight__line(const hearth_plugin *f, uint32_t model,
                     hearth_plan_model *line);
void foresight__chances(const hearth_plugin *f, const foresight_within_now *at,
                        uint32_t model, hearth_plan_model *line);
/* Encode the lines as the answer to a context. */
hearth_status foresight__answer(const hearth_plugin *f,
                                foresight_desk *desk,
                                const hearth_context *context,
                                uint32_t count, double confidence,
                                int64_t review_at_ms, hearth_sink *out);
/* Decode a context, its residents onto the desk; the message goes to
   call->err.  No lock is needed. */
hearth_status foresight__read_context(const hearth_plugin *f,
                                      foresight_desk *desk,
                                      const hearth_call *call,
                                      hearth_bytes bytes,
                                      hearth_context *context);

#endif
