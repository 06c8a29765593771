/* SPDX-License-Identifier: MIT
   The facts of dlopen and dlclose that bite who replaces running code, and that
   a slot's plugins do not mind. */
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hearth/slot.h"
#include "tests/unit.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static char place[64]; /* a plugin's file, to be replaced */

static const char *built(const char *name) {
  char below[64];

  (void)snprintf(below, sizeof(below), "tests/%s.so", name);
  return unit_build(below);
}

/* Write the bytes of `from` over the file at `to`, as cp does. */
static void overwrite(const char *from, const char *to) {
  char buffer[4096];
  FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
  size_t got;

  CU_ASSERT_FATAL(in && out);
  while ((got = fread(buffer, 1, sizeof(buffer), in)) > 0) {
    CU_ASSERT_EQUAL(fwrite(buffer, 1, got, out), got);
  }
  fclose(in);
  fclose(out);
}

/* Put a new file in the place of the old one, as install does. */
static void replace(const char *from) {
  char fresh[80];

  (void)snprintf(fresh, sizeof(fresh), "%s.new", place);
  overwrite(from, fresh);
  CU_ASSERT_EQUAL(rename(fresh, place), 0);
}

static void setup(const char *name) {
  int fd;

  (void)snprintf(place, sizeof(place), "/tmp/hearth-slot-XXXXXX");
  fd = mkstemp(place);
  CU_ASSERT_FATAL(fd >= 0);
  close(fd);
  replace(built(name));
}

static hearth_library *open_at(const char *path) {
  hearth_library *library = NULL;
  char err[512] = "";

  CU_ASSERT_EQUAL(hearth_library_open(path, NULL, &library, err, sizeof(err)),
                  HEARTH_OK);
  if (!library) {
    printf("# %s\n", err);
  }
  CU_ASSERT_PTR_NOT_NULL_FATAL(library);
  return library;
}

static hearth_slot *slot_at(const char *path) {
  hearth_library *library = open_at(path);
  hearth_slot *slot = NULL;

  CU_ASSERT_EQUAL_FATAL(hearth_slot_create(library, NULL, &slot, NULL, 0),
                        HEARTH_OK);
  hearth_library_close(library);
  return slot;
}

static void swap_to(hearth_slot *slot, const char *path) {
  hearth_library *library = open_at(path);

  CU_ASSERT_EQUAL(hearth_slot_swap(slot, library, NULL, NULL, NULL, 0),
                  HEARTH_OK);
  hearth_library_close(library);
}

/* The first byte of an answer. */
static int ask(hearth_slot *slot) {
  hearth_output output = {0};
  int answer = -1;

  if (hearth_slot_prepare_models(slot, NULL,
                                 (hearth_bytes){(const uint8_t *)"x", 1},
                                 &output) == HEARTH_OK) {
    answer = output.data[0];
  }
  hearth_output_free(&output);
  return answer;
}

static const char *version_of(void *handle) {
  const hearth_plugin_entry *entry = dlsym(handle, HEARTH_PLUGIN_SYMBOL);

  return entry ? entry->version : "";
}

/* dlopen by the same path returns what is open; the slot gets what is there. */
static void test_replaced_file(void) {
  hearth_slot *slot;
  void *first, *second;

  setup("slot/.libs/version_1");
  first = dlopen(place, RTLD_NOW | RTLD_LOCAL);
  slot = slot_at(place);
  CU_ASSERT_PTR_NOT_NULL_FATAL(first);
  CU_ASSERT_EQUAL(ask(slot), '1');
  replace(built("slot/.libs/version_2"));
  second = dlopen(place, RTLD_NOW | RTLD_LOCAL);
  CU_ASSERT_STRING_EQUAL(version_of(second), "1");
  swap_to(slot, place);
  CU_ASSERT_EQUAL(ask(slot), '2');
  CU_ASSERT_EQUAL(hearth_slot_rollback(slot, NULL, 0), HEARTH_OK);
  CU_ASSERT_EQUAL(ask(slot), '1');
  hearth_slot_destroy(slot);
  dlclose(first);
  dlclose(second);
  unlink(place);
}

/* What writes into the file of running code changes or kills that code; ours
   runs on. */
