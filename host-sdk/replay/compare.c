/* SPDX-License-Identifier: MIT
   A comparison: policies side by side, over settings. */
#include "host-sdk/replay/compare.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/replay/replay.h"

enum { MAX_THREADS = 64, LANES = 2 };

typedef struct crew { /* what the threads share */
  hearth_comparison *comparison;
  const hearth_compare_options *options;
  const hearth_uses *uses;
  pthread_mutex_t lock; /* over all below */
  uint32_t next;        /* cell to run */
  uint64_t done, total; /* requests */
  hearth_status status; /* of the first cell that failed */
  uint32_t failed;      /* its cell */
  char *err;
  uint64_t err_cap;
  int several;     /* visible runs: log names need a label */
  uint32_t leader; /* the first cell of the setting with strips */
} crew;

typedef struct worker { /* one replay of the crew */
  crew *crew;
  uint64_t shown;
} worker;

double hearth_budget_of_share(const hearth_models *models, double share) {
  const double part = floor(share * hearth_models_total_mb(models));
  const double largest = ceil(hearth_models_largest_mb(models));
  return part > largest ? part : largest;
}

void hearth_comparison_default_settings(hearth_comparison *comparison) {
  static const double shares[] = {0.1, 0.2, 0.3};
  static const double prices[] = {25, 100, 400};
  comparison->setting_count = 0;
  for (int i = 0; i < 3; i++) {
    comparison->settings[comparison->setting_count++] = (hearth_setting){
        .budget_mb = hearth_budget_of_share(comparison->models, shares[i]),
        .share = shares[i],
        .idle_price = -1,
        .load_lanes = LANES};
  }
  for (int i = 0; i < 3; i++) {
    comparison->settings[comparison->setting_count++] =
        (hearth_setting){.budget_mb = -1, .share = -1, .idle_price = prices[i]};
  }
}

void hearth_setting_label(const hearth_setting *setting, char *out,
                          uint64_t cap) {
  if (setting->idle_price > 0) {
    snprintf(out, cap, "R%g", setting->idle_price);
  } else if (setting->share > 0) {
    snprintf(out, cap, "%g%%", setting->share * 100);
  } else {
    snprintf(out, cap, "%gMB", setting->budget_mb);
  }
}

double hearth_judged(const hearth_setting *setting,
                     const hearth_result *result) {
  return setting->idle_price > 0 ? result->total_cost_s : result->cold_wait_s;
}

hearth_cell *hearth_comparison_cell(const hearth_comparison *comparison,
                                    uint32_t setting, uint32_t policy) {
  return &comparison->cells[setting * comparison->policies->count + policy];
}

static void progressed(void *user, uint64_t done) {
  worker *w = user;
  crew *c = w->crew;
  pthread_mutex_lock(&c->lock);
  c->done += done - w->shown;
  w->shown = done;
  if (c->options->progress != NULL) {
    c->options->progress(c->options->user, c->done, c->total);
  }
  pthread_mutex_unlock(&c->lock);
}

/* A log's path for one cell; NULL where none is wanted.  Owned by caller. */
static char *log_path(const crew *c, const char *path, uint32_t cell) {
  const hearth_comparison *comparison = c->comparison;
  const uint32_t policies = comparison->policies->count;
  const hearth_policy *policy = &comparison->policies->items[cell % policies];
  if (path == NULL || (policy->roles & HEARTH_POLICY_HIDDEN)) {
    return NULL;
  }
  char label[64];
  hearth_setting_label(&comparison->settings[cell / policies], label,
                       sizeof label);
  const char *slash = strrchr(path, '/');
  const char *dot = strrchr(path, '.');
  if (dot == NULL || (slash != NULL && dot < slash)) {
    dot = path + strlen(path);
  }
  const size_t room = strlen(path) + sizeof label + sizeof policy->name + 3;
  char *out = malloc(room);
  if (out != NULL && c->several) {
    snprintf(out, room, "%.*s-%s-%s%s", (int)(dot - path), path, policy->name,
             label, dot);
  } else if (out != NULL) {
    snprintf(out, room, "%s", path);
  }
  return out;
}

