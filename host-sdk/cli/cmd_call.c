/* SPDX-License-Identifier: MIT
   hearth call: a plugin's reflected functions, by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hearth/worker.h"
#include "host-sdk/cli/call_options.h"
#include "host-sdk/cli/call_print.h"
#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/rehearsal.h"
#include "host-sdk/reflect/argument.h"
#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/instance.h"
#include "host-sdk/reflect/message.h"
#include "host-sdk/replay/messenger_state.h"
#include "host-sdk/replay/policy.h"

enum { SENTENCE = 4600, STATE_MOST = 1 << 28 };

typedef struct job {
  hearth__call_options options;
  char path[SENTENCE];
  hearth_library *library;
  hearth_config config; /* its texts are in config_text */
  char *config_text;
  hearth__rehearsal
      rehearsal; /* with --trace; its models also with --catalog */
  hearth_function function;
  hearth__signature signature;
  hearth_buffer args, request;
  hearth_output answer;
  int exit_status; /* of what was done in `reached` */
  char err[SENTENCE + 256];
} job;

static int complain(const job *j, int status) {
  fprintf(stderr, "hearth call: %s\n", j->err);
  return status;
}

/* A plugin that failed says so with its name. */
static int blame(job *j, hearth_status status, const char *what,
                 const char *why) {
  snprintf(j->err, sizeof j->err, "%.200s: %.200s%s%.4000s",
           hearth_library_entry(j->library)->name, what,
           *what != '\0' ? ": " : "",
           *why != '\0' ? why : hearth_status_text(status));
  return complain(j, HEARTH__PLUGIN_FAILED);
}

/* A file that is not here may be among the plugins: "hearth-lru.so". */
static void find_plugin(job *j) {
  const char *name = j->options.plugin;
  const size_t len = strlen(name);
  char stem[256], err[SENTENCE];
  snprintf(j->path, sizeof j->path, "%s%s", strchr(name, '/') ? "" : "./",
           name);
  if (access(j->path, R_OK) == 0 || strchr(name, '/') != NULL || len < 11 ||
      len > sizeof stem || strncmp(name, "hearth-", 7) != 0 ||
      strcmp(name + len - 3, ".so") != 0) {
    return;
  }
  snprintf(stem, sizeof stem, "%.*s", (int)(len - 10), name + 7);
  char found[SENTENCE];
  if (hearth_find_plugin(hearth__plugin_path(), stem, found, sizeof found, err,
                         sizeof err) == HEARTH_OK) {
    snprintf(j->path, sizeof j->path, "%s", found);
  }
}

static int open_library(job *j) {
  const hearth__call_options *o = &j->options;
  /* A replay makes many calls without a deadline of their own. */
  const hearth_worker_options worker = {.deadline_ms = o->deadline_ms,
                                        .control_ms = o->deadline_ms};
  find_plugin(j);
  if (o->in_process) {
    fputs("hearth call: warning: the plugin runs in this process, which it can "
          "crash\n",
          stderr);
  }
  const hearth_status status =
      o->in_process ? hearth_library_open(j->path, NULL, &j->library, j->err,
                                          sizeof j->err)
                    : hearth_worker_open(j->path, &worker, &j->library, j->err,
                                         sizeof j->err);
  return status == HEARTH_OK
             ? HEARTH__OK
             : complain(j, status == HEARTH_CRASHED || status == HEARTH_DEADLINE
                               ? HEARTH__PLUGIN_FAILED
                               : HEARTH__BAD_INPUT);
}

static int read_config(job *j) {
  const char *text = j->options.config != NULL ? j->options.config : "";
  hearth_message_init(&hearth_config_schema, &j->config);
  j->config_text = strdup(text);
  if (j->config_text == NULL) {
    snprintf(j->err, sizeof j->err, "there is no memory for --config");
    return complain(j, HEARTH__BAD_INPUT);
  }
  return hearth_config_parse(&j->config, j->config_text, j->err,
                             sizeof j->err) == HEARTH_OK
             ? HEARTH__OK
             : complain(j, HEARTH__BAD_INPUT);
}

static int load_state(job *j, hearth_instance *instance) {
  FILE *file = fopen(j->options.state, "rb");
  uint8_t *bytes = file != NULL ? malloc(STATE_MOST) : NULL;
  const size_t len = bytes != NULL ? fread(bytes, 1, STATE_MOST, file) : 0;
  const int failed = bytes == NULL || ferror(file);
  if (file != NULL) {
    fclose(file);
  }
  if (failed) {
    free(bytes);
    snprintf(j->err, sizeof j->err, "can't read %.4000s", j->options.state);
    return complain(j, HEARTH__BAD_INPUT);
  }
  char why[512] = "";
  const hearth_call call = {
      .size = sizeof call, .err = why, .err_cap = sizeof why};
  const hearth_status status =
      hearth_instance_load_state(instance, &call, (hearth_bytes){bytes, len});
  free(bytes);
  return status == HEARTH_OK ? HEARTH__OK : blame(j, status, "load_state", why);
}

