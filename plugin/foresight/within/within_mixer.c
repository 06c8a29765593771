/* SPDX-License-Identifier: MIT
   Mixing in the logistic domain, and the maps that correct the mix. */
#include "plugin/foresight/within/within_state.h"
#include "plugin/sdk/hint.h"

static const float learning_rate = 0.02f, first_grad = 0.03f;
static const float map_limit = 200.0f, cell_limit = 100.0f;
/* A map's part of the mix. */
static const float map_part = 0.25f;
/* At first the hazards are believed: with no labels for hours, flat weights
   would be far worse.  These are near what four traces converged to. */
static const float first_weight[INPUTS] = {
    [IN_SLOW] = 1.0f, [IN_BURST] = 0.3f, [IN_EVENTS] = 0.3f,
    [IN_POOL] = 0.2f, [IN_DAYS] = 0.15f, [IN_TABLE + 4] = 0.1f,
};
/* Knots of a map are this far apart; the middle is between 11 and 12. */
static const float knot_step = 0.65f;
static const float map_middle = 0.5f * (float)(MAP - 1);

static void show_weights(foresight_within *head, int h) {
  for (int i = 0; i < INPUTS; i++) {
    head->weight[i][h] = head->mixer[h].weight[i];
  }
}

void foresight_within_mixer_loaded(foresight_within *head) {
  for (int h = 0; h < HORIZONS; h++) {
    show_weights(head, h);
  }
}

HEARTH_SELDOM void foresight_within_mixer_begin(foresight_within *head) {
  for (int h = 0; h < HORIZONS; h++) {
    memcpy(head->mixer[h].weight, first_weight, sizeof first_weight);
    for (int i = 0; i < MAPS; i++) {
      for (int c = 0; c < CLASSES; c++) {
        for (int k = 0; k < MAP; k++) {
          within_cell *cell = &head->maps[i][h][c].knot[k];
          cell->p = within_squash(((float)k - map_middle) * knot_step);
          cell->n = FIRST_KNOT;
        }
      }
    }
  }
  foresight_within_mixer_loaded(head);
}

static float mix(const foresight_within *head, int h, const float *x) {
  const float *w = head->mixer[h].weight;
  float part[4] = {0.0f, 0.0f, 0.0f, 0.0f};
  for (int i = 0; i < INPUTS; i += 4) {
    for (int j = 0; j < 4; j++) {
      part[j] += w[i + j] * x[i + j];
    }
  }
  return within_clip((part[0] + part[1]) + (part[2] + part[3]), -8.0f, 8.0f);
}

static float map_place(float logit, int *knot) {
  const float at =
      within_clip(logit / knot_step + map_middle, 0.0f, (float)MAP - 1.001f);
  *knot = (int)at;
  return at - (float)*knot;
}

static float map_p(const within_map *map, int knot, float part) {
  return (1.0f - part) * map->knot[knot].p + part * map->knot[knot + 1].p;
}

static void correct(const foresight_within *head, const within_inputs *in,
                    const float *logit, float *p) {
  for (int h = 0; h < HORIZONS; h++) {
    int knot;
    const float part = map_place(logit[h], &knot);
    p[h] = p[h] +
           map_part * (map_p(&head->maps[0][h][in->age], knot, part) - p[h]) +
           map_part * (map_p(&head->maps[1][h][in->rate], knot, part) - p[h]);
  }
}

/* As mix() does it, for all horizons. */
static void mix_all(const foresight_within *head, const within_inputs *in,
                    float *restrict logit) {
  lanes a = {0}, b = {0}, c = {0}, d = {0};
  for (int i = 0; i < INPUTS; i += 4) {
    const lanes *w = &head->weight[i], *x = &in->x[i];
    for (int h = 0; h < LANES; h++) {
      a[h] += w[0][h] * x[0][h];
      b[h] += w[1][h] * x[1][h];
      c[h] += w[2][h] * x[2][h];
      d[h] += w[3][h] * x[3][h];
    }
  }
  for (int h = 0; h < LANES; h++) {
    logit[h] = (a[h] + b[h]) + (c[h] + d[h]);
  }
  hearth_clip_four(logit, -8.0f, 8.0f);
}

void foresight_within_mix(const foresight_within *head, const within_inputs *in,
                          lanes p) {
  lanes logit;
  mix_all(head, in, logit);
  squash_four(logit, p);
  if (within_on(head, FORESIGHT_WITHIN_MAPS)) {
    correct(head, in, logit, p);
  }
}

static void step(float *p, float *n, float y, float weight, float limit) {
  *n += weight;
  *p += (y - *p) * weight / (*n + 0.5f);
  *n = *n < limit ? *n : limit;
}

static void step_knot(within_cell *c, float y, float weight) {
  step(&c->p, &c->n, y, weight, map_limit);
}

static void learn(float *restrict w, float *restrict g, const float *restrict x,
                  float error) {
  for (int i = 0; i < INPUTS; i++) {
    const float d = error * x[i];
    g[i] += d * d;
    w[i] += learning_rate * d / __builtin_sqrtf(g[i] + first_grad);
  }
}

void foresight_within_train(foresight_within *head, const within_sample *s,
                            int h, float y) {
  float x[INPUTS];
  for (int i = 0; i < INPUTS; i++) {
    x[i] = (float)s->x[i] * (1.0f / 2048.0f);
  }
  const float logit = mix(head, h, x);
  const float error = s->weight * (y - within_squash(logit));
  learn(head->mixer[h].weight, head->mixer[h].grad, x, error);
  show_weights(head, h);
  for (int t = 0; t < TABLES; t++) {
    within_cells *cells = &head->tables[t][s->cell[t]];
    step(&cells->p[h], &cells->n[h], y, s->weight, cell_limit);
  }
  int knot;
  const float part = map_place(logit, &knot);
  within_map *maps[MAPS] = {&head->maps[0][h][s->age],
                            &head->maps[1][h][s->rate]};
  for (int i = 0; i < MAPS; i++) {
    step_knot(&maps[i]->knot[knot], y, s->weight * (1.0f - part));
    step_knot(&maps[i]->knot[knot + 1], y, s->weight * part);
  }
}
