/* SPDX-License-Identifier: MIT
   The plots of an experiment's page. */
#include "host-sdk/experiment/offline/plot.h"

#include <math.h>
#include <string.h>

#include "host-sdk/replay/report/svg.h"

const char hearth__plot_style[] =
    "path{fill:none;stroke-width:1.8}path.band{stroke:none;fill-opacity:.16}\n"
    ".arm0{--arm:#5f7f9f}.arm1{--arm:#d2500f}.arm2{--arm:#14806b}"
    ".arm3{--arm:#8a5cc2}.arm4{--arm:#b8860b}.arm5{--arm:#3d78b4}"
    ".arm6{--arm:#a3315c}.arm7{--arm:#6b7280}\n"
    "path[class*=arm],line[class*=arm]{stroke:var(--arm)}"
    "path.band[class*=arm],rect[class*=arm]{fill:var(--arm);stroke:none}"
    "rect.pale{fill-opacity:.35}"
    "svg text[class*=arm]{fill:var(--arm)}.key[class*=arm]{"
    "background:var(--arm)}\n"
    "line.event{stroke:var(--ink);stroke-dasharray:3 3}"
    "line.zero{stroke:var(--dim);stroke-width:1.2}td.text{text-align:left;"
    "white-space:normal}\n";

enum {
  WIDTH = 560,
  HEIGHT = 300,
  LEFT = 58,
  RIGHT = 14,
  TOP = 28,
  BOTTOM = 40
};

/* A plane of two quantities, either sign. */
typedef struct plane {
  double x0, x1, y0, y1;
} plane;

static double px(const plane *p, double x) {
  return LEFT + (x - p->x0) / (p->x1 - p->x0) * (WIDTH - LEFT - RIGHT);
}

static double py(const plane *p, double y) {
  const double held = y < p->y0 ? p->y0 : y > p->y1 ? p->y1 : y;
  return HEIGHT - BOTTOM -
         (held - p->y0) / (p->y1 - p->y0) * (HEIGHT - TOP - BOTTOM);
}

static double step_of(double range) {
  hearth__scale scale = {.most = range};
  double ticks[HEARTH__TICKS];
  return hearth__ticks(&scale, ticks) > 1 ? ticks[1] : range;
}

