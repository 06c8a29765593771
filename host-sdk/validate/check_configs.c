/* SPDX-License-Identifier: MIT
   Checks of create with configurations that are wrong. */
#include <string.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/mutate.h"
#include "host-sdk/validate/page.h"

/* Create must refuse this, and leave *out alone. */
static void refused(validate_job *job, hearth_bytes config, const char *what) {
  static char mark;
  hearth_plugin *const untouched = (hearth_plugin *)(void *)&mark;
  hearth_plugin *made = untouched;
  validate__doing(job, "create with %s", what);
  if (job->entry->create == NULL) {
    validate__skip(job, "it lacks a function: see library-functions");
  }
  const hearth_status status =
      job->entry->create(job->entry, job->host, NULL, config, &made);
  if (status == HEARTH_OK) {
    validate__fail(job, "expected HEARTH_BAD_PAYLOAD for %s, got an instance",
                   what);
  }
  if (made != untouched) {
    validate__fail(job, "expected *out untouched when create fails for %s, got "
                        "another value",
                   what);
  }
  if (status != HEARTH_BAD_PAYLOAD) {
    validate__fail(job, "expected HEARTH_BAD_PAYLOAD for %s, got %s", what,
                   validate__status(status));
  }
  if (hearth_host_memory_used(job->host) != 0) {
    validate__fail(job, "expected nothing to stay allocated after %s, got "
                        "%llu bytes",
                   what,
                   (unsigned long long)hearth_host_memory_used(job->host));
  }
}

static const char *fault_name;

static void refused_field(void *user, hearth_bytes message, const char *path) {
  char what[200];
  snprintf(what, sizeof what, "a configuration with %s %.80s", fault_name,
           path);
  refused(user, message, what);
}

static void with_fault(validate_job *job, validate__fault fault,
                       const char *name) {
  validate__open(job);
  fault_name = name;
  validate__mutate(job, VALIDATE__CONFIG, fault, refused_field, job);
}

static void types(validate_job *job) {
  with_fault(job, VALIDATE__WRONG_TYPE, "a wrong type of");
}

static void ranges(validate_job *job) {
  with_fault(job, VALIDATE__OUT_OF_RANGE, "a value out of range of");
}

static void truncated(validate_job *job) {
  validate__page page;
  hearth_buffer config = {0};
  validate__open(job);
  hearth_buffer_init(&config, 0);
  validate__config(job, 2, &config);
  validate__page_open(job, &page, config.len);
  const uint64_t step = validate__times(job, 1, 7);
  for (uint64_t len = 1; len < config.len; len += step) {
    char what[80];
    snprintf(what, sizeof what, "the first %llu of %llu bytes",
             (unsigned long long)len, (unsigned long long)config.len);
    refused(job,
            validate__page_put(job, &page, (hearth_bytes){config.data, len}),
            what);
  }
}

static void huge(validate_job *job) {
  static const uint8_t lengths[][12] = {
      {0xdf, 0xff, 0xff, 0xff, 0xff}, {0xdd, 0xff, 0xff, 0xff, 0xff},
      {0xdb, 0xff, 0xff, 0xff, 0xff}, {0xc6, 0xff, 0xff, 0xff, 0xff},
      {0x81, 0xa6, 'm', 'o', 'd', 'e', 'l', 's', 0xdd, 0xff, 0xff, 0xff}};
  validate__open(job);
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
    refused(job, (hearth_bytes){lengths[i], i < 4 ? 5 : 12},
            "a length of 2^32 - 1");
  }
}

static const validate_check checks[] = {
    {"config-types", "a setting of a wrong type is refused",
     "docs/wire-format.md, Config", types},
    {"config-ranges", "a setting out of its range is refused",
     "docs/wire-format.md, Config", ranges},
    {"config-truncated", "a cut configuration is refused, *out untouched",
     "plugin.h, hearth_plugin_entry.create", truncated},
    {"config-huge", "a length that can't be true is refused",
     "docs/wire-format.md, Bounds", huge}};

VALIDATE__THEME(validate__configs, checks);
