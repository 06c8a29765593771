/* SPDX-License-Identifier: MIT
   Traces from public datasets and servers' logs in their own formats. */
#include "host-sdk/replay/input/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/replay/input/import_private.h"
#include "host-sdk/replay/input/random.h"
#include "host-sdk/replay/input/text.h"
#include "plugin/sdk/math.h"

/* A format, and how large its models are taken to be: none of the datasets
   says.  A size is drawn by the model's name, log-normal about the median; the
   load takes `base_ms` and a second for each `mb_per_s`. */
typedef struct format {
  const char *name, *help;
  hearth__importer *read;
  int32_t many;      /* several files are days in their order */
  int32_t from_zero; /* the first request comes at 0 */
  double median_mb, sigma, least_mb, most_mb, base_ms, mb_per_s;
} format;

static const format formats[] = {
    {"gentd26", "Alibaba GenTD26, lora_request_trace.csv",
     hearth__import_gentd26, 0, 1, 6500, 0.45, 2048, 24576, 1500, 450},
    {"azure2019",
     "Azure Functions 2019, invocations_per_function_md.anon.dNN.csv",
     hearth__import_azure2019, 1, 0, 170, 0.8, 32, 1536, 300, 400},
    {"azure2021", "Azure Functions 2021, invocations with end and duration",
     hearth__import_azure2021, 0, 1, 170, 0.8, 32, 1536, 300, 400},
    {"burstgpt", "BurstGPT_N.csv", hearth__import_burstgpt, 0, 0, 16384, 0.5,
     4096, 65536, 2000, 1000},
    {"llama-swap", "llama-swap's GET /api/metrics/activity, or JSON lines",
     hearth__import_llama_swap, 0, 0, 9000, 0.7, 1024, 49152, 1500, 1000},
};
enum { FORMATS = sizeof formats / sizeof *formats };

const char *hearth_import_format(uint32_t index) {
  return index < FORMATS ? formats[index].name : NULL;
}

const char *hearth_import_help(uint32_t index) {
  return index < FORMATS ? formats[index].help : NULL;
}

hearth_status hearth__import_fail(hearth__import *import, const char *path,
                                  uint64_t line, const char *text) {
  if (import->err && import->err_cap) {
    if (line) {
      snprintf(import->err, import->err_cap, "%s:%llu: %s", path,
               (unsigned long long)line, text);
    } else {
      snprintf(import->err, import->err_cap, "%s: %s", path, text);
    }
  }
  return HEARTH_BAD_PAYLOAD;
}

hearth_status hearth__import_add(hearth__import *import,
                                 const hearth_trace_row *row) {
  hearth_status status =
      hearth_grow(&import->memory, (void **)&import->staged, &import->cap,
                  import->count + 1, sizeof *import->staged);
  if (status != HEARTH_OK) {
    return status;
  }
  hearth__staged *s = &import->staged[import->count];
  *s = (hearth__staged){
      row->ts_ms, row->duration_ms, row->input_len, {0}, import->count};
  if (s->duration_ms > HEARTH__MAX_RUN_MS) {
    s->duration_ms = HEARTH__MAX_RUN_MS;
  }
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    s->id[kind] = HEARTH_NO_NAME;
    if (row->name[kind].len) {
      status =
          hearth_names_add(import->names[kind], row->name[kind], &s->id[kind]);
      if (status != HEARTH_OK) {
        return status;
      }
    }
  }
  import->count++;
  return HEARTH_OK;
}

hearth_status hearth__import_record(hearth__import *import, hearth_csv *csv,
                                    uint32_t model,
                                    const hearth_trace_row *row) {
  if (!row->name[HEARTH_TRACE_MODEL].len) {
    import->skipped++;
    return HEARTH_OK;
  }
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    const char *fault = hearth__name_fault(row->name[kind]);
    if (fault) {
      char reason[120];
      snprintf(reason, sizeof reason, "in a record with a name %s", fault);
      return hearth_csv_fail(csv, model, reason);
    }
  }
  hearth_status status = hearth__import_add(import, row);
  if (status != HEARTH_OK) {
    (void)hearth_csv_fail(csv, model, "but there is no memory for more");
  }
  return status;
}

hearth_status hearth__import_csv(hearth__import *import, const char *path,
                                 hearth__records records, void *columns) {
  hearth_csv *csv = NULL;
  hearth_status status = hearth_csv_open(&import->memory, path, import->err,
                                         import->err_cap, &csv);
  if (status != HEARTH_OK) {
    return status;
  }
  status = records.find(csv, columns);
  while (status == HEARTH_OK) {
    status = hearth_csv_next(csv);
    if (status == HEARTH_OK) {
      status = records.take(import, csv, columns);
    }
  }
  hearth_csv_close(csv);
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}

hearth_status hearth__import_seconds(hearth_csv *csv, uint32_t column,
                                     int64_t fallback, int64_t *ms) {
  const hearth_csv_range range = {INT64_C(1) << 40, -1, 0};
  double seconds = -1;
  hearth_status status = hearth_csv_double(csv, column, range, &seconds);
  if (status == HEARTH_OK) {
    *ms = seconds < 0 ? fallback : (int64_t)(seconds * 1000 + 0.5);
  }
  return status;
}

