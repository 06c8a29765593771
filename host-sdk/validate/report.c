/* SPDX-License-Identifier: MIT
   Results for people and for programs. */
#include <jansson.h>
#include <string.h>

#include "hearth/plugin.h"
#include "host-sdk/validate/validate.h"

enum { VERDICTS = VALIDATE_SKIP + 1 };

const char *validate_verdict_text(validate_verdict verdict) {
  static const char *const texts[VERDICTS] = {
      "none", "pass", "warn", "fail", "crash", "timeout", "skip"};
  return (unsigned)verdict < VERDICTS ? texts[verdict] : "none";
}

int validate_conforms(const validate_result *results, size_t count,
                      int strict) {
  for (size_t i = 0; i < count; i++) {
    const validate_verdict verdict = results[i].verdict;
    if (verdict != VALIDATE_PASS && verdict != VALIDATE_SKIP &&
        (strict || verdict != VALIDATE_WARN)) {
      return 0;
    }
  }
  return 1;
}

/* What a plugin made say must not steer a terminal. */
static void print_clean(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    const unsigned char byte = (unsigned char)*text;
    putc(byte < 0x20 || byte == 0x7f ? '?' : byte, out);
  }
}

void validate_print(FILE *out, const validate_result *result) {
  fprintf(out, "%-7s %s", validate_verdict_text(result->verdict),
          result->check->name);
  if (result->sentence[0] != '\0') {
    fputs(": ", out);
    print_clean(out, result->sentence);
  }
  if (result->verdict != VALIDATE_PASS && result->verdict != VALIDATE_SKIP) {
    fprintf(out, " (%s)", result->check->contract);
  }
  putc('\n', out);
}

static void tally(const validate_result *results, size_t count,
                  size_t sums[VERDICTS]) {
  memset(sums, 0, VERDICTS * sizeof *sums);
  for (size_t i = 0; i < count; i++) {
    sums[results[i].verdict]++;
  }
}

void validate_print_summary(FILE *out, const validate_result *results,
                            size_t count) {
  size_t sums[VERDICTS];
  tally(results, count, sums);
  fprintf(out, "%zu checks:", count);
  const char *comma = "";
  for (int i = VALIDATE_PASS; i < VERDICTS; i++) {
    if (sums[i] > 0 || i == VALIDATE_PASS) {
      fprintf(out, "%s %zu %s", comma, sums[i],
              validate_verdict_text((validate_verdict)i));
      comma = ",";
    }
  }
  putc('\n', out);
}

/* As JSON can hold it: printable ASCII. */
static json_t *clean_json(const char *text) {
  char clean[4096];
  size_t len = 0;
  for (; *text != '\0' && len + 1 < sizeof clean; text++) {
    const unsigned char byte = (unsigned char)*text;
    clean[len++] = (char)(byte < 0x20 || byte >= 0x7f ? '?' : byte);
  }
  clean[len] = '\0';
  return json_string(clean);
}

static json_t *result_json(const validate_result *result) {
  return json_pack("{s:s, s:s, s:o, s:s, s:s, s:i}", "check",
                   result->check->name, "verdict",
                   validate_verdict_text(result->verdict), "sentence",
                   clean_json(result->sentence), "contract",
                   result->check->contract, "help", result->check->help, "ms",
                   (int)result->ms);
}

void validate_print_json(FILE *out, const char *path,
                         const validate_result *results, size_t count,
                         int strict) {
  size_t sums[VERDICTS];
  json_t *list = json_array(), *counts = json_object();
  tally(results, count, sums);
  for (size_t i = 0; i < count; i++) {
    json_array_append_new(list, result_json(&results[i]));
  }
  for (int i = VALIDATE_PASS; i < VERDICTS; i++) {
    json_object_set_new(counts, validate_verdict_text((validate_verdict)i),
                        json_integer((json_int_t)sums[i]));
  }
  json_t *root = json_pack(
      "{s:o, s:i, s:b, s:o, s:o}", "file", clean_json(path), "abi_major",
      HEARTH_ABI_MAJOR, "conforms", validate_conforms(results, count, strict),
      "counts", counts, "checks", list);
  if (root != NULL) {
    json_dumpf(root, out, JSON_INDENT(2));
    putc('\n', out);
    json_decref(root);
  }
}
