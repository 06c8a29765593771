/* SPDX-License-Identifier: MIT
   Messages that are wrong in one place. */
#ifndef HEARTH_VALIDATE_MUTATE_H
#define HEARTH_VALIDATE_MUTATE_H

#include "host-sdk/validate/scene.h"

/* What is wrong with a field. */
typedef enum validate__fault {
  VALIDATE__WRONG_TYPE,
  VALIDATE__OUT_OF_RANGE,
  VALIDATE__MISSING, /* a required key */
  VALIDATE__TWICE,
  VALIDATE__FAULTS
} validate__fault;

/* Build, for each field that a receiver has to look at, the message of a kind that holds what is
   required and this one fault, and call `each` with it and the field's path
   ("pool.resident.model"). */
void validate__mutate(validate_job *job, validate__kind kind,
                      validate__fault fault,
                      void (*each)(void *user, hearth_bytes message,
                                   const char *path),
                      void *user);

/* The message with nothing but its required keys. */
void validate__minimal(validate_job *job, validate__kind kind,
                       hearth_buffer *out);

/* `message` with three unknown keys ahead of its own, of which one holds
   containers `depth` deep. */
void validate__unknown_keys(validate_job *job, hearth_bytes message,
                            uint32_t depth, hearth_buffer *out);

const hearth_schema *validate__schema(validate__kind kind);

/* Raw msgpack. */
void validate__put(validate_job *job, hearth_buffer *out, const void *data,
                   uint64_t len);
void validate__put_byte(validate_job *job, hearth_buffer *out, uint8_t byte);
void validate__put_str(validate_job *job, hearth_buffer *out, const char *text);

#endif
