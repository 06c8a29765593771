/* SPDX-License-Identifier: MIT
   hearth trace: every call of a plugin, with its messages. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/plugin_option.h"
#include "host-sdk/cli/rehearsal.h"
#include "host-sdk/reflect/trace.h"

static const char usage[] =
    "usage: hearth trace PLUGIN [TRACE] [OPTIONS]\n"
    "\n"
    "Replay TRACE through a plugin and print every call of its functions: what "
    "went in,\nwhat came out, when, how long it took and what it came to, as "
    "one JSON object a\nline.  The plugin runs in this process.  Without "
    "TRACE: "
    "a built-in workload.\n"
    "\n"
    "PLUGIN is FILE.so[:NAME[:CONFIG]], as for hearth replay --plugin.\n"
    "\n"
    "      --requests N       the first N requests alone\n"
    "      --only FUNCTIONS   these alone: prepare_models,record_outcome\n"
    "      --calls FROM-TO    calls of these numbers alone; either may be left "
    "out\n"
    "      --no-messages      a table of counts and times for each function "
    "instead\n"
    "      --out FILE         write there\n"
    "      --budget-share F   memory for models, as a share of all of them "
    "(default 0.2)\n"
    "      --budget-mb N      the same in MB\n"
    "      --idle-price R     no budget: R GB*s held idle cost one second of "
    "waiting\n"
    "      --catalog FILE     memory and load time of each model (default: "
    "NAME.catalog.csv\n"
    "                         beside TRACE)\n"
    "      --help             this text\n"
    "\n"
    "exit status: 0 done; 2 bad input or options; 3 a plugin failed\n";

enum { SENTENCE = 4600, MOST_FUNCTIONS = 32 };

/* What the table shows of one function. */
typedef struct tally {
  char extension[32], function[64];
  uint64_t calls, failures, no_opinions, in_len, out_len, total_ns, max_ns;
} tally;

typedef struct job {
  const char *plugin, *only, *out_path;
  uint64_t from, to;
  int no_messages, help;
  FILE *out;
  hearth__rehearsal rehearsal;
  hearth_policies policies;
  tally tallies[MOST_FUNCTIONS];
  uint32_t tally_count;
  char err[SENTENCE];
} job;

enum {
  REQUESTS = 256,
  ONLY,
  CALLS,
  NO_MESSAGES,
  OUT,
  BUDGET_SHARE,
  BUDGET_MB,
  IDLE_PRICE,
  CATALOG,
  HELP
};

static const struct option long_options[] = {
    {"requests", required_argument, NULL, REQUESTS},
    {"only", required_argument, NULL, ONLY},
    {"calls", required_argument, NULL, CALLS},
    {"no-messages", no_argument, NULL, NO_MESSAGES},
    {"out", required_argument, NULL, OUT},
    {"budget-share", required_argument, NULL, BUDGET_SHARE},
    {"budget-mb", required_argument, NULL, BUDGET_MB},
    {"idle-price", required_argument, NULL, IDLE_PRICE},
    {"catalog", required_argument, NULL, CATALOG},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0}};

static int complain(const char *what, int status) {
  fprintf(stderr, "hearth trace: %s\n", what);
  return status;
}

