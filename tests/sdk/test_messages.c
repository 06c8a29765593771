/* SPDX-License-Identifier: MIT */
#include "plugin/sdk/wire/init.h"
#include "plugin/sdk/wire/messages.h"

#include <stdio.h>
#include <string.h>

#include "tests/sdk/support.h"
#include "tests/unit.h"

static size_t size_of(const hearth_field *field) {
  switch (field->kind) {
  case HEARTH_FIELD_STR:
    return sizeof(hearth_str);
  case HEARTH_FIELD_I64:
    return sizeof(int64_t);
  case HEARTH_FIELD_F64:
    return sizeof(double);
  case HEARTH_FIELD_BOOL:
  case HEARTH_FIELD_ENUM:
    return sizeof(int32_t);
  case HEARTH_FIELD_MAP:
    return field->schema->size;
  default:
    return sizeof(hearth_list);
  }
}

static int names_hold(const hearth_field *field, double value) {
  int count = 0;
  while (field->names && field->names[count]) {
    count++;
  }
  return value >= 0 && value < count;
}

static void check_field(const hearth_field *field) {
  CU_ASSERT(field->key.text[0]);
  CU_ASSERT(field->min <= field->max);
  if (field->kind == HEARTH_FIELD_ENUM) {
    CU_ASSERT(names_hold(field, field->fallback));
  }
  const int nested =
      field->kind == HEARTH_FIELD_MAP || field->kind == HEARTH_FIELD_MAPS;
  CU_ASSERT_EQUAL(field->schema != NULL, nested);
  CU_ASSERT_EQUAL(field->names != NULL, field->kind == HEARTH_FIELD_ENUM);
}

/* No byte but padding is free: a member that was forgotten shows here. */
static void check_gaps(const uint8_t *taken, size_t size) {
  for (size_t b = 0, gap = 0; b < size; b++) {
    gap = taken[b] ? 0 : gap + 1;
    CU_ASSERT(gap <= 4);
  }
}

/* No two fields share a key or a byte. */
static void check_schema(const hearth_schema *schema) {
  uint8_t taken[2048] = {0};
  CU_ASSERT(schema->count > 0 && schema->count <= 64);
  CU_ASSERT_FATAL(schema->size <= sizeof taken);
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    check_field(field);
    for (uint32_t j = 0; j < i; j++) {
      CU_ASSERT(strcmp(field->key.text, schema->fields[j].key.text) != 0);
    }
    CU_ASSERT(field->offset + size_of(field) <= schema->size);
    for (size_t b = 0; b < size_of(field); b++) {
      CU_ASSERT_EQUAL(taken[field->offset + b]++, 0);
    }
    if (field->schema) {
      check_schema(field->schema);
    }
  }
  check_gaps(taken, schema->size);
}

static int has_list(const hearth_schema *schema) {
  for (uint32_t i = 0; i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    if (field->kind == HEARTH_FIELD_MAP ? has_list(field->schema)
                                        : field->kind > HEARTH_FIELD_MAP) {
      return 1;
    }
  }
  return 0;
}

/* What the codec takes for granted where a schema has a blank. */
static void check_blank(const hearth_schema *schema) {
  static uint64_t reset[sizeof(support_any) / 8 + 1];
  uint32_t plain = schema->count, needs = 0;
  for (uint32_t i = schema->count; i--;) {
    const hearth_field *const field = &schema->fields[i];
    CU_ASSERT(i == 0 || field[-1].offset < field->offset);
    const int map = field->kind == HEARTH_FIELD_MAP;
    if (map ? has_list(field->schema) : field->kind > HEARTH_FIELD_MAP) {
      plain = i;
    }
    if (field->flags && needs == 0) {
      needs = i + 1;
    }
  }
  CU_ASSERT_EQUAL(schema->plain, plain);
  CU_ASSERT_EQUAL(schema->needs, needs);
  CU_ASSERT_EQUAL(schema->size % sizeof(uint64_t), 0);
  CU_ASSERT_FATAL(plain < schema->count); /* its offset is looked at */
  memset(reset, 0, sizeof reset);
  hearth__message_reset(schema, reset);
  CU_ASSERT_EQUAL(memcmp(reset, schema->blank, schema->size), 0);
}

static void test_schemas(void) {
  check_blank(&hearth_plan_model_schema);
  for (size_t i = 0; i < support_message_count; i++) {
    check_schema(support_messages[i].schema);
    if (support_messages[i].schema->blank) {
      check_blank(support_messages[i].schema);
    }
    CU_ASSERT(support_messages[i].schema->size <= sizeof(support_any));
  }
}

