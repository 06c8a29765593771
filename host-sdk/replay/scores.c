/* SPDX-License-Identifier: MIT
   How good the predictions were: hits, tasks, availability. */
#include "host-sdk/replay/scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/accuracy/accuracy.h"

typedef struct tally {
  uint64_t requests, hits1, hits3, hits5;
  uint64_t predicted, right; /* models over the threshold */
} tally;

struct hearth_scores {
  const hearth_trace *trace;
  double threshold;
  tally *tasks; /* by the trace's task number; the last is "unknown" */
  uint32_t task_count;
  int probabilities; /* a plan ever gave a p_next */
  uint32_t *promised; /* by model: the plan that promised it */
  uint32_t models, plans;
  uint64_t promises, kept;
  hearth_accuracy_book *accuracy; /* owned; NULL: not asked for */
};

hearth_scores *hearth_scores_new(const hearth_trace *trace, uint32_t models,
                                 double threshold) {
  hearth_scores *scores = calloc(1, sizeof *scores);
  if (scores == NULL) {
    return NULL;
  }
  scores->trace = trace;
  scores->threshold = threshold;
  scores->models = models;
  scores->task_count = hearth_trace_count(trace, HEARTH_TRACE_TASK);
  scores->tasks = calloc((size_t)scores->task_count + 1, sizeof(tally));
  scores->promised = calloc((size_t)models + 1, sizeof *scores->promised);
  if (scores->tasks == NULL || scores->promised == NULL) {
    hearth_scores_free(scores);
    return NULL;
  }
  return scores;
}

void hearth_scores_free(hearth_scores *scores) {
  if (scores != NULL) {
    free(scores->tasks);
    free(scores->promised);
    hearth_accuracy_book_free(scores->accuracy);
    free(scores);
  }
}

hearth_status hearth_scores_measure(hearth_scores *scores,
                                    const hearth_uses *uses) {
  scores->accuracy = hearth_accuracy_book_new(scores->trace, uses);
  return scores->accuracy == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
}

void hearth_scores_sample(hearth_scores *scores, int64_t now,
                          const hearth_plan *plan) {
  if (scores->accuracy != NULL) {
    hearth_accuracy_sample(scores->accuracy, now, plan);
  }
}

/* The place of `model` by p_next, from 0; ties in the plan's order.  The plan's
   length or more: not listed. */
static uint32_t place_of(const hearth_plan *plan, uint32_t model) {
  uint32_t at = 0;
  while (at < plan->count && plan->lines[at].entry.model != model) {
    at++;
  }
  if (at == plan->count || plan->lines[at].p_next < 0) {
    return UINT32_MAX;
  }
  const double p = plan->lines[at].p_next;
  uint32_t place = 0;
  for (uint32_t k = 0; k < plan->count; k++) {
    place += plan->lines[k].p_next > p || (k < at && plan->lines[k].p_next == p);
  }
  return place;
}

/* Of the models over the threshold: how many, and whether this is one. */
static hearth_guessed count_predicted(hearth_scores *scores,
                                      const hearth_plan *plan,
                                      uint32_t model) {
  hearth_guessed guessed = {.place = place_of(plan, model)};
  for (uint32_t k = 0; k < plan->count; k++) {
    const double p = plan->lines[k].p_next;
    scores->probabilities |= p >= 0;
    if (p >= 0 && p >= scores->threshold) {
      guessed.said++;
      guessed.right |= plan->lines[k].entry.model == model;
    }
  }
  return guessed;
}

void hearth_scores_request(hearth_scores *scores, uint32_t i,
                           const hearth_plan *plan, hearth_found found) {
  const uint32_t model = scores->trace->id[HEARTH_TRACE_MODEL][i];
  const uint32_t task = scores->trace->id[HEARTH_TRACE_TASK][i];
  tally *t = &scores->tasks[task == HEARTH_NO_NAME ? scores->task_count : task];
  const hearth_guessed guessed = count_predicted(scores, plan, model);
  t->requests++;
  t->hits1 += guessed.place < 1;
  t->hits3 += guessed.place < 3;
  t->hits5 += guessed.place < 5;
  t->predicted += guessed.said;
  t->right += (uint64_t)guessed.right;
  if (scores->accuracy != NULL) {
    hearth_accuracy_request(scores->accuracy, i, &guessed);
  }
  if (scores->plans > 0 && scores->promised[model] == scores->plans) {
    scores->promises++;
    scores->kept += found == HEARTH_FOUND_WARM;
  }
}

void hearth_scores_plan(hearth_scores *scores, const hearth_plan *plan) {
  scores->plans++;
  for (uint32_t k = 0; k < plan->count; k++) {
    if (plan->lines[k].confidence >= HEARTH_PROMISE) {
      scores->promised[plan->lines[k].entry.model] = scores->plans;
    }
  }
}

static double share(uint64_t part, uint64_t whole) {
  return whole == 0 ? NAN : (double)part / (double)whole;
}

static hearth_hits hits_of(const hearth_scores *scores, const tally *t) {
  if (!scores->probabilities) {
    return (hearth_hits){NAN, NAN, NAN};
  }
  return (hearth_hits){share(t->hits1, t->requests), share(t->hits3, t->requests),
                       share(t->hits5, t->requests)};
}

static hearth_status report_task(const hearth_scores *scores, uint32_t task,
                                 hearth_task_score *out) {
  const tally *t = &scores->tasks[task];
  const hearth_names *names = scores->trace->names[HEARTH_TRACE_TASK];
  hearth_str text = hearth_str_from("unknown");
  if (task < scores->task_count) {
    text = hearth_names_text(names, task);
  }
  char *name = malloc((size_t)text.len + 1);
  if (name == NULL) {
    return HEARTH_NO_MEMORY;
  }
  memcpy(name, text.data, (size_t)text.len);
  name[text.len] = '\0';
  *out = (hearth_task_score){.task = name,
                             .requests = t->requests,
                             .hit = hits_of(scores, t),
                             .precision = NAN,
                             .recall = NAN,
                             .f1 = NAN};
  if (scores->probabilities) {
    out->precision = share(t->right, t->predicted);
    out->recall = share(t->right, t->requests);
    out->f1 = share(2 * t->right, t->predicted + t->requests);
  }
  return HEARTH_OK;
}

hearth_status hearth_scores_report(hearth_scores *scores,
                                   hearth_result *result) {
  tally all = {0};
  result->tasks = calloc((size_t)scores->task_count + 1, sizeof *result->tasks);
  if (result->tasks == NULL) {
    return HEARTH_NO_MEMORY;
  }
  for (uint32_t k = 0; k <= scores->task_count; k++) {
    const tally *t = &scores->tasks[k];
    if (t->requests == 0) {
      continue;
    }
    all.requests += t->requests;
    all.hits1 += t->hits1;
    all.hits3 += t->hits3;
    all.hits5 += t->hits5;
    const hearth_status status =
        report_task(scores, k, &result->tasks[result->task_count]);
    if (status != HEARTH_OK) {
      return status;
    }
    result->task_count++;
  }
  result->hit = hits_of(scores, &all);
  result->availability = share(scores->kept, scores->promises);
  return scores->accuracy == NULL
             ? HEARTH_OK
             : hearth_accuracy_report(scores->accuracy, scores->probabilities,
                                      &result->accuracy);
}
