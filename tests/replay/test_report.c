/* SPDX-License-Identifier: MIT
   The report: a well-formed page, names that can't break it, whole or not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/present.h"
#include "host-sdk/replay/report/svg.h"
#include "tests/input/files.h"
#include "tests/unit.h"

#define EVIL "<script>alert(\"1\")</script>&'\xff\x01"

enum { POLICIES = 3, SETTINGS = 3 };

typedef struct scene {
  hearth_trace trace;
  hearth_models models;
  hearth_uses uses;
  hearth_policy items[POLICIES];
  hearth_policies policies;
  hearth_comparison comparison;
} scene;

static hearth_str str(const char *text) {
  return (hearth_str){text, strlen(text)};
}

static void ask(scene *s, int64_t at, const char *model) {
  hearth_trace_row row;
  hearth_trace_row_init(&row);
  row.ts_ms = at;
  row.name[HEARTH_TRACE_MODEL] = str(model);
  CU_ASSERT_EQUAL(hearth_trace_add(&s->trace, &row), HEARTH_OK);
}

static void scene_begins(scene *s) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  *s = (scene){0};
  CU_ASSERT_EQUAL(hearth_trace_init(&s->trace, &memory), HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_models_init(&s->models, &memory), HEARTH_OK);
}

static void scene_is_set(scene *s) {
  uint32_t missing;
  CU_ASSERT_EQUAL(hearth_models_match(&s->models, &s->trace, &missing),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(hearth_uses_init(&s->uses, &s->trace, &s->models), HEARTH_OK);
}

static void scene_ends(scene *s) {
  hearth_comparison_free(&s->comparison);
  hearth_uses_free(&s->uses);
  hearth_models_free(&s->models);
  hearth_trace_free(&s->trace);
}

static void happens(hearth_strip *strip, hearth_sim_kind kind, int64_t at,
                    uint32_t model) {
  const hearth_sim_event event = {.kind = kind, .at_ms = at, .model = model};
  hearth_strip_event(strip, &event);
}

/* Three policies over two budgets and a price, with figures by hand. */
static void fill(scene *s) {
  static const unsigned roles[] = {0, HEARTH_POLICY_SIMPLE,
                                   HEARTH_POLICY_CLAIRVOYANT};
  static const char *const names[] = {EVIL, "lru", "clairvoyant"};
  hearth_comparison *c = &s->comparison;
  for (int p = 0; p < POLICIES; p++) {
    snprintf(s->items[p].name, sizeof s->items[p].name, "%s", names[p]);
    s->items[p].roles = roles[p] | HEARTH_POLICY_BUDGET | HEARTH_POLICY_PRICE;
  }
  s->policies = (hearth_policies){s->items, POLICIES, POLICIES};
  c->trace = &s->trace;
  c->models = &s->models;
  c->policies = &s->policies;
  c->trace_name = EVIL;
  c->setting_count = SETTINGS;
  c->settings[0] = (hearth_setting){1000, 0.1, -1, 2};
  c->settings[1] = (hearth_setting){2000, -1, -1, 2};
  c->settings[2] = (hearth_setting){-1, -1, 100, 0};
  c->cells = calloc(SETTINGS * POLICIES, sizeof *c->cells);
  CU_ASSERT_PTR_NOT_NULL_FATAL(c->cells);
  for (uint32_t i = 0; i < SETTINGS * POLICIES; i++) {
    hearth_result *r = &c->cells[i].result;
    c->cells[i].applies = 2;
    c->cells[i].gap_closed = NAN;
    r->cold_wait_s = 1000.0 / (1 + i % POLICIES);
    r->idle_gb_s = 3600.0 * i;
    r->total_cost_s = i / POLICIES == 2 ? 500.0 + i : NAN;
    r->wait.mean_s = INFINITY;
    r->horizon[0].samples = 3;
    r->tasks = calloc(1, sizeof *r->tasks);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r->tasks);
    r->tasks[0].task = strdup(EVIL);
    r->task_count = 1;
  }
  for (int k = 0; k < SETTINGS; k++) {
    c->yardsticks[k] = (hearth_yardstick){500, k == 1 ? NAN : 333, 1, 2};
  }
}

