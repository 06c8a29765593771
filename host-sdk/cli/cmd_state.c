/* SPDX-License-Identifier: MIT
   hearth state: what a store holds, in and out of it. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/cli/commands.h"
#include "host-sdk/cli/state.h"

static const char usage[] =
    "usage: hearth state show STORE [--json]\n"
    "       hearth state export STORE FOLDER\n"
    "       hearth state import STORE FOLDER\n"
    "       hearth state backup STORE FILE\n"
    "       hearth state restore STORE FILE\n"
    "       hearth state rebuild STORE --plugin FILE.so[:NAME[:CONFIG]]\n"
    "                            [--catalog FILE.csv]\n"
    "\n"
    "A store keeps the outcomes that a host told its plugin, and snapshots of "
    "what the\nplugin learned.\n"
    "\n"
    "  show     what is in it: counts, sizes, times, snapshots\n"
    "  export   outcomes as JSON lines, snapshots as files, into a new folder\n"
    "  import   the same back, into a new store\n"
    "  backup   a copy in one file, while the store is written\n"
    "  restore  put a backup in the store's place; what was there is kept\n"
    "  rebuild  teach a plugin all stored outcomes, and store its snapshot\n"
    "\n"
    "      --json              show: for programs\n"
    "      --plugin PLUGIN     rebuild: which, and its configuration\n"
    "      --catalog FILE.csv  rebuild: the models' sizes and load times\n"
    "      --help              this text\n";

int hearth__state_fail(const char *sentence) {
  fprintf(stderr, "hearth state: %s\n", sentence);
  return HEARTH__BAD_INPUT;
}

static void print_line(void *user, int32_t level, const char *message) {
  (void)user;
  (void)level;
  fprintf(stderr, "hearth state: %s\n", message);
}

hearth_store *hearth__state_open(const char *path, uint32_t flags) {
  hearth_store_options options;
  hearth_store *store = NULL;
  char err[HEARTH__STATE_SENTENCE] = "";
  hearth_store_options_init(&options);
  options.flags = flags;
  options.log = print_line;
  options.wait_ms = -1;
  if (hearth_store_open(path, &options, &store, err, sizeof err) != HEARTH_OK) {
    hearth__state_fail(err);
    return NULL;
  }
  return store;
}

int hearth__state_close(hearth_store *store, int status) {
  char err[HEARTH__STATE_SENTENCE] = "";
  return hearth_store_close(store, err, sizeof err) == HEARTH_OK
             ? status
             : hearth__state_fail(err);
}

static int backup(const char *path, const char *file) {
  char err[HEARTH__STATE_SENTENCE] = "";
  hearth_store *const store = hearth__state_open(path, HEARTH_STORE_READ_ONLY);
  if (store == NULL) {
    return HEARTH__BAD_INPUT;
  }
  const int status = hearth_store_backup(store, file, err, sizeof err);
  return hearth__state_close(
      store, status == HEARTH_OK ? HEARTH__OK : hearth__state_fail(err));
}

static int restore(const char *path, const char *file) {
  char err[HEARTH__STATE_SENTENCE] = "", kept[HEARTH__STATE_SENTENCE];
  if (hearth_store_restore(path, file, kept, sizeof kept, err, sizeof err) !=
      HEARTH_OK) {
    return hearth__state_fail(err);
  }
  if (*kept != '\0') {
    fprintf(stderr, "hearth state: what was at %s is kept as %s\n", path, kept);
  }
  return HEARTH__OK;
}

enum { SHOW, EXPORT, IMPORT, BACKUP, RESTORE, REBUILD, ACTIONS };

static const char *const actions[ACTIONS] = {"show",   "export",  "import",
                                             "backup", "restore", "rebuild"};

struct chosen {
  const char *plugin, *catalog;
  int json;
};

/* Read the options; -1: go on. */
static int read_options(int argc, char **argv, struct chosen *out) {
  static const struct option options[] = {
      {"json", no_argument, NULL, 'j'},
      {"plugin", required_argument, NULL, 'p'},
      {"catalog", required_argument, NULL, 'c'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0}};
  for (int option;
       (option = getopt_long(argc, argv, "h", options, NULL)) >= 0;) {
    switch (option) {
    case 'j':
      out->json = 1;
      break;
    case 'p':
      out->plugin = optarg;
      break;
    case 'c':
      out->catalog = optarg;
      break;
    case 'h':
      fputs(usage, stdout);
      return HEARTH__OK;
    default:
      return hearth__state_fail("try hearth state --help");
    }
  }
  return -1;
}

static int run(int action, const char *store, const char *other,
               const struct chosen *chosen) {
  switch (action) {
  case SHOW:
    return hearth__state_show(store, chosen->json);
  case EXPORT:
    return hearth__state_export(store, other);
  case IMPORT:
    return hearth__state_import(store, other);
  case BACKUP:
    return backup(store, other);
  case RESTORE:
    return restore(store, other);
  default:
    return hearth__state_rebuild(store, chosen->plugin, chosen->catalog);
  }
}

int hearth__cmd_state(int argc, char **argv) {
  struct chosen chosen = {0};
  const int ended = read_options(argc, argv, &chosen);
  if (ended >= 0) {
    return ended;
  }
  int action = 0;
  const char *const name = optind < argc ? argv[optind] : "";
  while (action < ACTIONS && strcmp(name, actions[action]) != 0) {
    action++;
  }
  if (action == ACTIONS) {
    return hearth__state_fail("say show, export, import, backup, restore or "
                              "rebuild; see hearth state --help");
  }
  const int alone = action == SHOW || action == REBUILD;
  if (argc - optind != (alone ? 2 : 3)) {
    return hearth__state_fail(
        alone ? "name one STORE; see hearth state --help"
              : "name a STORE and the other place; see hearth state --help");
  }
  if (chosen.json && action != SHOW) {
    return hearth__state_fail("--json goes with show");
  }
  if ((chosen.plugin != NULL) != (action == REBUILD) ||
      (chosen.catalog != NULL && action != REBUILD)) {
    return hearth__state_fail("--plugin, and --catalog, go with rebuild, which "
                              "needs the first; see hearth state --help");
  }
  return run(action, argv[optind + 1], alone ? NULL : argv[optind + 2],
             &chosen);
}
