/* SPDX-License-Identifier: MIT
   Cold wait against idle memory. */
#include <math.h>
#include <string.h>

#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"

enum {
  WIDTH = 560,
  HEIGHT = 400,
  LEFT = 52,
  RIGHT = 30,
  TOP = 34,
  BOTTOM = 44
};
enum { LABELS = 48, LETTERS = 18 };

/* Labels so far, so that the next finds a free place. */
typedef struct labels {
  struct {
    double x, y, width;
  } at[LABELS];
  uint32_t count;
} labels;

typedef struct plot {
  const hearth_comparison *comparison;
  int price; /* which regime */
  hearth__scale x, y;
  labels labels;
  FILE *out;
} plot;

/* NULL: no point there. */
static const hearth_result *point(const plot *p, uint32_t s, uint32_t policy) {
  const hearth_comparison *c = p->comparison;
  const hearth_cell *cell = hearth_comparison_cell(c, s, policy);
  const int here = (c->settings[s].idle_price > 0) == p->price &&
                   cell->applies &&
                   !(c->policies->items[policy].roles & HEARTH_POLICY_HIDDEN);
  return here ? &cell->result : NULL;
}

static double idle_gb_h(const hearth_result *r) {
  return r->idle_gb_s / 3600;
}

static int is_free(const labels *l, double x, double y, double width) {
  if (y < TOP || y > HEIGHT - BOTTOM || x < LEFT || x + width > WIDTH) {
    return 0;
  }
  for (uint32_t i = 0; i < l->count; i++) {
    if (fabs(l->at[i].y - y) < 12 && x < l->at[i].x + l->at[i].width &&
        l->at[i].x < x + width) {
      return 0;
    }
  }
  return 1;
}

/* A label beside (x, y), on the first free place; none where all is full (the
   point's title and the tables still name it). */
static void label(plot *p, const char *look, double x, double y,
                  const char *name) {
  labels *l = &p->labels;
  const double letters = (double)strlen(name);
  const double width = 6.6 * (letters < LETTERS ? letters : LETTERS) + 4;
  for (int k = 0; k < 34 && l->count < LABELS; k++) {
    const double to = y + 4 + (k / 2 % 2 ? -6.0 : 6.0) * ((k / 2 + 1) / 2);
    const double from = k % 2 ? x - 8 - width : x + 8;
    if (!is_free(l, from, to, width)) {
      continue;
    }
    l->at[l->count].x = from;
    l->at[l->count].y = to;
    l->at[l->count++].width = width;
    if (k > 5) {
      hearth__svg_line(p->out, "grid", x, y, k % 2 ? from + width : from,
                       to - 4);
    }
    fprintf(p->out,
            "<text class=\"%s\" x=\"%.2f\" y=\"%.2f\" "
            "text-anchor=\"%s\">",
            look, k % 2 ? from + width : from, to, k % 2 ? "end" : "start");
    hearth__escape(p->out, name, strlen(name), LETTERS);
    fputs("</text>\n", p->out);
    return;
  }
}

/* A policy's points, joined over the settings. */
static void series(plot *p, uint32_t policy) {
  const hearth_comparison *c = p->comparison;
  const char *name = c->policies->items[policy].name;
  const char *look = hearth__policy_class(c, policy);
  const int is_us = strcmp(look, "us") == 0;
  char classes[32];
  double last_x = NAN, last_y = NAN;
  snprintf(classes, sizeof classes, "path %s", look);
  for (uint32_t s = 0; s < c->setting_count; s++) {
    const hearth_result *r = point(p, s, policy);
    if (r == NULL) {
      continue;
    }
    const double x = hearth__place(&p->x, idle_gb_h(r));
    const double y = hearth__place(&p->y, r->cold_wait_s);
    char setting[48], title[224];
    char wait[HEARTH__FIGURE], idle[HEARTH__FIGURE];
    hearth_setting_label(&c->settings[s], setting, sizeof setting);
    snprintf(title, sizeof title, "%s, %s: %s s of cold wait, %s GB h idle",
             name, setting, hearth__figure(r->cold_wait_s, 0, wait),
             hearth__figure(idle_gb_h(r), 0, idle));
    if (!isnan(last_x)) {
      hearth__svg_line(p->out, classes, last_x, last_y, x, y);
    }
    hearth__svg_circle(p->out, look, x, y, is_us ? 5 : 3.5, title);
    last_x = x;
    last_y = y;
  }
}

/* A policy's name, at its first point. */
static void name_series(plot *p, uint32_t policy) {
  const hearth_comparison *c = p->comparison;
  for (uint32_t s = 0; s < c->setting_count; s++) {
    const hearth_result *r = point(p, s, policy);
    if (r != NULL) {
      label(p, hearth__policy_class(c, policy),
            hearth__place(&p->x, idle_gb_h(r)),
            hearth__place(&p->y, r->cold_wait_s),
            c->policies->items[policy].name);
      return;
    }
  }
}

static double larger(double a, double b) {
  return a > b ? a : b;
}

static int measure(plot *p) {
  const hearth_comparison *c = p->comparison;
  int points = 0;
  for (uint32_t s = 0; s < c->setting_count; s++) {
    for (uint32_t k = 0; k < c->policies->count; k++) {
      const hearth_result *r = point(p, s, k);
      if (r != NULL) {
        p->x.most = larger(p->x.most, idle_gb_h(r) * 1.02);
        p->y.most = larger(p->y.most, r->cold_wait_s * 1.02);
        points++;
      }
    }
  }
  return points;
}

static void panel(const hearth_comparison *comparison, int price,
                  const char *title, FILE *out) {
  plot p = {.comparison = comparison,
            .price = price,
            .x = {.low = LEFT, .high = WIDTH - RIGHT, .root = 1},
            .y = {.low = HEIGHT - BOTTOM, .high = TOP, .root = 1},
            .out = out};
  if (measure(&p) == 0) {
    return;
  }
  fprintf(out, "<div><h3>%s</h3>\n", title);
  hearth__svg_begin(out, WIDTH, HEIGHT, title);
  hearth__svg_axis_x(out, &p.x, HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP,
                     "idle memory, GB\xc2\xb7h");
  hearth__svg_axis_y(out, &p.y, LEFT, WIDTH - LEFT - RIGHT, "cold wait, s");
  for (uint32_t k = comparison->policies->count; k-- > 0;) {
    series(&p, k); /* the first on top */
  }
  for (uint32_t k = 0; k < comparison->policies->count; k++) {
    name_series(&p, k);
  }
  hearth__svg_end(out);
  fputs("</div>\n", out);
}

void hearth__page_frontier(const hearth_comparison *comparison, FILE *out) {
  fputs(
      "<section><h2>Cold wait against idle memory</h2>\n"
      "<p class=\"dim\">Down and to the left is better. A line joins one "
      "policy's points over the settings; both scales are by the square root, "
      "so that small figures can be told apart. Memory is idle while a model "
      "is held and nobody waits for it or runs on it.</p>\n"
      "<div class=\"panels pair\">\n",
      out);
  panel(comparison, 0, "Under the budgets", out);
  panel(comparison, 1, "Under the prices", out);
  fputs("</div></section>\n", out);
}
