/* SPDX-License-Identifier: MIT
   What the tests of reflected functions share. */
#ifndef HEARTH_TESTS_REFLECT_SETUP_H
#define HEARTH_TESTS_REFLECT_SETUP_H

#include "hearth/ext/reflect.h"
#include "hearth/host.h"
#include "host-sdk/reflect/message.h"

/* tests/reflect/letters.c as a library; fails the test where it can't. */
hearth_library *setup_letters(void);

/* Call `function` with texts, as the command does, and read the answer into
 *answer, whose bytes live in *out.  `err` has 512 bytes. */
hearth_status setup_call(hearth_instance *instance, const char *function,
                         const char *signature, const char *const *texts,
                         uint32_t count, hearth_output *out,
                         hearth__answer *answer, char *err);

#endif
