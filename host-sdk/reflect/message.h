/* SPDX-License-Identifier: MIT
   What asks for a reflected function, and what it came to, as messages. */
#ifndef HEARTH_REFLECT_MESSAGE_H
#define HEARTH_REFLECT_MESSAGE_H

#include "host-sdk/reflect/reader.h"
#include "host-sdk/reflect/signature.h"

/* Two msgpack maps with string keys; unknown keys are skipped.

     request  function   string, required
              signature  string: call it by this one, not by the plugin's
              args       list: a value for each argument but p and o
     answer   status     integer: what a function with the result h returned
              result     what any other returned; nil for v, or a NULL text
              out        bytes: what was written into o

   A value of i, l or u is an integer; of d a number; of s a string; of b bytes,
   or a string. */

typedef struct hearth__request {
  hearth_bytes function, signature; /* borrowed; {NULL, 0}: absent */
  hearth_bytes args;                /* the list, with its head */
} hearth__request;

/* HEARTH_BAD_PAYLOAD with a sentence, and *out untouched, where it is none. */
hearth_status hearth__request_read(hearth_bytes message, hearth__request *out,
                                   char *err, uint64_t err_cap);

/* Write a request; `args` empty: without arguments. */
hearth_status hearth__request_write(const hearth__request *request,
                                    hearth_sink *sink);

typedef struct hearth__answer {
  int has_status;
  hearth_status status;
  hearth_bytes result; /* a msgpack value; {NULL, 0}: absent */
  hearth_bytes out;
} hearth__answer;

/* The same of an answer, which may come from a hostile process. */
hearth_status hearth__answer_read(hearth_bytes message, hearth__answer *out,
                                  char *err, uint64_t err_cap);

#endif
