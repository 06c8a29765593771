/* SPDX-License-Identifier: MIT
   A long run of calls on a Foresight instance, and all that it answers. */
#include "tests/foresight/course.h"

#include <stdio.h>
#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/predict.h"

static uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* What step i is about. */
typedef struct step {
  char user[16], model[16], request[24], task[16];
  int64_t now;
  uint64_t chance;
  int cold;
} step;

static step step_at(const course *c, uint64_t i) {
  step s;
  s.chance = mix(i);
  const unsigned user = (unsigned)(s.chance % COURSE_USERS);
  const unsigned habit = user * 3 + (unsigned)(i / 7 % 3);
  const unsigned model =
      s.chance >> 8 & 3 ? habit : (unsigned)(s.chance >> 16 & 1023);
  s.now = 1700000000000 + (int64_t)i * 23000 + (int64_t)(i / 40) * 5400000;
  snprintf(s.user, sizeof s.user, "%s%u", c->users ? "user" : "", user);
  if (!c->users) {
    s.user[0] = '\0';
  }
  snprintf(s.model, sizeof s.model, "m%u", model % COURSE_MODELS);
  snprintf(s.request, sizeof s.request, "r%llu", (unsigned long long)i);
  snprintf(s.task, sizeof s.task, "task%u", (unsigned)(s.chance >> 20 & 3));
  s.cold = (s.chance >> 24 & 3) == 0;
  return s;
}

static void note(hearth_buffer *log, hearth_status status,
                 const hearth_buffer *answer) {
  const uint8_t code = (uint8_t)status;
  if (log) {
    (void)log->sink.write(&log->sink, &code, 1);
    if (status == HEARTH_OK && answer) {
      (void)log->sink.write(&log->sink, answer->data, answer->len);
    }
  }
}

typedef hearth_status (*question)(hearth_plugin *, const hearth_call *,
                                  hearth_bytes, hearth_sink *);

static void put(question ask, hearth_plugin *plugin,
                const hearth_schema *schema, const void *message,
                hearth_buffer *log) {
  hearth_buffer bytes, answer;
  hearth_buffer_init(&bytes, 0);
  hearth_buffer_init(&answer, 0);
  (void)hearth_encode(schema, message, &bytes.sink);
  const hearth_status status =
      ask(plugin, NULL, hearth_buffer_bytes(&bytes), &answer.sink);
  note(log, status, &answer);
  hearth_buffer_free(&bytes);
  hearth_buffer_free(&answer);
}

static hearth_context context_of(const course *c, const step *s,
                                 int32_t reason) {
  hearth_context context;
  hearth_message_init(&hearth_context_schema, &context);
  context.reason = reason;
  context.now_ms = s->now;
  context.request_id = hearth_str_from(s->request);
  context.user.id = hearth_str_from(s->user);
  context.task = hearth_str_from(s->task);
  context.input_length = (int64_t)(s->chance >> 28 & 255);
  context.project.id = hearth_str_from(s->chance & 1 ? "atlas" : "");
  context.pool.budget_mb = c->budget_mb;
  context.pool.idle_price = c->idle_price;
  context.pool.load_lanes = 2;
  context.pool.used_mb = 2048;
  context.want_reasons = s->chance % 3 == 0;
  return context;
}

static void ask(const course *c, hearth_plugin *plugin, const step *s,
                int32_t reason, hearth_buffer *log) {
  if (c->silent) {
    return;
  }
  const hearth_context context = context_of(c, s, reason);
  put(foresight_entry.prepare_models, plugin, &hearth_context_schema, &context,
      log);
}

