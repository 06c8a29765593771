/* SPDX-License-Identifier: MIT
   What the configuration allows: limits on age, number and speculation. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/settings.h"

#include "plugin/foresight/inside.h"

/* Windows back to which a model's last use may lie: a day, where a window is
   the usual two hours, since habits are daily. */
enum { WINDOWS = 12 };

/* Whether more than `limit_s` passed; < 0 is for ever. */
static int is_over(int64_t from_ms, int64_t now, int64_t limit_s) {
  return limit_s >= 0 && now > from_ms && (now - from_ms) / 1000 > limit_s;
}

int foresight__is_expired(const hearth_plugin *f, uint32_t model, int64_t now) {
  const foresight_usage *usage = &f->models[model].usage;
  return usage->requests > 0 &&
         is_over(usage->last_used_ms, now, f->config.data_retention_seconds);
}

int foresight__may_warm(const hearth_plugin *f, uint32_t model, int64_t now) {
  const foresight_usage *usage = &f->models[model].usage;
  const int64_t window_s = f->config.usage_window_seconds;
  if (!f->config.background_warmup_enabled ||
      f->config.speculation_share == 0) {
    return 0;
  }
  return usage->requests == 0 ||
         (!is_over(usage->last_used_ms, now,
                   window_s < INT32_MAX ? WINDOWS * window_s : -1) &&
          !foresight__is_expired(f, model, now));
}

int foresight__is_forgotten(const hearth_plugin *f, uint32_t user,
                            int64_t now) {
  foresight_user_view view;
  return f->config.data_retention_seconds >= 0 &&
         foresight__view_user(f, user, &view) &&
         is_over(view.last_ms, now, f->config.data_retention_seconds);
}

/* One user more than has to be forgotten goes with each request: so all that
   are silent go in time, and no call takes long. */
void foresight__forget(hearth_plugin *f, uint32_t user, uint32_t model,
                       int64_t now) {
  uint64_t key;
  int64_t last_ms;
  if (f->config.data_retention_seconds < 0) {
    return;
  }
  if (user != FORESIGHT_NOBODY && foresight__is_forgotten(f, user, now)) {
    foresight_next_forget(f->next, user);
  }
  if (foresight_users_oldest(f->users, &key, &last_ms) &&
      is_over(last_ms, now, f->config.data_retention_seconds)) {
    foresight_next_forget(f->next, key);
  }
  if (foresight__is_expired(f, model, now)) {
    foresight_usage_forget(&f->models[model].usage);
  }
}

/* A share s of the lanes' time is as much as 1 / (1 - s) times the loads that
   are wanted. */
float foresight_loads_limit(double share, float otherwise) {
  return share < 0 ? otherwise : share >= 1 ? 0 : (float)(1 / (1 - share));
}

/* -1: no limit. */
static int64_t least(int64_t a, int64_t b) {
  return a < 0 ? b : b < 0 || a < b ? a : b;
}

uint32_t foresight__most_warm(const hearth_plugin *f,
                              const hearth_context *context) {
  const int64_t most = least(f->config.max_warm_models, context->pool.max_warm);
  return most < 0 || most > UINT32_MAX ? UINT32_MAX : (uint32_t)most;
}

static int is_held(const foresight_model *m) {
  const foresight_standing *s = &m->standing;
  return s->warm || (m->resident && (!s->told || s->keep_for_ms != 0));
}

uint32_t foresight__held(const hearth_plugin *f) {
  uint32_t held = 0;
  for (uint32_t id = 0; id < hearth_names_count(f->names); id++) {
    held += is_held(&f->models[id]) != 0;
  }
  return held;
}

uint32_t foresight__longest_idle(const hearth_plugin *f) {
  uint32_t longest = HEARTH_NO_NAME;
  for (uint32_t id = 0; id < hearth_names_count(f->names); id++) {
    const foresight_model *m = &f->models[id];
    if (m->candidate && m->resident && m->standing.active == 0 && is_held(m) &&
        (longest == HEARTH_NO_NAME ||
         m->usage.last_used_ms < f->models[longest].usage.last_used_ms)) {
      longest = id;
    }
  }
  return longest;
}
