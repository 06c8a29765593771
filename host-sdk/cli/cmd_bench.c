/* SPDX-License-Identifier: MIT
   hearth bench: what a plugin's calls cost. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/bench/bench.h"
#include "host-sdk/cli/commands.h"
#include "host-sdk/replay/policy.h"

static const char usage[] =
    "usage: hearth bench [OPTIONS] [PLUGIN.so]\n"
    "\n"
    "Measure a plugin's calls (Foresight's by default) through the whole "
    "boundary, on\n"
    "made-up traffic, beside a plugin that only decodes and answers (the "
    "floor).\n"
    "\n"
    "      --models N,...    catalogs (default 100,10,1000,10000); the first is\n"
    "                        that of the other rows\n"
    "      --users N,...     users (default 1000,100000,1000000); likewise\n"
    "      --threads N,...   callers of one instance (default 1,2,4); several "
    "take\n"
    "                        turns, each alone and then all together\n"
    "      --requests N      timed, a row (default 20000); of several threads, "
    "each\n"
    "      --idle-price R    idle memory has this price, GB*s a second of wait;\n"
    "                        without it there is a budget\n"
    "      --config K=V,...  the plugin's configuration\n"
    "      --quick           small: a few seconds, and no million users\n"
    "      --json            one JSON object instead of tables\n"
    "      --report FILE     a page with plots, too\n"
    "      --help            this text\n"
    "\n"
    "exit status: 0 done; 2 bad input or options; 3 the plugin failed\n";

enum { MOST = 16, PATH = 4600 };

typedef struct list {
  uint32_t items[MOST], count;
} list;

typedef struct settings {
  list models, users, threads, requests;
  double idle_price;
  const char *config, *report;
  int json, help;
} settings;

static int bad(const char *option, const char *value, const char *want) {
  fprintf(stderr, "hearth bench: %s: %s: want %s\n", option, value, want);
  return HEARTH__BAD_INPUT;
}

static int take_list(const char *option, const char *text, uint32_t most,
                     list *out) {
  out->count = 0;
  for (const char *at = text;; at++) {
    char *end;
    errno = 0;
    const unsigned long value = strtoul(at, &end, 10);
    if (end == at || *at == '-' || (*end != ',' && *end != '\0') ||
        value < 1 || value > most || errno != 0 || out->count == MOST) {
      char want[80];
      snprintf(want, sizeof want,
               "up to %d whole numbers from 1 to %u, with commas", MOST, most);
      return bad(option, text, want);
    }
    out->items[out->count++] = (uint32_t)value;
    if (*end == '\0') {
      return 0;
    }
    at = end;
  }
}

static int take_price(const char *text, double *out) {
  char *end;
  *out = strtod(text, &end);
  return end == text || *end != '\0' || !(*out > 0 && *out < 1e12)
             ? bad("--idle-price", text, "a number over 0")
             : 0;
}

static int parse(int argc, char **argv, settings *s) {
  enum { MODELS, USERS, THREADS, REQUESTS, PRICE, CONFIG, QUICK, JSON, REPORT,
         HELP };
  static const struct option options[] = {
      {"models", required_argument, NULL, MODELS},
      {"users", required_argument, NULL, USERS},
      {"threads", required_argument, NULL, THREADS},
      {"requests", required_argument, NULL, REQUESTS},
      {"idle-price", required_argument, NULL, PRICE},
      {"config", required_argument, NULL, CONFIG},
      {"quick", no_argument, NULL, QUICK},
      {"json", no_argument, NULL, JSON},
      {"report", required_argument, NULL, REPORT},
      {"help", no_argument, NULL, HELP},
      {NULL, 0, NULL, 0}};
  int status = 0;
  for (int option; status == 0 && (option = getopt_long(argc, argv, "", options,
                                                        NULL)) >= 0;) {
    switch (option) {
    case MODELS:
      status = take_list("--models", optarg, 1u << 16, &s->models);
      break;
    case USERS:
      status = take_list("--users", optarg, 1u << 24, &s->users);
      break;
    case THREADS:
      status = take_list("--threads", optarg, 64, &s->threads);
      break;
    case REQUESTS:
      status = take_list("--requests", optarg, 1u << 28, &s->requests);
      break;
    case PRICE:
      status = take_price(optarg, &s->idle_price);
      break;
    case CONFIG:
      s->config = optarg;
      break;
    case QUICK:
      s->models = (list){{100, 1000}, 2};
      s->users = (list){{1000, 10000}, 2};
      s->threads = (list){{1, 2}, 2};
      s->requests = (list){{2000}, 1};
      break;
    case JSON:
      s->json = 1;
      break;
    case REPORT:
      s->report = optarg;
      break;
    case HELP:
      s->help = 1;
      break;
    default:
      fputs("hearth bench: try hearth bench --help\n", stderr);
      status = HEARTH__BAD_INPUT;
    }
  }
  return status;
}

static int write_report(const hearth_bench_result *result, const char *path) {
  FILE *out = fopen(path, "w");
  int failed = out == NULL;
  if (out != NULL) {
    hearth_bench_page(result, out);
    failed = ferror(out);
    failed |= fclose(out) != 0;
  }
  if (failed) {
    fprintf(stderr, "hearth bench: %s: %s\n", path, strerror(errno));
  }
  return failed ? HEARTH__BAD_INPUT : HEARTH__OK;
}

static int present(const settings *s, const hearth_bench_result *result) {
  if (s->json) {
    hearth_bench_json(result, stdout);
  } else {
    hearth_bench_table(result, stdout);
  }
  return s->report != NULL ? write_report(result, s->report) : HEARTH__OK;
}

static int find(const char *stem, char *path, char *err, size_t err_cap) {
  if (hearth_find_plugin(hearth__plugin_path(), stem, path, PATH, err,
                         err_cap) == HEARTH_OK) {
    return HEARTH__OK;
  }
  fprintf(stderr, "hearth bench: %s\n", err);
  return HEARTH__BAD_INPUT;
}

static int run(const settings *s, const char *plugin_path,
               const char *floor_path) {
  char err[1024] = "";
  hearth_bench_options options = {.plugin_path = plugin_path,
                                  .floor_path = floor_path,
                                  .config = s->config,
                                  .models = s->models.items,
                                  .users = s->users.items,
                                  .threads = s->threads.items,
                                  .model_count = s->models.count,
                                  .user_count = s->users.count,
                                  .thread_count = s->threads.count,
                                  .requests = s->requests.items[0],
                                  .idle_price = s->idle_price,
                                  .progress = stderr};
  hearth_bench_result result;
  hearth_status status = hearth_library_open(plugin_path, NULL,
                                             &options.plugin, err, sizeof err);
  if (status == HEARTH_OK) {
    status = hearth_library_open(floor_path, NULL, &options.floor, err,
                                 sizeof err);
  }
  int code = status == HEARTH_OK ? HEARTH__OK : HEARTH__BAD_INPUT;
  if (status == HEARTH_OK) {
    status = hearth_bench_run(&options, &result, err, sizeof err);
    code = status == HEARTH_OK ? present(s, &result) : HEARTH__PLUGIN_FAILED;
  }
  if (status != HEARTH_OK) {
    fprintf(stderr, "hearth bench: %s\n",
            err[0] != '\0' ? err : hearth_status_text(status));
  } else {
    hearth_bench_free(&result);
  }
  hearth_library_close(options.floor);
  hearth_library_close(options.plugin);
  return code;
}

int hearth__cmd_bench(int argc, char **argv) {
  settings s = {.models = {{100, 10, 1000, 10000}, 4},
                .users = {{1000, 100000, 1000000}, 3},
                .threads = {{1, 2, 4}, 3},
                .requests = {{20000}, 1},
                .idle_price = -1,
                .config = ""};
  char plugin[PATH], floor[PATH], err[1024] = "";
  int status = parse(argc, argv, &s);
  if (status != 0 || s.help) {
    fputs(s.help ? usage : "", stdout);
    return status;
  }
  if (argc - optind > 1) {
    fputs("hearth bench: one plugin at a time\n", stderr);
    return HEARTH__BAD_INPUT;
  }
  if (optind < argc) {
    snprintf(plugin, sizeof plugin, "%s", argv[optind]);
  } else {
    status = find("foresight", plugin, err, sizeof err);
  }
  if (status == 0) {
    status = find("echo", floor, err, sizeof err);
  }
  return status == 0 ? run(&s, plugin, floor) : status;
}
