/* SPDX-License-Identifier: MIT
   The child's side: one check, its verdict, and what it was doing. */
#include "host-sdk/validate/job.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

uint32_t validate__times(const validate_job *job, uint32_t full, uint32_t few) {
  return job->quick ? few : full;
}

void validate__doing(validate_job *job, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(job->board->doing, sizeof job->board->doing, format, args);
  va_end(args);
}

/* No cleanup: whatever the plugin left behind must not disturb the verdict. */
static _Noreturn void end(validate_job *job, validate_verdict verdict,
                          const char *format, va_list args) {
  vsnprintf(job->board->sentence, sizeof job->board->sentence, format, args);
  job->board->verdict = verdict;
  _exit(0);
}

void validate__fail(validate_job *job, const char *format, ...) {
  va_list args;
  va_start(args, format);
  end(job, VALIDATE_FAIL, format, args);
}

void validate__warn(validate_job *job, const char *format, ...) {
  va_list args;
  va_start(args, format);
  end(job, VALIDATE_WARN, format, args);
}

void validate__skip(validate_job *job, const char *format, ...) {
  va_list args;
  va_start(args, format);
  end(job, VALIDATE_SKIP, format, args);
}

void *validate__need(validate_job *job, void *block) {
  if (block == NULL) {
    validate__skip(job, "no memory for the check itself");
  }
  return block;
}

const char *validate__status(hearth_status status) {
  static _Thread_local char texts[4][32];
  static _Thread_local unsigned turn;
#define NAME(name, code, message)                                              \
  if (status == (code)) {                                                      \
    return #name;                                                              \
  }
  HEARTH_STATUSES(NAME)
#undef NAME
  char *text = texts[turn++ % 4];
  snprintf(text, sizeof texts[0], "the status %d", (int)status);
  return text;
}

void validate_child(const char *name, const char *path, int fd,
                    const validate_options *options) {
  validate__board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE,
                                MAP_SHARED, fd, 0);
  if (board == MAP_FAILED) {
    _exit(125);
  }
  close(fd);
  validate_job job = {.check = validate_find(name),
                      .board = board,
                      .path = path,
                      .quick = options->quick,
                      .seed = options->seed};
  if (job.check == NULL) {
    validate__skip(&job, "there is no check %s", name);
  }
  job.check->run(&job);
  board->verdict = VALIDATE_PASS;
  _exit(0);
}
