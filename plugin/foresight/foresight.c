/* SPDX-License-Identifier: MIT
   Foresight, the predictor: the plugin's entry and its instances. */
#include "plugin/sdk/cold.h"

#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "plugin/foresight/inside.h"
#include "plugin/foresight/reflect.h"
#include "plugin/sdk/define.h"
#include "plugin/sdk/wire/decode.h"

#define USER_BYTES 308.0 /* a user's record and its place in the index */
#define USUAL_RATE 0.05 /* the learning rate that the heads were tuned to */
enum { LEAST_USERS = 64, MOST_USERS = 1 << 24 };

void foresight__destroy(hearth_plugin *f) {
  if (f == NULL) {
    return;
  }
  foresight_price_free(f->price);
  foresight_budget_free(f->budget);
  foresight_within_free(f->within);
  foresight_next_free(f->next);
  foresight_users_free(f->users);
  hearth_names_free(f->tasks);
  hearth_names_free(f->names);
  foresight__desks_free(f);
  foresight_locks_free(&f->memory, &f->locks);
  hearth_release(&f->memory, f->inbox.ring);
  hearth_release(&f->memory, f->models);
  hearth_memory_user memory = f->memory;
  memory.count = NULL; /* that was before all counting */
  hearth_release(&memory, f->own_count);
  hearth_release(&memory, f);
}

/* As many users as there might be room for, if there were nothing else: the
   store is full when no more memory is given. */
static uint32_t users_cap(const hearth_plugin *f) {
  if (f->config.max_memory_mb < 0) {
    return FORESIGHT_USERS;
  }
  const double users = f->config.max_memory_mb * 1048576.0 / USER_BYTES;
  return users < LEAST_USERS ? LEAST_USERS
         : users > MOST_USERS ? MOST_USERS
                              : (uint32_t)users;
}

/* max_memory_mb holds for all that the instance allocates from here on, and for
   itself, which is not counted: twice, since another is made to load a state.
   The last sixteenth is not for users, so that new models find room. */
static void set_limit(hearth_plugin *f) {
  const double own = 2 * (double)sizeof *f + (double)sizeof *f->own_count;
  const double most = f->config.max_memory_mb * 1048576.0;
  f->memory.count->limit = most < 0 || most > 1e18 ? UINT64_MAX
                           : most > own            ? (uint64_t)(most - own)
                                                   : 0;
}

static hearth_memory_user memory_of_users(const hearth_plugin *f) {
  hearth_memory_user memory = f->memory;
  memory.spare = memory.count->limit / 16;
  return memory;
}

/* Where not even the heads had room. */
static hearth_status say_what_it_takes(const hearth_plugin *f,
                                       const hearth_call *call,
                                       hearth_status status) {
  static const char said[] = "max_memory_mb: too little; Foresight takes 6 MB, "
                             "10 KB a model and 0.3 KB a user, and to load a "
                             "state twice that for a moment";
  if (status == HEARTH_NO_MEMORY && f->memory.count != NULL &&
      f->memory.count->limit != UINT64_MAX && call != NULL && call->err_cap) {
    const uint64_t len = sizeof said < call->err_cap ? sizeof said
                                                     : call->err_cap;
    memcpy(call->err, said, (size_t)len);
    call->err[len - 1] = '\0';
  }
  return status;
}

int foresight__make_room(hearth_plugin *f) {
  const uint32_t users = foresight_users_count(f->users);
  if (f->memory.count->limit == UINT64_MAX || users <= LEAST_USERS) {
    return 0;
  }
  foresight_next_limit_users(f->next, users - users / 8 - 1);
  return 1;
}

int foresight__give_way(hearth_plugin *f) {
  foresight__alone(f);
  const int more = foresight__make_room(f);
  foresight__not_alone(f);
  return more;
}

static hearth_status make_heads(hearth_plugin *f) {
  const uint64_t seed = (uint64_t)f->config.seed;
  const hearth_memory_user users = memory_of_users(f);
  if (foresight_locks_init(&f->memory, &f->locks) != HEARTH_OK) {
    return HEARTH_NO_MEMORY;
  }
  f->names = hearth_names_new(&f->memory, seed, FORESIGHT_USERS_MODELS);
  f->tasks = hearth_names_new(&f->memory, seed, FORESIGHT_TASKS - 1);
  f->users = foresight_users_new(&users, users_cap(f));
  if (f->names == NULL || f->tasks == NULL || f->users == NULL) {
    return HEARTH_NO_MEMORY;
  }
  f->next = foresight_next_new(&f->memory, f->users, 64, f->off.next);
  f->within = foresight_within_create(&f->memory, f->off.within);
  if (f->next == NULL || f->within == NULL) {
    return HEARTH_NO_MEMORY;
  }
  foresight_next_set_rate(f->next,
                          (float)(f->config.learning_rate / USUAL_RATE));
  foresight_next_set_decay(f->next, f->config.decay_rate);
  return HEARTH_OK;
}

