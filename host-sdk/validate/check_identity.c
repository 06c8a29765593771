/* SPDX-License-Identifier: MIT
   Checks of what the plugin says of itself and wants of its host. */
#include <ctype.h>
#include <string.h>

#include "hearth/ext/future.h"
#include "host-sdk/validate/checks.h"

enum { MOST_TEXT = 1024, MOST_REQUIRED = 64 };

static void given(validate_job *job, const char *what, const char *text) {
  if (text == NULL || *text == '\0') {
    validate__fail(job, "expected a %s, got %s", what,
                   text == NULL ? "NULL" : "an empty one");
  }
}

static void identity(validate_job *job) {
  validate__open(job);
  given(job, "id", job->entry->id);
  given(job, "name", job->entry->name);
  given(job, "version", job->entry->version);
}

/* The length of the UTF-8 character at `at`, 0 for none (RFC 3629). */
static size_t character(const unsigned char *at) {
  if (*at < 0x80) {
    return 1;
  }
  const size_t len = *at >= 0xf5   ? 0
                     : *at >= 0xf0 ? 4
                     : *at >= 0xe0 ? 3
                     : *at >= 0xc2 ? 2
                                   : 0;
  for (size_t i = 1; i < len; i++) {
    if ((at[i] & 0xc0) != 0x80) {
      return 0;
    }
  }
  if ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) ||
      (*at == 0xf0 && at[1] < 0x90) || (*at == 0xf4 && at[1] > 0x8f)) {
    return 0;
  }
  return len;
}

static void text(validate_job *job, const char *what, const char *text) {
  if (text == NULL) {
    return;
  }
  const size_t len = strnlen(text, MOST_TEXT + 1);
  if (len > MOST_TEXT) {
    validate__fail(job, "expected a %s of at most %d bytes, got more", what,
                   MOST_TEXT);
  }
  for (size_t at = 0; at < len;) {
    const unsigned char *c = (const unsigned char *)text + at;
    const size_t step = character(c);
    if (step == 0 || *c < 0x20 || *c == 0x7f) {
      validate__fail(job, "expected a %s in UTF-8 without control characters, "
                          "got the byte 0x%02x at %zu",
                     what, *c, at);
    }
    at += step;
  }
}

static void texts(validate_job *job) {
  validate__open(job);
  text(job, "id", job->entry->id);
  text(job, "name", job->entry->name);
  text(job, "vendor", job->entry->vendor);
  text(job, "version", job->entry->version);
  text(job, "description", job->entry->description);
}

static void id_form(validate_job *job) {
  validate__open(job);
  const char *id = job->entry->id;
  if (id == NULL) {
    validate__skip(job, "it has no id: see library-identity");
  }
  if (strchr(id, '.') == NULL || !isalnum((unsigned char)*id)) {
    validate__warn(job, "expected an id such as org.example.lru, got %s", id);
  }
  for (const char *at = id; *at != '\0'; at++) {
    if (!isalnum((unsigned char)*at) && strchr("._-", *at) == NULL) {
      validate__warn(job, "expected an id of letters, digits and . _ -, got %s",
                     id);
    }
  }
}

/* Three numbers, and anything after a - or a + (Semantic Versioning 2.0.0). */
static void version_form(validate_job *job) {
  validate__open(job);
  const char *at = job->entry->version;
  if (at == NULL) {
    validate__skip(job, "it has no version: see library-identity");
  }
  for (int i = 0; i < 3; i++) {
    const size_t digits = strspn(at, "0123456789");
    at += digits;
    if (digits == 0 || (i < 2 && *at++ != '.')) {
      validate__warn(job, "expected a version such as 1.2.3, got %s",
                     job->entry->version);
    }
  }
  if (*at != '\0' && *at != '-' && *at != '+') {
    validate__warn(job, "expected a version such as 1.2.3, got %s",
                   job->entry->version);
  }
}

static void requires_known(validate_job *job) {
  validate__open(job);
  const char *const *id = job->entry->host_requires;
  for (int i = 0; id != NULL && id[i] != NULL; i++) {
    if (i == MOST_REQUIRED) {
      validate__fail(job, "expected host_requires to end with NULL, got more "
                          "than %d ids",
                     MOST_REQUIRED);
    }
    if (strcmp(id[i], HEARTH_EXT_MEMORY) != 0 &&
        strcmp(id[i], HEARTH_EXT_FUTURE) != 0) {
      validate__warn(job, "expected to require what a host can offer, got %s",
                     id[i]);
    }
  }
}

static const void *nothing(const hearth_host *host, const char *id) {
  (void)host, (void)id;
  return NULL;
}

static void unheard(const hearth_host *host, int32_t level, uint64_t call_id,
                    const char *message) {
  (void)host, (void)level, (void)call_id, (void)message;
}

static const hearth_host bare = {sizeof bare, HEARTH_ABI_MINOR,
                                 "hearth validate", "0", nothing, unheard};

/* A host that offers nothing is enough for who requires nothing; who requires
   something may refuse it, and in one way. */
static void requires_honest(validate_job *job) {
  validate__open(job);
  const char *const *id = job->entry->host_requires;
  const int wants = id != NULL && *id != NULL;
  hearth_plugin *plugin = NULL;
  validate__doing(job, "create on a host that offers no extension");
  if (job->entry->create == NULL) {
    validate__skip(job, "it lacks a function: see library-functions");
  }
  const hearth_status status = job->entry->create(
      job->entry, &bare, NULL, (hearth_bytes){NULL, 0}, &plugin);
  if (!wants && status != HEARTH_OK) {
    validate__fail(job,
                   "expected to work without extensions, since host_requires "
                   "names none, got %s",
                   validate__status(status));
  }
  if (wants && status != HEARTH_OK && status != HEARTH_UNSUPPORTED) {
    validate__fail(job, "expected HEARTH_UNSUPPORTED without %s, got %s", *id,
                   validate__status(status));
  }
  if (wants && status == HEARTH_OK) {
    job->entry->destroy(plugin); /* no host will ask it anything */
  } else if (status == HEARTH_OK) {
    validate__scene scene;
    validate__scene_make(job, &scene, 5, 12, VALIDATE__START_MS);
    validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
    job->entry->destroy(plugin);
  }
}

static const validate_check checks[] = {
    {"library-identity", "id, name and version are given",
     "plugin.h, hearth_plugin_entry.id", identity},
    {"library-text", "its texts are UTF-8, short and printable",
     "plugin.h, hearth_plugin_entry.name", texts},
    {"library-id-form", "the id is a lasting one: org.example.lru",
     "plugin.h, hearth_plugin_entry.id", id_form},
    {"library-version-form", "the version is three numbers",
     "plugin.h, hearth_plugin_entry.version", version_form},
    {"library-requires-known", "what it requires is what hosts can offer",
     "docs/abi.md, Extensions", requires_known},
    {"library-requires-honest", "it requires what it needs, and nothing else",
     "plugin.h, hearth_plugin_entry.host_requires", requires_honest}};

VALIDATE__THEME(validate__identity, checks);