static void tell(const course *c, hearth_plugin *plugin, const step *s,
                 int32_t phase, int64_t now, hearth_buffer *log) {
  hearth_outcome o;
  hearth_buffer bytes;
  hearth_message_init(&hearth_outcome_schema, &o);
  hearth_buffer_init(&bytes, 0);
  o.phase = phase;
  o.at_ms = now;
  o.model = hearth_str_from(s->model);
  o.request_id = hearth_str_from(s->request);
  o.user.id = hearth_str_from(s->user);
  o.user.session_ms = (int64_t)(s->chance >> 40 & 0xffff);
  o.task = hearth_str_from(s->task);
  o.input_length = (int64_t)(s->chance >> 28 & 255);
  o.project.id = hearth_str_from(s->chance & 1 ? "atlas" : "");
  o.state = s->cold ? HEARTH_STATE_COLD : HEARTH_STATE_WARM;
  o.load = HEARTH_LOAD_DEMAND;
  o.duration_ms = phase == HEARTH_PHASE_FINISHED ? 1500 : -1;
  o.wait_ms = phase == HEARTH_PHASE_FINISHED && s->cold ? 9000 : -1;
  o.load_ms = phase == HEARTH_PHASE_LOADED
                  ? 8000 + (int64_t)(s->chance >> 36 & 4095)
                  : -1;
  if (phase == HEARTH_PHASE_STARTED) {
    const hearth_context context = context_of(c, s, HEARTH_REASON_SETTLED);
    o.pool = hearth_pool_terms_of(&context.pool);
  }
  (void)hearth_encode(&hearth_outcome_schema, &o, &bytes.sink);
  note(
      log,
      foresight_entry.record_outcome(plugin, NULL, hearth_buffer_bytes(&bytes)),
      NULL);
  hearth_buffer_free(&bytes);
}

static void look_around(const course *c, hearth_plugin *plugin, const step *s,
                        hearth_buffer *log) {
  const hearth_predict *predict =
      foresight_entry.get_extension(plugin, HEARTH_EXT_PREDICT);
  const hearth_explain *explain =
      foresight_entry.get_extension(plugin, HEARTH_EXT_EXPLAIN);
  const hearth_context context = context_of(c, s, HEARTH_REASON_REQUEST);
  const hearth_metadata_query query = {.model = hearth_str_from(s->model),
                                       .now_ms = s->now};
  put(predict->predict, plugin, &hearth_context_schema, &context, log);
  put(explain->explain, plugin, &hearth_context_schema, &context, log);
  put(foresight_entry.get_model_metadata, plugin, &hearth_metadata_query_schema,
      &query, log);
}

void course_step(const course *c, hearth_plugin *plugin, uint64_t i,
                 hearth_buffer *log) {
  const step s = step_at(c, i);
  ask(c, plugin, &s, i % 13 == 0 ? HEARTH_REASON_INTENT : HEARTH_REASON_REQUEST,
      log);
  tell(c, plugin, &s, HEARTH_PHASE_STARTED, s.now, log);
  ask(c, plugin, &s, HEARTH_REASON_SETTLED, log);
  if (s.cold) {
    tell(c, plugin, &s, HEARTH_PHASE_LOADED, s.now + 9000, log);
  }
  if (i >= 2) {
    const step before = step_at(c, i - 2);
    tell(c, plugin, &before, HEARTH_PHASE_FINISHED, s.now + 10000, log);
  }
  if (i >= 5 && i % 4 == 0) {
    const step before = step_at(c, i - 5);
    tell(c, plugin, &before,
         i % 3 ? HEARTH_PHASE_EVICTED : HEARTH_PHASE_LOAD_CANCELLED,
         s.now + 11000, log);
  }
  if (i % 11 == 0) {
    ask(c, plugin, &s, HEARTH_REASON_TICK, log);
  }
  if (i % 17 == 0 && !c->silent) {
    look_around(c, plugin, &s, log);
    tell(c, plugin, &s, HEARTH_PHASE_STARTED, s.now, log); /* once more */
  }
}

void course_run(const course *c, hearth_plugin *plugin, uint64_t from,
                uint64_t to, hearth_buffer *log) {
  for (uint64_t i = from; i < to; i++) {
    course_step(c, plugin, i, log);
  }
}