static void add_strips(scene *s) {
  const hearth_memory_user memory = hearth_memory_of(NULL);
  const uint32_t setting = hearth_comparison_strip_setting(&s->comparison);
  CU_ASSERT_EQUAL(setting, 0);
  for (uint32_t p = 0; p < 2; p++) {
    hearth_strip *strip = hearth_strip_new(&memory, &s->trace, &s->uses);
    CU_ASSERT_PTR_NOT_NULL_FATAL(strip);
    hearth_strip_request(strip, 0, 0, HEARTH_FOUND_COLD);
    happens(strip, HEARTH_SIM_LOAD, 0, 0);
    hearth_strip_finish(strip);
    hearth_comparison_cell(&s->comparison, setting, p)->result.strip = strip;
  }
}

static void make_scene(scene *s) {
  scene_begins(s);
  ask(s, 0, EVIL);
  ask(s, 5000, "m1");
  ask(s, 90000, EVIL);
  scene_is_set(s);
  fill(s);
  add_strips(s);
}

/* Tags balance, attributes are quoted, "&" begins an entity. */
static int is_well_formed(const char *text) {
  enum { DEEP = 64 };
  const char *open[DEEP];
  size_t lens[DEEP], depth = 0;
  for (const char *c = text; *c != '\0'; c++) {
    if (*c == '&' && strcspn(c, ";") > 6) {
      return 0;
    }
    if (*c == '>') {
      return 0; /* only within a tag, below */
    }
    if (*c != '<') {
      continue;
    }
    const int closes = c[1] == '/';
    const char *name = c + 1 + closes;
    const size_t len = strcspn(name, " />");
    int quoted = 0;
    const char *end = name;
    for (; *end != '\0' && (quoted || *end != '>'); end++) {
      quoted ^= *end == '"';
      if (*end == '<') {
        return 0;
      }
    }
    if (*end == '\0' || len == 0) {
      return 0;
    }
    if (closes) {
      if (depth == 0 || lens[depth - 1] != len ||
          memcmp(open[depth - 1], name, len) != 0) {
        return 0;
      }
      depth--;
    } else if (name[0] != '!' && end[-1] != '/' &&
               !(len == 2 && memcmp(name, "br", 2) == 0)) {
      if (depth == DEEP) {
        return 0;
      }
      open[depth] = name;
      lens[depth++] = len;
    }
    c = end;
  }
  return depth == 0;
}

static void test_the_checker_can_tell(void) {
  CU_ASSERT_TRUE(is_well_formed("<!DOCTYPE html><a b=\"c>\">d<br>e<f/></a>"));
  CU_ASSERT_FALSE(is_well_formed("<a><b></a></b>"));
  CU_ASSERT_FALSE(is_well_formed("<a>"));
  CU_ASSERT_FALSE(is_well_formed("</a>"));
  CU_ASSERT_FALSE(is_well_formed("<a>x & yyyyyyyyyy</a>"));
  CU_ASSERT_FALSE(is_well_formed("<a b=\"c></a>"));
}

static void test_page_is_well_formed(void) {
  static const char *const parts[] = {"Cold wait by policy and budget",
                                      "Total cost by policy and price",
                                      "Cold wait against idle memory",
                                      "What was warm when",
                                      "All figures",
                                      "class=\"waited\"",
                                      "prefers-color-scheme:dark",
                                      "line class=\"mark\""};
  scene s;
  char err[256] = "";
  make_scene(&s);
  const char *path = files_path("report.html");
  CU_ASSERT_EQUAL(hearth_present_report(&s.comparison, path, err, sizeof err),
                  HEARTH_OK);
  CU_ASSERT_STRING_EQUAL(err, "");
  char *page = files_read(path, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(page);
  CU_ASSERT_TRUE(is_well_formed(page));
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    CU_ASSERT_PTR_NOT_NULL(strstr(page, parts[i]));
  }
  CU_ASSERT_PTR_NULL(strstr(page, "nan"));
  CU_ASSERT_PTR_NULL(strstr(page, "inf\""));
  CU_ASSERT_PTR_NULL(strstr(page, "http"));
  free(page);
  scene_ends(&s);
}

static void test_names_are_escaped(void) {
  scene s;
  char err[256];
  make_scene(&s);
  const char *path = files_path("names.html");
  CU_ASSERT_EQUAL(hearth_present_report(&s.comparison, path, err, sizeof err),
                  HEARTH_OK);
  char *page = files_read(path, NULL);
  CU_ASSERT_PTR_NOT_NULL_FATAL(page);
  CU_ASSERT_PTR_NULL(strstr(page, "<script"));
  CU_ASSERT_PTR_NOT_NULL(strstr(page, "&lt;script&gt;alert(&quot;1&quot;)"
                                      "&lt;/script&gt;&amp;&#39;"
                                      "\xef\xbf\xbd\xef\xbf\xbd"));
  CU_ASSERT_PTR_NULL(strchr(page, '\xff'));
  CU_ASSERT_PTR_NULL(strchr(page, '\x01'));
  free(page);
  scene_ends(&s);
}

