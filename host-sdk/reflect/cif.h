/* SPDX-License-Identifier: MIT
   A signature as libffi takes it. */
#ifndef HEARTH_REFLECT_CIF_H
#define HEARTH_REFLECT_CIF_H

#include <ffi.h>

#include "host-sdk/reflect/signature.h"

/* Points into itself: it stays where it was prepared. */
typedef struct hearth__cif {
  ffi_cif cif;
  ffi_type *types[HEARTH__SIGNATURE_LETTERS];
  ffi_type bytes; /* hearth_bytes; libffi writes its size here */
  ffi_type *members[3];
} hearth__cif;

/* What a call returns, as libffi leaves it: integers of 32 bits fill a whole
   register (ffi_arg). */
typedef union hearth__returned {
  ffi_arg word;
  int64_t l;
  uint64_t u;
  double d;
  const char *s;
  hearth_bytes b;
  void *p;
} hearth__returned;

/* HEARTH_UNSUPPORTED: this libffi can't call such a function here. */
hearth_status hearth__cif_prepare(hearth__cif *cif,
                                  const hearth__signature *signature);

/* The same for a function of the ABI, which has letters of its own: besides
   those of a signature, p for any pointer as an argument or a result. */
hearth_status hearth__cif_of(hearth__cif *cif, char result,
                             const char *letters);

/* The 32 bits of a result i or h. */
int32_t hearth__returned_int(const hearth__returned *returned);

#endif
