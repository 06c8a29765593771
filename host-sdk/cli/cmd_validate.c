/* SPDX-License-Identifier: MIT
   hearth validate: whether a plugin keeps the contract. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/validate/validate.h"

static const char usage[] =
    "usage: hearth validate [OPTIONS] FILE.so...\n"
    "\n"
    "Test a plugin against the contract: each check in a process of its own, "
    "which is\n"
    "killed at its time limit.  The plugin's code runs with your rights.\n"
    "\n"
    "  -o, --only=PATTERN   the checks of these names only, such as 'state-*'\n"
    "  -j, --jobs=N         checks at a time (default: one a processor)\n"
    "  -t, --timeout=S      seconds that a check may take (default 30)\n"
    "  -q, --quick          fewer samples of everything\n"
    "  -s, --strict         a warning is a failure\n"
    "      --seed=N         of the made-up traffic and the random bytes\n"
    "      --json           the results as JSON\n"
    "      --list           name all checks, and what each asks for\n"
    "  -v, --verbose        show what passes, and what the plugin prints\n"
    "      --help           this text\n"
    "\n"
    "exit status: 0 it conforms; 2 bad input or options; 3 a check failed\n";

typedef struct arguments {
  validate_options options;
  int strict, json, list;
  const char *run_check; /* in the process of a check */
  int result_fd;
} arguments;

static int to_number(const char *name, const char *text, uint64_t least,
                     uint64_t most, uint64_t *out) {
  char *end;
  errno = 0;
  const unsigned long long number = strtoull(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || *text == '-' ||
      number < least || number > most) {
    fprintf(stderr, "hearth validate: %s: want a number of %llu to %llu, got "
                    "'%s'\n",
            name, (unsigned long long)least, (unsigned long long)most, text);
    return -1;
  }
  *out = number;
  return 0;
}

static int take_option(arguments *args, int option) {
  uint64_t number = 0;
  switch (option) {
  case 'o':
    args->options.only = optarg;
    return 0;
  case 'j':
    if (to_number("--jobs", optarg, 1, 64, &number) != 0) {
      return -1;
    }
    args->options.jobs = (unsigned)number;
    return 0;
  case 't':
    if (to_number("--timeout", optarg, 1, 86400, &number) != 0) {
      return -1;
    }
    args->options.timeout_ms = (unsigned)(number * 1000);
    return 0;
  case 'S':
    return to_number("--seed", optarg, 0, UINT64_MAX, &args->options.seed);
  case 'R':
    args->run_check = optarg;
    return 0;
  case 'F':
    if (to_number("--result-fd", optarg, 3, 1 << 20, &number) != 0) {
      return -1;
    }
    args->result_fd = (int)number;
    return 0;
  default:
    fputs("hearth validate: try hearth validate --help\n", stderr);
    return -1;
  }
}

/* 0 to go on, 1 done, -1 wrong. */
static int read_options(int argc, char **argv, arguments *args) {
  static const struct option options[] = {
      {"only", required_argument, NULL, 'o'},
      {"jobs", required_argument, NULL, 'j'},
      {"timeout", required_argument, NULL, 't'},
      {"seed", required_argument, NULL, 'S'},
      {"quick", no_argument, NULL, 'q'},
      {"strict", no_argument, NULL, 's'},
      {"verbose", no_argument, NULL, 'v'},
      {"json", no_argument, NULL, 'J'},
      {"list", no_argument, NULL, 'l'},
      {"help", no_argument, NULL, 'h'},
      {"run-check", required_argument, NULL, 'R'},
      {"result-fd", required_argument, NULL, 'F'},
      {NULL, 0, NULL, 0}};
  for (int option; (option = getopt_long(argc, argv, "o:j:t:qsvh", options,
                                         NULL)) >= 0;) {
    if (option == 'h') {
      fputs(usage, stdout);
      return 1;
    } else if (option == 'q' || option == 'v') {
      *(option == 'q' ? &args->options.quick : &args->options.verbose) = 1;
    } else if (option == 's' || option == 'J' || option == 'l') {
      *(option == 's'   ? &args->strict
        : option == 'J' ? &args->json
                        : &args->list) = 1;
    } else if (take_option(args, option) != 0) {
      return -1;
    }
  }
  return 0;
}

static void show(void *user, const validate_result *result) {
  const arguments *args = user;
  if (!args->json && (args->options.verbose ||
                      (result->verdict != VALIDATE_PASS &&
                       result->verdict != VALIDATE_SKIP))) {
    validate_print(stdout, result);
    fflush(stdout);
  }
}

static int validate_file(const char *path, arguments *args) {
  char err[512] = "";
  size_t count = 0;
  validate_result *results = calloc(validate_count(), sizeof *results);
  if (results == NULL) {
    fputs("hearth validate: no memory\n", stderr);
    return HEARTH__BAD_INPUT;
  }
  args->options.done = show;
  args->options.user = args;
  if (!args->json) {
    printf("%s\n", path);
    fflush(stdout);
  }
  int status = HEARTH__BAD_INPUT;
  if (validate_run(path, &args->options, results, &count, err, sizeof err) !=
      0) {
    fprintf(stderr, "hearth validate: %s\n", err);
  } else {
    if (args->json) {
      validate_print_json(stdout, path, results, count, args->strict);
    } else {
      validate_print_summary(stdout, results, count);
    }
    status = validate_conforms(results, count, args->strict)
                 ? HEARTH__OK
                 : HEARTH__PLUGIN_FAILED;
  }
  free(results);
  return status;
}

int hearth__cmd_validate(int argc, char **argv) {
  arguments args = {.options = {.seed = 1}, .result_fd = -1};
  const int read = read_options(argc, argv, &args);
  if (read != 0) {
    return read > 0 ? HEARTH__OK : HEARTH__BAD_INPUT;
  }
  if (args.run_check != NULL && args.result_fd >= 0 && argc - optind == 1) {
    validate_child(args.run_check, argv[optind], args.result_fd,
                   &args.options);
  }
  if (args.list) {
    for (size_t i = 0; i < validate_count(); i++) {
      const validate_check *check = validate_at(i);
      printf("%-25s %s (%s)\n", check->name, check->help, check->contract);
    }
    return HEARTH__OK;
  }
  if (optind == argc) {
    fputs("hearth validate: name a plugin's file; see hearth validate --help\n",
          stderr);
    return HEARTH__BAD_INPUT;
  }
  int worst = HEARTH__OK;
  for (int i = optind; i < argc; i++) {
    const int status = validate_file(argv[i], &args);
    worst = status > worst ? status : worst;
  }
  return worst;
}