static void test_file_overwritten_in_place(void) {
  hearth_slot *slot;

  setup("slot/.libs/version_1");
  slot = slot_at(place);
  overwrite(built("slot/.libs/version_2"), place);
  CU_ASSERT_EQUAL(ask(slot), '1');
  CU_ASSERT_EQUAL(truncate(place, 0), 0);
  CU_ASSERT_EQUAL(ask(slot), '1');
  overwrite(built("slot/.libs/version_2"), place);
  swap_to(slot, place);
  CU_ASSERT_EQUAL(ask(slot), '2');
  CU_ASSERT_EQUAL(unlink(place), 0);
  CU_ASSERT_EQUAL(ask(slot), '2');
  hearth_slot_destroy(slot);
}

static void test_unmapped_where_it_may_be(void) {
  hearth_slot *slot = slot_at(built("plugins/.libs/unloadable"));

  unsetenv("HEARTH_TEST_UNMAPPED");
  swap_to(slot, built("slot/.libs/version_1"));
  CU_ASSERT_PTR_NULL(getenv("HEARTH_TEST_UNMAPPED")); /* the previous one */
  swap_to(slot, built("slot/.libs/version_2"));
  CU_ASSERT_PTR_NOT_NULL(getenv("HEARTH_TEST_UNMAPPED"));
  hearth_slot_destroy(slot);
}

/* A thread that tells an outcome, and ends when it may. */
typedef struct teller {
  pthread_t thread;
  hearth_slot *slot; /* NULL: the entry and the plugin below */
  const hearth_plugin_entry *entry;
  hearth_plugin *plugin;
  sem_t told, may_end;
} teller;

static void *tell_and_end(void *user) {
  hearth_call call = {.size = (uint32_t)sizeof(call)};
  hearth_bytes outcome = {(const uint8_t *)"o", 1};
  teller *self = user;

  if (self->slot) {
    (void)hearth_slot_record_outcome(self->slot, NULL, outcome);
  } else {
    (void)self->entry->record_outcome(self->plugin, &call, outcome);
  }
  sem_post(&self->told);
  sem_wait(&self->may_end);
  return NULL;
}

static void start(teller *self) {
  sem_init(&self->told, 0, 0);
  sem_init(&self->may_end, 0, 0);
  CU_ASSERT_EQUAL_FATAL(pthread_create(&self->thread, NULL, tell_and_end, self),
                        0);
  sem_wait(&self->told);
}

static void end(teller *self) {
  sem_post(&self->may_end);
  pthread_join(self->thread, NULL);
}

/* In a child: what is unmapped is called when the thread ends. */
static void unmap_and_end(const char *path) {
  teller self = {0};
  hearth_host *host = NULL;
  hearth_call call = {.size = (uint32_t)sizeof(call)};
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);

  if (!handle || hearth_host_new(NULL, &host) != HEARTH_OK) {
    _exit(9);
  }
  self.entry = dlsym(handle, HEARTH_PLUGIN_SYMBOL);
  if (self.entry->create(self.entry, host, &call, (hearth_bytes){NULL, 0},
                         &self.plugin) != HEARTH_OK) {
    _exit(9);
  }
  start(&self);
  self.entry->destroy(self.plugin);
  dlclose(handle);
  end(&self);
  _exit(0);
}

static void test_unmapping_would_crash(void) {
  int status = 0;
  pid_t child;

  if (SANITIZED || getenv("LD_PRELOAD")) {
    unit_skip("a sanitizer or valgrind keeps the library or reports the crash");
    return;
  }
  fflush(stdout);
  child = fork();
  if (!child) {
    unmap_and_end(built("slot/.libs/thread_end"));
  }
  CU_ASSERT_FATAL(child > 0);
  CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
  CU_ASSERT(WIFSIGNALED(status));
}

static void test_thread_ends_after_the_plugin(void) {
  hearth_slot *slot = slot_at(built("slot/.libs/thread_end"));
  teller self = {.slot = slot};

  unsetenv("HEARTH_TEST_THREAD_END");
  start(&self);
  swap_to(slot, built("slot/.libs/version_1"));
  swap_to(slot, built("slot/.libs/version_2"));
  CU_ASSERT_PTR_NULL(getenv("HEARTH_TEST_THREAD_END"));
  end(&self);
  CU_ASSERT_PTR_NOT_NULL(getenv("HEARTH_TEST_THREAD_END"));
  hearth_slot_destroy(slot);
}

UNIT_MAIN("slot files", UNIT(test_replaced_file),
          UNIT(test_file_overwritten_in_place),
          UNIT(test_unmapped_where_it_may_be), UNIT(test_unmapping_would_crash),
          UNIT(test_thread_ends_after_the_plugin))
