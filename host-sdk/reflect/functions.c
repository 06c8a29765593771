/* SPDX-License-Identifier: MIT
   A plugin's list of reflected functions, and which of it is asked for. */
#include <string.h>

#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/message.h"

static hearth_status broken(const char *why, char *err, uint64_t err_cap) {
  hearth__tell(err, err_cap, "hearth.reflect/1 is broken: %s", why);
  return HEARTH_BAD_ARG;
}

hearth_status hearth__reflect_function(const hearth_reflect *reflect,
                                       uint32_t index, hearth_function *out,
                                       char *err, uint64_t err_cap) {
  const uint8_t *first;
  uint32_t stride, size;

  if (reflect->size < sizeof(*reflect)) {
    return broken("its struct is too short", err, err_cap);
  }
  if (reflect->count > HEARTH__FUNCTIONS_MOST) {
    return broken("it lists more than 1024 functions", err, err_cap);
  }
  if (index >= reflect->count) {
    return HEARTH_NO_OPINION;
  }
  if (!reflect->functions) {
    return broken("it counts functions and has none", err, err_cap);
  }
  /* A newer plugin's functions may be larger; all are of one size. */
  first = (const uint8_t *)reflect->functions;
  stride = reflect->functions->size;
  if (stride < sizeof(*out) || stride % sizeof(void *)) {
    return broken("the size of its functions is not one that they can have",
                  err, err_cap);
  }
  memcpy(&size, first + (size_t)stride * index, sizeof(size));
  if (size != stride) {
    return broken("its functions differ in size", err, err_cap);
  }
  memcpy(out, first + (size_t)stride * index, sizeof(*out));
  return HEARTH_OK;
}

hearth_status hearth__reflect_find(const hearth_reflect *reflect,
                                   hearth_bytes name, hearth_function *out,
                                   char *err, uint64_t err_cap) {
  hearth_function function;
  hearth_status status = HEARTH_OK;

  for (uint32_t i = 0; status == HEARTH_OK; ++i) {
    status = hearth__reflect_function(reflect, i, &function, err, err_cap);
    if (status == HEARTH_OK && function.name &&
        strlen(function.name) == name.len &&
        memcmp(function.name, name.data, (size_t)name.len) == 0) {
      *out = function;
      return HEARTH_OK;
    }
  }
  if (status == HEARTH_NO_OPINION) {
    hearth__tell(err, err_cap, "the plugin has no function '%.*s'",
                 name.len < 100 ? (int)name.len : 100,
                 name.len ? (const char *)name.data : "");
    status = HEARTH_UNSUPPORTED;
  }
  return status;
}

hearth_status hearth__reflect_serve(const hearth_reflect *reflect,
                                    hearth_plugin *plugin, hearth_bytes request,
                                    hearth_sink *answer, char *err,
                                    uint64_t err_cap) {
  char other[HEARTH__SIGNATURE_LETTERS + 8] = "";
  hearth_function function = {0};
  hearth__request asked;
  hearth_status status = hearth__request_read(request, &asked, err, err_cap);

  if (status != HEARTH_OK) {
    return status;
  }
  if (!reflect) {
    hearth__tell(err, err_cap,
                 "the plugin has no extension " HEARTH_EXT_REFLECT);
    return HEARTH_UNSUPPORTED;
  }
  if (asked.signature.len >= sizeof(other) ||
      !hearth__is_text(asked.signature)) {
    hearth__tell(err, err_cap,
                 "Request.signature: no signature is as long, or holds a NUL");
    return HEARTH_BAD_ARG;
  }
  if (asked.signature.len) {
    memcpy(other, asked.signature.data, (size_t)asked.signature.len);
  }
  status =
      hearth__reflect_find(reflect, asked.function, &function, err, err_cap);
  return status != HEARTH_OK
             ? status
             : hearth__reflect_call(&function, *other ? other : NULL, plugin,
                                    asked.args, answer, err, err_cap);
}
