/* SPDX-License-Identifier: MIT
   An experiment's result as one self-contained page. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "host-sdk/experiment/offline/plot.h"
#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"
#include "host-sdk/replay/report/write.h"

static void put(FILE *out, const char *text) {
  hearth__escape(out, text, strlen(text), 0);
}

static void figure(FILE *out, double value, int decimals) {
  char text[HEARTH__FIGURE];
  fprintf(out, "<td>%s</td>", hearth__figure(value, decimals, text));
}

static void headline(const hearth__offline *run, FILE *out) {
  static const char *const units[] = {"users", "sessions", "requests"};
  const hearth_experiment_report *r = &run->report;
  char setting[128], requests[HEARTH__FIGURE], closed[HEARTH__FIGURE];
  hearth_experiment_event event;
  int told = 0;
  hearth__offline_setting(run, setting, sizeof setting);
  fputs("<header><h1>Hearth experiment: ", out);
  put(out, run->file->name);
  fprintf(out,
          "</h1>\n<p class=\"dim\">%s requests, %s %s. %s. Each arm saw all "
          "requests, with a ghost pool of its own.</p>\n<p class=\"lead\">",
          hearth__figure((double)r->requests, 0, requests),
          hearth__figure((double)r->units, 0, closed), units[run->file->unit],
          setting);
  for (uint32_t i = 0;
       hearth_experiment_get_event(run->experiment, i, &event) == HEARTH_OK;
       i++) {
    if (event.kind == HEARTH_EVENT_BETTER) {
      fprintf(out,
              "After %s %s: ", hearth__figure((double)event.units, 0, closed),
              units[run->file->unit]);
      put(out, event.text);
      fputs(". ", out);
      told = 1;
    }
  }
  fputs(told ? "" : "No challenger is known to be better.", out);
  fputs("</p></header>\n<main>\n", out);
}

static const char *role(const hearth_experiment_report *r, uint32_t a) {
  return a == r->champion     ? "champion"
         : r->arms[a].stopped ? "stopped"
         : r->arms[a].shadow  ? "shadow"
                              : "challenger";
}

static void arms(const hearth__offline *run, FILE *out) {
  const hearth_experiment_report *r = &run->report;
  fputs(
      "<section><h2>The arms</h2>\n<div class=\"wide\"><table><thead><tr>"
      "<th>arm</th><th>role</th><th>share</th><th>requests</th>"
      "<th>cold wait, s</th><th>cold</th><th>delayed</th><th>hit@1</th>"
      "<th>idle GB\xc2\xb7h</th><th>total cost, s</th><th>demand<br>loads</th>"
      "<th>pre-<br>warms</th><th>wasted</th><th>p50 \xc2\xb5s</th>"
      "<th>p99 \xc2\xb5s</th><th>errors</th></tr></thead><tbody>\n",
      out);
  for (uint32_t a = 0; a < r->arm_count; a++) {
    const hearth_experiment_figures *f = &r->arms[a];
    fprintf(out, "<tr class=\"%s\"><th><span class=\"key arm%u\"></span>",
            a == r->champion ? "us" : "", a);
    put(out, f->name);
    fprintf(out, "</th><td>%s</td>", role(r, a));
    figure(out, f->share, 2);
    figure(out, (double)f->requests, 0);
    figure(out, f->wait_s, 0);
    figure(out, (double)f->cold, 0);
    figure(out, (double)f->delayed, 0);
    figure(out, f->hit1, 3);
    figure(out, f->idle_gb_s / 3600, 0);
    figure(out, run->file->idle_price > 0 ? f->cost_s : NAN, 0);
    figure(out, (double)f->loads_demanded, 0);
    figure(out, (double)f->loads_ahead, 0);
    figure(out, (double)(f->loads_ahead - f->ahead_used), 0);
    figure(out, f->p50_us, 1);
    figure(out, f->p99_us, 1);
    figure(out, (double)f->errors, 0);
    fputs("</tr>\n", out);
  }
  fputs("</tbody></table></div></section>\n", out);
}

static void estimate(const char *design, const hearth_experiment_estimate *e,
                     FILE *out) {
  static const char *const verdicts[] = {"worse", "not known", "better"};
  fprintf(out, "<td>%s</td>", design);
  figure(out, (double)e->units, 0);
  figure(out, e->saved_s, 3);
  figure(out, e->low_s, 3);
  figure(out, e->high_s, 3);
  fprintf(out, "<td>%s</td></tr>\n", verdicts[e->verdict + 1]);
}

static void comparisons(const hearth__offline *run, FILE *out) {
  const hearth_experiment_report *r = &run->report;
  fprintf(out,
          "<section><h2>Who is better</h2>\n<p class=\"dim\">Seconds saved a "
          "unit against the champion of the time: the mean so far, and the "
          "confidence sequence that holds it at all times at once with "
          "probability %g; looking early is no cheat. A unit's cost counts up "
          "to %g s (%.2g %% of units were over it). The %s design decides.</p>"
          "\n<div class=\"panels pair\">\n",
          1 - run->file->alpha, r->cap_s,
          r->units > 0 ? 100 * (double)r->capped / (double)r->units : 0,
          run->file->design == HEARTH_DESIGN_SPLIT ? "split" : "paired");
  for (uint32_t a = 0; a < r->arm_count; a++) {
    if (r->arm_count > 2 || a != run->file->champion_index) {
      fputs("<div><h3>", out);
      put(out, r->arms[a].name);
      fputs("</h3>\n", out);
      hearth__plot_sequence(run, a, out);
      fputs("</div>\n", out);
    }
  }
  fputs("</div><div class=\"wide\"><table><thead><tr><th>challenger</th>"
        "<th>design</th><th>units</th><th>saved, s</th><th>from</th>"
        "<th>to</th><th></th></tr></thead><tbody>\n",
        out);
  for (uint32_t a = 0; a < r->arm_count; a++) {
    for (int split = 0; split < 2 && a != r->champion; split++) {
      fputs("<tr><th>", out);
      put(out, split ? "" : r->arms[a].name);
      fputs("</th>", out);
      estimate(split ? "split" : "paired",
               split ? &r->comparisons[a].split : &r->comparisons[a].paired,
               out);
    }
  }
  fputs("</tbody></table></div></section>\n", out);
}

static void guardrails(const hearth__offline *run, FILE *out) {
  const hearth_experiment_guardrails *g = &run->file->guardrails;
  hearth_experiment_event event;
  char requests[HEARTH__FIGURE], units[HEARTH__FIGURE];
  uint32_t i = 0;
  fputs("<section><h2>Guardrails, and what happened</h2>\n<p class=\"dim\">A "
        "challenger is stopped if ",
        out);
  fprintf(out,
          "over %g %% of its calls fail (looked at from %" PRIu64
          " calls on), it costs over %g times what the champion does (from "
          "%" PRIu64 " units on)",
          100 * g->error_share, g->least_calls, g->wait_ratio, g->least_units);
  if (g->latency_p99_ms > 0) {
    fprintf(out, ", or its p99 is over %g ms", g->latency_p99_ms);
  }
  fputs(". 0 is no limit.</p>\n<div class=\"wide\"><table><thead><tr>"
        "<th>requests</th><th>units</th><th></th></tr></thead><tbody>\n",
        out);
  for (; hearth_experiment_get_event(run->experiment, i, &event) == HEARTH_OK;
       i++) {
    fprintf(out, "<tr><td>%s</td><td>%s</td><td class=\"text\">",
            hearth__figure((double)event.requests, 0, requests),
            hearth__figure((double)event.units, 0, units));
    put(out, event.text);
    fputs("</td></tr>\n", out);
  }
  fputs(i == 0 ? "<tr><td></td><td></td><td class=\"text\">nothing</td></tr>"
               : "",
        out);
  fputs("</tbody></table></div></section>\n", out);
}

static void write_page(const void *page, FILE *out) {
  const hearth__offline *run = page;
  fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width\"/>\n"
        "<title>Hearth experiment: ",
        out);
  put(out, run->file->name);
  fprintf(out, "</title>\n<style>\n%s%s</style></head>\n<body>\n",
          hearth__page_style, hearth__plot_style);
  headline(run, out);
  arms(run, out);
  comparisons(run, out);
  fprintf(out, "<section><h2>%s over time</h2>\n",
          run->file->idle_price > 0 ? "Total cost" : "Cold wait");
  hearth__plot_costs(run, out);
  fputs("</section>\n<section><h2>Latency of the plugins' calls</h2>\n"
        "<div class=\"panels pair\"><div>\n",
        out);
  hearth__plot_latency(run, out);
  fputs("</div><div></div></div></section>\n", out);
  guardrails(run, out);
  fputs("</main>\n</body></html>\n", out);
}

hearth_status hearth__offline_page(const hearth__offline *run, const char *path,
                                   char *err, uint64_t err_cap) {
  return hearth__write_whole(path, write_page, run, err, err_cap);
}
