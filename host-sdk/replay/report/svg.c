/* SPDX-License-Identifier: MIT
   Plots as inline SVG, and text that is safe in a page. */
#include "host-sdk/replay/report/svg.h"

#include <math.h>
#include <string.h>

/* The bytes of the UTF-8 character at `text`; 0: there is none. */
static uint64_t character(const unsigned char *text, uint64_t len) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char c = text[0];
  const uint64_t n = c < 0x80             ? 1
                     : (c & 0xe0) == 0xc0 ? 2
                     : (c & 0xf0) == 0xe0 ? 3
                     : (c & 0xf8) == 0xf0 ? 4
                                          : 0;
  if (n == 1) {
    return c >= 0x20 && c != 0x7f;
  }
  if (n == 0 || n > len) {
    return 0;
  }
  uint32_t code = c & (0x7fu >> n);
  for (uint64_t i = 1; i < n; i++) {
    if ((text[i] & 0xc0) != 0x80) {
      return 0;
    }
    code = code << 6 | (text[i] & 0x3fu);
  }
  const int bad = code < least[n] || code > 0x10ffff || code < 0xa0 ||
                  (code >= 0xd800 && code <= 0xdfff) ||
                  (code >= 0x202a && code <= 0x202e) ||
                  (code >= 0x2066 && code <= 0x2069) ||
                  (code & 0xfffe) == 0xfffe;
  return bad ? 0 : n;
}

static void put_character(FILE *out, const char *text, uint64_t n) {
  switch (n == 0 ? 0 : text[0]) {
  case 0:
    fputs("\xef\xbf\xbd", out);
    break;
  case '&':
    fputs("&amp;", out);
    break;
  case '<':
    fputs("&lt;", out);
    break;
  case '>':
    fputs("&gt;", out);
    break;
  case '"':
    fputs("&quot;", out);
    break;
  case '\'':
    fputs("&#39;", out);
    break;
  default:
    fwrite(text, 1, (size_t)n, out);
  }
}

void hearth__escape(FILE *out, const char *text, uint64_t len, uint32_t limit) {
  uint64_t total = 0, n;
  for (uint64_t i = 0; i<len; i += n> 0 ? n : 1) {
    n = character((const unsigned char *)text + i, len - i);
    total++;
  }
  uint64_t shown = 0;
  for (uint64_t i = 0; i<len; i += n> 0 ? n : 1) {
    n = character((const unsigned char *)text + i, len - i);
    if (limit > 0 && total > limit && ++shown == limit) {
      fputs("\xe2\x80\xa6", out);
      return;
    }
    put_character(out, text + i, n);
  }
}

double hearth__place(const hearth__scale *scale, double value) {
  const double part = scale->most > 0 ? value / scale->most : 0;
  return scale->low +
         (scale->root ? sqrt(part) : part) * (scale->high - scale->low);
}

int hearth__ticks(const hearth__scale *scale, double ticks[HEARTH__TICKS]) {
  int n = 0;
  ticks[n++] = 0;
  if (!(scale->most > 0)) {
    return n;
  }
  const double rough = scale->most / 5;
  double ten = 1;
  while (ten > rough) {
    ten /= 10;
  }
  while (ten * 10 <= rough) {
    ten *= 10;
  }
  const double times = rough / ten;
  const double step = (times > 5   ? 10
                       : times > 2 ? 5
                       : times > 1 ? 2
                                   : 1) *
                      ten;
  if (scale->root) { /* small ones have room */
    ticks[n++] = step / 5;
  }
  for (int k = 1; n < HEARTH__TICKS && k * step <= scale->most * 1.0001; k++) {
    ticks[n++] = k * step;
  }
  return n;
}

