/* SPDX-License-Identifier: MIT
   The parent's side: a process a check, its limits, and what it came to. */
#include <errno.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host-sdk/validate/job.h"

enum { MAX_JOBS = 64, DEFAULT_MS = 30000, LOOK_MS = 2 };

typedef struct child {
  pid_t pid; /* 0: a free place */
  uint64_t began_ns;
  int fd;
  validate__board *board;
  validate_result *result;
} child;

typedef struct validate_runner {
  const char *path;
  const validate_options *options;
  child children[MAX_JOBS];
  unsigned jobs, busy;
  uint64_t limit_ns;
} validate_runner;

static const char *own_program(const validate_options *options) {
  return options->program != NULL ? options->program : "/proc/self/exe";
}

/* In the child, between fork and exec. */
static _Noreturn void become(const validate_runner *runner, const char *name, int fd) {
  char fd_text[16], seed[24];
  snprintf(fd_text, sizeof fd_text, "%d", fd);
  snprintf(seed, sizeof seed, "%llu",
           (unsigned long long)runner->options->seed);
  const char *argv[] = {"hearth", "validate",     "--run-check",
                        name,     "--result-fd",  fd_text,
                        "--seed", seed,           NULL,
                        NULL,     NULL,           NULL};
  int count = 8;
  if (runner->options->quick) {
    argv[count++] = "--quick";
  }
  argv[count++] = "--";
  argv[count] = runner->path;
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#if !VALIDATE__SANITIZED
  const struct rlimit space = {(rlim_t)4 << 30, (rlim_t)4 << 30};
  setrlimit(RLIMIT_AS, &space);
#endif
  if (!runner->options->verbose &&
      (freopen("/dev/null", "w", stdout) == NULL ||
       freopen("/dev/null", "w", stderr) == NULL)) {
    _exit(126);
  }
  execv(own_program(runner->options), (char *const *)argv);
  _exit(127);
}

static int start(validate_runner *runner, child *place, validate_result *result) {
  const int fd = memfd_create("hearth-verdict", 0);
  validate__board *board = MAP_FAILED;
  if (fd >= 0 && ftruncate(fd, sizeof *board) == 0) {
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                 0);
  }
  const pid_t pid = board != MAP_FAILED ? fork() : -1;
  if (pid == 0) {
    become(runner, result->check->name, fd);
  }
  if (fd >= 0) {
    close(fd);
  }
  if (pid < 0) {
    if (board != MAP_FAILED) {
      munmap(board, sizeof *board);
    }
    return -1;
  }
  setpgid(pid, pid); /* the child does so too: whoever is first */
  *place = (child){.pid = pid,
                   .began_ns = hearth_monotonic_ns(),
                   .board = board,
                   .result = result};
  runner->busy++;
  return 0;
}

static void conclude(validate_result *result, const validate__board *board,
                     int status, int late) {
  char sentence[sizeof board->sentence], doing[sizeof board->doing];
  memcpy(sentence, board->sentence, sizeof sentence);
  memcpy(doing, board->doing, sizeof doing);
  sentence[sizeof sentence - 1] = doing[sizeof doing - 1] = '\0';
  const char *at = doing[0] != '\0' ? doing : "beginning";
  if (late) {
    result->verdict = VALIDATE_TIMEOUT;
    snprintf(result->sentence, sizeof result->sentence,
             "expected an end within the limit, got none; under way: %s", at);
  } else if (WIFSIGNALED(status)) {
    result->verdict = VALIDATE_CRASH;
    snprintf(result->sentence, sizeof result->sentence,
             "expected to live, got %s; under way: %s",
             strsignal(WTERMSIG(status)), at);
  } else if (board->verdict <= VALIDATE_NONE ||
             board->verdict > VALIDATE_SKIP || WEXITSTATUS(status) != 0) {
    result->verdict = VALIDATE_CRASH;
    snprintf(result->sentence, sizeof result->sentence,
             "expected to live, got an end of the process with status %d; "
             "under way: %s",
             WEXITSTATUS(status), at);
  } else {
    result->verdict = (validate_verdict)board->verdict;
    snprintf(result->sentence, sizeof result->sentence, "%s", sentence);
  }
}

/* Look at a child; 1 if it is over. */
static int look(validate_runner *runner, child *place) {
  int status = 0, late = 0;
  const uint64_t took = hearth_monotonic_ns() - place->began_ns;
  pid_t got = waitpid(place->pid, &status, WNOHANG);
  if (got == 0 && took > runner->limit_ns) {
    late = 1;
    kill(-place->pid, SIGKILL);
    kill(place->pid, SIGKILL);
    do {
      got = waitpid(place->pid, &status, 0);
    } while (got < 0 && errno == EINTR);
  }
  if (got == 0) {
    return 0;
  }
  kill(-place->pid, SIGKILL); /* what it may have forked */
  place->result->ms = (uint32_t)(took / 1000000);
  conclude(place->result, place->board, status, late);
  munmap(place->board, sizeof *place->board);
  place->pid = 0;
  runner->busy--;
  return 1;
}

static void look_at_all(validate_runner *runner) {
  int any = 0;
  for (unsigned i = 0; i < runner->jobs; i++) {
    if (runner->children[i].pid > 0) {
      any |= look(runner, &runner->children[i]);
    }
  }
  if (!any) {
    const struct timespec pause = {0, LOOK_MS * 1000000};
    nanosleep(&pause, NULL);
  }
}

static void start_one(validate_runner *runner, validate_result *result) {
  unsigned place = 0;
  while (runner->children[place].pid > 0) {
    place++;
  }
  if (start(runner, &runner->children[place], result) != 0) {
    result->verdict = VALIDATE_CRASH;
    snprintf(result->sentence, sizeof result->sentence,
             "the check's process could not be started: %s", strerror(errno));
  }
}

static size_t choose(const char *only, validate_result *results) {
  size_t count = 0;
  for (size_t i = 0; i < validate_count(); i++) {
    const validate_check *check = validate_at(i);
    if (only == NULL || fnmatch(only, check->name, 0) == 0) {
      results[count++] = (validate_result){.check = check};
    }
  }
  return count;
}

int validate_run(const char *path, const validate_options *options,
                 validate_result *results, size_t *count, char *err,
                 size_t err_cap) {
  validate_runner runner = {.path = path, .options = options};
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  runner.jobs = options->jobs > 0 ? options->jobs
                : processors > 0  ? (unsigned)processors
                                  : 1;
  runner.jobs = runner.jobs < MAX_JOBS ? runner.jobs : MAX_JOBS;
  runner.limit_ns =
      (uint64_t)(options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_MS) *
      1000000;
  *count = choose(options->only, results);
  if (access(path, R_OK) != 0) {
    snprintf(err, err_cap, "%s: %s", path, strerror(errno));
    return -1;
  }
  if (*count == 0) {
    snprintf(err, err_cap, "no check is named %s; see --list", options->only);
    return -1;
  }
  size_t begun = 0, told = 0;
  while (told < *count) {
    while (begun < *count && runner.busy < runner.jobs) {
      start_one(&runner, &results[begun++]);
    }
    look_at_all(&runner);
    while (told < *count && results[told].verdict != VALIDATE_NONE) {
      if (options->done != NULL) {
        options->done(options->user, &results[told]);
      }
      told++;
    }
  }
  return 0;
}
