/* SPDX-License-Identifier: MIT
   An explanation in words. */
#include <inttypes.h>
#include <string.h>

#include "host-sdk/replay/explain.h"

enum { WORDS = 64, OTHERS = 8 /* absent models to show */ };

static void duration(int64_t ms, char *out, uint64_t cap) {
  const double s = (double)ms / 1000.0;
  if (s < 120) {
    snprintf(out, cap, "%.0f s", s);
  } else if (s < 7200) {
    snprintf(out, cap, "%.0f min", s / 60);
  } else if (s < 172800) {
    snprintf(out, cap, "%.1f h", s / 3600);
  } else {
    snprintf(out, cap, "%.1f d", s / 86400);
  }
}

void hearth_explained_state(const hearth_explained *line, char *out,
                            uint64_t cap) {
  static const char *const names[] = {[HEARTH_ABSENT] = "absent",
                                      [HEARTH_QUEUED] = "queued",
                                      [HEARTH_DEMANDED] = "loading",
                                      [HEARTH_PREWARMING] = "loading",
                                      [HEARTH_READY] = "ready"};
  snprintf(out, cap, "%s", names[line->residency]);
}

static void kept(const hearth_explanation *explanation,
                 const hearth_explained *line, char *out, uint64_t cap) {
  char time[WORDS];
  duration(line->keep_for_ms, time, sizeof time);
  if (line->busy) {
    snprintf(out, cap, "in use");
  } else if (line->keep_for_ms == 0) {
    snprintf(out, cap, "let go");
  } else if (line->keep_for_ms > 0) {
    snprintf(out, cap, "kept for %s", time);
  } else if (explanation->setting->idle_price > 0) {
    snprintf(out, cap, "kept");
  } else if (line->lowest) {
    snprintf(out, cap, "rank %" PRIu32 ", first to go", line->rank);
  } else {
    snprintf(out, cap, "kept, rank %" PRIu32, line->rank);
  }
}

void hearth_explained_action(const hearth_explanation *explanation,
                             const hearth_explained *line, char *out,
                             uint64_t cap) {
  const int64_t ahead = line->start_at_ms - explanation->at_ms;
  char time[WORDS];
  switch (line->residency) {
  case HEARTH_READY:
    kept(explanation, line, out, cap);
    break;
  case HEARTH_QUEUED:
  case HEARTH_DEMANDED:
    snprintf(out, cap, "asked for");
    break;
  case HEARTH_PREWARMING:
    snprintf(out, cap, "warmed");
    break;
  default:
    if (line->action == HEARTH_ACTION_WARM && ahead > 0) {
      duration(ahead, time, sizeof time);
      snprintf(out, cap, "to warm in %s", time);
    } else {
      snprintf(out, cap,
               line->action == HEARTH_ACTION_WARM ? "to warm" : "not held");
    }
  }
}

static void chance(double p, FILE *out) {
  if (p < 0) {
    fprintf(out, " %5s", "-");
  } else {
    fprintf(out, " %5.2f", p);
  }
}

/* "users_on_it" reads "users on it". */
static void reasons(const hearth_explained *line, FILE *out) {
  for (uint32_t k = 0; k < line->reason_count; k++) {
    const hearth_str signal = line->reasons[k].signal;
    fputs(k == 0 ? "  " : ", ", out);
    for (uint64_t i = 0; i < signal.len; i++) {
      const unsigned char c = (unsigned char)signal.data[i];
      fputc(c == '_' ? ' ' : c < ' ' || c == 127 ? '?' : c, out);
    }
    const double weight = line->reasons[k].weight;
    const double size = weight < 0 ? -weight : weight;
    fprintf(out, " %+.*f", size < 0.1 ? 2 : 1, size < 0.005 ? 0.0 : weight);
  }
}

static int name_width(const hearth_explanation *explanation) {
  uint64_t width = 5;
  for (uint32_t i = 0; i < explanation->count; i++) {
    const uint64_t len = explanation->models->items[i].model.len;
    width = len > width ? len : width;
  }
  return width < 30 ? (int)width : 30;
}

