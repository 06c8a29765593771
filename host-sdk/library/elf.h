/* SPDX-License-Identifier: MIT
   Whether bytes look like a shared object that can be mapped safely. */
#ifndef HEARTH_LIBRARY_ELF_H
#define HEARTH_LIBRARY_ELF_H

#include <stdint.h>

/* NULL if `bytes` are a whole shared object of this machine's word size, else
   what they are instead, to follow "is".  dlopen maps what the headers claim,
   and touching a page past the end of a cut-off file kills the process, so that
   this has to be asked first. */
const char *hearth__elf_problem(const uint8_t *bytes, uint64_t len);

#endif
