/* SPDX-License-Identifier: MIT
   What hearth call shows and saves. */
#ifndef HEARTH_CLI_CALL_PRINT_H
#define HEARTH_CLI_CALL_PRINT_H

#include <stdio.h>

#include "hearth/ext/reflect.h"
#include "host-sdk/reflect/message.h"

/* The list of functions; `reflect` NULL: there are none.  HEARTH_BAD_ARG, with
   a sentence, where the list is broken. */
hearth_status hearth__print_functions(FILE *out, const hearth_reflect *reflect,
                                      int json, char *err, uint64_t err_cap);

/* An answer of a function with that result (a letter); with `json` as an
   object. */
void hearth__print_answer(FILE *out, const char *function, char result,
                          const hearth__answer *answer, uint64_t took_ns,
                          int json);
/* The object of a call that did not come to an answer. */
void hearth__print_failure(FILE *out, const char *function,
                           hearth_status status, const char *why);

/* Write a file whole or not at all; 0 or -1. */
int hearth__save_whole(const char *path, const void *bytes, uint64_t len);

#endif