static void axes(const plane *p, const char *x, const char *y, FILE *out) {
  char text[HEARTH__FIGURE];
  const double dx = step_of(p->x1 - p->x0), dy = step_of(p->y1 - p->y0);
  for (double at = ceil(p->y0 / dy) * dy; at <= p->y1 * 1.0001; at += dy) {
    const double shown = fabs(at) < dy / 1000 ? 0 : at;
    hearth__svg_line(out, shown == 0 ? "zero" : "grid", LEFT, py(p, at),
                     WIDTH - RIGHT, py(p, at));
    hearth__svg_text(out, "tick", LEFT - 6, py(p, at) + 4, HEARTH__END,
                     hearth__short(shown, text));
  }
  for (double at = ceil(p->x0 / dx) * dx; at <= p->x1 * 1.0001; at += dx) {
    hearth__svg_line(out, "grid", px(p, at), TOP, px(p, at), HEIGHT - BOTTOM);
    hearth__svg_text(out, "tick", px(p, at), HEIGHT - BOTTOM + 14,
                     HEARTH__MIDDLE, hearth__short(at, text));
  }
  hearth__svg_line(out, "axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
  hearth__svg_text(out, "caption", WIDTH - RIGHT, HEIGHT - 8, HEARTH__END, x);
  hearth__svg_text(out, "caption", 4, TOP - 12, HEARTH__START, y);
}

static double hours(const hearth__offline *run, int64_t at_ms) {
  return (double)(at_ms - run->trace.ts_ms[0]) / 3.6e6;
}

static int point(const hearth__offline *run, uint32_t i,
                 hearth_experiment_point *out) {
  return hearth_experiment_get_point(run->experiment, i, out) == HEARTH_OK;
}

/* What happened, as lines across; `by_units`: x is units, else hours. */
static void mark_events(const hearth__offline *run, const plane *p,
                        int by_units, int64_t arm, FILE *out) {
  static const char *const names[] = {"better",  "worse",    "guardrail",
                                      "stopped", "promoted", "not promoted"};
  hearth_experiment_event event;
  for (uint32_t i = 0;
       hearth_experiment_get_event(run->experiment, i, &event) == HEARTH_OK;
       i++) {
    const double x =
        px(p, by_units ? (double)event.units : hours(run, event.at_ms));
    const int shown = arm < 0 ? event.kind == HEARTH_EVENT_PROMOTED
                              : event.arm == (uint32_t)arm;
    if (shown && event.kind != HEARTH_EVENT_PROMOTED) {
      hearth__svg_line(out, "event", x, TOP, x, HEIGHT - BOTTOM);
      hearth__svg_text(out, "dim", x + 4, TOP + 10, HEARTH__START,
                       names[event.kind]);
    } else if (shown) {
      hearth__svg_line(out, "event", x, TOP, x, HEIGHT - BOTTOM);
      hearth__svg_text(out, "dim", x + 4, TOP + (arm < 0 ? 10 : 24),
                       HEARTH__START, names[event.kind]);
    }
  }
}

/* One line of an arm: its cost, or what it saved on the first champion. */
static void cost_line(const hearth__offline *run, const plane *p, uint32_t arm,
                      int saved, FILE *out) {
  const uint32_t first = run->file->champion_index;
  hearth_experiment_point at;
  fprintf(out, "<path class=\"arm%u\" d=\"", arm);
  for (uint32_t i = 0, begun = 0; point(run, i, &at); i++) {
    const double y = saved ? at.cost_s[first] - at.cost_s[arm] : at.cost_s[arm];
    if (!isnan(y)) {
      fprintf(out, "%c%.2f %.2f", begun ? 'L' : 'M',
              px(p, hours(run, at.at_ms)), py(p, y));
      begun = 1;
    }
  }
  fputs("\"/>\n", out);
}

static void cost_panel(const hearth__offline *run, int saved, FILE *out) {
  const uint32_t first = run->file->champion_index;
  plane p = {0, 1e-9, 0, 1e-9};
  hearth_experiment_point at;
  for (uint32_t i = 0; point(run, i, &at); i++) {
    p.x1 = hours(run, at.at_ms) > p.x1 ? hours(run, at.at_ms) : p.x1;
    for (uint32_t a = 0; a < run->report.arm_count; a++) {
      const double y = saved ? at.cost_s[first] - at.cost_s[a] : at.cost_s[a];
      p.y0 = y < p.y0 ? y : p.y0;
      p.y1 = y > p.y1 ? y : p.y1;
    }
  }
  hearth__svg_begin(out, WIDTH, HEIGHT, saved ? "saved so far" : "cost so far");
  axes(&p, "hours",
       saved ? "s saved on the first champion" : "s, in all so far", out);
  for (uint32_t a = 0; a < run->report.arm_count; a++) {
    cost_line(run, &p, a, saved, out);
  }
  mark_events(run, &p, 0, -1, out);
  hearth__svg_end(out);
}

void hearth__plot_costs(const hearth__offline *run, FILE *out) {
  fputs("<p class=\"dim\">", out);
  for (uint32_t a = 0; a < run->report.arm_count; a++) {
    fprintf(out, "<span class=\"key arm%u\"></span>", a);
    hearth__escape(out, run->report.arms[a].name,
                   strlen(run->report.arms[a].name), 0);
  }
  fputs("</p><div class=\"panels pair\"><div>\n", out);
  cost_panel(run, 0, out);
  fputs("</div><div>\n", out);
  cost_panel(run, 1, out);
  fputs("</div></div>\n", out);
}

/* A sequence begins wide open: the scale is that of where it is no wider than
   four times its narrowest. */
static plane sequence_plane(const hearth__offline *run, uint32_t arm) {
  plane p = {0, 1, 0, 1e-9};
  hearth_experiment_point at;
  double narrowest = HUGE_VAL;
  for (uint32_t i = 0; point(run, i, &at); i++) {
    const double wide = at.high_s[arm] - at.low_s[arm];
    p.x1 = (double)at.units > p.x1 ? (double)at.units : p.x1;
    narrowest = wide < narrowest ? wide : narrowest;
  }
  for (uint32_t i = 0; point(run, i, &at); i++) {
    if (at.high_s[arm] - at.low_s[arm] <= 4 * narrowest) {
      p.y0 = at.low_s[arm] < p.y0 ? at.low_s[arm] : p.y0;
      p.y1 = at.high_s[arm] > p.y1 ? at.high_s[arm] : p.y1;
    }
  }
  return p;
}

/* From point `from`, all with the same champion; where the next begin. */
static uint32_t sequence_part(const hearth__offline *run, const plane *p,
                              uint32_t arm, uint32_t from, FILE *out) {
  hearth_experiment_point first, at;
  uint32_t end = from, begun = 0;
  if (!point(run, from, &first)) {
    return from;
  }
  fprintf(out, "<path class=\"arm%u\" d=\"", arm);
  for (; point(run, end, &at) && at.champion == first.champion; end++) {
    if (isfinite(at.saved_s[arm])) {
      fprintf(out, "%c%.2f %.2f", begun ? 'L' : 'M', px(p, (double)at.units),
              py(p, at.saved_s[arm]));
      begun = 1;
    }
  }
  fprintf(out, "\"/>\n<path class=\"band arm%u\" d=\"", arm);
  begun = 0;
  for (uint32_t i = from; i < end && point(run, i, &at); i++) {
    if (!isnan(at.saved_s[arm])) {
      fprintf(out, "%c%.2f %.2f", begun ? 'L' : 'M', px(p, (double)at.units),
              py(p, at.high_s[arm]));
      begun = 1;
    }
  }
  for (uint32_t i = end; i-- > from && point(run, i, &at);) {
    if (!isnan(at.saved_s[arm])) {
      fprintf(out, "L%.2f %.2f", px(p, (double)at.units), py(p, at.low_s[arm]));
    }
  }
  fprintf(out, "%s\"/>\n", begun ? "Z" : "");
  return end;
}

void hearth__plot_sequence(const hearth__offline *run, uint32_t arm,
                           FILE *out) {
  static const char *const units[] = {"users", "sessions", "requests"};
  const plane p = sequence_plane(run, arm);
  hearth__svg_begin(out, WIDTH, HEIGHT, run->report.arms[arm].name);
  axes(&p, units[run->file->unit], "s saved a unit", out);
  for (uint32_t from = 0, next = 0;; from = next) {
    next = sequence_part(run, &p, arm, from, out);
    if (next == from) {
      break;
    }
  }
  mark_events(run, &p, 1, arm, out);
  hearth__svg_end(out);
}

void hearth__plot_latency(const hearth__offline *run, FILE *out) {
  enum { BAR = 14, STEP = 40, NAMES = 150 };
  const hearth_experiment_report *r = &run->report;
  const double limit = run->file->guardrails.latency_p99_ms * 1000;
  hearth__scale scale = {.most = limit, .low = NAMES, .high = WIDTH - 90};
  for (uint32_t a = 0; a < r->arm_count; a++) {
    scale.most =
        r->arms[a].p99_us > scale.most ? r->arms[a].p99_us : scale.most;
  }
  hearth__svg_begin(out, WIDTH, 16 + r->arm_count * STEP, "latency");
  for (uint32_t a = 0; a < r->arm_count; a++) {
    const double y = 8 + a * STEP;
    char look[16], pale[24], text[80];
    snprintf(look, sizeof look, "arm%u", a);
    snprintf(pale, sizeof pale, "pale arm%u", a);
    hearth__svg_text(out, look, NAMES - 8, y + 18, HEARTH__END,
                     r->arms[a].name);
    if (!isfinite(r->arms[a].p99_us)) {
      continue;
    }
    const double p50 = hearth__place(&scale, r->arms[a].p50_us);
    const double p99 = hearth__place(&scale, r->arms[a].p99_us);
    hearth__svg_rect(out, look, NAMES, y, p50 - NAMES, BAR);
    hearth__svg_rect(out, pale, NAMES, y + BAR + 1, p99 - NAMES, BAR);
    snprintf(text, sizeof text, "p50 %.1f \xc2\xb5s", r->arms[a].p50_us);
    hearth__svg_text(out, "dim", p50 + 5, y + 11, HEARTH__START, text);
    snprintf(text, sizeof text, "p99 %.1f \xc2\xb5s", r->arms[a].p99_us);
    hearth__svg_text(out, "dim", p99 + 5, y + BAR + 12, HEARTH__START, text);
  }
  if (limit > 0) {
    const double x = hearth__place(&scale, limit);
    hearth__svg_line(out, "event", x, 0, x, 8 + r->arm_count * STEP);
    hearth__svg_text(out, "dim", x - 4, 8 + r->arm_count * STEP, HEARTH__END,
                     "guardrail of p99");
  }
  hearth__svg_end(out);
}