static void test_context_defaults(void) {
  hearth_context c;
  memset(&c, 0xa5, sizeof c);
  hearth_message_init(&hearth_context_schema, &c);
  CU_ASSERT_PTR_NULL(c.request_id.data);
  CU_ASSERT_EQUAL(c.now_ms, -1);
  CU_ASSERT_EQUAL(c.input_length, -1);
  CU_ASSERT_EQUAL(c.complexity, HEARTH_COMPLEXITY_UNKNOWN);
  CU_ASSERT_EQUAL(c.max_models, 64);
  CU_ASSERT_EQUAL(c.want_reasons, 0);
  CU_ASSERT_EQUAL(c.user.session_ms, -1);
  CU_ASSERT_PTR_NULL(c.user.preferences.items);
  CU_ASSERT_EQUAL(c.user.preferences.cap, 0);
  CU_ASSERT_EQUAL(c.project.complexity_score, -1);
  CU_ASSERT_EQUAL(c.pool.budget_mb, -1);
  CU_ASSERT_EQUAL(c.pool.load_lanes, -1);
  CU_ASSERT_EQUAL(c.pool.resync, 0);
}

static void test_config_defaults(void) {
  hearth_config c;
  hearth_message_init(&hearth_config_schema, &c);
  CU_ASSERT_EQUAL(c.prediction_threshold, 0);
  CU_ASSERT_EQUAL(c.usage_window_seconds, 7200);
  CU_ASSERT_EQUAL(c.learning_rate, 0.05);
  CU_ASSERT_EQUAL(c.max_warm_models, -1);
  CU_ASSERT_EQUAL(c.max_memory_mb, -1);
  CU_ASSERT_EQUAL(c.background_warmup_enabled, 1);
  CU_ASSERT_EQUAL(c.prediction_cache_ttl_seconds, 0);
  CU_ASSERT_EQUAL(c.data_retention_seconds, -1);
  CU_ASSERT_EQUAL(c.decay_rate, 1);
  CU_ASSERT_EQUAL(c.seed, 0);
  CU_ASSERT_EQUAL(c.ttl_seconds, -1);
}

static void test_other_defaults(void) {
  hearth_plan_model m;
  hearth_message_init(&hearth_plan_model_schema, &m);
  CU_ASSERT_EQUAL(m.action, HEARTH_ACTION_KEEP);
  CU_ASSERT_EQUAL(m.p_within.p[0], -1);
  CU_ASSERT_EQUAL(m.keep_for_ms, -1);
  hearth_outcome o;
  hearth_message_init(&hearth_outcome_schema, &o);
  CU_ASSERT_EQUAL(o.actual_usage, -1);
  CU_ASSERT_EQUAL(o.load, HEARTH_LOAD_UNKNOWN);
  hearth_metadata d;
  hearth_message_init(&hearth_metadata_schema, &d);
  CU_ASSERT_EQUAL(d.estimated, 1);
  CU_ASSERT_EQUAL(d.usage.requests, -1);
}

/* Every key of a schema stands in the specification. */
static void check_documented(const hearth_schema *schema, const char *text) {
  for (uint32_t i = 0; i < schema->count; i++) {
    char key[64];
    snprintf(key, sizeof key, "`%s`", schema->fields[i].key.text);
    if (!strstr(text, key)) {
      printf("# %s %s is not in docs/wire-format.md\n", schema->name, key);
      CU_FAIL("an undocumented key");
    }
    if (schema->fields[i].schema) {
      check_documented(schema->fields[i].schema, text);
    }
  }
}

static void test_documented(void) {
  static char text[1 << 16];
  FILE *const file = fopen(unit_source("docs/wire-format.md"), "r");
  CU_ASSERT_PTR_NOT_NULL_FATAL(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  for (size_t i = 0; i < support_message_count; i++) {
    check_documented(support_messages[i].schema, text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, support_messages[i].schema->name));
  }
}

/* The keys of p_within are the horizons. */
static void test_horizons(void) {
  CU_ASSERT_EQUAL(hearth_horizon_s[0], 300);
  CU_ASSERT_EQUAL(hearth_horizon_s[1], 3600);
  CU_ASSERT_EQUAL(hearth_horizon_s[2], 21600);
}

static void test_strings(void) {
  const hearth_str a = hearth_str_from("abc"), b = {"abcd", 3};
  CU_ASSERT_EQUAL(a.len, 3);
  CU_ASSERT(hearth_str_equal(a, b));
  CU_ASSERT(!hearth_str_equal(a, hearth_str_from("abd")));
  CU_ASSERT(!hearth_str_equal(a, hearth_str_from("ab")));
  CU_ASSERT(hearth_str_equal(hearth_str_from(NULL), hearth_str_from("")));
}

UNIT_MAIN("messages", UNIT(test_schemas), UNIT(test_context_defaults),
          UNIT(test_config_defaults), UNIT(test_other_defaults),
          UNIT(test_documented), UNIT(test_horizons), UNIT(test_strings))
