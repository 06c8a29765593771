/* SPDX-License-Identifier: MIT
   What was learned, saved and loaded. */
#include "plugin/sdk/cold.h"

#include "plugin/sdk/state.h"
#include "plugin/foresight/inside.h"

/* Sections: models, tasks, within, pool, budget and price where there are such
   heads, seen, users, next.  One description of each serves both
   directions.

   The state's seed goes with it, since users are known by seeded hashes alone:
   an instance that loads a state goes on with the seed that this was learned
   under, whatever its own was.  All other settings are the loading instance's.
   So is its catalog, if it has one: loading is as if it were told anew after
   the state.  Models are matched by name; those of the state alone keep what
   was learned, and are no candidates. */
/* 2: the price head counts ages in other places.  3: and keeps forecasts; what
   2 is without is forecast anew. */
enum { FORMAT = 3, OLDEST = 2 };

/* For max_memory_mb: what a model takes in all heads, and how many there may be
   whatever it is. */
#define MODEL_BYTES 8192.0
enum { LEAST_MODELS = 1024 };

static uint32_t most_models(const hearth_plugin *f) {
  const uint32_t own = hearth_names_count(f->names);
  const double fits = f->config.max_memory_mb * 1048576.0 / MODEL_BYTES;
  if (f->config.max_memory_mb < 0 || fits >= FORESIGHT_USERS_MODELS) {
    return FORESIGHT_USERS_MODELS;
  }
  const uint32_t most = fits < LEAST_MODELS ? LEAST_MODELS : (uint32_t)fits;
  return own > most ? own : most;
}

static void visit_model(hearth_state *s, foresight_model *m) {
  hearth_state_f64(s, "memory_mb", &m->memory_mb, 0.001, 1e12);
  hearth_state_i64(s, "load_ms", &m->load_ms, 1, HEARTH_STATE_TIME);
  hearth_state_i64(s, "guess_ms", &m->guess_ms, 1, HEARTH_STATE_TIME);
  hearth_state_i32(s, "candidate", &m->candidate, 0, 1);
  hearth_state_i32(s, "resident", &m->resident, 0, 1);
  foresight_usage_state(s, &m->usage);
  foresight_standing_state(s, &m->standing);
}

/* The name of model `id`: on loading, of one that is added. */
static void visit_name(hearth_state *s, hearth_plugin *f, uint32_t id,
                       char *room) {
  const hearth_str none = {NULL, 0};
  const hearth_str name = hearth_state_text(
      s, "name",
      hearth_state_saving(s) ? hearth_names_text(f->names, id) : none, room);
  if (hearth_state_saving(s) || !hearth_state_ok(s)) {
    return;
  }
  if (name.len == 0 || hearth_names_find(f->names, name) != HEARTH_NO_NAME) {
    hearth_state_refuse(s, "name", "a model is there twice, or has no name");
    return;
  }
  const hearth_status status = foresight__model(f, name, &id);
  if (status != HEARTH_OK) {
    hearth_state_fail(s, status, "name", "no room for all models");
  }
}

static void visit_models(hearth_state *s, hearth_plugin *f, uint32_t most,
                         char *room) {
  uint32_t count = hearth_names_count(f->names);
  hearth_state_section(s, "models");
  count = hearth_state_count(s, "count", &count, FORESIGHT_USERS_MODELS);
  if (!hearth_state_saving(s) && count > most) {
    hearth_state_fail(s, HEARTH_LIMIT, "count",
                      "more models than max_memory_mb has room for");
  }
  for (uint32_t id = 0; id < count && hearth_state_ok(s); id++) {
    visit_name(s, f, id, room);
    if (hearth_state_ok(s)) {
      visit_model(s, &f->models[id]);
    }
  }
}

static void visit_tasks(hearth_state *s, hearth_plugin *f, char *room) {
  const hearth_str none = {NULL, 0};
  uint32_t count = hearth_names_count(f->tasks);
  hearth_state_section(s, "tasks");
  count = hearth_state_count(s, "count", &count, FORESIGHT_TASKS - 1);
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    uint32_t id = i;
    const hearth_str name = hearth_state_text(
        s, "name",
        hearth_state_saving(s) ? hearth_names_text(f->tasks, i) : none, room);
    if (hearth_state_saving(s) || !hearth_state_ok(s)) {
      continue;
    }
    if (hearth_names_add(f->tasks, name, &id) != HEARTH_OK) {
      hearth_state_fail(s, HEARTH_NO_MEMORY, "name", "out of memory");
    } else if (id != i) {
      hearth_state_refuse(s, "name", "a task is there twice");
    }
  }
}

/* What the pool was, and which deciding heads there are; on loading they are
   made here, since all models are known. */
static void visit_pool(hearth_state *s, hearth_plugin *f) {
  uint8_t budget = f->budget != NULL, price = f->price != NULL;
  hearth_status status = HEARTH_OK;
  hearth_state_section(s, "pool");
  hearth_state_f64(s, "budget_mb", &f->budget_mb, -1, 1e12);
  hearth_state_f64(s, "idle_price", &f->idle_price, -1, 1e12);
  hearth_state_i64(s, "lanes", &f->lanes, -1, INT32_MAX);
  hearth_state_u8(s, "has_budget", &budget, 0, 1);
  hearth_state_u8(s, "has_price", &price, 0, 1);
  if (hearth_state_saving(s) || !hearth_state_ok(s)) {
    return;
  }
  if (budget && !(f->budget_mb > 0)) {
    hearth_state_refuse(s, "budget_mb", "there is none");
  } else if (budget) {
    status = foresight__make_budget(f);
  }
  if (price && !(f->idle_price > 0)) {
    hearth_state_refuse(s, "idle_price", "there is none");
  } else if (price && status == HEARTH_OK) {
    status = foresight__make_price(f);
  }
  if (status != HEARTH_OK) {
    hearth_state_fail(s, status, NULL, "out of memory");
  }
}

