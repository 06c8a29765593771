/* SPDX-License-Identifier: MIT
   What the head `within` answers; nothing here changes its state. */
#include "plugin/foresight/within/within_state.h"
#include "plugin/sdk/hint.h"

/* A model nobody has asked for yet: as likely as any other to be the next
   newcomer, of whom there were so many in the last days. */
static void newcomer(const foresight_within *head,
                     const foresight_within_now *at, float p[HORIZONS]) {
  const float life = foresight_within_newcomer_life;
  const float away = within_seconds(head->now, at->time);
  const float seen = within_seconds(head->start, at->time);
  const float n = head->newcomers * within_exp2(-away / life);
  const float weight = 1.44269504f * life * (1.0f - within_exp2(-seen / life));
  const uint32_t unused = head->count - head->heap_size;
  const float rate =
      (n + 0.5f) / (weight + 3600.0f) / (unused > 0 ? (float)unused : 1.0f);
  for (int h = 0; h < HORIZONS; h++) {
    const float d = rate * foresight_within_horizon[h];
    p[h] = within_clip(1.0f - within_exp2(-1.44269504f * d), 1e-6f, 0.5f);
  }
}

static const within_model *known(const foresight_within *head, uint32_t model) {
  return model < head->count && head->models[model].count ? &head->models[model]
                                                          : NULL;
}

void foresight_within_fetch(const foresight_within *head, uint32_t model) {
  if (model < head->count) {
    const within_model *m = &head->models[model];
    hearth_fetch(&m->first);
    hearth_fetch(&m->last_request);
    hearth_fetch(m->rate);
    hearth_fetch(m->days);
    hearth_fetch(&m->mean_gap);
  }
}

void foresight_within_predict(const foresight_within *head,
                              const foresight_within_now *at, uint32_t model,
                              float p[FORESIGHT_WITHIN_HORIZONS]) {
  const within_model *m = known(head, model);
  if (!m) {
    newcomer(head, at, p);
    return;
  }
  within_inputs in;
  lanes all;
  foresight_within_inputs(head, at, m, &in);
  foresight_within_mix(head, &in, all);
  for (int h = 0; h < HORIZONS; h++) {
    p[h] = h && all[h] < p[h - 1] ? p[h - 1] : all[h];
  }
}

HEARTH_SELDOM void
foresight_within_explain(const foresight_within *head,
                         const foresight_within_now *at, uint32_t model,
                         int horizon, float share[FORESIGHT_WITHIN_SIGNALS]) {
  for (int g = 0; g < FORESIGHT_WITHIN_SIGNALS; g++) {
    share[g] = 0.0f;
  }
  const within_model *m = known(head, model);
  if (!m || horizon < 0 || horizon >= HORIZONS) {
    return;
  }
  within_inputs in;
  foresight_within_inputs(head, at, m, &in);
  float sum = 0.0f;
  for (int i = 0; i < INPUTS; i++) {
    const float part = head->mixer[horizon].weight[i] * in.x[i][horizon];
    share[foresight_within_signal_of(i)] += part;
    sum += part;
  }
  lanes p;
  foresight_within_mix(head, &in, p);
  share[FORESIGHT_WITHIN_MAPS] = within_stretch(p[horizon]) - sum;
}
