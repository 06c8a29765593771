/* SPDX-License-Identifier: MIT
   Schedules written by hand: a sim whose events read as one line. */
#include "tests/pool/script.h"

#include <stdio.h>
#include <string.h>

#include "plugin/sdk/wire/messages.h"
#include "tests/unit.h"

static char letter(const hearth_sim_event *event) {
  switch (event->kind) {
  case HEARTH_SIM_START:
    return 'S';
  case HEARTH_SIM_LOAD:
    return event->demand ? 'L' : 'P';
  case HEARTH_SIM_READY:
    return 'R';
  case HEARTH_SIM_DONE:
    return 'D';
  case HEARTH_SIM_EVICT:
    return event->expired ? 'X' : 'E';
  case HEARTH_SIM_CANCEL:
    return 'C';
  }
  return '?';
}

static void record(void *user, const hearth_sim_event *event) {
  script *script_of = user;
  const size_t len = strlen(script_of->log);
  char word[64];
  char wait[24] = "";
  if (event->kind == HEARTH_SIM_START) {
    snprintf(wait, sizeof wait, "+%lld", (long long)event->wait_ms);
  }
  snprintf(word, sizeof word, "%s%lld%c%u%s", len > 0 ? " " : "",
           (long long)event->at_ms, letter(event), event->model, wait);
  if (len + strlen(word) < sizeof script_of->log) {
    strcpy(script_of->log + len, word);
  }
}

void script_begin(script *self, const hearth_pool_options *options,
                  uint32_t count, int64_t memory_kb, int64_t load_ms) {
  const hearth_memory_user memory = {0};
  memset(self, 0, sizeof *self);
  CU_ASSERT_EQUAL_FATAL(
      hearth_sim_new(&memory, options, record, self, &self->sim), HEARTH_OK);
  for (uint32_t i = 0; i < count; i++) {
    script_add(self,
               (hearth_pool_model){memory_kb, load_ms, HEARTH_NO_GROUP, 0});
  }
}

void script_add(script *self, hearth_pool_model model) {
  CU_ASSERT_EQUAL_FATAL(hearth_pool_add(hearth_sim_pool(self->sim), &model),
                        HEARTH_OK);
}

void script_end(script *self) {
  hearth_sim_free(self->sim);
}

hearth_found script_request(script *self, int64_t now, uint32_t model,
                            int64_t duration_ms) {
  hearth_found found = HEARTH_FOUND_WARM;
  CU_ASSERT_EQUAL(hearth_sim_advance(self->sim, now), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_sim_request(self->sim, now, model, duration_ms,
                                     self->requests++, &found),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_sim_start(self->sim, now), HEARTH_OK);
  return found;
}

void script_plans(script *self, int64_t now, const hearth_plan_entry *entries,
                  uint32_t count) {
  CU_ASSERT_EQUAL(hearth_sim_finish_instant(self->sim, now), HEARTH_OK);
  hearth_sim_plan(self->sim, now, entries, count);
  CU_ASSERT_EQUAL(hearth_sim_start(self->sim, now), HEARTH_OK);
}

void script_plan(script *self, int64_t now, hearth_plan_entry entry) {
  script_plans(self, now, &entry, 1);
}

hearth_plan_entry keep(uint32_t model) {
  return (hearth_plan_entry){model, HEARTH_ACTION_KEEP, -1, -1, -1};
}

hearth_plan_entry keep_for(uint32_t model, int64_t keep_for_ms) {
  return (hearth_plan_entry){model, HEARTH_ACTION_KEEP, -1, -1, keep_for_ms};
}

hearth_plan_entry warm(uint32_t model) {
  return (hearth_plan_entry){model, HEARTH_ACTION_WARM, -1, -1, -1};
}

int script_reads(script *self, const char *expected) {
  CU_ASSERT_EQUAL(hearth_sim_advance(self->sim, 1000000), HEARTH_OK);
  const int same = strcmp(self->log, expected) == 0;
  if (!same) {
    printf("# want %s\n# got  %s\n", expected, self->log);
  }
  return same;
}