void course_ask(const course *c, hearth_plugin *plugin, uint64_t i,
                const char *user, hearth_buffer *log) {
  const hearth_predict *predict =
      foresight_entry.get_extension(plugin, HEARTH_EXT_PREDICT);
  step s = step_at(c, i);
  snprintf(s.user, sizeof s.user, "%s", user);
  const hearth_context context = context_of(c, &s, HEARTH_REASON_REQUEST);
  put(foresight_entry.prepare_models, plugin, &hearth_context_schema, &context,
      log);
  put(predict->predict, plugin, &hearth_context_schema, &context, log);
}

hearth_status course_catalog(hearth_plugin *plugin, uint32_t first,
                             uint32_t models, double memory_mb) {
  hearth_catalog_model items[COURSE_MODELS];
  char names[COURSE_MODELS][8];
  hearth_buffer bytes;
  models = models < COURSE_MODELS ? models : COURSE_MODELS;
  for (uint32_t m = 0; m < models; m++) {
    hearth_message_init(&hearth_catalog_model_schema, &items[m]);
    snprintf(names[m], sizeof names[m], "m%u", (unsigned)(first + m) % 9999);
    items[m].model = hearth_str_from(names[m]);
    items[m].memory_mb = memory_mb;
    items[m].load_ms = 9000;
  }
  const hearth_catalog catalog = {.models = {items, models, models}};
  hearth_buffer_init(&bytes, 0);
  (void)hearth_encode(&hearth_catalog_schema, &catalog, &bytes.sink);
  const hearth_status status =
      foresight_entry.set_catalog(plugin, NULL, hearth_buffer_bytes(&bytes));
  hearth_buffer_free(&bytes);
  return status;
}

hearth_plugin *course_create(const hearth_host *host,
                             const hearth_config *config, uint32_t models) {
  hearth_plugin *plugin = NULL;
  hearth_buffer bytes;
  hearth_buffer_init(&bytes, 0);
  if (config) {
    (void)hearth_encode(&hearth_config_schema, config, &bytes.sink);
  }
  hearth_status status = foresight_entry.create(
      &foresight_entry, host, NULL, hearth_buffer_bytes(&bytes), &plugin);
  hearth_buffer_free(&bytes);
  if (status == HEARTH_OK && models > 0) {
    status = course_catalog(plugin, 0, models, 1024);
  }
  if (status != HEARTH_OK) {
    foresight_entry.destroy(plugin);
    return NULL;
  }
  return plugin;
}

hearth_status course_save(hearth_plugin *plugin, hearth_buffer *state) {
  hearth_buffer_init(state, 0);
  return foresight_entry.save_state(plugin, NULL, &state->sink);
}

typedef struct bytes_source {
  hearth_source source; /* first: it is a source */
  hearth_bytes left;
  uint64_t chunk;
} bytes_source;

static hearth_status read_bytes(hearth_source *source, void *data, uint64_t cap,
                                uint64_t *got) {
  bytes_source *b = (bytes_source *)source;
  uint64_t n = b->chunk && b->chunk < cap ? b->chunk : cap;
  n = n < b->left.len ? n : b->left.len;
  if (n > 0) {
    memcpy(data, b->left.data, (size_t)n);
    b->left.data += n;
    b->left.len -= n;
  }
  *got = n;
  return HEARTH_OK;
}

hearth_status course_load(hearth_plugin *plugin, hearth_bytes state,
                          uint64_t chunk, char *err) {
  bytes_source b = {.source = {.size = sizeof b.source, .read = read_bytes},
                    .left = state,
                    .chunk = chunk};
  const hearth_call call = {
      .size = sizeof call, .err = err, .err_cap = err ? 256 : 0};
  if (err) {
    err[0] = '\0';
  }
  return foresight_entry.load_state(plugin, &call, &b.source);
}
