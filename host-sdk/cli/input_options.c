/* SPDX-License-Identifier: MIT
   What the commands that make traces share. */
#include "host-sdk/cli/input_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int hearth__option_u64(const char *command, const char *option, uint64_t *out) {
  uint64_t value = 0;
  const char *at = optarg;
  for (; *at >= '0' && *at <= '9'; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (value > (UINT64_MAX - digit) / 10) {
      break;
    }
    value = value * 10 + digit;
  }
  if (*at || at == optarg) {
    fprintf(stderr, "hearth %s: %s takes a whole number, not '%s'\n", command,
            option, optarg);
    return HEARTH__EXIT_BAD;
  }
  *out = value;
  return 0;
}

int hearth__option_u32(const char *command, const char *option, uint32_t *out) {
  uint64_t value = 0;
  int status = hearth__option_u64(command, option, &value);
  *out = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
  return status;
}

int hearth__default_output(const char *command, const char *name, char *path,
                           uint64_t cap) {
  snprintf(path, cap, "%s.csv", name);
  if (access(path, F_OK) == 0) {
    fprintf(stderr,
            "hearth %s: %s is there already; name another file with -o\n",
            command, path);
    return HEARTH__EXIT_BAD;
  }
  return 0;
}

int hearth__save_both(const char *command, const hearth_trace *trace,
                      const hearth_models *models, const char *path) {
  char catalog[4096], err[HEARTH__SENTENCE] = "";
  hearth_status status =
      hearth_models_default_path(path, catalog, sizeof catalog);
  if (status != HEARTH_OK) {
    snprintf(err, sizeof err, "%s: the name is too long", path);
  }
  if (status == HEARTH_OK) {
    status = hearth_models_save(models, catalog, err, sizeof err);
  }
  if (status == HEARTH_OK) {
    status = hearth_trace_save(trace, path, err, sizeof err);
    if (status != HEARTH_OK) {
      (void)unlink(catalog); /* a catalog of nothing */
    }
  }
  if (status != HEARTH_OK) {
    fprintf(stderr, "hearth %s: %s\n", command, err);
    return HEARTH__EXIT_BAD;
  }
  fprintf(stderr, "hearth %s: wrote %u requests to %s and %u models to %s\n",
          command, trace->count, path, models->count, catalog);
  return 0;
}
