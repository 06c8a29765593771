/* SPDX-License-Identifier: MIT
   A signature as libffi takes it. */
#include "host-sdk/reflect/cif.h"

#include <string.h>

static ffi_type *type_of(hearth__cif *cif, char letter) {
  switch (letter) {
  case 'v':
    return &ffi_type_void;
  case 'i':
  case 'h':
    return &ffi_type_sint32;
  case 'l':
    return &ffi_type_sint64;
  case 'u':
    return &ffi_type_uint64;
  case 'd':
    return &ffi_type_double;
  case 'b':
    return &cif->bytes;
  default:
    return &ffi_type_pointer;
  }
}

hearth_status hearth__cif_of(hearth__cif *cif, char result,
                             const char *letters) {
  const size_t count = strlen(letters);

  if (count > HEARTH__SIGNATURE_LETTERS) {
    return HEARTH_UNSUPPORTED;
  }
  memset(cif, 0, sizeof(*cif));
  cif->members[0] = &ffi_type_pointer;
  cif->members[1] = &ffi_type_uint64;
  cif->bytes.type = FFI_TYPE_STRUCT;
  cif->bytes.elements = cif->members;
  for (size_t i = 0; i < count; ++i) {
    cif->types[i] = type_of(cif, letters[i]);
  }
  return ffi_prep_cif(&cif->cif, FFI_DEFAULT_ABI, (unsigned)count,
                      type_of(cif, result), cif->types) == FFI_OK
             ? HEARTH_OK
             : HEARTH_UNSUPPORTED;
}

hearth_status hearth__cif_prepare(hearth__cif *cif,
                                  const hearth__signature *signature) {
  return hearth__cif_of(cif, signature->result, signature->letters);
}

int32_t hearth__returned_int(const hearth__returned *returned) {
  return (int32_t)(ffi_sarg)returned->word;
}
