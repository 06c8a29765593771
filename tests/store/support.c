/* SPDX-License-Identifier: MIT
   What the tests of the store share. */
#include "tests/store/support.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

static char folder[200];
static char logged[1 << 16];
static size_t logged_len;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

void support_begin(void) {
  const char *tmp = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/hearth-store-XXXXXX",
           tmp != NULL && strlen(tmp) < 100 ? tmp : "/tmp");
  if (mkdtemp(folder) == NULL) {
    perror(folder);
    abort();
  }
  support_forget_log();
}

static DIR *open_folder(void) {
  DIR *const dir = opendir(folder);
  if (dir == NULL) {
    perror(folder);
    abort();
  }
  return dir;
}

void support_end(void) {
  DIR *const dir = open_folder();
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    char name[600];
    snprintf(name, sizeof name, "%s/%s", folder, e->d_name);
    (void)unlink(name);
  }
  closedir(dir);
  (void)rmdir(folder);
}

const char *support_path(const char *name) {
  static char results[8][600];
  static unsigned turn;
  char *const result = results[turn++ % 8];
  snprintf(result, sizeof results[0], "%s/%s", folder, name);
  return result;
}

/* A sink that never allocates: memory fails in some of the tests. */
struct fixed {
  hearth_sink sink;
  uint8_t *bytes;
  uint64_t len;
};

enum { FIXED = 1024 };

static hearth_status write_fixed(hearth_sink *sink, const void *data,
                                 uint64_t len) {
  struct fixed *const to = (struct fixed *)(void *)sink;
  if (len > FIXED - to->len) {
    return HEARTH_LIMIT;
  }
  memcpy(to->bytes + to->len, data, (size_t)len);
  to->len += len;
  return HEARTH_OK;
}

static hearth_bytes encode(const hearth_outcome *outcome) {
  static _Thread_local uint8_t bytes[FIXED];
  struct fixed to = {{sizeof(hearth_sink), 0, write_fixed}, bytes, 0};
  if (hearth_encode(&hearth_outcome_schema, outcome, &to.sink) != HEARTH_OK) {
    abort();
  }
  return (hearth_bytes){bytes, to.len};
}

hearth_bytes support_outcome(uint64_t n) {
  char request[40], user[40], model[40];
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  snprintf(request, sizeof request, "r-%llu", (unsigned long long)n / 2);
  snprintf(user, sizeof user, "u%llu", (unsigned long long)(n / 2 % 10));
  snprintf(model, sizeof model, "m%llu", (unsigned long long)(n / 2 % 7));
  outcome.request_id = hearth_str_from(request);
  outcome.at_ms = 1000000 + (int64_t)n * 10;
  if (n % 2 == 0) {
    outcome.phase = HEARTH_PHASE_STARTED;
    outcome.model = hearth_str_from(model);
    outcome.state = HEARTH_STATE_WARM;
    outcome.task = hearth_str_from("completion");
    outcome.input_length = 500;
    outcome.user.id = hearth_str_from(user);
    outcome.user.session_id = hearth_str_from("session-0123456789");
    outcome.project.id = hearth_str_from("project-of-some-name");
    outcome.project.language = hearth_str_from("rust");
  } else {
    outcome.phase = HEARTH_PHASE_FINISHED;
    outcome.wait_ms = 3;
    outcome.duration_ms = (int64_t)(n % 5000);
  }
  return encode(&outcome);
}

hearth_bytes support_started(const char *request, const char *user,
                             const char *model, int64_t at_ms) {
  hearth_outcome outcome;
  hearth_message_init(&hearth_outcome_schema, &outcome);
  outcome.at_ms = at_ms;
  outcome.phase = HEARTH_PHASE_STARTED;
  outcome.request_id = hearth_str_from(request);
  outcome.model = hearth_str_from(model);
  if (user != NULL) {
    outcome.user.id = hearth_str_from(user);
  }
  return encode(&outcome);
}

static void keep_log(void *user, int32_t level, const char *message) {
  (void)user;
  (void)level;
  (void)pthread_mutex_lock(&log_lock);
  const size_t len = strlen(message);
  if (logged_len + len + 2 < sizeof logged) {
    memcpy(logged + logged_len, message, len);
    logged_len += len;
    logged[logged_len++] = '\n';
    logged[logged_len] = '\0';
  }
  (void)pthread_mutex_unlock(&log_lock);
}

void support_options(hearth_store_options *options) {
  hearth_store_options_init(options);
  options->log = keep_log;
}

int support_logged(const char *text) {
  (void)pthread_mutex_lock(&log_lock);
  const int found = strstr(logged, text) != NULL;
  (void)pthread_mutex_unlock(&log_lock);
  return found;
}

void support_forget_log(void) {
  (void)pthread_mutex_lock(&log_lock);
  logged_len = 0;
  logged[0] = '\0';
  (void)pthread_mutex_unlock(&log_lock);
}

