/* SPDX-License-Identifier: MIT
   Calling a reflected function, in this process, by libffi. */
#ifndef HEARTH_REFLECT_CALL_H
#define HEARTH_REFLECT_CALL_H

#include "hearth/ext/reflect.h"
#include "host-sdk/reflect/signature.h"

enum {
  HEARTH__FUNCTIONS_MOST = 1024,  /* that a plugin may reflect */
  HEARTH__REFLECT_OUT = 16 << 20, /* bytes that o takes */
  HEARTH__NAME_MOST = 256         /* bytes of a function's name */
};

/* Function `index` of a plugin's list, in *out.  Its texts may be NULL.
   HEARTH_NO_OPINION past the end; HEARTH_BAD_ARG, with a sentence, where the
   list is broken.  Honours the size that the plugin's functions have. */
hearth_status hearth__reflect_function(const hearth_reflect *reflect,
                                       uint32_t index, hearth_function *out,
                                       char *err, uint64_t err_cap);

/* The function of that name; HEARTH_UNSUPPORTED: there is none. */
hearth_status hearth__reflect_find(const hearth_reflect *reflect,
                                   hearth_bytes name, hearth_function *out,
                                   char *err, uint64_t err_cap);

/* Call it with `args`, a msgpack list, and write the answer message
   (message.h).  `signature`: in place of the function's own, or NULL.
   HEARTH_OK means that it was called: the status of a function with the result
   h is in the answer.  Else nothing was called, or the answer is lost, and
   `err` has one sentence: HEARTH_BAD_ARG a signature that is none, too few or
   too many arguments, one of the wrong type or out of range;
   HEARTH_UNSUPPORTED no pointer; HEARTH_LIMIT too much was written into o. */
hearth_status hearth__reflect_call(const hearth_function *function,
                                   const char *signature, hearth_plugin *plugin,
                                   hearth_bytes args, hearth_sink *answer,
                                   char *err, uint64_t err_cap);

/* Read a request message (message.h), find what it names in `reflect` (NULL:
   the plugin reflects nothing) and call it.  HEARTH_BAD_PAYLOAD: it is no such
   message. */
hearth_status hearth__reflect_serve(const hearth_reflect *reflect,
                                    hearth_plugin *plugin, hearth_bytes request,
                                    hearth_sink *answer, char *err,
                                    uint64_t err_cap);

#endif
