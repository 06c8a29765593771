/* SPDX-License-Identifier: MIT
   Checks with hosts of other versions, and what a plugin says to its host. */
#include <stdlib.h>
#include <string.h>

#include "host-sdk/validate/checks.h"
#include "host-sdk/validate/page.h"

enum { MARK = 0x55 }; /* what nobody wrote to still holds */

static hearth_host *real; /* of the one check that runs in this process */
static char line_fault[200];

static const void *through(const hearth_host *host, const char *id) {
  (void)host;
  return real->get_extension(real, id);
}

static void ignore(const hearth_host *host, int32_t level, uint64_t call_id,
                   const char *message) {
  (void)host, (void)level, (void)call_id, (void)message;
}

/* hearth.memory/1 passes the host on: it has to be the one it is of. */
static void *resize(const hearth_host *host, void *block, uint64_t len) {
  const hearth_memory *memory = real->get_extension(real, HEARTH_EXT_MEMORY);
  (void)host;
  return memory->resize(real, block, len);
}

static void *zeroed(const hearth_host *host, uint64_t len) {
  const hearth_memory *memory = real->get_extension(real, HEARTH_EXT_MEMORY);
  (void)host;
  return memory->zeroed(real, len);
}

static uint64_t used(const hearth_host *host) {
  (void)host;
  return hearth_host_memory_used(real);
}

static const void *newer_extension(const hearth_host *host, const char *id) {
  static const struct {
    hearth_memory known;
    void (*later)(void);
  } memory = {{sizeof memory, 0, resize, used, zeroed}, abort};
  return strcmp(id, HEARTH_EXT_MEMORY) == 0 ? &memory : through(host, id);
}

static void *beyond(const hearth_host *host, uint64_t len) {
  (void)host, (void)len;
  abort();
}

/* What lies behind its `size` is not this host's. */
static const void *older_extension(const hearth_host *host, const char *id) {
  static const hearth_memory memory = {offsetof(hearth_memory, zeroed), 0,
                                       resize, used, beyond};
  return strcmp(id, HEARTH_EXT_MEMORY) == 0 ? &memory : through(host, id);
}

static void use(validate_job *job, const hearth_host *host,
                const hearth_call *call, const char *what) {
  validate__scene scene;
  hearth_plugin *plugin = NULL;
  validate__doing(job, "%s", what);
  validate__scene_make(job, &scene, 5, 12, VALIDATE__START_MS);
  if (job->entry->create == NULL) {
    validate__skip(job, "it lacks a function: see library-functions");
  }
  const hearth_status status = job->entry->create(
      job->entry, host, call, (hearth_bytes){NULL, 0}, &plugin);
  if (status != HEARTH_OK || plugin == NULL) {
    validate__fail(job, "expected an instance with %s, got %s", what,
                   validate__status(status));
  }
  validate__play(job, plugin, &scene, 0, scene.count, call, NULL);
  job->entry->destroy(plugin);
}

static void host_newer(validate_job *job) {
  validate__open(job);
  real = job->host;
  const struct {
    hearth_host known;
    void (*later[4])(void);
  } host = {{sizeof host, 9, "a later host", "9.9.9", newer_extension, ignore},
            {abort, abort, abort, abort}};
  use(job, &host.known, NULL, "a host of a later version");
}

static void host_older(validate_job *job) {
  validate__open(job);
  real = job->host;
  const hearth_host host = {sizeof host,     0,     "an earlier host", "0",
                            older_extension, ignore};
  use(job, &host, NULL, "a host of an earlier version");
}

static void call_null(validate_job *job) {
  validate__open(job);
  use(job, job->host, NULL, "call == NULL");
}

static void call_newer(validate_job *job) {
  char err[64] = "";
  validate__open(job);
  const struct {
    hearth_call known;
    void (*later)(void);
  } call = {{sizeof call, 0xfffffff0u, UINT64_MAX, 0, err, sizeof err}, abort};
  use(job, job->host, &call.known, "a longer call with unknown flags");
}

/* hearth_call.err with less and less room, at the end of what may be touched. */
static void error_room(validate_job *job) {
  static const uint8_t bad[] = {0x81, 0xa5, 'm', 'o', 'd', 'e', 'l', 0x2a};
  validate__page page;
  validate__open(job);
  hearth_plugin *plugin = validate__create(job);
  validate__page_open(job, &page, 600);
  uint8_t room[512];
  memset(room, MARK, sizeof room);
  for (uint64_t cap = 0; cap <= sizeof room; cap += cap < 40 ? 1 : 59) {
    for (int kind = 0; kind < VALIDATE__KINDS; kind++) {
      validate__sink sink;
      char *err = (char *)page.base + page.cap - cap;
      validate__sink_init(&sink);
      validate__page_put(job, &page, (hearth_bytes){room, sizeof room});
      validate__page_write(job, &page);
      const hearth_call call = {.size = sizeof call, .err = err,
                                .err_cap = cap};
      validate__doing(job, "%s with a bad message and %llu bytes at err",
                      validate__function((validate__kind)kind),
                      (unsigned long long)cap);
      (void)validate__give(job, plugin, &call, (validate__kind)kind,
                           (hearth_bytes){bad, sizeof bad}, &sink.base);
      if (cap > 0 && err[0] != MARK && memchr(err, 0, (size_t)cap) == NULL) {
        validate__fail(job, "expected the message of %s to end within its "
                            "%llu bytes, got no NUL",
                       validate__function((validate__kind)kind),
                       (unsigned long long)cap);
      }
      if (cap > 0 && cap < sizeof room && err[-1] != MARK) {
        validate__fail(job, "expected only `err` to be written, got a byte "
                            "ahead of it");
      }
      validate__sink_free(&sink);
    }
  }
  job->entry->destroy(plugin);
}

static void check_line(const hearth_host *host, int32_t level,
                       uint64_t call_id, const char *message) {
  (void)host, (void)call_id;
  if (level < HEARTH_LOG_ERROR || level > HEARTH_LOG_DEBUG) {
    snprintf(line_fault, sizeof line_fault, "the level %d", level);
  } else if (message == NULL) {
    snprintf(line_fault, sizeof line_fault, "NULL");
  } else if (strpbrk(message, "\n\r") != NULL) {
    snprintf(line_fault, sizeof line_fault, "a newline in \"%.80s\"", message);
  }
}

static void log_lines(validate_job *job) {
  validate__open(job);
  real = job->host;
  const hearth_host host = {sizeof host, HEARTH_ABI_MINOR, "hearth validate",
                            "0",         newer_extension,  check_line};
  use(job, &host, NULL, "a host that reads the log");
  if (line_fault[0] != '\0') {
    validate__fail(job, "expected one line at a known level, got %s",
                   line_fault);
  }
}

static const validate_check checks[] = {
    {"host-newer", "a host of a later version has longer structs",
     "plugin.h: minor versions only append members", host_newer},
    {"host-older", "a host's extension of an earlier version is shorter",
     "ext/memory.h, hearth_memory.size", host_older},
    {"host-call-null", "every call may come without a hearth_call",
     "plugin.h, hearth_call", call_null},
    {"host-call-newer", "a longer hearth_call with unknown flags is taken",
     "plugin.h, hearth_call.flags", call_newer},
    {"host-error-room", "a message keeps to its room and ends with NUL",
     "plugin.h, hearth_call.err_cap", error_room},
    {"host-log", "a log line is one line at a known level",
     "plugin.h, hearth_host.log", log_lines}};

VALIDATE__THEME(validate__hosts, checks);
