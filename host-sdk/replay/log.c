/* SPDX-License-Identifier: MIT
   What a replay did, and what it was told, as CSV. */
#include "host-sdk/replay/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static hearth_status complain(const char *path, char *err, uint64_t err_cap) {
  if (err != NULL && err_cap > 0) {
    snprintf(err, err_cap, "%s: can't write: %s", path, strerror(errno));
  }
  return HEARTH_BAD_ARG;
}

/* A pipe or a device is there already, and is written as it is. */
static int is_special(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

hearth_status hearth_log_open(hearth_log *log, const char *path,
                              const char *header, const hearth_models *models,
                              char *err, uint64_t err_cap) {
  *log = (hearth_log){.path = path, .models = models};
  if (path == NULL) {
    return HEARTH_OK;
  }
  if (!is_special(path)) {
    const size_t room = strlen(path) + sizeof ".part";
    log->unfinished = malloc(room);
    if (log->unfinished == NULL) {
      return HEARTH_NO_MEMORY;
    }
    snprintf(log->unfinished, room, "%s.part", path);
  }
  log->file = fopen(log->unfinished != NULL ? log->unfinished : path, "w");
  if (log->file == NULL) {
    free(log->unfinished);
    log->unfinished = NULL;
    return complain(path, err, err_cap);
  }
  fprintf(log->file, "%s\n", header);
  return HEARTH_OK;
}

/* A field, quoted where CSV asks for it. */
static void put_name(hearth_log *log, uint32_t model) {
  const hearth_str name = hearth_names_text(log->models->names, model);
  int quote = 0;
  for (uint64_t i = 0; i < name.len; i++) {
    quote |= name.data[i] == ',' || name.data[i] == '"' ||
             name.data[i] == '\n' || name.data[i] == '\r';
  }
  if (!quote) {
    fwrite(name.data, 1, (size_t)name.len, log->file);
    return;
  }
  putc('"', log->file);
  for (uint64_t i = 0; i < name.len; i++) {
    if (name.data[i] == '"') {
      putc('"', log->file);
    }
    putc(name.data[i], log->file);
  }
  putc('"', log->file);
}

static void line_begins(hearth_log *log, int64_t now, const char *event,
                        uint32_t model) {
  fprintf(log->file, "%" PRId64 ",%s,", now, event);
  put_name(log, model);
}

void hearth_log_request(hearth_log *log, int64_t now, uint32_t model,
                        uint64_t i) {
  if (log->file != NULL) {
    line_begins(log, now, "request", model);
    fprintf(log->file, ",%" PRIu64 "\n", i);
  }
}

void hearth_log_event(hearth_log *log, const hearth_sim_event *event) {
  static const char *const names[] = {
      [HEARTH_SIM_START] = "start", [HEARTH_SIM_LOAD] = "load",
      [HEARTH_SIM_READY] = "ready", [HEARTH_SIM_DONE] = "done",
      [HEARTH_SIM_EVICT] = "evict", [HEARTH_SIM_CANCEL] = "cancel"};
  if (log->file == NULL) {
    return;
  }
  line_begins(log, event->at_ms, names[event->kind], event->model);
  if (event->kind == HEARTH_SIM_START) {
    fprintf(log->file, ",%" PRId64 "\n", event->wait_ms);
  } else if (event->kind == HEARTH_SIM_LOAD) {
    fprintf(log->file, ",%s\n", event->demand ? "demand" : "prewarm");
  } else if (event->kind == HEARTH_SIM_EVICT) {
    fprintf(log->file, ",%s\n", event->expired ? "idle" : "room");
  } else {
    fputs(",\n", log->file);
  }
}

static void put_number(hearth_log *log, double value) {
  if (value < 0) {
    putc(',', log->file);
  } else {
    fprintf(log->file, ",%.6g", value);
  }
}

static void put_time(hearth_log *log, int64_t value) {
  if (value < 0) {
    putc(',', log->file);
  } else {
    fprintf(log->file, ",%" PRId64, value);
  }
}

void hearth_log_plan(hearth_log *log, int64_t now, const char *reason,
                     int64_t request, const hearth_plan *plan) {
  if (log->file == NULL) {
    return;
  }
  if (plan->count == 0) {
    fprintf(log->file, "%" PRId64 ",%s", now, reason);
    put_time(log, request);
    fputs(",,,,,,,,,,,\n", log->file);
  }
  for (uint32_t k = 0; k < plan->count; k++) {
    const hearth_plan_line *line = &plan->lines[k];
    fprintf(log->file, "%" PRId64 ",%s", now, reason);
    put_time(log, request);
    fprintf(log->file, ",%" PRIu32 ",", k);
    put_name(log, line->entry.model);
    fputs(line->entry.action == HEARTH_ACTION_WARM ? ",warm" : ",keep",
          log->file);
    put_number(log, line->confidence);
    put_number(log, line->p_next);
    for (int h = 0; h < HEARTH_HORIZONS; h++) {
      put_number(log, line->p_within[h]);
    }
    put_time(log, line->entry.start_at_ms);
    put_time(log, line->entry.warm_by_ms);
    put_time(log, line->entry.keep_for_ms);
    putc('\n', log->file);
  }
}

hearth_status hearth_log_close(hearth_log *log, int keep, char *err,
                               uint64_t err_cap) {
  hearth_status status = HEARTH_OK;
  if (log->file != NULL) {
    const int bad = ferror(log->file);
    const char *const unfinished = log->unfinished;
    if (fclose(log->file) != 0 || bad ||
        (keep && unfinished != NULL && rename(unfinished, log->path) != 0)) {
      status = complain(log->path, err, err_cap);
      keep = 0;
    }
    if (!keep && unfinished != NULL) {
      remove(unfinished);
    }
  }
  free(log->unfinished);
  log->file = NULL;
  log->unfinished = NULL;
  return status;
}
