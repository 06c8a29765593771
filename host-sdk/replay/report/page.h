/* SPDX-License-Identifier: MIT
   The sections of a report, each a file of its own. */
#ifndef HEARTH_REPLAY_PAGE_H
#define HEARTH_REPLAY_PAGE_H

#include "host-sdk/replay/present.h"

/* The stylesheet; no more than this makes the page light or dark. */
extern const char hearth__page_style[];

/* How a policy looks in plots: "us", "simple", "other" or "future". */
const char *hearth__policy_class(const hearth_comparison *comparison,
                                 uint32_t policy);

/* "Budget: 10 % of all models, 5000 MB", "Price: 100 GB*s idle for ...". */
void hearth__setting_title(const hearth_setting *setting, char *out,
                           uint64_t cap);

/* What each setting judges by, a bar a policy. */
void hearth__page_bars(const hearth_comparison *comparison, FILE *out);

/* Cold wait against idle memory. */
void hearth__page_frontier(const hearth_comparison *comparison, FILE *out);

/* What was warm when, where it was recorded. */
void hearth__page_warm(const hearth_comparison *comparison, FILE *out);

/* Every figure, as tables. */
void hearth__page_figures(const hearth_comparison *comparison, FILE *out);

#endif