uint32_t hearth_comparison_strip_setting(const hearth_comparison *comparison) {
  uint32_t budgets = 0, first = 0;
  for (uint32_t s = comparison->setting_count; s-- > 0;) {
    if (comparison->settings[s].idle_price <= 0) {
      budgets++;
      first = s;
    }
  }
  return budgets == 0 ? 0 : first + (budgets - 1) / 2;
}

/* Strips show the first policy that applies beside the best simple rule, which
   is known only at the end. */
static int wants_strip(const crew *c, uint32_t cell) {
  const hearth_comparison *comparison = c->comparison;
  const uint32_t policies = comparison->policies->count;
  return c->options->strips &&
         cell / policies == hearth_comparison_strip_setting(comparison) &&
         (cell == c->leader ||
          (comparison->policies->items[cell % policies].roles &
           HEARTH_POLICY_SIMPLE));
}

static void run_cell(crew *c, uint32_t cell) {
  hearth_comparison *comparison = c->comparison;
  const uint32_t policies = comparison->policies->count;
  const hearth_policy *policy = &comparison->policies->items[cell % policies];
  worker w = {.crew = c};
  char *events = log_path(c, c->options->log_path, cell);
  char *plans = log_path(c, c->options->plan_path, cell);
  const hearth_replay_options options = {
      .trace = comparison->trace,
      .models = comparison->models,
      .uses = c->uses,
      .setting = &comparison->settings[cell / policies],
      .config = &policy->config,
      .log_path = events,
      .plan_path = plans,
      .timing = c->options->timing,
      .horizons = !(policy->roles & HEARTH_POLICY_HIDDEN),
      .strip = wants_strip(c, cell),
      .accuracy = c->options->accuracy &&
                  !(policy->roles & HEARTH_POLICY_HIDDEN),
      .progress = progressed,
      .user = &w};
  char err[1024] = "";
  const hearth_status status =
      hearth_replay(policy->library, &options, &comparison->cells[cell].result,
                    err, sizeof err);
  free(events);
  free(plans);
  pthread_mutex_lock(&c->lock);
  if (status == HEARTH_OK) {
    comparison->cells[cell].applies = 2;
  } else if (c->status == HEARTH_OK || cell < c->failed) {
    c->status = status; /* the first in order, whichever thread is first */
    c->failed = cell;
    snprintf(c->err, c->err_cap, "%s",
             err[0] != '\0' ? err : hearth_status_text(status));
  }
  pthread_mutex_unlock(&c->lock);
  if (status == HEARTH_OK) {
    progressed(&w, comparison->trace->count);
  }
}

static void *work(void *arg) {
  crew *c = arg;
  const uint32_t cells =
      c->comparison->setting_count * c->comparison->policies->count;
  for (;;) {
    pthread_mutex_lock(&c->lock);
    while (c->next < cells && !c->comparison->cells[c->next].applies) {
      c->next++;
    }
    const uint32_t cell = c->status == HEARTH_OK ? c->next++ : cells;
    pthread_mutex_unlock(&c->lock);
    if (cell >= cells) {
      return NULL;
    }
    run_cell(c, cell);
  }
}

/* Mark which cells are to be run. */
static void plan_cells(crew *c) {
  hearth_comparison *comparison = c->comparison;
  const uint32_t policies = comparison->policies->count;
  uint32_t visible = 0;
  for (uint32_t cell = 0; cell < comparison->setting_count * policies; cell++) {
    const hearth_setting *setting = &comparison->settings[cell / policies];
    const unsigned roles = comparison->policies->items[cell % policies].roles;
    const unsigned regime =
        setting->idle_price > 0 ? HEARTH_POLICY_PRICE : HEARTH_POLICY_BUDGET;
    comparison->cells[cell].applies = (roles & regime) != 0;
    if (roles & regime) {
      c->total += comparison->trace->count;
      visible += !(roles & HEARTH_POLICY_HIDDEN);
    }
  }
  c->several = visible > 1;
  c->leader = hearth_comparison_strip_setting(comparison) * policies;
  while (c->leader < comparison->setting_count * policies &&
         !comparison->cells[c->leader].applies) {
    c->leader++;
  }
}

