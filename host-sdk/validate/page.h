/* SPDX-License-Identifier: MIT
   Bytes whose surroundings may not be touched. */
#ifndef HEARTH_VALIDATE_PAGE_H
#define HEARTH_VALIDATE_PAGE_H

#include "host-sdk/validate/job.h"

/* A mapping of whole pages with a page without access behind it. */
typedef struct validate__page {
  uint8_t *base; /* owned */
  uint64_t cap;  /* bytes before the page without access */
} validate__page;

void validate__page_open(validate_job *job, validate__page *page,
                         uint64_t most);
void validate__page_close(validate__page *page);

/* A copy of `bytes` that ends where access ends, and may only be read. */
hearth_bytes validate__page_put(validate_job *job, validate__page *page,
                                hearth_bytes bytes);

/* Let what was put be written to. */
void validate__page_write(validate_job *job, validate__page *page);

/* Take all access away: who kept a pointer dies of it. */
void validate__page_shut(validate_job *job, validate__page *page);

#endif
