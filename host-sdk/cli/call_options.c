/* SPDX-License-Identifier: MIT
   The command line of hearth call. */
#include "host-sdk/cli/call_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/cli/commands.h"

const char hearth__call_usage[] =
    "usage: hearth call PLUGIN [FUNCTION [ARGUMENT...]] [OPTIONS]\n"
    "\n"
    "Call a function that a plugin offers to be called by hand (its extension\n"
    "hearth.reflect/1), in a process of its own.  Without FUNCTION: list "
    "them.\n"
    "\n"
    "An ARGUMENT for each letter of the signature but p and o: i l u whole "
    "numbers, d a\nnumber, s a text, b bytes (@FILE, hex:00ff, or the text "
    "itself).  What a function\nwrites into its o is printed as JSON.\n"
    "\n"
    "      --config K=V,...   the plugin's configuration, as for hearth "
    "replay\n"
    "      --catalog FILE     tell it these models first\n"
    "      --state FILE       load this state first\n"
    "      --trace FILE       let it learn from these requests first\n"
    "      --save FILE        save its state there afterwards\n"
    "      --deadline MS      how long the call may take (default 10000)\n"
    "      --signature S      call it by this signature, not the plugin's own\n"
    "      --json             one JSON object\n"
    "      --in-process       call it in this process, which it may crash\n"
    "      --                 all that follows is an argument\n"
    "      --help             this text\n"
    "\n"
    "exit status: 0 done; 2 bad input or options; 3 the function failed, or "
    "crashed\n";

enum { DEADLINE_MS = 10000, DEADLINE_MOST_MS = 86400000 };

static int complain(const char *what, const char *text) {
  fprintf(stderr, "hearth call: %s%s\n", what, text);
  return HEARTH__BAD_INPUT;
}

static int take_deadline(const char *text, uint32_t *out) {
  char *end;
  const unsigned long ms = strtoul(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || ms < 1 ||
      ms > DEADLINE_MOST_MS) {
    return complain("--deadline takes milliseconds, 1 to 86400000, not ", text);
  }
  *out = (uint32_t)ms;
  return HEARTH__OK;
}

/* An option with a value: where the value goes, or NULL. */
static const char **value_of(hearth__call_options *o, const char *name,
                             size_t len) {
  const struct {
    const char *name;
    const char **value;
  } options[] = {{"config", &o->config}, {"catalog", &o->catalog},
                 {"state", &o->state},   {"trace", &o->trace},
                 {"save", &o->save},     {"signature", &o->signature}};
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    if (strlen(options[i].name) == len &&
        memcmp(options[i].name, name, len) == 0) {
      return options[i].value;
    }
  }
  return NULL;
}

static int *flag_of(hearth__call_options *o, const char *name) {
  return strcmp(name, "json") == 0         ? &o->json
         : strcmp(name, "in-process") == 0 ? &o->in_process
         : strcmp(name, "help") == 0       ? &o->help
                                           : NULL;
}

/* --NAME VALUE or --NAME=VALUE; *i moves past what was taken. */
static int take_option(hearth__call_options *o, int argc, char **argv, int *i) {
  const char *name = argv[*i] + 2;
  const size_t len = strcspn(name, "=");
  int *flag = flag_of(o, name);
  if (flag != NULL) {
    *flag = 1;
    return HEARTH__OK;
  }
  const int deadline = len == 8 && strncmp(name, "deadline", len) == 0;
  const char **value = value_of(o, name, len);
  if (value == NULL && !deadline) {
    fprintf(stderr,
            "hearth call: there is no option %s; see hearth call "
            "--help\n",
            argv[*i]);
    return HEARTH__BAD_INPUT;
  }
  if (name[len] != '=' && *i + 1 == argc) {
    return complain("a value is missing behind ", argv[*i]);
  }
  const char *text = name[len] == '=' ? name + len + 1 : argv[++*i];
  if (deadline) {
    return take_deadline(text, &o->deadline_ms);
  }
  *value = text;
  return HEARTH__OK;
}

static int check(const hearth__call_options *o) {
  if (o->plugin == NULL) {
    return complain("name a plugin; see hearth call --help", "");
  }
  if (o->state != NULL && o->trace != NULL) {
    return complain("give --state or --trace: a trace is learned by a new "
                    "instance",
                    "");
  }
  if (o->function == NULL && (o->save != NULL || o->signature != NULL)) {
    return complain("--save and --signature need a FUNCTION", "");
  }
  return HEARTH__OK;
}

int hearth__call_parse(int argc, char **argv, hearth__call_options *out) {
  int kept = 1, only_args = 0, status = HEARTH__OK;
  *out = (hearth__call_options){.deadline_ms = DEADLINE_MS};
  for (int i = 1; status == HEARTH__OK && i < argc; i++) {
    if (only_args || strncmp(argv[i], "--", 2) != 0) {
      argv[kept++] = argv[i];
    } else if (argv[i][2] == '\0') {
      only_args = 1;
    } else {
      status = take_option(out, argc, argv, &i);
    }
  }
  if (status != HEARTH__OK || out->help) {
    return status;
  }
  out->plugin = kept > 1 ? argv[1] : NULL;
  out->function = kept > 2 ? argv[2] : NULL;
  out->args = (const char *const *)argv + 3;
  out->arg_count = kept > 3 ? (uint32_t)kept - 3 : 0;
  return check(out);
}
