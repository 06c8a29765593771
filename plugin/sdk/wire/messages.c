/* SPDX-License-Identifier: MIT
   The messages that cross the boundary, as C structs. */
#include "plugin/sdk/wire/messages.h"

#include <string.h>

#include "plugin/sdk/wire/init.h"

/* Each table below lists a struct's members in the order in which they are
   written.  T is the struct; the key is the member's name. */

#define MAX_EXACT 9007199254740992.0 /* 2^53: a double counts so far */
#define MAX_MB 1e12                  /* in kB, still an exact double */
#define MAX_COUNT 2147483647.0
#define REQUIRED HEARTH_FIELD_REQUIRED

#define AT(member) (uint16_t) offsetof(T, member)
#define KEY(key, member, kind, flags, fallback, min, max)                      \
  {                                                                            \
    HEARTH_KEY(key), HEARTH_FIELD_##kind, flags, AT(member), fallback, min,    \
        max, NULL, NULL                                                        \
  }

#define STR(m, flags) KEY(#m, m, STR, flags, 0, 0, 0)
#define STRS(m) KEY(#m, m, STRS, 0, 0, 0, 0)
#define STRMAP(m) KEY(#m, m, STRMAP, 0, 0, 0, 0)
#define BOOL(m, fallback) KEY(#m, m, BOOL, 0, fallback, 0, 0)
#define I64(m, fallback, min, max) KEY(#m, m, I64, 0, fallback, min, max)
#define F64(m, fallback, min, max) KEY(#m, m, F64, 0, fallback, min, max)
#define TIME(m, flags) KEY(#m, m, I64, flags, -1, -MAX_EXACT, MAX_EXACT)
#define COUNT(m) I64(m, -1, 0, MAX_EXACT) /* durations too */
#define SHARE(m) F64(m, -1, 0, 1)         /* and probabilities */
#define MB(m) F64(m, -1, 0, MAX_MB)
#define CPU(m) F64(m, -1, 0, 1e6)
#define RATE(m) F64(m, -1, 0, 1e9)
#define ENUM(m, flags, fallback, names)                                        \
  {                                                                            \
    HEARTH_KEY(#m), HEARTH_FIELD_ENUM, flags, AT(m), fallback, 0, 0, names,    \
        NULL                                                                   \
  }
#define MAP(m, schema)                                                         \
  {                                                                            \
    HEARTH_KEY(#m), HEARTH_FIELD_MAP, 0, AT(m), 0, 0, 0, NULL, &schema         \
  }
#define MAPS(m, flags, schema)                                                 \
  {                                                                            \
    HEARTH_KEY(#m), HEARTH_FIELD_MAPS, flags, AT(m), 0, 0, 0, NULL, &schema    \
  }

#define SCHEMA_OF(name, type, fields, check, blank, plain, needs)              \
  {                                                                            \
    name, (uint32_t)sizeof(type), (uint32_t)(sizeof fields / sizeof *fields),  \
        fields, check, blank, plain, needs                                     \
  }
#define SCHEMA(name, type, fields)                                             \
  SCHEMA_OF(name, type, fields, NULL, NULL, 0, 0)

/* The defaults of the messages that are made in every call. */
#define BLANK_USER {.session_ms = -1}
#define BLANK_PROJECT {.size_lines = -1, .complexity_score = -1}
#define BLANK_TERMS .budget_mb = -1, .load_lanes = -1, .idle_price = -1

const int32_t hearth_horizon_s[HEARTH_HORIZONS] = {300, 3600, 21600};

static const char *const reasons[] = {"request", "settled", "tick", "intent",
                                      NULL};
static const char *const complexities[] = {"unknown", "simple", "medium",
                                           "complex", NULL};
static const char *const priorities[] = {"unknown", "low",      "medium",
                                         "high",    "critical", NULL};
static const char *const states[] = {"unknown", "cold", "loading", "warm",
                                     NULL};
static const char *const actions[] = {"keep", "warm", NULL};
static const char *const phases[] = {"started",   "finished", "failed",
                                     "cancelled", "loaded",   "load_cancelled",
                                     "evicted",   "feedback", NULL};
static const char *const loads[] = {"unknown", "demand", "prewarm", NULL};

#define T hearth_catalog_model
static const hearth_field catalog_model_fields[] = {
    STR(model, REQUIRED),
    KEY("memory_mb", memory_mb, F64, REQUIRED, -1, 0.001, MAX_MB),
    KEY("load_ms", load_ms, I64, REQUIRED, -1, 0, MAX_EXACT),
    MB(storage_mb),
    CPU(cpu_percent),
    RATE(network_bandwidth_mbps),
    BOOL(pinned, 0),
    STR(group, 0),
    STR(hardware, 0),
};
#undef T
const hearth_schema hearth_catalog_model_schema =
    SCHEMA("CatalogModel", hearth_catalog_model, catalog_model_fields);

#define T hearth_catalog
static const hearth_field catalog_fields[] = {
    MAPS(models, REQUIRED, hearth_catalog_model_schema),
};
#undef T
const hearth_schema hearth_catalog_schema =
    SCHEMA("Catalog", hearth_catalog, catalog_fields);

#define T hearth_resident
static const hearth_field resident_fields[] = {
    STR(model, REQUIRED),
    ENUM(state, 0, HEARTH_STATE_WARM, states),
    BOOL(busy, 0),
};
#undef T
static const hearth_schema resident_schema =
    SCHEMA("Resident", hearth_resident, resident_fields);

#define T hearth_user
static const hearth_field user_fields[] = {
    STR(id, 0),          STR(session_id, 0),
    COUNT(session_ms),   STRS(recent_activities),
    STRMAP(preferences),
};
#undef T
static const hearth_schema user_schema =
    SCHEMA("User", hearth_user, user_fields);

#define T hearth_project
static const hearth_field project_fields[] = {
    STR(id, 0),           STR(language, 0),
    COUNT(size_lines),    SHARE(complexity_score),
    STRS(recent_changes),
};
#undef T
static const hearth_schema project_schema =
    SCHEMA("Project", hearth_project, project_fields);

#define T hearth_pool_info
static const hearth_field pool_fields[] = {
    STR(id, 0),
    MB(budget_mb),
    MB(used_mb),
    I64(load_lanes, -1, 0, MAX_COUNT),
    F64(idle_price, -1, 0, 1e12),
    I64(max_warm, -1, 0, MAX_COUNT),
    BOOL(resync, 0),
    MAPS(resident, 0, resident_schema),
};
#undef T
static const hearth_schema pool_schema =
    SCHEMA("Pool", hearth_pool_info, pool_fields);

#define T hearth_pool_terms
static const hearth_field terms_fields[] = {
    STR(id, 0),
    MB(budget_mb),
    I64(load_lanes, -1, 0, MAX_COUNT),
    F64(idle_price, -1, 0, 1e12),
};
#undef T
static const hearth_schema terms_schema =
    SCHEMA("Pool", hearth_pool_terms, terms_fields);

#define T hearth_context
static const hearth_field context_fields[] = {
    STR(request_id, 0),
    TIME(now_ms, REQUIRED),
    ENUM(reason, REQUIRED, HEARTH_REASON_REQUEST, reasons),
    STR(task, 0),
    COUNT(input_length),
    ENUM(complexity, 0, HEARTH_COMPLEXITY_UNKNOWN, complexities),
    ENUM(priority, 0, HEARTH_PRIORITY_UNKNOWN, priorities),
    COUNT(acceptable_latency_ms),
    STR(preferred_hardware, 0),
    I64(max_models, 64, 1, 1048576),
    BOOL(want_reasons, 0),
    MAP(user, user_schema),
    MAP(project, project_schema),
    MAP(pool, pool_schema),
};
#undef T
static const hearth_context blank_context = {
    .now_ms = -1, .input_length = -1, .acceptable_latency_ms = -1,
    .max_models = 64, .user = BLANK_USER, .project = BLANK_PROJECT,
    .pool = {BLANK_TERMS, .used_mb = -1, .max_warm = -1}};
const hearth_schema hearth_context_schema =
    SCHEMA_OF("ExecutionContext", hearth_context, context_fields, NULL,
              &blank_context, 11, 3);

#define T hearth_reason
static const hearth_field reason_fields[] = {
    STR(signal, REQUIRED),
    F64(weight, 0, 0, 0),
};
#undef T
static const hearth_schema reason_schema =
    SCHEMA("Reason", hearth_reason, reason_fields);

/* The struct within hearth_plan_model has no name of its own. */
typedef struct within {
  double p[HEARTH_HORIZONS];
} within;

#define T within
static const hearth_field within_fields[] = {
    KEY("300", p[0], F64, 0, -1, 0, 1),
    KEY("3600", p[1], F64, 0, -1, 0, 1),
    KEY("21600", p[2], F64, 0, -1, 0, 1),
};
#undef T
static const hearth_schema within_schema =
    SCHEMA("Within", within, within_fields);

#define T hearth_plan_model
static const hearth_field plan_model_fields[] = {
    STR(model, REQUIRED),
    ENUM(action, 0, HEARTH_ACTION_KEEP, actions),
    SHARE(confidence),
    SHARE(p_next),
    MAP(p_within, within_schema),
    COUNT(expected_load_ms),
    TIME(start_at_ms, 0),
    TIME(warm_by_ms, 0),
    COUNT(keep_for_ms),
    MAPS(reasons, 0, reason_schema),
};
#undef T
static const hearth_plan_model blank_line = {
    .confidence = -1, .p_next = -1, .p_within = {{-1, -1, -1}},
    .expected_load_ms = -1, .start_at_ms = -1, .warm_by_ms = -1,
    .keep_for_ms = -1};
const hearth_schema hearth_plan_model_schema =
    SCHEMA_OF("PlanModel", hearth_plan_model, plan_model_fields, NULL,
              &blank_line, 9, 1);

#define T hearth_impact
static const hearth_field impact_fields[] = {
    F64(cold_starts_avoided, -1, 0, MAX_EXACT),
    F64(wait_saved_ms, -1, 0, MAX_EXACT),
    MB(memory_mb),
    CPU(cpu_percent),
};
#undef T
static const hearth_schema impact_schema =
    SCHEMA("PerformanceImpact", hearth_impact, impact_fields);

#define T hearth_model_set
static const hearth_field model_set_fields[] = {
    STR(request_id, 0),
    STR(pool, 0),
    TIME(now_ms, 0),
    SHARE(confidence),
    MAPS(models, REQUIRED, hearth_plan_model_schema),
    MAP(performance_impact, impact_schema),
    TIME(review_at_ms, 0),
};
#undef T
const hearth_schema hearth_model_set_schema =
    SCHEMA("ModelSet", hearth_model_set, model_set_fields);

#define T hearth_outcome
static const hearth_field outcome_fields[] = {
    STR(request_id, 0),
    TIME(at_ms, REQUIRED),
    ENUM(phase, REQUIRED, HEARTH_PHASE_STARTED, phases),
    STR(model, 0),
    ENUM(state, 0, HEARTH_STATE_UNKNOWN, states),
    COUNT(wait_ms),
    COUNT(duration_ms),
    ENUM(load, 0, HEARTH_LOAD_UNKNOWN, loads),
    COUNT(load_ms),
    BOOL(actual_usage, -1),
    STR(actual_model, 0),
    STR(task, 0),
    COUNT(input_length),
    ENUM(complexity, 0, HEARTH_COMPLEXITY_UNKNOWN, complexities),
    ENUM(priority, 0, HEARTH_PRIORITY_UNKNOWN, priorities),
    MAP(user, user_schema),
    MAP(project, project_schema),
    MAP(pool, terms_schema),
};
#undef T

static const char *check_outcome(const void *message) {
  const hearth_outcome *const outcome = message;
  switch (outcome->phase) {
  case HEARTH_PHASE_STARTED:
  case HEARTH_PHASE_LOADED:
  case HEARTH_PHASE_LOAD_CANCELLED:
  case HEARTH_PHASE_EVICTED:
    return outcome->model.len ? NULL
                              : "model: missing, and this phase needs it";
  default:
    return NULL;
  }
}

static const hearth_outcome blank_outcome = {
    .at_ms = -1, .wait_ms = -1, .duration_ms = -1, .load_ms = -1,
    .actual_usage = -1, .input_length = -1, .user = BLANK_USER,
    .project = BLANK_PROJECT, .pool = {BLANK_TERMS}};
const hearth_schema hearth_outcome_schema =
    SCHEMA_OF("Outcome", hearth_outcome, outcome_fields, check_outcome,
              &blank_outcome, 15, 3);

#define T hearth_metadata_query
static const hearth_field metadata_query_fields[] = {
    STR(model, REQUIRED),
    TIME(now_ms, 0),
};
#undef T
const hearth_schema hearth_metadata_query_schema =
    SCHEMA("MetadataQuery", hearth_metadata_query, metadata_query_fields);

#define T hearth_quantiles
static const hearth_field quantiles_fields[] = {
    COUNT(p50),
    COUNT(p90),
};
#undef T
static const hearth_schema quantiles_schema =
    SCHEMA("Quantiles", hearth_quantiles, quantiles_fields);

#define T hearth_resources
static const hearth_field resources_fields[] = {
    MB(memory_mb),
    CPU(cpu_percent),
    RATE(network_bandwidth_mbps),
    MB(storage_mb),
};
#undef T
static const hearth_schema resources_schema =
    SCHEMA("ResourceRequirements", hearth_resources, resources_fields);

#define T hearth_usage
static const hearth_field usage_fields[] = {
    COUNT(requests),
    COUNT(users),
    TIME(last_used_ms, 0),
    COUNT(mean_session_ms),
};
#undef T
static const hearth_schema usage_schema =
    SCHEMA("Usage", hearth_usage, usage_fields);

#define T hearth_metadata
static const hearth_field metadata_fields[] = {
    STR(model, REQUIRED),
    MAP(expected_load_ms, quantiles_schema),
    MAP(resource_requirements, resources_schema),
    MAP(usage, usage_schema),
    BOOL(estimated, 1),
};
#undef T
const hearth_schema hearth_metadata_schema =
    SCHEMA("ModelMetadata", hearth_metadata, metadata_fields);

#define T hearth_config
static const hearth_field config_fields[] = {
    F64(prediction_threshold, 0, 0, 1),
    I64(usage_window_seconds, 7200, 1, MAX_COUNT),
    F64(learning_rate, 0.05, 0, 1),
    I64(max_warm_models, -1, 0, MAX_COUNT),
    MB(max_memory_mb),
    CPU(max_cpu_percent),
    BOOL(background_warmup_enabled, 1),
    I64(prediction_cache_ttl_seconds, 0, 0, MAX_COUNT),
    COUNT(data_retention_seconds),
    F64(decay_rate, 1, 0, 1000),
    F64(idle_price, -1, 0, 1e12),
    SHARE(speculation_share),
    I64(seed, 0, 0, 0),
    F64(ttl_seconds, -1, 0, 1e12),
    STR(ablate, 0),
    MAPS(models, 0, hearth_catalog_model_schema),
};
#undef T
const hearth_schema hearth_config_schema =
    SCHEMA("Config", hearth_config, config_fields);

void hearth_message_init(const hearth_schema *schema, void *message) {
  if (schema->blank) {
    memcpy(message, schema->blank, schema->size);
    return;
  }
  memset(message, 0, schema->size);
  hearth__message_reset(schema, message);
}

hearth_pool_terms hearth_pool_terms_of(const hearth_pool_info *pool) {
  return (hearth_pool_terms){.id = pool->id,
                             .budget_mb = pool->budget_mb,
                             .load_lanes = pool->load_lanes,
                             .idle_price = pool->idle_price};
}