static void test_same_bytes_twice(void) {
  scene s;
  char err[256];
  size_t n = 0, m = 1;
  make_scene(&s);
  hearth_present_report(&s.comparison, files_path("one"), err, sizeof err);
  hearth_present_report(&s.comparison, files_path("two"), err, sizeof err);
  char *one = files_read(files_path("one"), &n);
  char *two = files_read(files_path("two"), &m);
  CU_ASSERT_TRUE(one != NULL && two != NULL && n == m &&
                 memcmp(one, two, n) == 0);
  free(one);
  free(two);
  scene_ends(&s);
}

static void test_whole_or_not_at_all(void) {
  scene s;
  char err[600] = "";
  make_scene(&s);
  const unsigned before = files_count();
  const char *path = files_path("no/such/folder.html");
  CU_ASSERT_EQUAL(hearth_present_report(&s.comparison, path, err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "folder.html: can't write"));
  CU_ASSERT_EQUAL(files_count(), before);
  CU_ASSERT_EQUAL(hearth_present_report(&s.comparison, files_path("whole"), err,
                                        sizeof err),
                  HEARTH_OK);
  CU_ASSERT_EQUAL(files_count(), before + 1);
  scene_ends(&s);
}

/* What an escape gives, in static storage. */
static const char *escaped(const char *text, uint32_t limit) {
  static char out[256];
  FILE *file = tmpfile();
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  hearth__escape(file, text, strlen(text), limit);
  rewind(file);
  out[fread(out, 1, sizeof out - 1, file)] = '\0';
  fclose(file);
  return out;
}

static void test_escape(void) {
  CU_ASSERT_STRING_EQUAL(escaped("a<b>&\"'", 0), "a&lt;b&gt;&amp;&quot;&#39;");
  CU_ASSERT_STRING_EQUAL(escaped("\xc3\xa9\xe2\x82\xac", 0),
                         "\xc3\xa9\xe2\x82\xac");
  CU_ASSERT_STRING_EQUAL(escaped("\xc0\xaf", 0), /* overlong */
                         "\xef\xbf\xbd\xef\xbf\xbd");
  CU_ASSERT_STRING_EQUAL(escaped("x\xe2\x82", 0), /* cut short */
                         "x\xef\xbf\xbd\xef\xbf\xbd");
  CU_ASSERT_STRING_EQUAL(escaped("\xed\xa0\x80", 0), /* a surrogate */
                         "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  CU_ASSERT_STRING_EQUAL(escaped("\xc3\xa9\xc3\xa9\xc3\xa9", 3),
                         "\xc3\xa9\xc3\xa9\xc3\xa9");
  CU_ASSERT_STRING_EQUAL(escaped("\xc3\xa9\xc3\xa9\xc3\xa9", 2),
                         "\xc3\xa9\xe2\x80\xa6");
}

static void test_figures(void) {
  char text[HEARTH__FIGURE];
  CU_ASSERT_STRING_EQUAL(hearth__figure(0, 0, text), "0");
  CU_ASSERT_STRING_EQUAL(hearth__figure(-1234567.25, 1, text), "-1,234,567.2");
  CU_ASSERT_STRING_EQUAL(hearth__figure(999, 0, text), "999");
  CU_ASSERT_STRING_EQUAL(hearth__figure(1000, 3, text), "1,000.000");
  CU_ASSERT_STRING_EQUAL(hearth__figure(NAN, 0, text), "\xe2\x80\x93");
  CU_ASSERT_STRING_EQUAL(hearth__figure(1e300, 0, text), "\xe2\x80\x93");
  CU_ASSERT_STRING_EQUAL(hearth__short(25000, text), "25k");
  const hearth__scale scale = {.most = 100, .low = 10, .high = 110};
  double ticks[HEARTH__TICKS];
  CU_ASSERT_EQUAL(hearth__ticks(&scale, ticks), 6);
  CU_ASSERT_DOUBLE_EQUAL(ticks[5], 100, 1e-9);
  CU_ASSERT_DOUBLE_EQUAL(hearth__place(&scale, 50), 60, 1e-9);
}

UNIT_MAIN("report", UNIT(test_the_checker_can_tell),
          UNIT(test_page_is_well_formed), UNIT(test_names_are_escaped),
          UNIT(test_same_bytes_twice), UNIT(test_whole_or_not_at_all),
          UNIT(test_escape), UNIT(test_figures))