static int take_number(job *j, const char *option, double least, double most,
                       double *out) {
  char *end;
  *out = strtod(optarg, &end);
  if (end == optarg || *end != '\0' || !(*out >= least && *out <= most)) {
    snprintf(j->err, sizeof j->err, "%s takes a number, %g to %g, not '%.100s'",
             option, least, most, optarg);
    return complain(j->err, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

/* FROM-TO, FROM-, -TO or one number. */
static int take_calls(job *j) {
  char *at = optarg;
  j->from = *at == '-' ? 1 : strtoull(at, &at, 10);
  j->to = j->from;
  if (*at == '-') {
    at++;
    j->to = *at == '\0' ? UINT64_MAX : strtoull(at, &at, 10);
  }
  if (*at != '\0' || j->from == 0 || j->to < j->from ||
      strspn(optarg, "0123456789-") != strlen(optarg)) {
    return complain("--calls takes FROM-TO, two numbers from 1",
                    HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static int take_requests(job *j) {
  double number = 0;
  const int status = take_number(j, "--requests", 1, 4294967295.0, &number);
  j->rehearsal.requests = (uint32_t)number;
  return status;
}

static int take_option(job *j, int option) {
  hearth_setting *s = &j->rehearsal.setting;
  switch (option) {
  case REQUESTS:
    return take_requests(j);
  case ONLY:
    j->only = optarg;
    return HEARTH__OK;
  case CALLS:
    return take_calls(j);
  case NO_MESSAGES:
    j->no_messages = 1;
    return HEARTH__OK;
  case OUT:
    j->out_path = optarg;
    return HEARTH__OK;
  case BUDGET_SHARE:
    return take_number(j, "--budget-share", 1e-9, 1, &s->share);
  case BUDGET_MB:
    return take_number(j, "--budget-mb", 1e-3, 1e12, &s->budget_mb);
  case IDLE_PRICE:
    return take_number(j, "--idle-price", 1e-9, 1e12, &s->idle_price);
  case CATALOG:
    j->rehearsal.catalog = optarg;
    return HEARTH__OK;
  case HELP:
    j->help = 1;
    return HEARTH__OK;
  default:
    return complain("try hearth trace --help", HEARTH__BAD_INPUT);
  }
}

static int parse(job *j, int argc, char **argv) {
  int status = HEARTH__OK;
  int option;
  j->from = 1;
  j->to = UINT64_MAX;
  while (status == HEARTH__OK && !j->help &&
         (option = getopt_long(argc, argv, "", long_options, NULL)) >= 0) {
    status = take_option(j, option);
  }
  if (status != HEARTH__OK || j->help) {
    return status;
  }
  if (argc - optind < 1 || argc - optind > 2) {
    return complain("name one plugin, and one trace or none; see hearth trace "
                    "--help",
                    HEARTH__BAD_INPUT);
  }
  const hearth_setting *s = &j->rehearsal.setting;
  if ((s->share > 0) + (s->budget_mb > 0) + (s->idle_price > 0) > 1) {
    return complain("give one of --budget-share, --budget-mb, --idle-price",
                    HEARTH__BAD_INPUT);
  }
  j->plugin = argv[optind];
  j->rehearsal.trace_path = argv[optind + 1];
  return HEARTH__OK;
}

/* Whether a name is in the list "a,b,c". */
static int is_listed(const char *list, const char *name) {
  const size_t len = strlen(name);
  for (; *list != '\0'; list += *list == ',') {
    const size_t n = strcspn(list, ",");
    if (n == len && strncmp(list, name, n) == 0) {
      return 1;
    }
    list += n;
  }
  return 0;
}

static tally *find_tally(job *j, const hearth__trace_event *event) {
  const char *extension = event->extension != NULL ? event->extension : "";
  for (uint32_t i = 0; i < j->tally_count; i++) {
    if (strncmp(j->tallies[i].function, event->function, 63) == 0 &&
        strcmp(j->tallies[i].extension, extension) == 0) {
      return &j->tallies[i];
    }
  }
  if (j->tally_count == MOST_FUNCTIONS) {
    return &j->tallies[MOST_FUNCTIONS - 1];
  }
  tally *t = &j->tallies[j->tally_count++];
  snprintf(t->extension, sizeof t->extension, "%s", extension);
  snprintf(t->function, sizeof t->function, "%s", event->function);
  return t;
}

static void count(job *j, const hearth__trace_event *event) {
  tally *t = find_tally(j, event);
  const int failed =
      event->has_status && event->status < 0 && event->id == NULL;
  t->calls++;
  t->failures += failed != 0;
  t->no_opinions += event->has_status && event->status == HEARTH_NO_OPINION;
  t->in_len += event->in_len;
  t->out_len += event->out_len;
  t->total_ns += event->took_ns;
  t->max_ns = event->took_ns > t->max_ns ? event->took_ns : t->max_ns;
}

static void take_event(void *user, const hearth__trace_event *event) {
  job *j = user;
  if (event->call < j->from || event->call > j->to ||
      (j->only != NULL && !is_listed(j->only, event->function))) {
    return;
  }
  if (j->no_messages) {
    count(j, event);
  } else {
    hearth__trace_line(j->out, event);
  }
}

static void print_table(const job *j) {
  fprintf(j->out, "%-22s %10s %9s %10s %12s %12s %10s %10s %10s\n", "function",
          "calls", "failures", "no opinion", "bytes in", "bytes out",
          "total ms", "mean us", "max us");
  for (uint32_t i = 0; i < j->tally_count; i++) {
    const tally *t = &j->tallies[i];
    fprintf(j->out,
            "%-22s %10" PRIu64 " %9" PRIu64 " %10" PRIu64 " %12" PRIu64
            " %12" PRIu64 " %10.2f %10.2f %10.2f\n",
            t->function, t->calls, t->failures, t->no_opinions, t->in_len,
            t->out_len, (double)t->total_ns / 1e6,
            (double)t->total_ns / 1e3 / (double)t->calls,
            (double)t->max_ns / 1e3);
  }
}

static int load(job *j) {
  hearth__rehearsal *r = &j->rehearsal;
  if (hearth__rehearsal_load(r) != HEARTH_OK) {
    return complain(r->err, HEARTH__BAD_INPUT);
  }
  if (r->warning[0] != '\0') {
    fprintf(stderr, "hearth trace: warning: %s\n", r->warning);
  }
  if (hearth__add_plugin(&j->policies, j->plugin, j->err, sizeof j->err) !=
      HEARTH_OK) {
    return complain(j->err, HEARTH__BAD_INPUT);
  }
  j->out = j->out_path != NULL ? fopen(j->out_path, "w") : stdout;
  if (j->out == NULL) {
    snprintf(j->err, sizeof j->err, "can't write %s", j->out_path);
    return complain(j->err, HEARTH__BAD_INPUT);
  }
  return HEARTH__OK;
}

static int run(job *j) {
  const hearth_policy *policy = &j->policies.items[0];
  const hearth__trace_options options = {
      .write = take_event, .user = j, .messages = !j->no_messages};
  hearth__tracer *tracer;
  hearth_library *library;
  if (hearth__traced_library(policy->library, &options, &tracer, &library,
                             j->err, sizeof j->err) != HEARTH_OK) {
    return complain(j->err, HEARTH__BAD_INPUT);
  }
  const hearth_status status =
      hearth__rehearsal_run(&j->rehearsal, library, &policy->config, NULL);
  hearth_library_close(library);
  hearth__tracer_free(tracer);
  if (status == HEARTH_OK) {
    return HEARTH__OK;
  }
  snprintf(j->err, sizeof j->err, "%.64s: %.4500s", policy->name,
           j->rehearsal.err[0] != '\0' ? j->rehearsal.err
                                       : hearth_status_text(status));
  return complain(j->err, status == HEARTH_UNAVAILABLE ? HEARTH__PLUGIN_FAILED
                                                       : HEARTH__BAD_INPUT);
}

/* What a failed run did up to its failure is what one wants to see. */
static int finish(job *j, int status) {
  if (j->out == NULL) {
    return status;
  }
  if (j->no_messages) {
    print_table(j);
  }
  int failed = fflush(j->out) != 0 || ferror(j->out);
  if (j->out != stdout) {
    failed |= fclose(j->out) != 0;
  }
  return failed && status == HEARTH__OK
             ? complain("can't write the calls", HEARTH__BAD_INPUT)
             : status;
}

int hearth__cmd_trace(int argc, char **argv) {
  static job j; /* zeroed; large for a stack */
  int status = parse(&j, argc, argv);
  if (status == HEARTH__OK && j.help) {
    fputs(usage, stdout);
    return HEARTH__OK;
  }
  if (status == HEARTH__OK) {
    status = load(&j);
  }
  if (status == HEARTH__OK) {
    status = run(&j);
  }
  status = finish(&j, status);
  hearth_policies_free(&j.policies);
  hearth__rehearsal_free(&j.rehearsal);
  return status;
}
