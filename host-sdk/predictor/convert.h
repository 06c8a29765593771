/* SPDX-License-Identifier: MIT
   Between the structs of hearth/predictor.h and the messages. */
#ifndef HEARTH_PREDICTOR_CONVERT_H
#define HEARTH_PREDICTOR_CONVERT_H

#include "hearth/predictor.h"
#include "host-sdk/instance/output.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/encode.h"
#include "plugin/sdk/wire/messages.h"

/* NULL is absent. */
hearth_str hearth__str(const char *text);

/* Encode into an output, which is empty on failure. */
hearth_status hearth__encode(const hearth_schema *schema, const void *message,
                             hearth_output *out);

void hearth__catalog_fill(hearth_catalog_model *out, const hearth_model *models,
                          uint32_t count);

/* Of each list of a request this many items cross; later ones don't. */
enum { HEARTH__LIST_CAP = 64 };

/* Room for a request's lists in the messages' form. */
typedef struct hearth__lists {
  hearth_str activities[HEARTH__LIST_CAP], changes[HEARTH__LIST_CAP];
  hearth_pair preferences[HEARTH__LIST_CAP];
} hearth__lists;

/* Give a decoded message's lists their room. */
void hearth__lists_lend(hearth__lists *lists, hearth_user *user,
                        hearth_project *project);

/* Who asks, as a message says it; values out of range become unknown. */
void hearth__user_fill(const hearth_request_user *user, hearth__lists *lists,
                       hearth_user *out);
void hearth__project_fill(const hearth_request_project *project,
                          hearth__lists *lists, hearth_project *out);

/* A whole context, apart from its pool. */
void hearth__context_fill(const hearth_request *request, int64_t now_ms,
                          hearth__lists *lists, hearth_context *out);
int32_t hearth__complexity(const hearth_request *request);
int32_t hearth__priority(const hearth_request *request);

#endif