static int save_state(job *j, hearth_instance *instance) {
  char why[512] = "";
  const hearth_call call = {
      .size = sizeof call, .err = why, .err_cap = sizeof why};
  hearth_output state = {.limit = STATE_MOST};
  const hearth_status status =
      hearth_instance_save_state(instance, &call, &state);
  int exit_status = HEARTH__OK;
  if (status != HEARTH_OK) {
    exit_status = blame(j, status, "save_state", why);
  } else if (hearth__save_whole(j->options.save, state.data, state.len) != 0) {
    snprintf(j->err, sizeof j->err, "can't write %.4000s", j->options.save);
    exit_status = complain(j, HEARTH__BAD_INPUT);
  }
  hearth_output_free(&state);
  return exit_status;
}

static int send_catalog(job *j, hearth_instance *instance) {
  hearth_models *models = &j->rehearsal.models;
  const hearth_memory_user memory = hearth_memory_of(NULL);
  if (hearth_models_load(models, &memory, j->options.catalog, j->err,
                         sizeof j->err) != HEARTH_OK) {
    return complain(j, HEARTH__BAD_INPUT);
  }
  const hearth_catalog catalog = {
      .models = {models->items, models->count, models->count}};
  j->request.len = 0;
  char why[512] = "";
  const hearth_call call = {
      .size = sizeof call, .err = why, .err_cap = sizeof why};
  hearth_status status =
      hearth_encode(&hearth_catalog_schema, &catalog, &j->request.sink);
  if (status == HEARTH_OK) {
    status = hearth_instance_set_catalog(instance, &call,
                                         hearth_buffer_bytes(&j->request));
  }
  return status == HEARTH_OK ? HEARTH__OK
                             : blame(j, status, "set_catalog", why);
}

/* The function's list entry, its arguments, the request. */
static int write_request(job *j, hearth_instance *instance) {
  const hearth__call_options *o = &j->options;
  const hearth_reflect *reflect =
      hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 0);
  const hearth_bytes name = {(const uint8_t *)o->function, strlen(o->function)};
  hearth_status status = HEARTH_UNSUPPORTED;
  char why[1024] = "it reflects no functions";
  if (reflect != NULL) {
    status = hearth__reflect_find(reflect, name, &j->function, why, sizeof why);
  }
  if (status == HEARTH_OK) {
    status = hearth__signature_parse(
        &j->signature,
        o->signature != NULL ? o->signature : j->function.signature, why,
        sizeof why);
  }
  if (status == HEARTH_OK) {
    status =
        hearth__arguments_write(o->function, &j->signature, o->args,
                                o->arg_count, &j->args.sink, why, sizeof why);
  }
  if (status == HEARTH_OK) {
    const hearth__request request = {
        name,
        {(const uint8_t *)o->signature,
         o->signature != NULL ? strlen(o->signature) : 0},
        hearth_buffer_bytes(&j->args)};
    j->request.len = 0;
    status = hearth__request_write(&request, &j->request.sink);
  }
  if (status == HEARTH_OK) {
    return HEARTH__OK;
  }
  snprintf(j->err, sizeof j->err, "%.200s: %.1000s",
           hearth_library_entry(j->library)->name, why);
  return complain(j, HEARTH__BAD_INPUT);
}

/* Of a process that died, what it died of. */
static void tell_crash(hearth_instance *instance, hearth_status status,
                       char *why, size_t cap) {
  hearth_worker_info info;
  if (status == HEARTH_CRASHED &&
      hearth_worker_get_info(instance, &info) == HEARTH_OK &&
      info.last_signal > 0) {
    snprintf(why, cap,
             "the plugin crashed: its process was killed by signal "
             "%d (%s)",
             (int)info.last_signal, strsignal((int)info.last_signal));
  } else if (status == HEARTH_CRASHED) {
    snprintf(why, cap, "the plugin crashed: its process ended in the call");
  }
}