static void row(const hearth_explanation *explanation,
                const hearth_explained *line, int width, FILE *out) {
  const hearth_str name = explanation->models->items[line->model].model;
  const int len = name.len < 30 ? (int)name.len : 30;
  char state[WORDS], action[WORDS];
  hearth_explained_state(line, state, sizeof state);
  hearth_explained_action(explanation, line, action, sizeof action);
  fprintf(out, "  %.*s%*s %-8s%-20s", len, name.data, width - len, "", state,
          action);
  chance(line->p_next, out);
  for (int h = 0; h < HEARTH_HORIZONS; h++) {
    chance(line->p_within[h], out);
  }
  reasons(line, out);
  fputc('\n', out);
}

static void clock_of(int64_t ms, char *out, uint64_t cap) {
  const int64_t s = ms / 1000;
  snprintf(out, cap, "%" PRId64 " d %02d:%02d:%02d", s / 86400,
           (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60));
}

static void heading(const hearth_explanation *e, int width, FILE *out) {
  const hearth_setting *setting = e->setting;
  char time[WORDS];
  clock_of(e->at_ms - e->trace->ts_ms[0], time, sizeof time);
  fprintf(out, "%s at %" PRId64 " ms, %s after the first request", e->plugin,
          e->at_ms, time);
  if (e->request >= 0) {
    const uint32_t i = (uint32_t)e->request;
    const hearth_str user = hearth_trace_name(e->trace, HEARTH_TRACE_USER, i);
    const hearth_str task = hearth_trace_name(e->trace, HEARTH_TRACE_TASK, i);
    fprintf(out, ",\nas request %" PRId64 " comes: user %.*s, task %.*s",
            e->request, user.len > 0 ? (int)user.len : 1,
            user.len > 0 ? user.data : "-", task.len > 0 ? (int)task.len : 1,
            task.len > 0 ? task.data : "-");
  }
  fprintf(out, "\n%" PRIu32 " of %" PRIu32 " models in memory, %.0f",
          e->resident, e->count, (double)e->used_kb / 1024.0);
  if (setting->idle_price > 0) {
    fprintf(out, " MB; %g GB*s of idle memory cost one second of waiting\n\n",
            setting->idle_price);
  } else {
    fprintf(out, " of %.0f MB\n\n", setting->budget_mb);
  }
  fprintf(out, "  %-*s %-8s%-20s %5s %5s %5s %5s  %s\n", width, "model",
          "state", "action", "next", "5 min", "1 h", "6 h", "why");
}

static int is_still(const hearth_explained *line) {
  return line->residency == HEARTH_ABSENT && line->action != HEARTH_ACTION_WARM;
}

static double likely(const hearth_explained *line) {
  return line->p_next > line->p_within[1] ? line->p_next : line->p_within[1];
}

/* Whether fewer than OTHERS of those that nothing happens with are likelier. */
static int is_shown(const hearth_explanation *e, uint32_t i) {
  uint32_t likelier = 0;
  for (uint32_t k = 0; k < e->count && likelier < OTHERS; k++) {
    const double ours = likely(&e->lines[i]), theirs = likely(&e->lines[k]);
    likelier += is_still(&e->lines[k]) &&
                (theirs > ours || (!(theirs < ours) && k < i));
  }
  return likelier < OTHERS;
}

void hearth_explanation_table(const hearth_explanation *explanation,
                              uint32_t model, FILE *out) {
  const int width = name_width(explanation);
  uint32_t left = 0;
  heading(explanation, width, out);
  for (uint32_t i = 0; i < explanation->count; i++) {
    const hearth_explained *line = &explanation->lines[i];
    if (model != HEARTH_NO_MODEL
            ? line->model == model
            : !is_still(line) || is_shown(explanation, i)) {
      row(explanation, line, width, out);
    } else {
      left++;
    }
  }
  if (model == HEARTH_NO_MODEL && left > 0) {
    fprintf(out, "  and %" PRIu32 " more, not held: --model NAME, or --json\n",
            left);
  }
  fputs("\nnext: the chance that this request asks for it; 5 min, 1 h, 6 h: "
        "that it is used within.\nwhy: what weighed most; over 0 speaks for "
        "the model, under 0 against it.\n",
        out);
}
