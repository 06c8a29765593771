/* SPDX-License-Identifier: MIT
   The workload's models: sizes, load times, what they serve. */
#include <stdio.h>
#include <string.h>

#include "host-sdk/replay/input/workload_private.h"
#include "plugin/sdk/math.h"

const char *const hearth__task_names[HEARTH__TASKS] = {
    "completion",  "chat",   "analysis", "generation",
    "refactoring", "review", "embedding"};
const char *const hearth__language_names[HEARTH__LANGUAGES] = {
    "typescript", "python", "go", "rust", "java", "sql"};

#define TASK(name) (1u << HEARTH__##name)

typedef struct kind {
  const char *name;
  uint32_t memory_mb, load_ms, tasks;
  int32_t language;
  uint32_t from_percent; /* of the days gone by when it comes in */
} kind;

/* The first four serve every task; the rest in the order in which an
   organisation might take them in. */
static const kind kinds[] = {
    {"fim-1b", 1280, 1400, TASK(COMPLETION), -1, 0},
    {"chat-8b", 9216, 9800, TASK(CHAT) | TASK(ANALYSIS) | TASK(REVIEW), -1, 0},
    {"coder-14b", 15872, 16500,
     TASK(GENERATION) | TASK(REFACTORING) | TASK(ANALYSIS) | TASK(REVIEW), -1,
     0},
    {"embed-small", 1024, 1000, TASK(EMBEDDING), -1, 0},
    {"fim-3b", 3584, 3900, TASK(COMPLETION), -1, 0},
    {"chat-14b", 15360, 16100, TASK(CHAT) | TASK(ANALYSIS), -1, 0},
    {"coder-32b", 23552, 26800, TASK(GENERATION) | TASK(REFACTORING), -1, 0},
    {"analyst-32b", 25600, 28300, TASK(ANALYSIS) | TASK(REVIEW), -1, 0},
    {"fim-7b", 7168, 7600, TASK(COMPLETION), -1, 0},
    {"chat-3b", 3840, 4100, TASK(CHAT), -1, 0},
    {"embed-large", 2560, 2700, TASK(EMBEDDING), -1, 0},
    {"reviewer-14b", 14848, 15700, TASK(REVIEW), -1, 0},
    {"coder-7b", 8704, 9200,
     TASK(GENERATION) | TASK(REFACTORING) | TASK(COMPLETION), -1, 0},
    {"chat-32b", 26624, 29900, TASK(CHAT), -1, 0},
    {"refactor-14b", 15104, 15900, TASK(REFACTORING), -1, 0},
    {"coder-70b", 44032, 52400, TASK(GENERATION) | TASK(REFACTORING), -1, 0},
    {"fim-rust-3b", 3712, 4000, TASK(COMPLETION), HEARTH__RUST, 0},
    {"sql-7b", 8192, 8800, TASK(GENERATION) | TASK(ANALYSIS), HEARTH__SQL, 0},
    {"chat-8b-v2", 9472, 10100, TASK(CHAT) | TASK(ANALYSIS), -1, 36},
    {"chat-70b", 46080, 55600, TASK(CHAT) | TASK(ANALYSIS), -1, 0},
    {"fim-3b-v2", 3840, 4100, TASK(COMPLETION), -1, 50},
    {"analyst-14b", 14336, 15200, TASK(ANALYSIS), -1, 0},
    {"coder-14b-v2", 16384, 17000, TASK(GENERATION) | TASK(REFACTORING), -1,
     64},
    {"vision-12b", 13312, 14600, TASK(ANALYSIS) | TASK(CHAT), -1, 0},
};

enum { KINDS = sizeof kinds / sizeof *kinds };

#define ZIPF 1.8

/* A model beyond the list is a variant of one on it: a fine-tune, a bit larger
   or smaller, that comes in some day. */
static void make(hearth__model *m, uint32_t i, uint32_t days,
                 hearth__random *random) {
  const kind *k = &kinds[i % KINDS];
  uint32_t from = k->from_percent;
  double size = 1;
  memset(m, 0, sizeof *m);
  if (i < KINDS) {
    snprintf(m->name, sizeof m->name, "%s", k->name);
  } else {
    snprintf(m->name, sizeof m->name, "%s-ft%u", k->name, i / KINDS);
    size = 0.9 + 0.2 * hearth__random_unit(random);
    from = hearth__random_below(random, 60);
  }
  m->memory_mb = (uint32_t)(k->memory_mb * size);
  m->load_ms = (uint32_t)(k->load_ms * size);
  m->tasks = k->tasks;
  m->language = k->language;
  m->from_day = days * from / 100;
}

void hearth__workload_models(hearth__workload *w) {
  hearth__random random;
  uint32_t rank[HEARTH__TASKS] = {0};
  hearth__random_init(&random, w->options.seed, UINT64_C(1) << 40);
  for (uint32_t i = 0; i < w->options.models; i++) {
    make(&w->models[i], i, w->options.days, &random);
    /* By its place among those of its first task: Zipf's law. */
    for (uint32_t task = 0; task < HEARTH__TASKS; task++) {
      if (w->models[i].tasks & (1u << task)) {
        w->models[i].popularity = hearth_pow(1.0 + rank[task]++, -ZIPF);
        break;
      }
    }
  }
}

int hearth__workload_serves(const hearth__workload *w, uint32_t model,
                            hearth__task task, uint32_t day) {
  return (w->models[model].tasks >> task & 1) &&
         w->models[model].from_day <= day;
}

uint16_t hearth__workload_choose(const hearth__workload *w,
                                 hearth__random *random, hearth__task task,
                                 uint32_t day, int heavy) {
  double weights[HEARTH__MAX_MODELS];
  for (uint32_t i = 0; i < w->options.models; i++) {
    const hearth__model *m = &w->models[i];
    weights[i] = 0;
    if (hearth__workload_serves(w, i, task, day) && m->language < 0) {
      weights[i] = heavy ? m->popularity * m->memory_mb : m->popularity;
    }
  }
  return (uint16_t)hearth__random_pick(random, weights, w->options.models);
}
