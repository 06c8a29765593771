/* SPDX-License-Identifier: MIT
   libFuzzer: signatures, and the messages of reflected calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/reflect/json_text.h"
#include "host-sdk/reflect/message.h"
#include "host-sdk/reflect/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int truth) {
  if (!truth) {
    abort();
  }
}

/* What is accepted is what its parts spell. */
static void try_signature(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  char again[HEARTH__SIGNATURE_LETTERS + 8], err[128];
  hearth__signature found;

  if (!text) {
    return;
  }
  if (size) {
    memcpy(text, data, size);
  }
  text[size] = '\0';
  if (hearth__signature_parse(&found, text, err, sizeof(err)) == HEARTH_OK) {
    snprintf(again, sizeof(again), "%c(%s)", found.result, found.letters);
    must(strcmp(text, again) == 0);
    must(found.inputs + (found.sink >= 0) + (found.letters[0] == 'p') ==
         found.count);
    must(found.sink < 0 || found.letters[found.sink] == 'o');
  }
  free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static FILE *nowhere;
  const hearth_bytes bytes = {data, size};
  char err[128];
  hearth__request request;
  hearth__answer answer;

  if (!nowhere) {
    nowhere = fopen("/dev/null", "w");
    must(nowhere != NULL);
  }
  try_signature(data, size);
  (void)hearth__request_read(bytes, &request, err, sizeof(err));
  if (hearth__answer_read(bytes, &answer, err, sizeof(err)) == HEARTH_OK &&
      answer.out.len) {
    (void)hearth__json_value(nowhere, answer.out, 0);
  }
  (void)hearth__json_value(nowhere, bytes, -1);
  return 0;
}
