/* SPDX-License-Identifier: MIT
   What each setting judges by, a bar a policy. */
#include <math.h>
#include <string.h>

#include "host-sdk/replay/meaning.h"
#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"

enum { WIDTH = 400, LEFT = 126, RIGHT = 62, BAR = 15, STEP = 21, TOP = 26 };
enum { CUT = 3 };

/* The clairvoyants are a line, not bars. */
static int has_bar(const hearth_comparison *comparison, uint32_t s,
                   uint32_t p) {
  return hearth_is_shown(comparison, s, p) &&
         !(comparison->policies->items[p].roles & HEARTH_POLICY_CLAIRVOYANT);
}

static double judged_of(const hearth_comparison *comparison, uint32_t s,
                        uint32_t p) {
  return hearth_judged(&comparison->settings[s],
                       &hearth_comparison_cell(comparison, s, p)->result);
}

/* The scale ends where the longest bar does, or at CUT times what matters: one
   hopeless policy must not make all others look alike. */
static double longest(const hearth_comparison *comparison, uint32_t s) {
  const hearth_yardstick *y = &comparison->yardsticks[s];
  double most = 0, matters = 0;
  for (uint32_t p = 0; p < comparison->policies->count; p++) {
    if (has_bar(comparison, s, p)) {
      const double judged = judged_of(comparison, s, p);
      most = judged > most ? judged : most;
      matters = matters > 0 ? matters : judged; /* the first one's */
    }
  }
  matters = y->best > matters ? y->best : matters;
  matters = y->clairvoyant > matters ? y->clairvoyant : matters;
  most = most > matters ? most : matters;
  return most < CUT * matters ? most : CUT * matters;
}

static void bar(const hearth_comparison *comparison, uint32_t s, uint32_t p,
                const hearth__scale *scale, double y, FILE *out) {
  const char *name = comparison->policies->items[p].name;
  const char *look = hearth__policy_class(comparison, p);
  const double judged = judged_of(comparison, s, p);
  const int cut = judged > scale->most * 1.0001;
  const double x = hearth__place(scale, cut ? scale->most : judged);
  char text[HEARTH__FIGURE];
  fprintf(out, "<g><title>");
  hearth__escape(out, name, strlen(name), 0);
  fprintf(out,
          "</title><text class=\"%s\" x=\"%d\" y=\"%.2f\" "
          "text-anchor=\"end\">",
          look, LEFT - 8, y + 12);
  hearth__escape(out, name, strlen(name), 18);
  fputs("</text></g>\n", out);
  hearth__svg_rect(out, look, LEFT, y, x - LEFT, BAR);
  if (cut) {
    hearth__svg_line(out, "cut", x - 14, y + BAR + 2, x - 8, y - 2);
  }
  hearth__svg_text(out, strcmp(look, "us") == 0 ? "us" : "dim", x + 5, y + 12,
                   HEARTH__START, hearth__figure(judged, 0, text));
}

static void panel(const hearth_comparison *comparison, uint32_t s, FILE *out) {
  const hearth_yardstick *y = &comparison->yardsticks[s];
  const uint32_t policies = comparison->policies->count;
  char title[96];
  const hearth__scale scale = {
      .most = longest(comparison, s), .low = LEFT, .high = WIDTH - RIGHT};
  uint32_t bars = 0;
  for (uint32_t p = 0; p < policies; p++) {
    bars += (uint32_t)has_bar(comparison, s, p);
  }
  hearth__setting_title(&comparison->settings[s], title, sizeof title);
  fprintf(out, "<div><h3>%s</h3>\n", title);
  hearth__svg_begin(out, WIDTH, TOP + bars * STEP, title);
  double at = TOP;
  for (uint32_t p = 0; p < policies; p++) {
    if (has_bar(comparison, s, p)) {
      bar(comparison, s, p, &scale, at, out);
      at += STEP;
    }
  }
  hearth__svg_line(out, "axis", LEFT, TOP - 4, LEFT, at);
  if (!isnan(y->clairvoyant)) {
    char text[64], figure[HEARTH__FIGURE];
    const double x = hearth__place(&scale, y->clairvoyant);
    hearth__svg_line(out, "mark", x, TOP - 6, x, at);
    snprintf(text, sizeof text, "clairvoyant %s",
             hearth__figure(y->clairvoyant, 0, figure));
    hearth__svg_text(out, "future", x, TOP - 11,
                     x < WIDTH - 90 ? HEARTH__MIDDLE : HEARTH__END, text);
  }
  hearth__svg_end(out);
  fputs("</div>\n", out);
}

static void section(const hearth_comparison *comparison, int price,
                    const char *heading, FILE *out) {
  uint32_t shown = 0;
  for (uint32_t s = 0; s < comparison->setting_count; s++) {
    if ((comparison->settings[s].idle_price > 0) != price) {
      continue;
    }
    if (shown++ == 0) {
      fprintf(out, "%s<div class=\"panels\">\n", heading);
    }
    panel(comparison, s, out);
  }
  if (shown > 0) {
    fputs("</div></section>\n", out);
  }
}

void hearth__page_bars(const hearth_comparison *comparison, FILE *out) {
  section(
      comparison, 0,
      "<section><h2>Cold wait by policy and budget</h2>\n"
      "<p class=\"dim\">Seconds that requests waited for models to load, in "
      "all; each budget has its own scale, and a bar with a cut is longer than "
      "it. "
      "The clairvoyant knows the future "
      "but loads on demand.<br>"
      "<span class=\"key us\"></span>the first policy"
      "<span class=\"key simple\"></span>simple rules, the yardstick"
      "<span class=\"key other\"></span>other policies"
      "<span class=\"key future\"></span>clairvoyant</p>\n",
      out);
  section(
      comparison, 1,
      "<section><h2>Total cost by policy and price</h2>\n"
      "<p class=\"dim\">Seconds of cold wait, and idle memory as seconds at "
      "the price; each price has its own scale, and a bar with a cut is longer "
      "than "
      "it. Of the fixed time-outs, the "
      "best in hindsight and the usual 300 s are shown.</p>\n",
      out);
}
