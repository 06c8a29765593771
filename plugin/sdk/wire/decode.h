/* SPDX-License-Identifier: MIT
   From msgpack bytes to a struct, by its schema. */
#ifndef HEARTH_SDK_WIRE_DECODE_H
#define HEARTH_SDK_WIRE_DECODE_H

#include "hearth/plugin.h"
#include "plugin/sdk/wire/schema.h"

/* Bounds that any message must keep; docs/wire-format.md states them. */
enum {
  HEARTH_WIRE_MAX_DEPTH = 16,
  HEARTH_WIRE_MAX_ITEMS = 1 << 20, /* of one list or map */
  HEARTH_WIRE_MAX_STRING = 1 << 16 /* bytes of one string */
};
#define HEARTH_WIRE_MAX_BYTES ((uint64_t)1 << 28)

/* Decode the one message in `bytes` into `message`, a struct of `schema` that
   was zeroed or initialised (messages.h) and whose lists were given their room.
   Every member that the message does not hold is set to its default, so that a
   struct may be used again; lists keep their room.  Strings point into `bytes`.
   No bytes at all read as an empty map; nil reads as an absent key.  Unknown
   keys are skipped; a key twice, bytes after the message, a wrong type, a value
   out of range, or anything past the bounds is HEARTH_BAD_PAYLOAD, and `err`
   (of `err_cap` bytes, may be NULL) then gets a sentence that names the key:
   "Outcome.at_ms: want an integer, got a string".  Keys may come in any order;
   in the schema's they take the least time.  Never allocates, never reads past
   the end.  Any thread. */
hearth_status hearth_decode(const hearth_schema *schema, hearth_bytes bytes,
                            void *message, char *err, uint64_t err_cap);

#endif
