/* SPDX-License-Identifier: MIT
   Bytes whose surroundings may not be touched. */
#include "host-sdk/validate/page.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void validate__page_open(validate_job *job, validate__page *page,
                         uint64_t most) {
  const uint64_t unit = (uint64_t)sysconf(_SC_PAGESIZE);
  const uint64_t cap = (most / unit + 1) * unit;
  void *base = mmap(NULL, (size_t)(cap + unit), PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) {
    validate__skip(job, "no memory for the check itself");
  }
  *page = (validate__page){base, cap};
}

void validate__page_close(validate__page *page) {
  const uint64_t unit = (uint64_t)sysconf(_SC_PAGESIZE);
  munmap(page->base, (size_t)(page->cap + unit));
}

static void protect(validate_job *job, validate__page *page, int how) {
  if (mprotect(page->base, (size_t)page->cap, how) != 0) {
    validate__skip(job, "this system refuses to protect memory");
  }
}

hearth_bytes validate__page_put(validate_job *job, validate__page *page,
                                hearth_bytes bytes) {
  protect(job, page, PROT_READ | PROT_WRITE);
  uint8_t *at = page->base + page->cap - bytes.len;
  if (bytes.len > 0) {
    memcpy(at, bytes.data, (size_t)bytes.len);
  }
  protect(job, page, PROT_READ);
  return (hearth_bytes){at, bytes.len};
}

void validate__page_shut(validate_job *job, validate__page *page) {
  protect(job, page, PROT_NONE);
}

void validate__page_write(validate_job *job, validate__page *page) {
  protect(job, page, PROT_READ | PROT_WRITE);
}
