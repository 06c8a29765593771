/* SPDX-License-Identifier: MIT
   Checks of the file and of its entry. */
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "host-sdk/library/copy.h"
#include "host-sdk/library/elf.h"
#include "host-sdk/validate/checks.h"

static void file(validate_job *job) {
  uint8_t *data = NULL;
  uint64_t len = 0;
  char err[400] = "";
  if (hearth__file_read(job->path, &data, &len, err, sizeof err) !=
      HEARTH_OK) {
    validate__fail(job, "expected a file that can be read, got %s", err);
  }
  const char *problem = hearth__elf_problem(data, len);
  if (problem != NULL) {
    validate__fail(job, "expected a whole shared object, got what is %s",
                   problem);
  }
}

static void opens(validate_job *job) {
  char path[PATH_MAX];
  validate__doing(job, "dlopen");
  file(job);
  if (realpath(job->path, path) == NULL ||
      dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL) {
    const char *why = dlerror();
    validate__fail(job,
                   "expected dlopen with RTLD_NOW to bind every symbol, got %s",
                   why != NULL ? why : "no path");
  }
}

static void symbol(validate_job *job) {
  char path[PATH_MAX];
  void *handle = realpath(job->path, path) != NULL
                     ? dlopen(path, RTLD_NOW | RTLD_LOCAL)
                     : NULL;
  if (handle == NULL) {
    validate__skip(job, "it can't be opened: see library-open");
  }
  if (dlsym(handle, HEARTH_PLUGIN_SYMBOL) == NULL) {
    validate__fail(job, "expected the symbol %s to be exported, got none",
                   HEARTH_PLUGIN_SYMBOL);
  }
}

/* The SDK's own verdict, in its words. */
static void negotiation(validate_job *job) {
  hearth_library *library = NULL;
  char err[400] = "";
  validate__doing(job, "hearth_library_open");
  if (hearth_library_open(job->path, NULL, &library, err, sizeof err) !=
      HEARTH_OK) {
    validate__fail(job, "expected the host SDK to accept it, got: %s", err);
  }
  hearth_library_close(library);
}

static void entry_size(validate_job *job) {
  const hearth_plugin_entry *entry;
  char path[PATH_MAX];
  void *handle = realpath(job->path, path) != NULL
                     ? dlopen(path, RTLD_NOW | RTLD_LOCAL)
                     : NULL;
  if (handle == NULL || (entry = dlsym(handle, HEARTH_PLUGIN_SYMBOL)) == NULL) {
    validate__skip(job, "it has no entry: see library-open, library-symbol");
  }
  if (entry->size < HEARTH_PLUGIN_ENTRY_MIN_SIZE) {
    validate__fail(job, "expected a size of at least %u bytes, got %u",
                   HEARTH_PLUGIN_ENTRY_MIN_SIZE, entry->size);
  }
  if (entry->size > 65536 || entry->size % sizeof(void *) != 0) {
    validate__fail(job,
                   "expected the size of a struct of pointers, got %u bytes",
                   entry->size);
  }
  if (entry->abi_minor <= HEARTH_ABI_MINOR &&
      entry->size > sizeof(hearth_plugin_entry)) {
    validate__fail(job,
                   "expected version 1.%u to have %u bytes, got %u: minor "
                   "versions append members",
                   entry->abi_minor, (unsigned)sizeof(hearth_plugin_entry),
                   entry->size);
  }
}

static void abi_minor(validate_job *job) {
  validate__open(job);
  if (job->entry->abi_minor > 1000) {
    validate__fail(job, "expected a minor version such as %d, got %u",
                   HEARTH_ABI_MINOR, job->entry->abi_minor);
  }
}

static void functions(validate_job *job) {
  validate__open(job);
  const hearth_plugin_entry *e = job->entry;
  const struct {
    const char *name;
    void (*function)(void);
    int optional;
  } all[] = {
      {"create", (void (*)(void))e->create, 0},
      {"destroy", (void (*)(void))e->destroy, 0},
      {"set_catalog", (void (*)(void))e->set_catalog, 0},
      {"prepare_models", (void (*)(void))e->prepare_models, 0},
      {"get_model_metadata", (void (*)(void))e->get_model_metadata, 0},
      {"record_outcome", (void (*)(void))e->record_outcome, 0},
      {"save_state", (void (*)(void))e->save_state, 1},
      {"load_state", (void (*)(void))e->load_state, 1},
      {"get_extension", (void (*)(void))e->get_extension, 1}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    Dl_info info;
    void *address;
    memcpy(&address, &all[i].function, sizeof address);
    if (address == NULL && !all[i].optional) {
      validate__fail(job, "expected a function %s, got NULL", all[i].name);
    }
    if (address != NULL && dladdr(address, &info) == 0) {
      validate__fail(job, "expected %s to point into mapped code, got %p",
                     all[i].name, address);
    }
  }
}

