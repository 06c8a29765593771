/* SPDX-License-Identifier: MIT
   Plots as inline SVG, and text that is safe in a page. */
#ifndef HEARTH_REPLAY_SVG_H
#define HEARTH_REPLAY_SVG_H

#include <stdint.h>
#include <stdio.h>

/* Everything is written to `out` with two decimals at most; whoever owns the
   file looks at ferror in the end.  Texts are escaped here, classes are not:
   they are the page's own words. */

/* Text for HTML: markup's characters as entities; what is not UTF-8, and
   control characters, as U+FFFD.  With `limit` over 0, at most so many
   characters, the last an ellipsis where there were more. */
void hearth__escape(FILE *out, const char *text, uint64_t len, uint32_t limit);

/* A scale from a quantity to pixels. */
typedef struct hearth__scale {
  double most;      /* of the quantity, which begins at 0 */
  double low, high; /* the pixels of 0 and of `most` */
  int root; /* by the square root, so that small ones can be told apart */
} hearth__scale;

double hearth__place(const hearth__scale *scale, double value);

/* Round values from 0 to scale->most for its ticks; how many. */
enum { HEARTH__TICKS = 8 };
int hearth__ticks(const hearth__scale *scale, double ticks[HEARTH__TICKS]);

/* A number for people: "75,463", with `decimals` behind the point; "\u2013"
   where it does not apply.  hearth__short: "75k", for axes. */
enum { HEARTH__FIGURE = 40 };
const char *hearth__figure(double value, int decimals,
                           char text[HEARTH__FIGURE]);
const char *hearth__short(double value, char text[HEARTH__FIGURE]);

typedef enum hearth__anchor {
  HEARTH__START,
  HEARTH__MIDDLE,
  HEARTH__END
} hearth__anchor;

/* A picture of width x height that grows with its place; `label` is for those
   who can't see it. */
void hearth__svg_begin(FILE *out, double width, double height,
                       const char *label);
void hearth__svg_end(FILE *out);
void hearth__svg_rect(FILE *out, const char *class_name, double x, double y,
                      double width, double height);
void hearth__svg_line(FILE *out, const char *class_name, double x1, double y1,
                      double x2, double y2);
void hearth__svg_circle(FILE *out, const char *class_name, double x, double y,
                        double radius, const char *title);
void hearth__svg_text(FILE *out, const char *class_name, double x, double y,
                      hearth__anchor anchor, const char *text);

/* An axis with ticks, grid lines of `length`, and a caption: one to the right
   at height `at` (grid lines go up), one upwards at `at` (to the right). */
void hearth__svg_axis_x(FILE *out, const hearth__scale *scale, double at,
                        double length, const char *caption);
void hearth__svg_axis_y(FILE *out, const hearth__scale *scale, double at,
                        double length, const char *caption);

#endif
