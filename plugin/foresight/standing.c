/* SPDX-License-Identifier: MIT
   What the host was last told of a model, so that it can be said again. */
#include "plugin/foresight/standing.h"

void foresight_standing_tell(foresight_standing *s, int64_t now,
                             const hearth_plan_model *line) {
  const int32_t warm = line->action == HEARTH_ACTION_WARM;
  if (s->told && s->keep_for_ms < 0 && line->keep_for_ms < 0 &&
      s->warm == warm && s->start_at_ms == line->start_at_ms) {
    return;
  }
  s->told = 1;
  s->told_ms = now;
  s->keep_for_ms = line->keep_for_ms;
  s->warm = warm;
  s->start_at_ms = line->start_at_ms;
}

void foresight_standing_repeat(const foresight_standing *s, int64_t now,
                               hearth_plan_model *line) {
  if (!s->told) {
    return;
  }
  line->keep_for_ms = s->keep_for_ms;
  if (s->keep_for_ms >= 0 && s->active == 0) {
    const int64_t from =
        s->idle_since > s->told_ms ? s->idle_since : s->told_ms;
    const int64_t left = from + s->keep_for_ms - now;
    line->keep_for_ms = left > 0 ? left : 0;
  }
  if (s->warm) {
    line->action = HEARTH_ACTION_WARM;
    line->start_at_ms = s->start_at_ms;
  }
}

void foresight_standing_began(foresight_standing *s) {
  s->active++;
  s->warm = 0;
}

void foresight_standing_ended(foresight_standing *s, int64_t now) {
  s->active -= s->active > 0;
  s->idle_since = now;
}

void foresight_standing_moved(foresight_standing *s) { s->warm = 0; }

void foresight_standing_state(hearth_state *s, foresight_standing *standing) {
  const int64_t time = HEARTH_STATE_TIME;
  hearth_state_i64(s, "told_ms", &standing->told_ms, -time, time);
  hearth_state_i64(s, "keep_for_ms", &standing->keep_for_ms, -1, time);
  hearth_state_i64(s, "start_at_ms", &standing->start_at_ms, -time, time);
  hearth_state_i64(s, "idle_since", &standing->idle_since, -time, time);
  hearth_state_u32(s, "active", &standing->active, 0, INT32_MAX);
  hearth_state_i32(s, "told", &standing->told, 0, 1);
  hearth_state_i32(s, "warm", &standing->warm, 0, 1);
}
