/* SPDX-License-Identifier: MIT
   An explanation as JSON. */
#include <jansson.h>

#include "host-sdk/replay/explain.h"

/* Null where it was not given. */
static json_t *given(double value) {
  return value < 0 ? json_null() : json_real(value);
}

static json_t *time_of(int64_t ms) {
  return ms < 0 ? json_null() : json_integer((json_int_t)ms);
}

/* Texts from outside may hold any bytes; JSON holds UTF-8. */
static json_t *text(hearth_str s) {
  json_t *string = json_stringn(s.data != NULL ? s.data : "", (size_t)s.len);
  if (string != NULL) {
    return string;
  }
  char plain[256];
  size_t i = 0;
  for (; i < s.len && i < sizeof plain - 1; i++) {
    const char c = s.data[i];
    plain[i] = c < ' ' || c > '~' ? '?' : c;
  }
  return json_stringn(plain, i);
}

static json_t *reasons(const hearth_explained *line) {
  json_t *list = json_array();
  for (uint32_t k = 0; k < line->reason_count; k++) {
    json_array_append_new(list, json_pack("{s:o, s:f}", "signal",
                                          text(line->reasons[k].signal),
                                          "weight", line->reasons[k].weight));
  }
  return list;
}

static json_t *model_of(const hearth_explanation *e,
                        const hearth_explained *line) {
  char state[32], action[64];
  hearth_explained_state(line, state, sizeof state);
  hearth_explained_action(e, line, action, sizeof action);
  return json_pack(
      "{s:o, s:s, s:s, s:b, s:o, s:b, s:o, s:o, s:o, s:{s:o, s:o, s:o}, s:o}",
      "model", text(e->models->items[line->model].model), "state", state,
      "action", action, "busy", line->busy, "rank",
      line->rank > 0 ? json_integer((json_int_t)line->rank) : json_null(),
      "warm", line->action == HEARTH_ACTION_WARM, "start_at_ms",
      time_of(line->start_at_ms), "keep_for_ms", time_of(line->keep_for_ms),
      "p_next", given(line->p_next), "p_within", "300",
      given(line->p_within[0]), "3600", given(line->p_within[1]), "21600",
      given(line->p_within[2]), "reasons", reasons(line));
}

static json_t *object_of(const hearth_explanation *e, uint32_t model) {
  json_t *models = json_array();
  int whole = models != NULL;
  for (uint32_t i = 0; i < e->count; i++) {
    if (model == HEARTH_NO_MODEL || e->lines[i].model == model) {
      whole &= json_array_append_new(models, model_of(e, &e->lines[i])) == 0;
    }
  }
  if (!whole) {
    json_decref(models);
    return NULL;
  }
  return json_pack(
      "{s:s, s:I, s:o, s:o, s:o, s:f, s:o}", "plugin", e->plugin, "at_ms",
      (json_int_t)e->at_ms, "request", time_of(e->request), "budget_mb",
      given(e->setting->budget_mb), "idle_price", given(e->setting->idle_price),
      "used_mb", (double)e->used_kb / 1024.0, "models", models);
}

hearth_status hearth_explanation_json(const hearth_explanation *explanation,
                                      uint32_t model, FILE *out) {
  json_t *root = object_of(explanation, model);
  if (root == NULL) {
    return HEARTH_NO_MEMORY;
  }
  const int failed =
      json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
  json_decref(root);
  fputc('\n', out);
  return failed ? HEARTH_NO_MEMORY : HEARTH_OK;
}