static int in_order(const void *a, const void *b) {
  const hearth__staged *x = a, *y = b;
  if (x->ts_ms != y->ts_ms) {
    return x->ts_ms < y->ts_ms ? -1 : 1;
  }
  return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Sort what was read into a trace, its first request at 0 if the format's times
   mean nothing by themselves (or begin before 0). */
static hearth_status build_trace(hearth__import *import, const format *f,
                                 hearth_trace *trace) {
  qsort(import->staged, import->count, sizeof *import->staged, in_order);
  int64_t first = import->staged[0].ts_ms;
  int64_t origin = f->from_zero || first < 0 ? first : 0;
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; i < import->count && status == HEARTH_OK; i++) {
    const hearth__staged *s = &import->staged[i];
    hearth_trace_row row;
    hearth_trace_row_init(&row);
    row.ts_ms = s->ts_ms - origin;
    row.duration_ms = s->duration_ms;
    row.input_len = s->input_len;
    for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
      if (s->id[kind] != HEARTH_NO_NAME) {
        row.name[kind] = hearth_names_text(import->names[kind], s->id[kind]);
      }
    }
    status = hearth_trace_add(trace, &row);
  }
  return status;
}

static hearth_status build_models(const hearth__import *import, const format *f,
                                  hearth_models *models) {
  const hearth_names *names = import->names[HEARTH_TRACE_MODEL];
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0; i < hearth_names_count(names) && status == HEARTH_OK;
       i++) {
    hearth__random random;
    hearth_catalog_model m;
    hearth_str name = hearth_names_text(names, i);
    hearth_message_init(&hearth_catalog_model_schema, &m);
    hearth__random_init(&random, import->options.seed,
                        hearth_hash(0, name.data, name.len));
    double mb = hearth__random_lognormal(&random, f->median_mb, f->sigma);
    mb = (double)(int64_t)hearth_clip(mb, f->least_mb, f->most_mb);
    m.model = name;
    m.memory_mb = mb;
    m.load_ms = (int64_t)(f->base_ms + 1000 * mb / f->mb_per_s);
    status = hearth_models_add(models, &m);
  }
  models->described = models->count;
  return status;
}

static hearth_status build(hearth__import *import, const format *f,
                           const char *path, hearth_trace *trace,
                           hearth_models *models) {
  uint32_t missing = 0;
  if (!import->count) {
    return hearth__import_fail(import, path, 0, "holds no request");
  }
  hearth_status status = hearth_trace_init(trace, &import->memory);
  if (status == HEARTH_OK) {
    status = hearth_models_init(models, &import->memory);
  }
  if (status == HEARTH_OK) {
    status = build_trace(import, f, trace);
  }
  if (status == HEARTH_OK) {
    status = build_models(import, f, models);
  }
  if (status == HEARTH_OK) {
    status = hearth_models_match(models, trace, &missing);
  }
  if (status == HEARTH_BAD_ARG) {
    return hearth__import_fail(import, path, 0,
                               "the times or lengths are out of range");
  }
  return status;
}

static hearth_status run(hearth__import *import, const format *f,
                         const char *const *paths, uint32_t count,
                         hearth_trace *trace, hearth_models *models) {
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    import->names[kind] = hearth_names_new(&import->memory, 0, 0);
    if (!import->names[kind]) {
      return HEARTH_NO_MEMORY;
    }
  }
  for (uint32_t i = 0; i < count; i++) {
    hearth_status status = f->read(import, paths[i], i);
    if (status != HEARTH_OK) {
      return status;
    }
  }
  return build(import, f, paths[0], trace, models);
}

static const format *find(hearth__import *import, const char *name,
                          uint32_t count) {
  for (uint32_t i = 0; i < FORMATS; i++) {
    if (!strcmp(formats[i].name, name)) {
      if (count == 1 || (count && formats[i].many)) {
        return &formats[i];
      }
      (void)hearth__import_fail(import, name, 0, "takes one file");
      return NULL;
    }
  }
  (void)hearth__import_fail(import, name, 0,
                            "is none of the formats gentd26, azure2019, "
                            "azure2021, burstgpt and llama-swap");
  return NULL;
}

hearth_status hearth_import(const char *format_name, const char *const *paths,
                            uint32_t count,
                            const hearth_import_options *options,
                            const hearth_memory_user *memory,
                            hearth_trace *trace, hearth_models *models,
                            uint64_t *skipped, char *err, uint64_t err_cap) {
  hearth__import import;
  memset(&import, 0, sizeof import);
  memset(trace, 0, sizeof *trace);
  memset(models, 0, sizeof *models);
  import.memory = *memory;
  import.options = *options;
  import.err = err;
  import.err_cap = err_cap;
  const format *f = find(&import, format_name, count);
  if (!f) {
    return HEARTH_BAD_ARG;
  }
  hearth_status status = run(&import, f, paths, count, trace, models);
  if (status == HEARTH_NO_MEMORY || status == HEARTH_LIMIT) {
    (void)hearth__import_fail(&import, paths[0], 0,
                              "there is no memory for all of it");
  }
  *skipped = import.skipped;
  hearth_release(memory, import.staged);
  for (int kind = 0; kind < HEARTH_TRACE_NAMES; kind++) {
    hearth_names_free(import.names[kind]);
  }
  if (status != HEARTH_OK) {
    hearth_trace_free(trace);
    hearth_models_free(models);
  }
  return status;
}