/* All but the last two sections, which grow with the users. */
static void visit_first(hearth_state *s, hearth_plugin *f, uint32_t most,
                        char *room) {
  visit_models(s, f, most, room);
  visit_tasks(s, f, room);
  hearth_state_section(s, "within");
  foresight_within_state(s, f->within);
  visit_pool(s, f);
  if (f->budget != NULL && hearth_state_ok(s)) {
    hearth_state_section(s, "budget");
    foresight_budget_state(s, f->budget);
  }
  if (f->price != NULL && hearth_state_ok(s)) {
    hearth_state_section(s, "price");
    foresight_price_state(s, f->price);
  }
  hearth_state_section(s, "seen");
  hearth_seen_state(s, &f->seen);
}

static void visit_last(hearth_state *s, hearth_plugin *f) {
  const uint32_t models = hearth_names_count(f->names);
  hearth_state_section(s, "users");
  foresight_users_state(s, f->users, models);
  hearth_state_section(s, "next");
  foresight_next_state(s, f->next, models);
}

/* All is saved as of one moment.  Calls wait while the heads of the first
   sections are copied, to be written from there while calls go on; what `next`
   should learn in the meantime is noted (inbox.h).  Without memory for copies
   they wait longer: until those sections are written. */
hearth_status foresight__save(hearth_plugin *f, const hearth_call *call,
                              hearth_sink *out) {
  hearth_state s;
  if (f == NULL || out == NULL) {
    return HEARTH_BAD_ARG;
  }
  hearth_state_save(&s, &f->memory, call, out, FORESIGHT_ID, FORMAT, 0,
                    (uint64_t)f->config.seed);
  hearth_plugin *twin = foresight__twin(f);
  foresight__expect_notes(f);
  foresight__alone(f);
  s.cursor = foresight__outcomes(f);
  const int apart = twin != NULL && foresight__become(twin, f) == 0;
  if (apart) {
    foresight__share_next(f);
  }
  visit_first(&s, apart ? twin : f, FORESIGHT_USERS_MODELS, NULL);
  if (!apart) {
    foresight__share_next(f);
  }
  visit_last(&s, f);
  foresight__unshare_next(f);
  foresight__twin_free(twin);
  return hearth_state_end(&s);
}

/* The catalog is the host's word, not what was learned. */
static hearth_status keep_catalog(hearth_plugin *to,
                                  const hearth_plugin *from) {
  const uint32_t known = hearth_names_count(from->names);
  hearth_catalog_model *items =
      hearth_zalloc(&from->memory, (size_t)known + 1, sizeof *items);
  uint32_t count = 0;
  if (items == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t id = 0; id < known; id++) {
    const foresight_model *m = &from->models[id];
    if (m->candidate) {
      items[count++] =
          (hearth_catalog_model){.model = hearth_names_text(from->names, id),
                                 .memory_mb = m->memory_mb,
                                 .load_ms = m->guess_ms};
    }
  }
  const hearth_list catalog = {items, count, count};
  const hearth_status status =
      count > 0 ? foresight__take_catalog(to, &catalog) : HEARTH_OK;
  hearth_release(&from->memory, items);
  return status;
}

static void exchange(hearth_plugin *f, hearth_plugin *made) {
  const foresight_locks locks = made->locks;
  hearth_memory_count *const count = f->own_count;
  foresight__alone(f);
  for (uint32_t i = 0; i < FORESIGHT_DESKS; i++) { /* not of the state */
    made->desks[i].predictions = f->desks[i].predictions;
  }
  made->locks = f->locks; /* others may wait for them */
  const hearth_plugin old = *f;
  *f = *made;
  *made = old;
  made->locks = locks;
  made->own_count = NULL;
  f->own_count = count;
  if (f->price != NULL) {
    foresight_price_set_user(f->price, f);
  }
  foresight__not_alone(f);
}

static void read_into(hearth_state *s, const hearth_plugin *f,
                      hearth_plugin **made) {
  char *room = hearth_resize(&f->memory, NULL, HEARTH_STATE_MOST_TEXT);
  hearth_status status = foresight__new_like(f, s->seed, made);
  if (room == NULL || status != HEARTH_OK) {
    status = HEARTH_NO_MEMORY;
  } else {
    (*made)->desks[0].outcomes = s->cursor;
    visit_first(s, *made, most_models(f), room);
    visit_last(s, *made);
  }
  hearth_release(&f->memory, room);
  if (status != HEARTH_OK) {
    hearth_state_fail(s, status, NULL, "out of memory");
  }
}

hearth_status foresight__load(hearth_plugin *f, const hearth_call *call,
                              hearth_source *in) {
  hearth_state s;
  hearth_plugin *made = NULL;
  if (f == NULL || in == NULL) {
    return HEARTH_BAD_ARG;
  }
  hearth_state_load(&s, &f->memory, call, in, FORESIGHT_ID, FORMAT);
  if (hearth_state_ok(&s) && s.version < OLDEST) {
    hearth_state_fail(&s, HEARTH_STATE_VERSION, NULL,
                      "it is of an older version of this plugin");
  }
  if (hearth_state_ok(&s)) {
    read_into(&s, f, &made);
  }
  hearth_status status = hearth_state_end(&s);
  if (status == HEARTH_OK) {
    status = keep_catalog(made, f);
  }
  if (status == HEARTH_OK) {
    exchange(f, made);
  }
  foresight__destroy(made);
  return status;
}