static void run_crew(crew *c) {
  pthread_t threads[MAX_THREADS];
  long want = (long)c->options->threads;
  if (want == 0) {
    want = sysconf(_SC_NPROCESSORS_ONLN);
  }
  long started = 0;
  while (started < want - 1 && started < MAX_THREADS &&
         pthread_create(&threads[started], NULL, work, c) == 0) {
    started++;
  }
  work(c);
  for (long i = 0; i < started; i++) {
    pthread_join(threads[i], NULL);
  }
}

static void lower(double value, uint32_t policy, double *least,
                  uint32_t *which) {
  if (isnan(*least) || value < *least) {
    *least = value;
    *which = policy;
  }
}

static void judge(hearth_comparison *comparison, uint32_t s) {
  const hearth_policies *policies = comparison->policies;
  hearth_yardstick *y = &comparison->yardsticks[s];
  *y = (hearth_yardstick){NAN, NAN, 0, 0};
  for (uint32_t p = 0; p < policies->count; p++) {
    const hearth_cell *cell = hearth_comparison_cell(comparison, s, p);
    if (!cell->applies) {
      continue;
    }
    const double judged =
        hearth_judged(&comparison->settings[s], &cell->result);
    if (policies->items[p].roles & HEARTH_POLICY_SIMPLE) {
      lower(judged, p, &y->best, &y->best_policy);
    }
    if (policies->items[p].roles & HEARTH_POLICY_CLAIRVOYANT) {
      lower(judged, p, &y->clairvoyant, &y->clairvoyant_policy);
    }
  }
  const double gap = y->best - y->clairvoyant;
  const int null = isnan(gap) || fabs(gap) <= 0.005 * y->best;
  for (uint32_t p = 0; p < policies->count; p++) {
    hearth_cell *cell = hearth_comparison_cell(comparison, s, p);
    cell->gap_closed = null ? NAN
                            : (y->best - hearth_judged(&comparison->settings[s],
                                                       &cell->result)) /
                                  gap;
  }
}

hearth_status hearth_compare(hearth_comparison *comparison,
                             const hearth_compare_options *options,
                             const char **failed, char *err, uint64_t err_cap) {
  const uint32_t policies = comparison->policies->count;
  hearth_uses uses;
  hearth_status status =
      hearth_uses_init(&uses, comparison->trace, comparison->models);
  if (status != HEARTH_OK) {
    return status;
  }
  comparison->cells = calloc((size_t)comparison->setting_count * policies + 1,
                             sizeof *comparison->cells);
  if (comparison->cells == NULL) {
    hearth_uses_free(&uses);
    return HEARTH_NO_MEMORY;
  }
  crew c = {.comparison = comparison,
            .options = options,
            .uses = &uses,
            .err = err,
            .err_cap = err_cap};
  pthread_mutex_init(&c.lock, NULL);
  plan_cells(&c);
  run_crew(&c);
  pthread_mutex_destroy(&c.lock);
  hearth_uses_free(&uses);
  if (c.status != HEARTH_OK) {
    *failed = comparison->policies->items[c.failed % policies].name;
    return c.status;
  }
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    judge(comparison, s);
  }
  return HEARTH_OK;
}

void hearth_comparison_free(hearth_comparison *comparison) {
  if (comparison->cells != NULL) {
    const uint32_t cells =
        comparison->setting_count * comparison->policies->count;
    for (uint32_t i = 0; i < cells; i++) {
      hearth_result_free(&comparison->cells[i].result);
    }
    free(comparison->cells);
    comparison->cells = NULL;
  }
}
