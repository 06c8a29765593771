/* SPDX-License-Identifier: MIT
   An experiment as a YAML file describes it. */
#include "host-sdk/experiment/offline/file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "host-sdk/experiment/offline/yaml.h"
#include "host-sdk/replay/policy.h"

typedef hearth__experiment_file file;

#define AT(type, member) offsetof(type, member)
#define TEXT(type, name, member)                                               \
  {                                                                            \
    name, HEARTH__YAML_TEXT, AT(type, member), sizeof(((type *)0)->member), 0, \
        0, NULL, NULL                                                          \
  }
#define NUMBER(type, name, member, least, most)                                \
  { name, HEARTH__YAML_NUMBER, AT(type, member), 0, least, most, NULL, NULL }
#define WHOLE(type, name, member, least, most)                                 \
  { name, HEARTH__YAML_WHOLE, AT(type, member), 0, least, most, NULL, NULL }
#define YES_NO(type, name, member)                                             \
  { name, HEARTH__YAML_BOOL, AT(type, member), 0, 0, 0, NULL, NULL }
#define CHOICE(type, name, member, choices)                                    \
  { name, HEARTH__YAML_CHOICE, AT(type, member), 0, 0, 0, choices, NULL }
#define NODE(type, name, member, read)                                         \
  { name, HEARTH__YAML_NODE, AT(type, member), 0, 0, 0, NULL, read }
#define END                                                                    \
  { NULL, HEARTH__YAML_TEXT, 0, 0, 0, 0, NULL, NULL }

/* One setting of a plugin, checked where its line is known. */
static void add_setting(hearth__yaml *yaml, const yaml_node_t *key,
                        const yaml_node_t *value, char *config) {
  const char *name = hearth__yaml_scalar(yaml, key, "config");
  const char *text =
      name != NULL ? hearth__yaml_scalar(yaml, value, name) : NULL;
  char one[HEARTH__CONFIG_TEXT], err[300] = "";
  hearth_config scratch;
  if (text == NULL) {
    return;
  }
  const size_t used = strlen(config);
  const int quoted = strchr(text, ',') != NULL;
  const int len = snprintf(one, sizeof one, "%s=%s%s%s", name,
                           quoted ? "\"" : "", text, quoted ? "\"" : "");
  if (len < 0 || used + (size_t)len + 2 > HEARTH__CONFIG_TEXT) {
    hearth__yaml_fail(yaml, value, "config: over %d bytes",
                      HEARTH__CONFIG_TEXT);
    return;
  }
  sprintf(config + used, "%s%s", used > 0 ? "," : "", one);
  hearth_message_init(&hearth_config_schema, &scratch);
  if (hearth_config_parse(&scratch, one, err, sizeof err) != HEARTH_OK) {
    hearth__yaml_fail(yaml, key, "%s", err);
  }
}

static void read_config(hearth__yaml *yaml, yaml_node_t *node, void *into) {
  if (node->type != YAML_MAPPING_NODE) {
    hearth__yaml_fail(yaml, node, "config: want a map of settings");
    return;
  }
  for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
       yaml->status == HEARTH_OK && pair < node->data.mapping.pairs.top;
       pair++) {
    add_setting(yaml, yaml_document_get_node(&yaml->document, pair->key),
                yaml_document_get_node(&yaml->document, pair->value), into);
  }
}

static const hearth__yaml_key arm_keys[] = {
    TEXT(hearth__file_arm, "name", name),
    TEXT(hearth__file_arm, "plugin", plugin),
    NODE(hearth__file_arm, "config", config, read_config),
    NUMBER(hearth__file_arm, "share", share, 0, 1),
    YES_NO(hearth__file_arm, "shadow", shadow),
    END};