/* The configuration, decoded twice: first to see how many models it holds. */
static hearth_status configure(hearth_plugin *f, const hearth_call *call,
                               hearth_bytes bytes) {
  char *err = call != NULL ? call->err : NULL;
  const uint64_t err_cap = call != NULL ? call->err_cap : 0;
  hearth_message_init(&hearth_config_schema, &f->config);
  set_limit(f);
  if (bytes.len == 0) {
    return make_heads(f);
  }
  hearth_status status =
      hearth_decode(&hearth_config_schema, bytes, &f->config, err, err_cap);
  if (status == HEARTH_OK) {
    status = foresight__ablate(f->config.ablate, &f->off, err, err_cap);
  }
  if (status == HEARTH_OK) {
    set_limit(f);
    status = make_heads(f);
  }
  const uint32_t count = f->config.models.count;
  if (status == HEARTH_OK && count > 0) {
    hearth_catalog_model *items =
        hearth_zalloc(&f->memory, count, sizeof *items);
    if (items == NULL) {
      return HEARTH_NO_MEMORY;
    }
    hearth_message_init(&hearth_config_schema, &f->config);
    f->config.models = (hearth_list){items, count, 0};
    status =
        hearth_decode(&hearth_config_schema, bytes, &f->config, err, err_cap);
    if (status == HEARTH_OK) {
      status = foresight__take_catalog(f, &f->config.models);
    }
    hearth_release(&f->memory, items);
  }
  f->config.models = (hearth_list){NULL, 0, 0};
  f->config.ablate = (hearth_str){NULL, 0};
  return status;
}

hearth_status foresight__new_like(const hearth_plugin *f, uint64_t seed,
                                  hearth_plugin **out) {
  hearth_memory_user memory = f->memory;
  memory.count = NULL;
  hearth_plugin *made = hearth_zalloc(&memory, 1, sizeof *made);
  if (made == NULL) {
    return HEARTH_NO_MEMORY;
  }
  made->host = f->host;
  made->memory = f->memory;
  made->config = f->config;
  made->config.seed = (int64_t)seed;
  made->off = f->off;
  const hearth_status status = make_heads(made);
  if (status != HEARTH_OK) {
    foresight__destroy(made);
    return status;
  }
  *out = made;
  return HEARTH_OK;
}

static hearth_status create(const hearth_plugin_entry *self,
                            const hearth_host *host, const hearth_call *call,
                            hearth_bytes config, hearth_plugin **out) {
  (void)self;
  const hearth_memory_user memory = hearth_memory_of(host);
  hearth_plugin *f = hearth_zalloc(&memory, 1, sizeof *f);
  if (f == NULL) {
    return HEARTH_NO_MEMORY;
  }
  f->host = host;
  f->memory = memory;
  f->own_count = hearth_zalloc(&memory, 1, sizeof *f->own_count);
  f->memory.count = f->own_count;
  const hearth_status status = f->own_count == NULL
                                   ? HEARTH_NO_MEMORY
                                   : say_what_it_takes(
                                         f, call, configure(f, call, config));
  if (status != HEARTH_OK) {
    foresight__destroy(f);
    return status;
  }
  *out = f;
  return HEARTH_OK;
}

static hearth_status metric(hearth_plugin *f, uint32_t index,
                            hearth_metric *out) {
  uint64_t predictions = 0;
  hearth_striped_write(f->locks.shape);
  for (uint32_t i = 0; i < FORESIGHT_DESKS; i++) {
    predictions += f->desks[i].predictions;
  }
  const hearth_metric all[] = {
      {sizeof(hearth_metric), HEARTH_METRIC_COUNTER, "predictions",
       "Answers of prepare_models.", (double)predictions},
      {sizeof(hearth_metric), HEARTH_METRIC_COUNTER, "outcomes",
       "Outcomes learned from.", (double)foresight__outcomes(f)},
      {sizeof(hearth_metric), HEARTH_METRIC_GAUGE, "models",
       "Models known.", (double)hearth_names_count(f->names)},
      {sizeof(hearth_metric), HEARTH_METRIC_GAUGE, "users",
       "Users remembered.", (double)foresight_users_count(f->users)},
      {sizeof(hearth_metric), HEARTH_METRIC_GAUGE, "memory_bytes",
       "Memory taken.",
       (double)sizeof *f + (double)atomic_load(&f->memory.count->used)}};
  hearth_striped_write_end(f->locks.shape);
  if (index >= sizeof all / sizeof *all) {
    return HEARTH_NO_OPINION;
  }
  const uint32_t size = out->size < sizeof *out ? out->size : sizeof *out;
  memcpy(out, &all[index], size);
  out->size = size;
  return HEARTH_OK;
}

const void *foresight__extension(hearth_plugin *f, const char *id) {
  static const hearth_predict predict = {.size = sizeof predict,
                                         .predict = foresight__predict};
  static const hearth_explain explain = {.size = sizeof explain,
                                         .explain = foresight__explain};
  static const hearth_metrics metrics = {.size = sizeof metrics,
                                         .get = metric};
  (void)f;
  if (strcmp(id, HEARTH_EXT_PREDICT) == 0) {
    return &predict;
  }
  if (strcmp(id, HEARTH_EXT_EXPLAIN) == 0) {
    return &explain;
  }
  if (strcmp(id, HEARTH_EXT_REFLECT) == 0) {
    return &foresight__reflect;
  }
  return strcmp(id, HEARTH_EXT_METRICS) == 0 ? &metrics : NULL;
}

HEARTH_DEFINE_PLUGIN(
    .id = FORESIGHT_ID, .name = "foresight", .vendor = "Hearth",
    .version = "0.1.0",
    .description = "Learns which model is used when, and by whom, and holds "
                   "what is worth holding",
    .caps = HEARTH_CAP_DETERMINISTIC | HEARTH_CAP_STATE |
            HEARTH_CAP_CONCURRENT_SAVE | HEARTH_CAP_REENTRANT |
            HEARTH_CAP_UNLOADABLE,
    .create = create,
    .destroy = foresight__destroy, .set_catalog = foresight__set_catalog,
    .prepare_models = foresight__prepare,
    .get_model_metadata = foresight__metadata,
    .record_outcome = foresight__outcome, .save_state = foresight__save,
    .load_state = foresight__load,
    .get_extension = foresight__extension);
