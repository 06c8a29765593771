/* SPDX-License-Identifier: MIT
   The conformance test of plugins: its checks, and how they are run. */
#ifndef HEARTH_VALIDATE_VALIDATE_H
#define HEARTH_VALIDATE_VALIDATE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Every check runs in a process of its own, since it calls code that is not
   trusted: the program is run again with `validate --run-check NAME`, told of
   its limits, and killed when its time is over. */

typedef enum validate_verdict {
  VALIDATE_NONE, /* it has not run */
  VALIDATE_PASS,
  VALIDATE_WARN, /* allowed, and not wise */
  VALIDATE_FAIL,
  VALIDATE_CRASH,   /* the process died */
  VALIDATE_TIMEOUT, /* it was killed at its limit */
  VALIDATE_SKIP     /* it does not apply */
} validate_verdict;

typedef struct validate_job validate_job;

typedef struct validate_check {
  const char *name;     /* "call-truncated"; the theme comes first */
  const char *help;     /* one line: what a plugin has to do */
  const char *contract; /* where that is written */
  void (*run)(validate_job *job);
} validate_check;

/* All checks, in the order in which they are to be read. */
size_t validate_count(void);
const validate_check *validate_at(size_t index);
const validate_check *validate_find(const char *name);

typedef struct validate_result {
  const validate_check *check;
  validate_verdict verdict;
  char sentence[1024]; /* what was expected, what came; "" with a pass */
  uint32_t ms;
} validate_result;

typedef struct validate_options {
  const char *program; /* NULL: this one */
  const char *only;    /* a name or a pattern (fnmatch), NULL: all */
  unsigned jobs;       /* checks at a time; 0: one a processor */
  unsigned timeout_ms; /* of one check; 0: 30 s */
  int quick;           /* fewer samples of everything */
  int verbose;         /* the plugin's own output is shown */
  uint64_t seed;       /* of the scenes and of random bytes */
  /* Called with each result in the checks' order; may be NULL. */
  void (*done)(void *user, const validate_result *result);
  void *user;
} validate_options;

/* Run the checks on a file.  `results` has room for validate_count(), and gets
   *count of them.  0, or -1 with a sentence where no check could be run. */
int validate_run(const char *path, const validate_options *options,
                 validate_result *results, size_t *count, char *err,
                 size_t err_cap);

/* The child's side: run one check on a file and leave the verdict in the memory
   file `fd`.  Does not return. */
_Noreturn void validate_child(const char *name, const char *path, int fd,
                              const validate_options *options);

/* "pass", "timeout", ... */
const char *validate_verdict_text(validate_verdict verdict);

/* Whether these results are those of a plugin that conforms; warnings count
   where `strict`. */
int validate_conforms(const validate_result *results, size_t count, int strict);

void validate_print(FILE *out, const validate_result *result);
void validate_print_summary(FILE *out, const validate_result *results,
                            size_t count);
void validate_print_json(FILE *out, const char *path,
                         const validate_result *results, size_t count,
                         int strict);

#endif
