/* SPDX-License-Identifier: MIT
   What the tests of reflected functions share. */
#include "tests/reflect/setup.h"

#include <string.h>

#include "host-sdk/reflect/argument.h"
#include "host-sdk/reflect/call.h"
#include "host-sdk/reflect/instance.h"
#include "plugin/sdk/wire/encode.h"
#include "tests/unit.h"

hearth_library *setup_letters(void) {
  hearth_library *library = NULL;
  char err[512] = "";

  CU_ASSERT_EQUAL_FATAL(
      hearth_library_open(unit_build("tests/reflect/.libs/letters.so"), NULL,
                          &library, err, sizeof(err)),
      HEARTH_OK);
  return library;
}

hearth_status setup_call(hearth_instance *instance, const char *name,
                         const char *text, const char *const *texts,
                         uint32_t count, hearth_output *out,
                         hearth__answer *answer, char *err) {
  const hearth_reflect *reflect =
      hearth_instance_get_extension(instance, HEARTH_EXT_REFLECT, 0);
  const hearth_bytes key = {(const uint8_t *)name, strlen(name)};
  const hearth_call call = {
      .size = (uint32_t)sizeof(call), .err = err, .err_cap = 512};
  hearth_function function;
  hearth__signature signature;
  hearth_buffer args, request;
  hearth_status status =
      hearth__reflect_find(reflect, key, &function, err, 512);

  hearth_buffer_init(&args, 0);
  hearth_buffer_init(&request, 0);
  if (status == HEARTH_OK) {
    status = hearth__signature_parse(
        &signature, text ? text : function.signature, err, 512);
  }
  if (status == HEARTH_OK) {
    status = hearth__arguments_write(name, &signature, texts, count, &args.sink,
                                     err, 512);
  }
  if (status == HEARTH_OK) {
    const hearth__request asked = {
        key,
        {(const uint8_t *)text, text ? strlen(text) : 0},
        hearth_buffer_bytes(&args)};

    status = hearth__request_write(&asked, &request.sink);
  }
  if (status == HEARTH_OK) {
    status = hearth__instance_reflect(instance, &call,
                                      hearth_buffer_bytes(&request), out);
  }
  if (status == HEARTH_OK) {
    status = hearth__answer_read((hearth_bytes){out->data, out->len}, answer,
                                 err, 512);
  }
  hearth_buffer_free(&args);
  hearth_buffer_free(&request);
  return status;
}