hearth_store *support_open(const char *path, const hearth_store_options *o) {
  hearth_store_options options;
  hearth_store *store = NULL;
  char err[5000] = "";
  support_options(&options);
  if (hearth_store_open(path, o != NULL ? o : &options, &store, err,
                        sizeof err) != HEARTH_OK) {
    printf("# %s\n", err);
    return NULL;
  }
  return store;
}

void support_record(hearth_store *store, uint64_t first, uint64_t n) {
  char err[5000] = "";
  hearth_status status = HEARTH_OK;
  for (uint64_t i = 0; i < n && status == HEARTH_OK; i++) {
    status = hearth_store_record(store, support_outcome(first + i), NULL, err,
                                 sizeof err);
  }
  if (status == HEARTH_OK) {
    status = hearth_store_flush(store, -1, NULL, err, sizeof err);
  }
  if (status != HEARTH_OK) {
    printf("# %d: %s\n", status, err);
  }
}

int support_close(hearth_store *store) {
  char err[5000] = "";
  const hearth_status status = hearth_store_close(store, err, sizeof err);
  if (status != HEARTH_OK) {
    printf("# %d: %s\n", status, err);
  }
  return status == HEARTH_OK;
}

struct counting {
  int64_t count, of_series;
  uint64_t last, n;
  uint8_t *seen;
};

static hearth_status count_one(void *user, uint64_t sequence,
                               hearth_bytes outcome) {
  struct counting *const c = user;
  if (sequence <= c->last) {
    return HEARTH_INTERNAL;
  }
  c->last = sequence;
  c->count++;
  hearth_outcome message; /* its time tells its place in the series */
  hearth_message_init(&hearth_outcome_schema, &message);
  if (c->seen != NULL && hearth_decode(&hearth_outcome_schema, outcome,
                                       &message, NULL, 0) == HEARTH_OK) {
    const uint64_t i = (uint64_t)(message.at_ms - 1000000) / 10;
    const hearth_bytes want = support_outcome(i);
    if (i < c->n && !c->seen[i] && want.len == outcome.len &&
        memcmp(want.data, outcome.data, (size_t)want.len) == 0) {
      c->seen[i] = 1;
      c->of_series++;
    }
  }
  return HEARTH_OK;
}

static int64_t count(hearth_store *store, struct counting *c) {
  char err[5000] = "";
  const hearth_status status =
      hearth_store_replay(store, 0, count_one, c, err, sizeof err);
  if (status != HEARTH_OK) {
    printf("# replay: %d: %s\n", status, err);
    return -1;
  }
  return 0;
}

int64_t support_count(hearth_store *store) {
  struct counting c = {0};
  return count(store, &c) == 0 ? c.count : -1;
}

int64_t support_count_series(hearth_store *store, uint64_t n) {
  struct counting c = {.n = n, .seen = calloc((size_t)n + 1, 1)};
  const int64_t failed = c.seen != NULL ? count(store, &c) : -1;
  free(c.seen);
  return failed == 0 ? c.of_series : -1;
}

int support_save(hearth_store *store, const char *plugin, const char *version,
                 uint64_t cursor, uint64_t len, uint8_t fill) {
  char err[5000] = "";
  uint8_t *const data = malloc((size_t)len + 1);
  if (data == NULL) {
    abort();
  }
  for (uint64_t i = 0; i < len; i++) {
    data[i] = (uint8_t)(fill + i % 251);
  }
  const hearth_snapshot snapshot = {.plugin_id = plugin,
                                    .plugin_version = version,
                                    .cursor = cursor,
                                    .taken_at_ms = 77,
                                    .state = {data, len}};
  const hearth_status status =
      hearth_store_save_snapshot(store, &snapshot, err, sizeof err);
  free(data);
  if (status != HEARTH_OK) {
    printf("# %d: %s\n", status, err);
  }
  return status == HEARTH_OK;
}

uint8_t *support_read(const char *path, uint64_t *len) {
  FILE *const file = fopen(path, "rb");
  if (file == NULL) {
    return NULL;
  }
  (void)fseek(file, 0, SEEK_END);
  const long size = ftell(file);
  rewind(file);
  uint8_t *const data = malloc((size_t)size + 1);
  *len = data != NULL ? fread(data, 1, (size_t)size, file) : 0;
  fclose(file);
  return data;
}

int support_write(const char *path, const void *data, uint64_t len) {
  FILE *const file = fopen(path, "wb");
  if (file == NULL) {
    return 0;
  }
  const size_t wrote = len > 0 ? fwrite(data, 1, (size_t)len, file) : 0;
  return fclose(file) == 0 && wrote == len;
}

int support_files(const char *text) {
  DIR *const dir = open_folder();
  int found = 0;
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    found += strstr(e->d_name, text) != NULL;
  }
  closedir(dir);
  return found;
}

const char *support_file(const char *text) {
  DIR *const dir = open_folder();
  const char *path = NULL;
  for (struct dirent *e; path == NULL && (e = readdir(dir)) != NULL;) {
    if (strstr(e->d_name, text) != NULL && strstr(e->d_name, "-wal") == NULL) {
      path = support_path(e->d_name);
    }
  }
  closedir(dir);
  return path;
}
