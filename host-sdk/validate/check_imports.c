/* SPDX-License-Identifier: MIT
   Checks of the symbols that cross the library's border. */
#include <string.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/symbols.h"

/* What is looked for, and the first that was found. */
typedef struct symbol_search {
  const char *const *names; /* NULL-ended */
  char found[128];
} symbol_search;

/* The instruments of sanitizers and compilers are nobody's doing. */
static int is_instrument(const char *name) {
  static const char *const prefixes[] = {"__asan_", "__odr_asan", "__ubsan_",
                                         "__tsan_", "__sanitizer", "__gcov",
                                         "__start_", "__stop_"};
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
    if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
      return 1;
    }
  }
  return 0;
}

static void seek_export(void *user, const char *name, int defined) {
  static const char *const usual[] = {"_init", "_fini", "_edata", "_end",
                                      "__bss_start"};
  symbol_search *search = user;
  if (!defined || strncmp(name, "hearth_plugin_v", 15) == 0 ||
      is_instrument(name)) {
    return;
  }
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
    if (strcmp(name, usual[i]) == 0) {
      return;
    }
  }
  if (search->found[0] == '\0') {
    snprintf(search->found, sizeof search->found, "%s", name);
  }
}

static void seek_import(void *user, const char *name, int defined) {
  symbol_search *search = user;
  for (size_t i = 0; !defined && search->names[i] != NULL; i++) {
    if (strcmp(name, search->names[i]) == 0 && search->found[0] == '\0') {
      snprintf(search->found, sizeof search->found, "%s", name);
    }
  }
}

static void look(validate_job *job, symbol_search *search,
                 void (*seen)(void *, const char *, int)) {
  if (validate__symbols(job, seen, search) != 0) {
    validate__skip(job, "the file has no section headers to read symbols by");
  }
}

static void exports(validate_job *job) {
  symbol_search search = {NULL, ""};
  look(job, &search, seek_export);
  if (search.found[0] != '\0') {
    validate__warn(job, "expected no export beside %s, got %s",
                   HEARTH_PLUGIN_SYMBOL, search.found);
  }
}

/* The last bit of these differs from machine to machine. */
static void imports_libm(validate_job *job) {
  static const char *const names[] = {
      "exp",   "exp2",  "expm1", "expf",  "log",   "log2",  "log10", "log1p",
      "logf",  "pow",   "powf",  "sin",   "cos",   "tan",   "sinf",  "cosf",
      "asin",  "acos",  "atan",  "atan2", "sinh",  "cosh",  "tanh",  "tanhf",
      "cbrt",  "hypot", "erf",   "erfc",  "lgamma", "tgamma", "expl", "logl",
      "powl",  "__exp_finite", "__log_finite", "__pow_finite", NULL};
  symbol_search search = {names, ""};
  validate__open(job);
  validate__needs(job, HEARTH_CAP_DETERMINISTIC);
  look(job, &search, seek_import);
  if (search.found[0] != '\0') {
    validate__warn(job, "expected no libm with HEARTH_CAP_DETERMINISTIC, got "
                        "an import of %s",
                   search.found);
  }
}

static void imports_time(validate_job *job) {
  static const char *const names[] = {
      "time",      "clock",        "clock_gettime", "gettimeofday", "localtime",
      "localtime_r", "gmtime",     "rand",          "rand_r",       "random",
      "srand",     "srandom",      "drand48",       "lrand48",      "getrandom",
      "getentropy", "arc4random",  "getpid",        "ftime",        NULL};
  symbol_search search = {names, ""};
  validate__open(job);
  validate__needs(job, HEARTH_CAP_DETERMINISTIC);
  look(job, &search, seek_import);
  if (search.found[0] != '\0') {
    validate__warn(job, "expected no clock and no chance with "
                        "HEARTH_CAP_DETERMINISTIC, got an import of %s",
                   search.found);
  }
}

static void imports_process(validate_job *job) {
  static const char *const names[] = {
      "exit",   "_exit",  "_Exit",   "quick_exit", "fork",   "vfork",
      "execv",  "execve", "execvp",  "system",     "popen",  "kill",
      "raise",  "signal", "sigaction", "sigprocmask", "alarm", "setitimer",
      "setlocale", "chdir", "umask", "dup2",       "close_range", NULL};
  symbol_search search = {names, ""};
  look(job, &search, seek_import);
  if (search.found[0] != '\0') {
    validate__warn(job, "expected to leave the process to the host, got an "
                        "import of %s",
                   search.found);
  }
}

static const validate_check checks[] = {
    {"library-exports", "nothing else is exported",
     "plugin.h, HEARTH_PLUGIN_SYMBOL", exports},
    {"library-imports-libm", "DETERMINISTIC without libm",
     "plugin.h, HEARTH_CAP_DETERMINISTIC", imports_libm},
    {"library-imports-time", "DETERMINISTIC without clock and chance",
     "plugin.h, HEARTH_CAP_DETERMINISTIC", imports_time},
    {"library-imports-process", "nothing that exits, forks or touches signals",
     "plugin.h, the rules: no signal, no exit", imports_process}};

VALIDATE__THEME(validate__imports, checks);
