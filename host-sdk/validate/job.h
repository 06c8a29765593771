/* SPDX-License-Identifier: MIT
   What a check works with: its plugin, its verdict. */
#ifndef HEARTH_VALIDATE_JOB_H
#define HEARTH_VALIDATE_JOB_H

#include "hearth/host.h"
#include "host-sdk/validate/validate.h"

/* Sanitizers have threads, handlers and a memory of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VALIDATE__SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VALIDATE__SANITIZED 1
#endif
#endif
#ifndef VALIDATE__SANITIZED
#define VALIDATE__SANITIZED 0
#endif

/* Memory that the child shares with the one that waits for it. */
typedef struct validate__board {
  int32_t verdict;
  char doing[400]; /* for a crash or a timeout: what was under way */
  char sentence[900];
} validate__board;

struct validate_job {
  const validate_check *check;
  validate__board *board;
  const char *path;
  int quick;
  uint64_t seed;
  /* Set by validate__open (subject.h). */
  void *handle;
  const hearth_plugin_entry *entry;
  hearth_host *host;
};

/* How often: `full`, or `few` in the short form. */
uint32_t validate__times(const validate_job *job, uint32_t full, uint32_t few);

/* Remember what is under way. */
__attribute__((format(printf, 2, 3))) void
validate__doing(validate_job *job, const char *format, ...);

/* End the check, and this process, with a verdict: "expected ..., got ...".
   Any thread. */
__attribute__((format(printf, 2, 3))) _Noreturn void
validate__fail(validate_job *job, const char *format, ...);
__attribute__((format(printf, 2, 3))) _Noreturn void
validate__warn(validate_job *job, const char *format, ...);
__attribute__((format(printf, 2, 3))) _Noreturn void
validate__skip(validate_job *job, const char *format, ...);

/* No memory for the check itself: that is nobody's fault. */
void *validate__need(validate_job *job, void *block);

/* "HEARTH_BAD_PAYLOAD", "the status 17". Static storage, four live. */
const char *validate__status(hearth_status status);

#endif
