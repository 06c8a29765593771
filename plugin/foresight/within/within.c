/* SPDX-License-Identifier: MIT
   The head `within`: its life, and what it makes of a request. */
#include "plugin/foresight/within/within_state.h"
#include "plugin/sdk/hint.h"

HEARTH_SELDOM foresight_within *
foresight_within_create(const hearth_memory_user *memory, uint32_t off) {
  foresight_within *head = hearth_zalloc(memory, 1, sizeof *head);
  if (!head) {
    return NULL;
  }
  head->memory = *memory;
  head->off = off;
  head->stride = 1.0f;
  head->noise = 2463534242u;
  foresight_within_hazard_begin(head);
  foresight_within_traffic_begin(head);
  foresight_within_mixer_begin(head);
  return head;
}

HEARTH_SELDOM void foresight_within_free(foresight_within *head) {
  if (head) {
    const hearth_memory_user memory = head->memory;
    hearth_release(&memory, head->models);
    hearth_release(&memory, head->heap);
    hearth_release(&memory, head);
  }
}

static int grow(foresight_within *head) {
  const uint32_t least = head->room ? head->room + 1 : 16;
  const uint32_t room = hearth_room(head->room, least);
  within_model *models = hearth_resize(&head->memory, head->models,
                                        room * sizeof *models);
  if (!models) {
    return -1;
  }
  head->models = models;
  uint32_t *heap = hearth_resize(&head->memory, head->heap, room * sizeof *heap);
  if (!heap) {
    return -1;
  }
  head->heap = heap;
  head->room = room;
  return 0;
}

HEARTH_SELDOM int foresight_within_add_model(foresight_within *head) {
  if (head->count == head->room && grow(head)) {
    return -1;
  }
  within_model *m = &head->models[head->count++];
  memset(m, 0, sizeof *m);
  m->last_gap = -1.0f;
  return 0;
}

uint32_t foresight_within_models(const foresight_within *head) {
  return head->count;
}

/* Adds n users, `age` seconds after their last request, to a range of m's
   masses. */
static void add_mass(within_model *m, int64_t now, float n, float age, int from,
                     int to) {
  const float away = within_seconds(m->mass_time, now);
  for (int k = 0; k < MASSES; k++) {
    const float life = foresight_within_mass_life[k];
    const float more =
        k < from || k >= to ? 0.0f : n * within_exp2(-age / life);
    const float mass = m->mass[k] * within_exp2(-away / life) + more;
    m->mass[k] = mass > 0.0f ? mass : 0.0f;
  }
  m->mass_time = now;
}

static void move_user(foresight_within *head, uint32_t model, int64_t now,
                      foresight_within_user user) {
  enum { LAST = 0, BEFORE = 2, END = MASSES };
  within_model *m = &head->models[model];
  m->user = user.user + 1; /* 0 where unknown */
  if (!m->user) {
    return;
  }
  within_user *slot = &head->users[m->user % USERS];
  slot->requests = slot->user == m->user ? slot->requests + 1 : 0;
  slot->user = m->user;
  slot->last = now;
  m->user_requests = slot->requests;
  foresight_within_links_used(head, m->user, user.last_model, model, now);
  const float age = within_seconds(within_time(user.last_time, INT64_MIN), now);
  const uint32_t last = user.last_model, before = user.model_before;
  if (last < head->count) {
    if (before < head->count && before != last) {
      add_mass(&head->models[before], now, -1.0f, age, BEFORE, END);
    }
    add_mass(&head->models[last], now, -1.0f, age, LAST, BEFORE);
    if (last != model) {
      add_mass(&head->models[last], now, 1.0f, 0.0f, BEFORE, END);
    }
  }
  add_mass(m, now, 1.0f, 0.0f, LAST, BEFORE);
}

static void count_use(within_model *m, int64_t now, float gap) {
  for (int k = 0; k < RATES; k++) {
    m->rate[k] =
        m->rate[k] * within_exp2(-gap / foresight_within_half_life[k]) +
        (m->count ? 1.0f : 0.0f); /* the first use tells of no rate */
  }
  const int64_t hours = now / 3600000;
  const int hour = (int)((hours % HOURS + HOURS) % HOURS);
  const int32_t day = (int32_t)((hours - hour) / HOURS);
  if (day != m->day) {
    const int32_t shift = day - m->day;
    for (int i = 0; i < HOURS; i++) {
      const uint32_t kept = shift > 15 || shift < 0 ? 0u : m->days[i];
      m->days[i] = (uint16_t)((kept << (shift & 15)) & 0xffffu);
    }
    m->day = day;
  }
  m->days[hour] |= 1u;
}

void foresight_within_started(foresight_within *head, uint32_t model,
                              int64_t now, foresight_within_user user) {
  if (model >= head->count) {
    return;
  }
  if (!head->begun) {
    head->begun = 1;
    head->start = head->now = within_time(now, INT64_MIN);
    head->hour = head->now / 3600000;
  }
  now = within_time(now, head->now);
  foresight_within_samples_take(head, now);
  foresight_within_samples_label(head, now);
  foresight_within_traffic_learn(head, now);
  within_model *m = &head->models[model];
  float gap = 0.0f;
  if (m->count) {
    gap = within_seconds(m->last, now);
    foresight_within_hazard_used(head, m, gap,
                                 (float)(head->requests - m->last_request));
    m->last_gap = gap;
  }
  head->newcomers *= within_exp2(-within_seconds(head->now, now) /
                                 foresight_within_newcomer_life);
  if (!m->count) {
    m->first = now;
    head->newcomers += 1.0f;
  }
  count_use(m, now, gap);
  move_user(head, model, now, user);
  foresight_within_traffic_used(head, now);
  head->now = now;
  m->last = now;
  m->last_request = head->requests;
  m->count += m->count < UINT32_MAX; /* 1 is the first use, and once */
  foresight_within_hazard_refresh(head, m);
  foresight_within_samples_used(head, model);
}
