/* SPDX-License-Identifier: MIT
   hearth experiment: which plugin is better, and when one may say so. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/experiment/offline/offline.h"

enum { SENTENCE = 4600 };

static const char usage[] =
    "usage: hearth experiment [--json] [--report FILE.html] [--timing] "
    "FILE.yaml\n"
    "\n"
    "Run an experiment on a trace: each arm, a plugin with a configuration, "
    "sees all\n"
    "requests with a ghost pool of its own; a test that may be looked at after "
    "every\n"
    "user, session or request says which is better, and when.\n"
    "\n"
    "  --json         one JSON object instead of a table\n"
    "  --report FILE  write a page with plots\n"
    "  --timing       with --json: latencies too (no two runs have the same)\n"
    "  --help         this text\n"
    "\n"
    "hearth-experiment(1) has the file's keys; examples/experiment has files.\n"
    "\n"
    "exit status: 0 done; 2 bad input or options; 3 a plugin failed\n";

typedef struct asked {
  const char *path, *report;
  int json, timing, help;
} asked;

static int parse(int argc, char **argv, asked *a) {
  static const struct option options[] = {
      {"json", no_argument, NULL, 'j'},
      {"report", required_argument, NULL, 'r'},
      {"timing", no_argument, NULL, 't'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0}};
  int c;
  optind = 1;
  while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
    switch (c) {
    case 'j':
      a->json = 1;
      break;
    case 'r':
      a->report = optarg;
      break;
    case 't':
      a->timing = 1;
      break;
    case 'h':
      a->help = 1;
      return HEARTH__OK;
    default:
      fputs("hearth experiment: try hearth experiment --help\n", stderr);
      return HEARTH__BAD_INPUT;
    }
  }
  if (argc - optind != 1) {
    fputs("hearth experiment: want one FILE.yaml; see --help\n", stderr);
    return HEARTH__BAD_INPUT;
  }
  a->path = argv[optind];
  return HEARTH__OK;
}

static void show_progress(void *user, uint64_t done, uint64_t total) {
  (void)user;
  fprintf(stderr, "\r%3.0f %% of %" PRIu64 " requests played",
          100.0 * (double)done / (double)total, total);
}

static int present(const asked *a, const hearth__offline *run, char *err) {
  if (a->report != NULL &&
      hearth__offline_page(run, a->report, err, SENTENCE) != HEARTH_OK) {
    return HEARTH__BAD_INPUT;
  }
  if (!a->json) {
    hearth__offline_table(run, stdout);
  } else if (hearth__offline_json(run, a->timing, stdout) != HEARTH_OK) {
    snprintf(err, SENTENCE, "the JSON can't be written");
    return HEARTH__BAD_INPUT;
  }
  if (fflush(stdout) != 0 || ferror(stdout)) {
    snprintf(err, SENTENCE, "can't write the result");
    return HEARTH__BAD_INPUT;
  }
  return HEARTH__OK;
}

int hearth__cmd_experiment(int argc, char **argv) {
  static hearth__experiment_file file; /* large for a stack */
  static hearth__offline run;
  asked a = {0};
  char err[SENTENCE] = "";
  const int terminal = isatty(STDERR_FILENO);
  int status = parse(argc, argv, &a);
  if (status != HEARTH__OK || a.help) {
    fputs(a.help ? usage : "", stdout);
    return status;
  }
  const hearth__offline_options options = {.path = a.path,
                                           .directories = hearth__plugin_path(),
                                           .progress =
                                               terminal ? show_progress : NULL};
  hearth_status made =
      hearth__experiment_file_read(&file, a.path, err, sizeof err);
  if (made == HEARTH_OK) {
    made = hearth__offline_run(&run, &file, &options, err, sizeof err);
  }
  fputs(terminal ? "\r\033[K" : "", stderr);
  if (run.warning[0] != '\0') {
    fprintf(stderr, "hearth experiment: warning: %s\n", run.warning);
  }
  status = made == HEARTH_OK            ? present(&a, &run, err)
           : made == HEARTH_UNAVAILABLE ? HEARTH__PLUGIN_FAILED
                                        : HEARTH__BAD_INPUT;
  if (status != HEARTH__OK) {
    fprintf(stderr, "hearth experiment: %s\n",
            err[0] != '\0' ? err : hearth_status_text(made));
  }
  hearth__offline_free(&run);
  return status;
}
