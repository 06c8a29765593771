/* SPDX-License-Identifier: MIT
   A comparison as one self-contained page. */
#include <string.h>

#include "host-sdk/replay/meaning.h"
#include "host-sdk/replay/report/page.h"
#include "host-sdk/replay/report/svg.h"
#include "host-sdk/replay/report/write.h"

const char *hearth__policy_class(const hearth_comparison *comparison,
                                 uint32_t policy) {
  const unsigned roles = comparison->policies->items[policy].roles;
  return roles & HEARTH_POLICY_CLAIRVOYANT ? "future"
         : roles & HEARTH_POLICY_SIMPLE    ? "simple"
         : policy == 0                     ? "us"
                                           : "other";
}

void hearth__setting_title(const hearth_setting *setting, char *out,
                           uint64_t cap) {
  if (setting->idle_price > 0) {
    snprintf(out, cap, "Price: %g GB\xc2\xb7s idle for 1 s of waiting",
             setting->idle_price);
  } else if (setting->share > 0) {
    snprintf(out, cap, "Budget: %g %% of all models, %.0f MB",
             setting->share * 100, setting->budget_mb);
  } else {
    snprintf(out, cap, "Budget: %.0f MB", setting->budget_mb);
  }
}

static void headline(const hearth_comparison *comparison, FILE *out) {
  char text[1024], requests[HEARTH__FIGURE], models[HEARTH__FIGURE];
  const char *slash = strrchr(comparison->trace_name, '/');
  const char *name = slash != NULL ? slash + 1 : comparison->trace_name;
  fputs("<header><h1>Hearth: ", out);
  hearth__escape(out, name, strlen(name), 0);
  fprintf(out, "</h1>\n<p class=\"dim\">%s requests, %s models, replayed</p>\n",
          hearth__figure(comparison->trace->count, 0, requests),
          hearth__figure(comparison->models->count, 0, models));
  hearth_meaning(comparison, text, sizeof text);
  for (char *c = text; *c != '\0'; c++) {
    *c = *c == '\n' ? ' ' : *c; /* lines are the terminal's */
  }
  if (text[0] != '\0') {
    fputs("<p class=\"lead\">", out);
    hearth__escape(out, text, strlen(text), 0);
    fputs("</p>", out);
  }
  fputs("</header>\n<main>\n", out);
}

static void write_page(const void *page, FILE *out) {
  const hearth_comparison *comparison = page;
  fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width\"/>\n"
        "<title>Hearth replay: ",
        out);
  hearth__escape(out, comparison->trace_name, strlen(comparison->trace_name),
                 0);
  fprintf(out, "</title>\n<style>\n%s</style></head>\n<body>\n",
          hearth__page_style);
  headline(comparison, out);
  hearth__page_bars(comparison, out);
  hearth__page_frontier(comparison, out);
  hearth__page_warm(comparison, out);
  hearth__page_figures(comparison, out);
  fputs("</main>\n</body></html>\n", out);
}

hearth_status hearth_present_report(const hearth_comparison *comparison,
                                    const char *path, char *err,
                                    uint64_t err_cap) {
  return hearth__write_whole(path, write_page, comparison, err, err_cap);
}
