/* SPDX-License-Identifier: MIT
   What hearth call shows and saves. */
#include "host-sdk/cli/call_print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hearth/host.h"
#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/json_text.h"

static void print_str(FILE *out, const char *key, const char *text) {
  fprintf(out, "\"%s\": ", key);
  if (text != NULL) {
    hearth__json_str(out, text, strlen(text));
  } else {
    fputs("null", out);
  }
}

/* A plugin's text, without what a terminal would obey. */
static void print_plain(FILE *out, const char *text) {
  for (; *text != '\0'; text++) {
    const unsigned char c = (unsigned char)*text;
    putc(c < 0x20 || c == 0x7f ? ' ' : *text, out);
  }
}

static void print_line(FILE *out, const hearth_function *f) {
  hearth__signature signature;
  char why[128] = "";
  (void)hearth__signature_parse(&signature, f->signature, why, sizeof why);
  print_plain(out, f->name != NULL ? f->name : "(no name)");
  fputs("  ", out);
  print_plain(out, f->signature != NULL ? f->signature : "(no signature)");
  fputs("\n    ", out);
  print_plain(out, f->help != NULL ? f->help : "(no help)");
  if (why[0] != '\0') {
    fprintf(out, "\n    can't be called: %s", why);
  }
  fputs("\n", out);
}

hearth_status hearth__print_functions(FILE *out, const hearth_reflect *reflect,
                                      int json, char *err, uint64_t err_cap) {
  hearth_function f;
  hearth_status status = HEARTH_OK;
  uint32_t n = 0;
  if (json) {
    fputs("[", out);
  } else if (reflect == NULL || reflect->count == 0) {
    fputs("the plugin reflects no functions\n", out);
  }
  while (reflect != NULL && status == HEARTH_OK) {
    status = hearth__reflect_function(reflect, n, &f, err, err_cap);
    if (status == HEARTH_OK && json) {
      fputs(n > 0 ? ",\n  {" : "\n  {", out);
      print_str(out, "name", f.name);
      fputs(", ", out);
      print_str(out, "signature", f.signature);
      fputs(", ", out);
      print_str(out, "help", f.help);
      fputs("}", out);
    } else if (status == HEARTH_OK) {
      print_line(out, &f);
    }
    n++;
  }
  if (json) {
    fputs(n > 1 ? "\n]\n" : "]\n", out);
  }
  return status == HEARTH_NO_OPINION ? HEARTH_OK : status;
}

static void print_object(FILE *out, const char *function,
                         const hearth__answer *answer, uint64_t took_ns) {
  fputs("{\n  ", out);
  print_str(out, "function", function);
  fprintf(out, ",\n  \"took_us\": %" PRIu64 ".%03u", took_ns / 1000,
          (unsigned)(took_ns % 1000));
  if (answer->has_status) {
    fprintf(out, ",\n  \"status\": %d,\n  ", (int)answer->status);
    print_str(out, "status_text", hearth_status_text(answer->status));
  } else {
    fputs(",\n  \"result\": ", out);
    (void)hearth__json_value(out, answer->result, 2);
  }
  if (answer->out.len > 0) {
    fputs(",\n  \"out\": ", out);
    (void)hearth__json_value(out, answer->out, 2);
  }
  fputs("\n}\n", out);
}

/* A text result as it is; anything else as JSON. */
static void print_result(FILE *out, hearth_bytes result) {
  hearth__reader reader = hearth__reader_of(result);
  hearth__token token;
  if (hearth__read(&reader, &token) == 0 && token.type == HEARTH__TOKEN_STR &&
      hearth__is_text(token.bytes)) {
    fwrite(token.bytes.data, 1, (size_t)token.bytes.len, out);
  } else {
    (void)hearth__json_value(out, result, 0);
  }
  fputs("\n", out);
}

void hearth__print_answer(FILE *out, const char *function, char result,
                          const hearth__answer *answer, uint64_t took_ns,
                          int json) {
  if (json) {
    print_object(out, function, answer, took_ns);
    return;
  }
  if (answer->out.len > 0 && answer->status >= 0) {
    (void)hearth__json_value(out, answer->out, 0);
    fputs("\n", out);
  }
  if (answer->has_status || result == 'v') {
    if (answer->status > 0 || (answer->status == 0 && answer->out.len == 0)) {
      fprintf(out, "%s\n", hearth_status_text(answer->status));
    }
  } else {
    print_result(out, answer->result);
  }
}

void hearth__print_failure(FILE *out, const char *function,
                           hearth_status status, const char *why) {
  fputs("{\n  ", out);
  print_str(out, "function", function);
  fprintf(out, ",\n  \"status\": %d,\n  ", (int)status);
  print_str(out, "status_text", hearth_status_text(status));
  fputs(",\n  ", out);
  print_str(out, "error", *why != '\0' ? why : hearth_status_text(status));
  fputs("\n}\n", out);
}

int hearth__save_whole(const char *path, const void *bytes, uint64_t len) {
  const size_t room = strlen(path) + 8;
  char *name = malloc(room);
  int failed = name == NULL;
  if (failed) {
    return -1;
  }
  snprintf(name, room, "%s.XXXXXX", path);
  const int fd = mkstemp(name);
  FILE *file = fd >= 0 ? fdopen(fd, "wb") : NULL;
  failed = file == NULL || fwrite(bytes, 1, (size_t)len, file) != len;
  if (file != NULL) {
    failed |= fflush(file) != 0 || fsync(fd) != 0;
    failed |= fclose(file) != 0;
  }
  if (!failed) {
    failed = rename(name, path) != 0;
  }
  if (failed && fd >= 0) {
    unlink(name);
  }
  free(name);
  return failed ? -1 : 0;
}