const char *hearth__figure(double value, int decimals,
                           char text[HEARTH__FIGURE]) {
  char plain[HEARTH__FIGURE];
  if (!isfinite(value) || fabs(value) >= 1e24) {
    return "\xe2\x80\x93";
  }
  snprintf(plain, sizeof plain, "%.*f", decimals, value);
  const size_t len = strlen(plain);
  const size_t whole = strcspn(plain, ".");
  size_t k = 0;
  for (size_t i = 0; i < len && k + 2 < HEARTH__FIGURE; i++) {
    text[k++] = plain[i];
    if (i + 1 < whole && (whole - i - 1) % 3 == 0 && plain[i] != '-') {
      text[k++] = ',';
    }
  }
  text[k] = '\0';
  return text;
}

const char *hearth__short(double value, char text[HEARTH__FIGURE]) {
  const double size = fabs(value);
  const char *unit = size >= 1e9   ? "G"
                     : size >= 1e6 ? "M"
                     : size >= 1e4 ? "k"
                                   : "";
  const double of = size >= 1e9   ? 1e9
                    : size >= 1e6 ? 1e6
                    : size >= 1e4 ? 1e3
                                  : 1;
  snprintf(text, HEARTH__FIGURE, "%.4g%s", value / of, unit);
  return text;
}

void hearth__svg_begin(FILE *out, double width, double height,
                       const char *label) {
  fprintf(out, "<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"", width,
          height);
  hearth__escape(out, label, strlen(label), 0);
  fputs("\">\n", out);
}

void hearth__svg_end(FILE *out) {
  fputs("</svg>\n", out);
}

void hearth__svg_rect(FILE *out, const char *class_name, double x, double y,
                      double width, double height) {
  fprintf(out,
          "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
          "height=\"%.2f\"/>\n",
          class_name, x, y, width, height);
}

void hearth__svg_line(FILE *out, const char *class_name, double x1, double y1,
                      double x2, double y2) {
  fprintf(out,
          "<line class=\"%s\" x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" "
          "y2=\"%.2f\"/>\n",
          class_name, x1, y1, x2, y2);
}

void hearth__svg_circle(FILE *out, const char *class_name, double x, double y,
                        double radius, const char *title) {
  fprintf(out,
          "<circle class=\"%s\" cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\"><title>",
          class_name, x, y, radius);
  hearth__escape(out, title, strlen(title), 0);
  fputs("</title></circle>\n", out);
}

void hearth__svg_text(FILE *out, const char *class_name, double x, double y,
                      hearth__anchor anchor, const char *text) {
  static const char *const anchors[] = {"start", "middle", "end"};
  fprintf(out, "<text class=\"%s\" x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">",
          class_name, x, y, anchors[anchor]);
  hearth__escape(out, text, strlen(text), 0);
  fputs("</text>\n", out);
}

void hearth__svg_axis_x(FILE *out, const hearth__scale *scale, double at,
                        double length, const char *caption) {
  double ticks[HEARTH__TICKS];
  char text[HEARTH__FIGURE];
  const int n = hearth__ticks(scale, ticks);
  for (int i = 0; i < n; i++) {
    const double x = hearth__place(scale, ticks[i]);
    hearth__svg_line(out, i == 0 ? "axis" : "grid", x, at, x, at - length);
    hearth__svg_text(out, "tick", x, at + 14, HEARTH__MIDDLE,
                     hearth__short(ticks[i], text));
  }
  hearth__svg_text(out, "caption", scale->high, at + 30, HEARTH__END, caption);
}

void hearth__svg_axis_y(FILE *out, const hearth__scale *scale, double at,
                        double length, const char *caption) {
  double ticks[HEARTH__TICKS];
  char text[HEARTH__FIGURE];
  const int n = hearth__ticks(scale, ticks);
  for (int i = 0; i < n; i++) {
    const double y = hearth__place(scale, ticks[i]);
    hearth__svg_line(out, i == 0 ? "axis" : "grid", at, y, at + length, y);
    hearth__svg_text(out, "tick", at - 6, y + 4, HEARTH__END,
                     hearth__short(ticks[i], text));
  }
  hearth__svg_text(out, "caption", at - 40, scale->high - 10, HEARTH__START,
                   caption);
}
