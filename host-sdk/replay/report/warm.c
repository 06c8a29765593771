/* SPDX-License-Identifier: MIT
   What was warm when, where it was recorded. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"

enum { LEFT = 210, PLOT = 1200, RIGHT = 90, ROW = 15, STEP = 18, TOP = 6 };
enum { LEVELS = 3, LETTERS = 28 };

static double x_of(const hearth_strip *strip, uint32_t column) {
  return LEFT + (double)PLOT * column / strip->columns;
}

/* How dark: 0, not held; 3, nearly all the time. */
static int level_of(const hearth_strip *strip, uint32_t r, uint32_t column) {
  const double share = hearth_strip_share(strip, r, column);
  return share <= 0 ? 0 : share < 1.0 / 3 ? 1 : share < 2.0 / 3 ? 2 : 3;
}

/* Where the model was held, as runs of columns that are alike. */
static void held(const hearth_strip *strip, uint32_t r, double y, FILE *out) {
  static const char *const classes[] = {"", "held some", "held most", "held"};
  for (int level = 1; level <= LEVELS; level++) {
    int any = 0;
    for (uint32_t c = 0; c < strip->columns;) {
      uint32_t end = c + 1;
      const int mine = level_of(strip, r, c) == level;
      while (end < strip->columns &&
             (level_of(strip, r, end) == level) == mine) {
        end++;
      }
      if (mine) {
        if (!any) {
          fprintf(out, "<path class=\"%s\" d=\"", classes[level]);
        }
        any = 1;
        fprintf(out, "M%.6g %gh%.5gv%dH%.6gz", x_of(strip, c), y,
                x_of(strip, end) - x_of(strip, c), ROW, x_of(strip, c));
      }
      c = end;
    }
    if (any) {
      fputs("\"/>\n", out);
    }
  }
}

static void ticks(const hearth_strip *strip, uint32_t r, double y, FILE *out) {
  if (strip->row[r].waited == 0) {
    return;
  }
  fputs("<path class=\"waited\" d=\"", out);
  for (uint32_t c = 0; c < strip->columns; c++) {
    if (strip->waits[r * strip->columns + c] > 0) {
      fprintf(out, "M%.6g %gv%d", (x_of(strip, c) + x_of(strip, c + 1)) / 2,
              y + 3, ROW - 6);
    }
  }
  fputs("\"/>\n", out);
}

static void row(const hearth_comparison *comparison, const hearth_strip *strip,
                uint32_t r, FILE *out) {
  const double y = TOP + (double)r * STEP;
  const hearth_str name =
      hearth_names_text(comparison->models->names, strip->row[r].model);
  fputs("<g><title>", out);
  hearth__escape(out, name.data, name.len, 0);
  fprintf(out,
          "</title><text class=\"name\" x=\"%d\" y=\"%g\" "
          "text-anchor=\"end\">",
          LEFT - 8, y + 12);
  hearth__escape(out, name.data, name.len, LETTERS);
  fputs("</text></g>\n", out);
  hearth__svg_rect(out, "row", LEFT, y, PLOT, ROW);
  held(strip, r, y, out);
  ticks(strip, r, y, out);
  fprintf(
      out,
      "<text class=\"dim\" x=\"%d\" y=\"%g\">%" PRIu32 "/%" PRIu32 "</text>\n",
      LEFT + PLOT + 8, y + 12, strip->row[r].waited, strip->row[r].requests);
}

/* Time since the first request, in steps that people count in. */
static void time_axis(const hearth_strip *strip, double bottom, FILE *out) {
  static const struct {
    double ms, in;
    const char *unit;
  } steps[] = {
      {1, 1, "ms"},           {10, 1, "ms"},        {100, 1, "ms"},
      {1e3, 1e3, "s"},        {1e4, 1e3, "s"},      {6e4, 6e4, "min"},
      {3e5, 6e4, "min"},      {9e5, 6e4, "min"},    {36e5, 36e5, "h"},
      {108e5, 36e5, "h"},     {216e5, 36e5, "h"},   {864e5, 864e5, "d"},
      {1728e5, 864e5, "d"},   {6048e5, 864e5, "d"}, {2592e6, 864e5, "d"},
      {31536e6, 31536e6, "y"}};
  const double span = (double)(strip->end_ms - strip->begin_ms);
  const size_t count = sizeof steps / sizeof *steps;
  size_t k = 0;
  while (k + 1 < count && span / steps[k].ms > 14) {
    k++;
  }
  const double step = steps[k].ms * ceil(span / steps[k].ms / 14);
  for (double at = 0; at < span; at += step) {
    const double x = LEFT + PLOT * at / span;
    char text[HEARTH__FIGURE];
    snprintf(text, sizeof text, "%g %s", at / steps[k].in, steps[k].unit);
    hearth__svg_line(out, "axis", x, bottom, x, bottom + 5);
    hearth__svg_text(out, "tick", x, bottom + 18, HEARTH__MIDDLE, text);
  }
}

static void panel(const hearth_comparison *comparison, uint32_t s, uint32_t p,
                  FILE *out) {
  const hearth_strip *strip =
      hearth_comparison_cell(comparison, s, p)->result.strip;
  const char *name = comparison->policies->items[p].name;
  const double bottom = TOP + (double)strip->rows * STEP;
  uint64_t requests = 0, waited = 0;
  for (uint32_t r = 0; r < strip->rows; r++) {
    requests += strip->row[r].requests;
    waited += strip->row[r].waited;
  }
  fputs("<h3>", out);
  hearth__escape(out, name, strlen(name), 0);
  char all[HEARTH__FIGURE], late[HEARTH__FIGURE];
  fprintf(out, ": %s of %s requests waited</h3>\n",
          hearth__figure((double)waited, 0, late),
          hearth__figure((double)requests, 0, all));
  hearth__svg_begin(out, LEFT + PLOT + RIGHT, bottom + 24,
                    "what was warm when, and when requests waited");
  for (uint32_t r = 0; r < strip->rows; r++) {
    row(comparison, strip, r, out);
  }
  time_axis(strip, bottom, out);
  hearth__svg_end(out);
}

static int has_strip(const hearth_comparison *comparison, uint32_t s,
                     uint32_t p) {
  return p < comparison->policies->count &&
         hearth_comparison_cell(comparison, s, p)->result.strip != NULL;
}

void hearth__page_warm(const hearth_comparison *comparison, FILE *out) {
  const uint32_t s = hearth_comparison_strip_setting(comparison);
  const uint32_t best = comparison->yardsticks[s].best_policy;
  uint32_t first = 0;
  char title[96];
  while (first < comparison->policies->count &&
         !has_strip(comparison, s, first)) {
    first++;
  }
  if (first == comparison->policies->count) {
    return;
  }
  hearth__setting_title(&comparison->settings[s], title, sizeof title);
  fprintf(out,
          "<section><h2>What was warm when</h2>\n"
          "<p class=\"dim\">%s. The %" PRIu32 " most requested models, most "
          "first, over the time of the trace; at the right, how many of their "
          "requests waited.<br>"
          "<span class=\"key held\"></span>in memory (paler: part of the time)"
          "<span class=\"key tick\"></span>a request had to wait</p>\n",
          title,
          hearth_comparison_cell(comparison, s, first)->result.strip->rows);
  panel(comparison, s, first, out);
  if (best != first && !isnan(comparison->yardsticks[s].best) &&
      has_strip(comparison, s, best)) {
    panel(comparison, s, best, out);
  }
  fputs("</section>\n", out);
}
