/* SPDX-License-Identifier: MIT
   Any message as JSON, by its schema: for people, logs and bindings. */
#ifndef HEARTH_JSON_MESSAGE_JSON_H
#define HEARTH_JSON_MESSAGE_JSON_H

#include <jansson.h>

#include "hearth/plugin.h"
#include "host-sdk/json/arena.h"
#include "plugin/sdk/wire/schema.h"

/* A message in JSON has the keys, types, units and defaults that it has in
   msgpack (docs/wire-format.md).  A byte that is not UTF-8 is shown as '?'. */

/* All members that are required or not at their default, in the schema's order.
   Owned by caller (json_decref).  NULL when there is no memory, or for a number
   that is not finite. */
json_t *hearth_message_to_json(const hearth_schema *schema,
                               const void *message);

/* Read `json` into `message`, which needs no room of its own: texts and lists
   are taken from `arena` and live as long as it does.  The rules and the
   sentences in `err` are those of hearth_decode; HEARTH_NO_MEMORY besides. */
hearth_status hearth_message_from_json(const hearth_schema *schema,
                                       const json_t *json, void *message,
                                       hearth_arena *arena, char *err,
                                       uint64_t err_cap);

/* As hearth_decode, with the lists' room from `arena`; strings still point into
   `bytes`. */
hearth_status hearth_message_from_bytes(const hearth_schema *schema,
                                        hearth_bytes bytes, void *message,
                                        hearth_arena *arena, char *err,
                                        uint64_t err_cap);

#endif