static void read_arms(hearth__yaml *yaml, yaml_node_t *node, void *into) {
  file *f = into; /* offset 0: all of it */
  if (node->type != YAML_SEQUENCE_NODE) {
    hearth__yaml_fail(yaml, node, "arms: want a list");
    return;
  }
  for (const yaml_node_item_t *item = node->data.sequence.items.start;
       yaml->status == HEARTH_OK && item < node->data.sequence.items.top;
       item++) {
    yaml_node_t *arm = yaml_document_get_node(&yaml->document, *item);
    if (f->arm_count == HEARTH_EXPERIMENT_ARMS) {
      hearth__yaml_fail(yaml, arm, "arms: at most %d", HEARTH_EXPERIMENT_ARMS);
      return;
    }
    hearth__file_arm *to = &f->arms[f->arm_count++];
    *to = (hearth__file_arm){.share = -1,
                             .line = (uint32_t)arm->start_mark.line + 1};
    hearth__yaml_map(yaml, arm, "arm", arm_keys, to);
    if (yaml->status == HEARTH_OK &&
        (to->name[0] == '\0' || to->plugin[0] == '\0')) {
      hearth__yaml_fail(yaml, arm, "an arm wants a name and a plugin");
    }
    for (const hearth__file_arm *other = f->arms; other < to; other++) {
      if (strcmp(other->name, to->name) == 0) {
        hearth__yaml_fail(yaml, arm, "two arms are named '%s'", to->name);
      }
    }
  }
}

#define LIMIT(name, member, most)                                              \
  NUMBER(hearth_experiment_guardrails, name, member, 0, most)
#define AFTER(name, member)                                                    \
  WHOLE(hearth_experiment_guardrails, name, member, 0, 1e15)

static void read_guardrails(hearth__yaml *yaml, yaml_node_t *node, void *into) {
  static const hearth__yaml_key keys[] = {
      LIMIT("latency_p99_ms", latency_p99_ms, 1e9),
      LIMIT("error_share", error_share, 1),
      LIMIT("wait_ratio", wait_ratio, 1e9),
      AFTER("after_calls", least_calls),
      AFTER("after_units", least_units),
      END};
  hearth__yaml_map(yaml, node, "guardrails", keys, into);
}

typedef struct workload { /* as YAML has whole numbers */
  int64_t seed, users, days, models;
} workload;

static void read_workload(hearth__yaml *yaml, yaml_node_t *node, void *into) {
  static const hearth__yaml_key keys[] = {
      WHOLE(workload, "seed", seed, 0, 1e15),
      WHOLE(workload, "users", users, 1, 10000),
      WHOLE(workload, "days", days, 1, 400),
      WHOLE(workload, "models", models, 4, 64), END};
  hearth_workload_options *to = into;
  workload from = {(int64_t)to->seed, to->users, to->days, to->models};
  hearth__yaml_map(yaml, node, "workload", keys, &from);
  *to = (hearth_workload_options){(uint64_t)from.seed, (uint32_t)from.users,
                                  (uint32_t)from.days, (uint32_t)from.models};
}

static const char *const units[] = {"user", "session", "request", NULL};
static const char *const designs[] = {"paired", "split", NULL};

static const hearth__yaml_key keys[] = {
    TEXT(file, "experiment", name),
    TEXT(file, "trace", trace),
    TEXT(file, "catalog", catalog),
    NODE(file, "workload", workload, read_workload),
    WHOLE(file, "until_ms", until_ms, 0, 9e15),
    NUMBER(file, "budget_mb", budget_mb, 1, 1e12),
    NUMBER(file, "budget_share", budget_share, 1e-6, 1),
    NUMBER(file, "idle_price", idle_price, 1e-9, 1e12),
    WHOLE(file, "load_lanes", load_lanes, 0, 1000000),
    CHOICE(file, "unit", unit, units),
    CHOICE(file, "design", design, designs),
    WHOLE(file, "session_gap_s", session_gap_s, 1, 1e9),
    WHOLE(file, "window_s", window_s, 1, 1e9),
    NUMBER(file, "alpha", alpha, 1e-9, 0.5),
    NUMBER(file, "cap_s", cap_s, 1e-3, 1e9),
    WHOLE(file, "after_units", least_units, 0, 1e15),
    YES_NO(file, "promote", promote),
    YES_NO(file, "stop_worse", stop_worse),
    TEXT(file, "champion", champion),
    TEXT(file, "keep_state", keep_state),
    NODE(file, "guardrails", guardrails, read_guardrails),
    {"arms", HEARTH__YAML_NODE, 0, 0, 0, 0, NULL, read_arms},
    END};

static void set_defaults(file *f) {
  hearth_experiment_options o;
  hearth_experiment_options_init(&o);
  memset(f, 0, sizeof *f);
  hearth_workload_options_init(&f->workload);
  f->until_ms = f->load_lanes = -1;
  f->budget_mb = f->budget_share = f->idle_price = -1;
  f->unit = o.unit;
  f->design = o.design;
  f->stop_worse = o.stop_worse;
  f->session_gap_s = o.session_gap_ms / 1000;
  f->window_s = o.window_ms / 1000;
  f->alpha = o.alpha;
  f->guardrails = o.guardrails;
}

