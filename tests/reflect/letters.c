/* SPDX-License-Identifier: MIT
   A plugin with one reflected function of each kind, and of each mistake. */
#define STUB_ID "org.hearth.tests.letters"
#define STUB_NAME "letters"
#define STUB_CAPS HEARTH_CAP_STATE
#define STUB_SAVE save
#define STUB_LOAD load
#define STUB_EXTENSION extension

#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "hearth/ext/reflect.h"
#include "hearth/plugin.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out);
static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in);
static const void *extension(hearth_plugin *plugin, const char *id);

#include "tests/plugins/stub.h"

static hearth_status save(hearth_plugin *plugin, const hearth_call *call,
                          hearth_sink *out) {
  (void)call;
  return out->write(out, &plugin->outcomes, sizeof(plugin->outcomes));
}

static hearth_status load(hearth_plugin *plugin, const hearth_call *call,
                          hearth_source *in) {
  uint64_t outcomes, got = 0;
  hearth_status status = in->read(in, &outcomes, sizeof(outcomes), &got);

  (void)call;
  if (status == HEARTH_OK && got != sizeof(outcomes)) {
    status = HEARTH_BAD_PAYLOAD;
  }
  if (status == HEARTH_OK) {
    plugin->outcomes = outcomes;
  }
  return status;
}

static int32_t echo_i(int32_t value) {
  return value;
}

static int64_t echo_l(int64_t value) {
  return value;
}

static uint64_t echo_u(uint64_t value) {
  return value;
}

static double echo_d(double value) {
  return value;
}

static const char *echo_s(const char *text) {
  return text;
}

static hearth_bytes echo_b(hearth_bytes bytes) {
  return bytes;
}

static const char *nothing(void) {
  return NULL;
}

static void add(hearth_plugin *plugin, uint64_t outcomes) {
  plugin->outcomes += outcomes;
}

static uint64_t outcomes(hearth_plugin *plugin) {
  return plugin->outcomes;
}

static hearth_status status_of(int32_t status) {
  return status;
}

/* One argument of each letter, in an order that fills registers of both kinds
   and the stack; the answer is {i, l, u, d, s, b}. */
static hearth_status all(hearth_plugin *plugin, int32_t i, double d, int64_t l,
                         hearth_bytes b, uint64_t u, const char *s,
                         hearth_sink *out) {
  static const uint8_t head[] = {0x94, 0xd2};
  const uint8_t small[] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16),
                           (uint8_t)(i >> 8), (uint8_t)i};
  const uint8_t sum = (uint8_t)(l + (int64_t)u + (int64_t)d) & 0x7f;
  const uint8_t text = (uint8_t)(0xa0 | strlen(s));
  const uint8_t bin[] = {0xc4, (uint8_t)b.len};
  hearth_status status = out->write(out, head, sizeof(head));

  (void)plugin;
  if (status == HEARTH_OK) {
    status = out->write(out, small, sizeof(small));
  }
  if (status == HEARTH_OK) {
    status = out->write(out, &sum, 1);
  }
  if (status == HEARTH_OK) {
    status = out->write(out, &text, 1);
  }
  if (status == HEARTH_OK) {
    status = out->write(out, s, strlen(s));
  }
  if (status == HEARTH_OK) {
    status = out->write(out, bin, sizeof(bin));
  }
  return status == HEARTH_OK ? out->write(out, b.data, b.len) : status;
}

/* Sixteen arguments. */
static int64_t sixteen(int32_t a, int64_t b, uint64_t c, int32_t d, int64_t e,
                       uint64_t f, int32_t g, int64_t h, uint64_t i, int32_t j,
                       int64_t k, uint64_t l, int32_t m, int64_t n, uint64_t o,
                       int32_t p) {
  return a + 2 * b + 3 * (int64_t)c + 4 * d + 5 * e + 6 * (int64_t)f + 7 * g +
         8 * h + 9 * (int64_t)i + 10 * j + 11 * k + 12 * (int64_t)l + 13 * m +
         14 * n + 15 * (int64_t)o + 16 * p;
}

/* Takes no notice of the sink's refusal. */
static void flood(hearth_sink *out) {
  static const char block[1 << 16];

  for (int i = 0; i < 300; ++i) {
    (void)out->write(out, block, sizeof(block));
  }
}

static void no_bytes(hearth_sink *out) {
  (void)out->write(out, NULL, 5);
}

static void crash(void) {
  abort();
}

static void hang(void) {
  for (volatile int on = 1; on;) {
  }
}

#define FUNCTION(name, signature, function)                                    \
  {                                                                            \
    sizeof(hearth_function), 0, name, signature, "Tests " name ".",            \
        (void (*)(void))(function)                                             \
  }

static const hearth_function functions[] = {
    FUNCTION("echo_i", "i(i)", echo_i),
    FUNCTION("echo_l", "l(l)", echo_l),
    FUNCTION("echo_u", "u(u)", echo_u),
    FUNCTION("echo_d", "d(d)", echo_d),
    FUNCTION("echo_s", "s(s)", echo_s),
    FUNCTION("echo_b", "b(b)", echo_b),
    FUNCTION("nothing", "s()", nothing),
    FUNCTION("add", "v(pu)", add),
    FUNCTION("outcomes", "u(p)", outcomes),
    FUNCTION("status_of", "h(i)", status_of),
    FUNCTION("all", "h(pidlbuso)", all),
    FUNCTION("sixteen", "l(iluiluiluiluilui)", sixteen),
    FUNCTION("flood", "v(o)", flood),
    FUNCTION("no_bytes", "v(o)", no_bytes),
    FUNCTION("no_pointer", "v()", NULL),
    FUNCTION("bad_signature", "v(x)", crash),
    {sizeof(hearth_function), 0, "no_signature", NULL, NULL, crash},
    {sizeof(hearth_function), 0, NULL, "v()", NULL, crash},
    FUNCTION("crash", "v()", crash),
    FUNCTION("hang", "v()", hang)};

static const hearth_reflect reflect = {
    sizeof(reflect), sizeof(functions) / sizeof(*functions), functions};

static hearth_status metric(hearth_plugin *plugin, uint32_t index,
                            hearth_metric *out) {
  if (index) {
    return HEARTH_NO_OPINION;
  }
  out->kind = HEARTH_METRIC_COUNTER;
  out->name = "outcomes_total";
  out->help = "Outcomes recorded.";
  out->value = (double)plugin->outcomes;
  return HEARTH_OK;
}

static const hearth_metrics metrics = {sizeof(metrics), 0, metric};
static const hearth_predict predict = {sizeof(predict), 0, stub_prepare};

static const void *extension(hearth_plugin *plugin, const char *id) {
  (void)plugin;
  return strcmp(id, HEARTH_EXT_REFLECT) == 0   ? (const void *)&reflect
         : strcmp(id, HEARTH_EXT_METRICS) == 0 ? (const void *)&metrics
         : strcmp(id, HEARTH_EXT_PREDICT) == 0 ? (const void *)&predict
                                               : NULL;
}

HEARTH_DEFINE_PLUGIN(STUB_MEMBERS);
