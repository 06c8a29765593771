/* SPDX-License-Identifier: MIT
   A benchmark's result as a page with plots. */
#include <math.h>
#include <string.h>

#include "host-sdk/bench/bench.h"
#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"

enum { WIDTH = 560, LEFT = 190, RIGHT = 70, BAR = 12, STEP = 16, GROUP = 10 };

/* A bar of a plot: a cell's figure for one side. */
typedef double figure(const hearth_bench_cell *cell, int floor);

static const hearth_bench_side *side(const hearth_bench_cell *cell,
                                     int floor) {
  return floor ? &cell->floor : &cell->plugin;
}

static double prepare_p50(const hearth_bench_cell *cell, int floor) {
  return side(cell, floor)->prepare.p50_us;
}

static double prepare_p99(const hearth_bench_cell *cell, int floor) {
  return side(cell, floor)->prepare.p99_us;
}

static double outcome_p50(const hearth_bench_cell *cell, int floor) {
  return side(cell, floor)->outcome.p50_us;
}

static double requests_a_second(const hearth_bench_cell *cell, int floor) {
  return side(cell, floor)->requests_per_s;
}

static void bars(const hearth_bench_cell *cell, figure *of,
                 const hearth__scale *scale, double y, int decimals,
                 FILE *out) {
  char label[80], text[HEARTH__FIGURE];
  snprintf(label, sizeof label, "%u models, %u users, %u thr%s",
           cell->shape.models, cell->shape.users, cell->threads,
           cell->worker ? ", w" : "");
  hearth__svg_text(out, "tick", LEFT - 8, y + 17, HEARTH__END, label);
  for (int floor = 0; floor < 2; floor++) {
    const double value = of(cell, floor);
    const double top = y + floor * STEP;
    if (!isfinite(value)) {
      continue;
    }
    const double x = hearth__place(scale, value);
    hearth__svg_rect(out, floor ? "other" : "us", LEFT, top, x - LEFT, BAR);
    hearth__svg_text(out, floor ? "dim" : "us", x + 5, top + 10,
                     HEARTH__START, hearth__figure(value, decimals, text));
  }
}

static void plot(const hearth_bench_result *result, const char *title,
                 figure *of, int decimals, FILE *out) {
  hearth__scale scale = {.most = 1e-9, .low = LEFT, .high = WIDTH - RIGHT};
  for (uint32_t i = 0; i < result->count; i++) {
    for (int floor = 0; floor < 2; floor++) {
      const double value = of(&result->cells[i], floor);
      scale.most = value > scale.most ? value : scale.most;
    }
  }
  fprintf(out, "<div><h3>%s</h3>\n", title);
  const double height = result->count * (2.0 * STEP + GROUP);
  hearth__svg_begin(out, WIDTH, height, title);
  for (uint32_t i = 0; i < result->count; i++) {
    bars(&result->cells[i], of, &scale, i * (2.0 * STEP + GROUP), decimals,
         out);
  }
  hearth__svg_line(out, "axis", LEFT, 0, LEFT, height);
  hearth__svg_end(out);
  fputs("</div>\n", out);
}

void hearth_bench_page(const hearth_bench_result *result, FILE *out) {
  fprintf(out,
          "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width\"/>\n"
          "<title>Hearth bench</title>\n<style>\n%s</style></head>\n<body>\n",
          hearth__page_style);
  fputs("<header><h1>Hearth: what a call costs</h1>\n"
        "<p class=\"dim\">Each call through the whole boundary: the message "
        "encoded, the call, the answer decoded. The floor is a plugin that "
        "decodes the same messages and answers as many bytes, in the same run."
        "<br><span class=\"key us\"></span>plugin"
        "<span class=\"key other\"></span>floor, "
        "both in this process, or w: in workers</p></header>\n"
        "<main><div class=\"panels pair\">\n",
        out);
  plot(result, "prepare_models, median, \xc2\xb5s", prepare_p50, 1, out);
  plot(result, "prepare_models, 99th percentile, \xc2\xb5s", prepare_p99, 1,
       out);
  plot(result, "record_outcome, median, \xc2\xb5s", outcome_p50, 1, out);
  plot(result, "requests a second, all threads", requests_a_second, 0, out);
  fputs("</div>\n<section><h2>All figures</h2><pre>", out);
  hearth_bench_table(result, out);
  fputs("</pre></section></main>\n</body></html>\n", out);
}