/* Who has no share gets an equal part of what is left. */
static void fill_shares(hearth__yaml *yaml, const yaml_node_t *root, file *f) {
  double given = 0;
  uint32_t open = 0;
  for (uint32_t a = 0; a < f->arm_count; a++) {
    if (f->arms[a].shadow && f->arms[a].share > 0) {
      hearth__yaml_fail(yaml, root, "arm '%s': a shadow has no share",
                        f->arms[a].name);
    }
    f->arms[a].share = f->arms[a].shadow ? 0 : f->arms[a].share;
    given += f->arms[a].share > 0 ? f->arms[a].share : 0;
    open += f->arms[a].share < 0;
  }
  for (uint32_t a = 0; a < f->arm_count; a++) {
    if (f->arms[a].share < 0) {
      f->arms[a].share = given < 1 ? (1 - given) / open : 0;
    }
  }
  if (given > 1 + 1e-6 || (open == 0 && fabs(given - 1) > 1e-6)) {
    hearth__yaml_fail(yaml, root, "the arms' shares add up to %g, not to 1",
                      given);
  }
}

static void check(hearth__yaml *yaml, const yaml_node_t *root, file *f) {
  const int settings =
      (f->budget_mb > 0) + (f->budget_share > 0) + (f->idle_price > 0);
  if (f->name[0] == '\0') {
    hearth__yaml_fail(yaml, root, "there is no key 'experiment', its name");
  }
  if (f->arm_count < 2) {
    hearth__yaml_fail(yaml, root, "want at least two arms");
  }
  if (settings != 1) {
    hearth__yaml_fail(yaml, root,
                      "want one of budget_mb, budget_share and idle_price");
  }
  if (f->catalog[0] != '\0' && f->trace[0] == '\0') {
    hearth__yaml_fail(yaml, root, "catalog: there is no trace");
  }
  fill_shares(yaml, root, f);
  while (f->champion[0] != '\0' && f->champion_index < f->arm_count &&
         strcmp(f->arms[f->champion_index].name, f->champion) != 0) {
    f->champion_index++;
  }
  if (f->champion_index == f->arm_count) {
    hearth__yaml_fail(yaml, root, "champion: there is no arm '%s'",
                      f->champion);
  } else if (f->arms[f->champion_index].shadow) {
    hearth__yaml_fail(yaml, root, "the champion can't be a shadow");
  }
}

static hearth_status parse(hearth__yaml *yaml, FILE *in, file *f) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) {
    return HEARTH_NO_MEMORY;
  }
  yaml_parser_set_input_file(&parser, in);
  if (!yaml_parser_load(&parser, &yaml->document)) {
    yaml->status = HEARTH_BAD_ARG;
    snprintf(yaml->err, yaml->err_cap, "%s:%zu: %s", yaml->path,
             parser.problem_mark.line + 1,
             parser.problem != NULL ? parser.problem : "can't be read");
    yaml_parser_delete(&parser);
    return yaml->status;
  }
  yaml_node_t *root = yaml_document_get_root_node(&yaml->document);
  if (root == NULL) {
    hearth__yaml_fail(yaml, NULL, "the file is empty");
  } else {
    hearth__yaml_map(yaml, root, "experiment", keys, f);
    check(yaml, root, f);
  }
  yaml_document_delete(&yaml->document);
  yaml_parser_delete(&parser);
  return yaml->status;
}

hearth_status hearth__experiment_file_read(hearth__experiment_file *f,
                                           const char *path, char *err,
                                           uint64_t err_cap) {
  hearth__yaml yaml = {.path = path, .err = err, .err_cap = err_cap};
  FILE *in = fopen(path, "r");
  if (in == NULL) {
    snprintf(err, err_cap, "%s: %s", path, strerror(errno));
    return HEARTH_BAD_ARG;
  }
  set_defaults(f);
  const hearth_status status = parse(&yaml, in, f);
  fclose(in);
  return status;
}

hearth_status hearth__beside(const char *at, const char *path, char *out,
                             uint64_t cap) {
  const char *slash = path[0] == '/' ? NULL : strrchr(at, '/');
  const int folder = slash != NULL ? (int)(slash - at) + 1 : 0;
  const int len = snprintf(out, cap, "%.*s%s", folder, at, path);
  return len < 0 || (uint64_t)len >= cap ? HEARTH_LIMIT : HEARTH_OK;
}
