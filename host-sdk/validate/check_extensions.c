/* SPDX-License-Identifier: MIT
   Checks of the plugin's extensions. */
#include <math.h>
#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "hearth/ext/reflect.h"
#include "host-sdk/validate/checks.h"

static hearth_plugin *begin(validate_job *job) {
  validate__open(job);
  if (job->entry->get_extension == NULL) {
    validate__skip(job, "it has no get_extension");
  }
  return validate__create(job);
}

static void unknown(validate_job *job) {
  static const char *const ids[] = {"hearth.nobody-has-this/99", "",
                                    "hearth.metrics/9999", "hearth.metrics"};
  hearth_plugin *plugin = begin(job);
  char longest[5000];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = '\0';
  for (size_t i = 0; i <= sizeof ids / sizeof *ids; i++) {
    const char *id = i < sizeof ids / sizeof *ids ? ids[i] : longest;
    validate__doing(job, "get_extension(\"%.40s\")", id);
    if (job->entry->get_extension(plugin, id) != NULL) {
      validate__fail(job, "expected NULL for the unknown id \"%.40s\", got an "
                          "extension",
                     id);
    }
  }
}

static void sizes(validate_job *job) {
  static const struct {
    const char *id;
    uint32_t least;
  } known[] = {{HEARTH_EXT_METRICS, sizeof(hearth_metrics)},
               {HEARTH_EXT_EXPLAIN, sizeof(hearth_explain)},
               {HEARTH_EXT_PREDICT, sizeof(hearth_predict)},
               {HEARTH_EXT_REFLECT, sizeof(hearth_reflect)}};
  hearth_plugin *plugin = begin(job);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    const uint32_t *found = job->entry->get_extension(plugin, known[i].id);
    if (found != NULL && *found < known[i].least) {
      validate__fail(job, "expected %s to have at least %u bytes, got %u",
                     known[i].id, known[i].least, *found);
    }
    if (found != job->entry->get_extension(plugin, known[i].id)) {
      validate__fail(job, "expected %s to be constant, got another address",
                     known[i].id);
    }
  }
}

static int is_metric_name(const char *name) {
  return name != NULL && *name >= 'a' && *name <= 'z' && strlen(name) < 100 &&
         strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static void check_metric(validate_job *job, uint32_t index,
                         const hearth_metric *metric) {
  if (!is_metric_name(metric->name)) {
    validate__fail(job, "expected metric %u to have a name in snake_case, got "
                        "%.100s",
                   index, metric->name != NULL ? metric->name : "NULL");
  }
  if (metric->help == NULL || *metric->help == '\0') {
    validate__fail(job, "expected a sentence of help on %s, got none",
                   metric->name);
  }
  if ((metric->kind != HEARTH_METRIC_COUNTER &&
       metric->kind != HEARTH_METRIC_GAUGE) ||
      !isfinite(metric->value)) {
    validate__fail(job, "expected %s to be a counter or gauge and finite, got "
                        "kind %d and %g",
                   metric->name, metric->kind, metric->value);
  }
}

static void metrics(validate_job *job) {
  hearth_plugin *plugin = begin(job);
  const hearth_metrics *ext = validate__extension(
      job, plugin, HEARTH_EXT_METRICS, sizeof *ext);
  validate__scene scene;
  if (ext == NULL) {
    validate__skip(job, "it has no hearth.metrics/1");
  }
  validate__scene_make(job, &scene, 5, 12, VALIDATE__START_MS);
  validate__play(job, plugin, &scene, 0, scene.count, NULL, NULL);
  for (uint32_t i = 0;; i++) {
    hearth_metric metric = {.size = (uint32_t)sizeof metric};
    const hearth_status status = ext->get(plugin, i, &metric);
    if (status == HEARTH_NO_OPINION) {
      break;
    }
    if (status != HEARTH_OK || i > 1000) {
      validate__fail(job, "expected HEARTH_NO_OPINION past the last metric, "
                          "got %s for metric %u",
                     validate__status(status), i);
    }
    check_metric(job, i, &metric);
  }
}

static int is_signature(const char *at) {
  const char result = *at;
  if (result == '\0' || strchr("vhilud", result) == NULL || at[1] != '(') {
    return 0;
  }
  at += at[2] == 'p' ? 3 : 2;
  const size_t arguments = strspn(at, "iludsbo");
  return arguments <= 16 && strcmp(at + arguments, ")") == 0;
}

static void reflect(validate_job *job) {
  hearth_plugin *plugin = begin(job);
  const hearth_reflect *ext = validate__extension(
      job, plugin, HEARTH_EXT_REFLECT, sizeof *ext);
  if (ext == NULL) {
    validate__skip(job, "it has no hearth.reflect/1");
  }
  for (uint32_t i = 0; i < ext->count; i++) {
    const hearth_function *f = &ext->functions[i];
    if (f->size < sizeof *f || f->name == NULL || *f->name == '\0' ||
        f->help == NULL || f->pointer == NULL) {
      validate__fail(job, "expected function %u to have size, name, help and "
                          "pointer, got one without",
                     i);
    }
    if (f->signature == NULL || !is_signature(f->signature)) {
      validate__fail(job, "expected %s to have a signature such as h(ps), got "
                          "%.40s",
                     f->name, f->signature != NULL ? f->signature : "NULL");
    }
    for (uint32_t j = 0; j < i; j++) {
      if (strcmp(f->name, ext->functions[j].name) == 0) {
        validate__fail(job, "expected one function %s, got two", f->name);
      }
    }
  }
}

static const validate_check checks[] = {
    {"extension-unknown", "an unknown extension is NULL",
     "plugin.h, hearth_plugin_entry.get_extension", unknown},
    {"extension-size", "an extension begins with its size",
     "plugin.h, hearth_plugin_entry.get_extension", sizes},
    {"extension-metrics", "metrics have names, help, finite values, an end",
     "ext/metrics.h", metrics},
    {"extension-reflect", "reflected functions have names and signatures",
     "ext/reflect.h", reflect}};

VALIDATE__THEME(validate__extensions, checks);
