/* SPDX-License-Identifier: MIT
   hearth inspect: what a plugin says of itself. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "hearth/ext/reflect.h"
#include "hearth/host.h"
#include "host-sdk/cli/commands.h"
#include "host-sdk/reflect/call.h"

static const char usage[] =
    "usage: hearth inspect FILE.so\n"
    "\n"
    "Load a plugin and print its identity, capabilities and extensions.  Its "
    "code runs\nin this process: inspect only what you would run.\n"
    "\n"
    "      --help   this text\n";

static void print_capabilities(uint64_t caps) {
  static const struct {
    uint64_t bit;
    const char *name;
  } names[] = {{HEARTH_CAP_DETERMINISTIC, "deterministic"},
               {HEARTH_CAP_REENTRANT, "reentrant"},
               {HEARTH_CAP_STATE, "state"},
               {HEARTH_CAP_CONCURRENT_SAVE, "concurrent-save"},
               {HEARTH_CAP_UNLOADABLE, "unloadable"}};
  printf("capabilities  ");
  int any = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (caps & names[i].bit) {
      printf("%s%s", any ? ", " : "", names[i].name);
      any = 1;
    }
  }
  printf("%s\n", any ? "" : "none");
}

static void print_entry(const hearth_plugin_entry *entry) {
  printf("id            %s\n", entry->id);
  printf("name          %s\n", entry->name);
  printf("version       %s\n", entry->version);
  printf("vendor        %s\n", entry->vendor != NULL ? entry->vendor : "-");
  printf("description   %s\n",
         entry->description != NULL ? entry->description : "-");
  printf("abi           %d.%" PRIu32 "\n", HEARTH_ABI_MAJOR, entry->abi_minor);
  print_capabilities(entry->caps);
  printf("requires      ");
  const char *const *id = entry->host_requires;
  if (id == NULL || *id == NULL) {
    printf("nothing of the host");
  }
  for (; id != NULL && *id != NULL; id++) {
    printf("%s ", *id);
  }
  printf("\n");
}

/* 0 where the list is broken, which is said on stderr. */
static int print_functions(hearth_instance *instance) {
  const hearth_reflect *reflect =
      hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 0);
  hearth_status status = reflect != NULL ? HEARTH_OK : HEARTH_NO_OPINION;
  char err[256] = "";
  for (uint32_t i = 0; status == HEARTH_OK; i++) {
    hearth_function f;
    status = hearth__reflect_function(reflect, i, &f, err, sizeof err);
    if (status == HEARTH_OK) {
      printf("function      %s %s: %s\n", f.name != NULL ? f.name : "-",
             f.signature != NULL ? f.signature : "-",
             f.help != NULL ? f.help : "-");
    }
  }
  if (status != HEARTH_NO_OPINION) {
    fprintf(stderr, "hearth inspect: %s\n", err);
  }
  return status == HEARTH_NO_OPINION;
}

static int print_extensions(hearth_library *library) {
  static const char *const known[] = {HEARTH_EXT_METRICS, HEARTH_EXT_EXPLAIN,
                                      HEARTH_EXT_PREDICT, HEARTH_EXT_REFLECT};
  hearth_instance *instance;
  char err[512] = "";
  const hearth_status status =
      hearth_instance_create(library, NULL, &instance, err, sizeof err);
  if (status != HEARTH_OK) {
    printf("extensions    unknown: an instance can't be created (%s)\n", err);
    const char *const *needs = hearth_library_entry(library)->host_requires;
    return status == HEARTH_UNSUPPORTED && needs != NULL && *needs != NULL
               ? HEARTH__OK /* it needs a host that this is not */
               : HEARTH__PLUGIN_FAILED;
  }
  printf("extensions    ");
  int any = 0;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    if (hearth_instance_get_extension(instance, known[i], sizeof(uint32_t)) !=
        NULL) {
      printf("%s%s", any ? ", " : "", known[i]);
      any = 1;
    }
  }
  printf("%s\n", any ? "" : "none");
  const int good = print_functions(instance);
  hearth_instance_destroy(instance);
  return good ? HEARTH__OK : HEARTH__PLUGIN_FAILED;
}

int hearth__cmd_inspect(int argc, char **argv) {
  static const struct option options[] = {{"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  for (int option;
       (option = getopt_long(argc, argv, "h", options, NULL)) >= 0;) {
    if (option == 'h') {
      fputs(usage, stdout);
      return HEARTH__OK;
    }
    fputs("hearth inspect: try hearth inspect --help\n", stderr);
    return HEARTH__BAD_INPUT;
  }
  if (argc - optind != 1) {
    fputs("hearth inspect: name one plugin; see hearth inspect --help\n",
          stderr);
    return HEARTH__BAD_INPUT;
  }
  hearth_library *library;
  char err[1024] = "";
  if (hearth_library_open(argv[optind], NULL, &library, err, sizeof err) !=
      HEARTH_OK) {
    fprintf(stderr, "hearth inspect: %s\n", err);
    return HEARTH__BAD_INPUT;
  }
  print_entry(hearth_library_entry(library));
  const int status = print_extensions(library);
  hearth_library_close(library);
  return status;
}