static void state_functions(validate_job *job) {
  validate__open(job);
  const hearth_plugin_entry *entry = job->entry;
  if (!(entry->caps & HEARTH_CAP_STATE)) {
    validate__skip(job, "it does not claim HEARTH_CAP_STATE");
  }
  if (entry->save_state == NULL || entry->load_state == NULL) {
    validate__fail(job, "expected %s with HEARTH_CAP_STATE, got NULL",
                   entry->save_state == NULL ? "save_state" : "load_state");
  }
}

static void caps_known(validate_job *job) {
  const uint64_t known = HEARTH_CAP_DETERMINISTIC | HEARTH_CAP_REENTRANT |
                         HEARTH_CAP_STATE | HEARTH_CAP_CONCURRENT_SAVE |
                         HEARTH_CAP_UNLOADABLE;
  validate__open(job);
  if (job->entry->caps & ~known) {
    validate__warn(job, "expected known capabilities only, got the bits 0x%llx",
                   (unsigned long long)(job->entry->caps & ~known));
  }
}

static void caps_consistent(validate_job *job) {
  validate__open(job);
  if ((job->entry->caps & HEARTH_CAP_CONCURRENT_SAVE) &&
      !(job->entry->caps & HEARTH_CAP_STATE)) {
    validate__fail(job, "expected HEARTH_CAP_STATE with "
                        "HEARTH_CAP_CONCURRENT_SAVE, got the latter alone");
  }
}

/* Two files of the same bytes are two plugins to the dynamic linker. */
static void two_copies(validate_job *job) {
  const char *why = NULL;
  validate__open(job);
  validate__doing(job, "dlopen of a second copy");
  void *handle = validate__open_copy(job, &why);
  const hearth_plugin_entry *second =
      handle != NULL ? dlsym(handle, HEARTH_PLUGIN_SYMBOL) : NULL;
  if (second == NULL || second == job->entry) {
    validate__fail(job, "expected a second copy to be mapped, got %s",
                   why != NULL ? why : "the first one");
  }
  hearth_plugin *a = validate__create(job), *b = NULL;
  const hearth_status status = second->create(second, job->host, NULL,
                                              (hearth_bytes){NULL, 0}, &b);
  if (status != HEARTH_OK || b == NULL) {
    validate__fail(job,
                   "expected an instance of a second copy beside one of the "
                   "first, got %s",
                   validate__status(status));
  }
  validate__scene scene;
  hearth_buffer heard_a = {0}, heard_b = {0};
  hearth_buffer_init(&heard_a, 0);
  hearth_buffer_init(&heard_b, 0);
  validate__scene_make(job, &scene, 5, 12, VALIDATE__START_MS);
  validate__play(job, a, &scene, 0, scene.count, NULL, &heard_a);
  job->entry->destroy(a);
  job->entry = second;
  validate__play(job, b, &scene, 0, scene.count, NULL, &heard_b);
  if (second->caps & HEARTH_CAP_DETERMINISTIC) {
    validate__same(job, &heard_a, &heard_b,
                   "the same answers of both copies");
  }
  second->destroy(b);
}

/* The entry is a constant: what it says at first it says at last. */
static void entry_constant(validate_job *job) {
  validate__open(job);
  const hearth_plugin_entry before = *job->entry;
  hearth_plugin *plugin = validate__create(job);
  validate__scene scene;
  validate__scene_make(job, &scene, 5, 12, VALIDATE__START_MS);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  job->entry->destroy(plugin);
  if (memcmp(&before, job->entry, sizeof before) != 0) {
    validate__fail(job, "expected the entry to stay as it was, got a change "
                        "while an instance was at work");
  }
}

static const validate_check checks[] = {
    {"library-file", "the file is a whole shared object of this machine",
     "docs/abi.md, Negotiation 1", file},
    {"library-open", "dlopen can bind every symbol", "docs/abi.md, Negotiation 1",
     opens},
    {"library-symbol", "hearth_plugin_v1 is exported",
     "plugin.h, HEARTH_PLUGIN_SYMBOL", symbol},
    {"library-entry-size", "the entry's size is one that its version can have",
     "plugin.h, HEARTH_PLUGIN_ENTRY_MIN_SIZE", entry_size},
    {"library-abi-minor", "the entry's minor version is a small number",
     "plugin.h, hearth_plugin_entry.abi_minor", abi_minor},
    {"library-negotiation", "the host SDK accepts it",
     "docs/abi.md, Negotiation", negotiation},
    {"library-functions", "the six functions that every plugin has are there",
     "docs/abi.md, Negotiation 5", functions},
    {"library-state-functions", "who claims STATE can save and load",
     "plugin.h, HEARTH_CAP_STATE", state_functions},
    {"library-caps-known", "no capability is claimed that nobody knows",
     "docs/abi.md, Capabilities", caps_known},
    {"library-caps-consistent", "a capability stands with what it needs",
     "plugin.h, HEARTH_CAP_CONCURRENT_SAVE", caps_consistent},
    {"library-entry-constant", "the entry does not change",
     "plugin.h, hearth_plugin_entry", entry_constant},
    {"library-two-copies", "two copies of the library work side by side",
     "docs/abi.md, Negotiation 1", two_copies}};

VALIDATE__THEME(validate__library, checks);
