/* SPDX-License-Identifier: MIT
   Lines for the host's log, and the clocks. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "host-sdk/store/inside.h"

void hearth__store_log(const hearth_store_options *options, int32_t level,
                       const char *format, ...) {
  if (options->log == NULL) {
    return;
  }
  char line[2 * HEARTH__SENTENCE];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  options->log(options->user, level, line);
}

int64_t hearth__store_now_ms(const hearth_store_options *options) {
  if (options->now_ms != NULL) {
    return options->now_ms(options->user);
  }
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t hearth__store_clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void hearth__store_sleep_ms(int64_t ms) {
  const struct timespec length = {(time_t)(ms / 1000),
                                  (long)(ms % 1000) * 1000000};
  (void)nanosleep(&length, NULL);
}
