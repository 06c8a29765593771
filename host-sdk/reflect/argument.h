/* SPDX-License-Identifier: MIT
   Arguments of a reflected function, as a person types them. */
#ifndef HEARTH_REFLECT_ARGUMENT_H
#define HEARTH_REFLECT_ARGUMENT_H

#include "host-sdk/reflect/pack.h"
#include "host-sdk/reflect/signature.h"

/* Write `texts` as the msgpack list that a request carries: i l u as whole
   numbers, decimal or 0x...; d as a number; s as it stands; b as it stands, or
   @FILE, hex:00ff..., or text:... for a text that begins like one of these.
   HEARTH_BAD_ARG with a sentence: too few or too many, out of range, not UTF-8,
   a file that can't be read.  `name`: the function, for sentences. */
hearth_status hearth__arguments_write(const char *name,
                                      const hearth__signature *signature,
                                      const char *const *texts, uint32_t count,
                                      hearth_sink *sink, char *err,
                                      uint64_t err_cap);

#endif