static int call_function(job *j, hearth_instance *instance) {
  const hearth__call_options *o = &j->options;
  int exit_status = write_request(j, instance);
  if (exit_status != HEARTH__OK) {
    return exit_status;
  }
  char why[512] = "";
  const uint64_t began = hearth_monotonic_ns();
  const hearth_call call = {.size = sizeof call,
                            .deadline_ns =
                                began + (uint64_t)o->deadline_ms * 1000000,
                            .err = why,
                            .err_cap = sizeof why};
  hearth_status status = hearth__instance_reflect(
      instance, &call, hearth_buffer_bytes(&j->request), &j->answer);
  const uint64_t took = hearth_monotonic_ns() - began;
  hearth__answer answer = {0};
  if (status == HEARTH_OK) {
    status = hearth__answer_read((hearth_bytes){j->answer.data, j->answer.len},
                                 &answer, why, sizeof why);
  }
  if (status != HEARTH_OK) {
    tell_crash(instance, status, why, sizeof why);
    if (o->json) {
      hearth__print_failure(stdout, o->function, status, why);
    }
    return blame(j, status, o->function, why);
  }
  exit_status = answer.has_status && answer.status < 0 ? HEARTH__PLUGIN_FAILED
                                                       : HEARTH__OK;
  hearth__print_answer(stdout, o->function, j->signature.result, &answer, took,
                       o->json);
  if (exit_status != HEARTH__OK) {
    blame(j, answer.status, o->function, "");
  } else if (o->save != NULL) {
    exit_status = save_state(j, instance);
  }
  return exit_status;
}

static int use(job *j, hearth_instance *instance) {
  const hearth__call_options *o = &j->options;
  int status = HEARTH__OK;
  if (o->catalog != NULL && o->trace == NULL) {
    status = send_catalog(j, instance);
  }
  if (status == HEARTH__OK && o->state != NULL) {
    status = load_state(j, instance);
  }
  if (status != HEARTH__OK) {
    return status;
  }
  if (o->function != NULL) {
    return call_function(j, instance);
  }
  if (hearth__print_functions(
          stdout,
          hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 0),
          o->json, j->err, sizeof j->err) != HEARTH_OK) {
    return blame(j, HEARTH_BAD_ARG, "", j->err);
  }
  return HEARTH__OK;
}

/* At the end of the trace, in the replay's own instance. */
static hearth_status reached(void *user, hearth_messenger *messenger,
                             hearth_sim *sim, int64_t request) {
  job *j = user;
  (void)sim;
  (void)request;
  j->exit_status = use(j, messenger->instance);
  return HEARTH_OK;
}

static int learn_and_use(job *j) {
  hearth__rehearsal *r = &j->rehearsal;
  hearth_replay_stop stop = {.reached = reached, .user = j};
  r->trace_path = j->options.trace;
  r->catalog = j->options.catalog;
  if (hearth__rehearsal_load(r) != HEARTH_OK) {
    snprintf(j->err, sizeof j->err, "%s", r->err);
    return complain(j, HEARTH__BAD_INPUT);
  }
  if (r->warning[0] != '\0') {
    fprintf(stderr, "hearth call: warning: %s\n", r->warning);
  }
  const hearth_status status =
      hearth__rehearsal_run(r, j->library, &j->config, &stop);
  return status == HEARTH_OK ? j->exit_status
                             : blame(j, status, "learning", r->err);
}

static int create_and_use(job *j) {
  hearth_instance *instance;
  char why[512] = "";
  hearth_status status = HEARTH_OK;
  j->request.len = 0;
  if (j->options.config != NULL) {
    status = hearth_encode(&hearth_config_schema, &j->config, &j->request.sink);
  }
  const hearth_instance_options options = {
      .config = hearth_buffer_bytes(&j->request)};
  if (status == HEARTH_OK) {
    status = hearth_instance_create(j->library, &options, &instance, why,
                                    sizeof why);
  }
  if (status != HEARTH_OK) {
    return blame(j, status, "create", why);
  }
  const int exit_status = use(j, instance);
  hearth_instance_destroy(instance);
  return exit_status;
}

int hearth__cmd_call(int argc, char **argv) {
  static job j; /* zeroed; large for a stack */
  int status = hearth__call_parse(argc, argv, &j.options);
  if (status == HEARTH__OK && j.options.help) {
    fputs(hearth__call_usage, stdout);
    return HEARTH__OK;
  }
  hearth_buffer_init(&j.args, 0);
  hearth_buffer_init(&j.request, 0);
  if (status == HEARTH__OK) {
    status = read_config(&j);
  }
  if (status == HEARTH__OK) {
    status = open_library(&j);
  }
  if (status == HEARTH__OK) {
    status = j.options.trace != NULL ? learn_and_use(&j) : create_and_use(&j);
  }
  if (status == HEARTH__OK && (fflush(stdout) != 0 || ferror(stdout))) {
    snprintf(j.err, sizeof j.err, "can't write the result");
    status = complain(&j, HEARTH__BAD_INPUT);
  }
  hearth_buffer_free(&j.args);
  hearth_buffer_free(&j.request);
  hearth_output_free(&j.answer);
  hearth_library_close(j.library);
  hearth__rehearsal_free(&j.rehearsal);
  free(j.config_text);
  return status;
}
