/* SPDX-License-Identifier: MIT
   What a host makes of any bytes that a worker could send. */
#ifndef HEARTH_TESTS_WORKER_HOSTILE_H
#define HEARTH_TESTS_WORKER_HOSTILE_H

#include <stddef.h>
#include <stdint.h>

/* Decode them as the host does, in pieces of the sizes that the first bytes
   say.  Returns how many frames there were; nothing may crash or leak. */
int hostile_decode(const uint8_t *data, size_t len);

#endif
