/* SPDX-License-Identifier: MIT
   The instance in a worker. */
#include "host-sdk/worker/serve_create.h"

#include <stdlib.h>
#include <string.h>

#include "hearth/ext/explain.h"
#include "hearth/ext/metrics.h"
#include "hearth/ext/predict.h"
#include "host-sdk/library/negotiate.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/reflect/call.h"

const void *hearth__server_extension(const hearth__server *server,
                                     const char *id, uint32_t least) {
  const uint32_t *extension =
      server->entry.get_extension
          ? server->entry.get_extension(server->plugin, id)
          : NULL;

  return extension && *extension >= least ? extension : NULL;
}

/* A line of the plugin's, for the host. */
static void log_line(void *user, int32_t level, uint64_t call_id,
                     const char *message) {
  enum { LINE_MOST = 1000 };
  const hearth__server *server = user;
  size_t len = message ? strlen(message) : 0;
  hearth__frame_header header = {HEARTH__FRAME_LOG, 0, 0, 0};
  uint8_t head[16];

  len = len < LINE_MOST ? len : LINE_MOST;
  hearth__raw_put_u32(head, (uint32_t)level);
  hearth__raw_put_u64(head + 4, call_id);
  hearth__raw_put_u32(head + 12, (uint32_t)len);
  header.len = sizeof(head) + len;
  hearth__serve_send(server, &header, (hearth_bytes){head, sizeof(head)},
                     (hearth_bytes){(const uint8_t *)message, len});
}

static hearth_status make_host(hearth__server *server) {
  hearth_host_options options = {0};

  options.name = server->host_name;
  options.version = server->host_version;
  options.memory_cap = server->memory_cap;
  options.log = log_line;
  options.user = server;
  return hearth_host_new(&options, &server->host);
}

/* What the instance has, for the answer. */
static void write_instance(hearth__request *request) {
  hearth__server *server = request->server;
  const hearth_reflect *reflect =
      hearth__server_extension(server, HEARTH_EXT_REFLECT, 0);
  hearth__raw_writer *out = &request->answer;
  hearth_function function;
  uint32_t has = 0, count = 0;

  has |= hearth__server_extension(server, HEARTH_EXT_METRICS,
                                  (uint32_t)sizeof(hearth_metrics))
             ? HEARTH__HAS_METRICS
             : 0;
  has |= hearth__server_extension(server, HEARTH_EXT_PREDICT,
                                  (uint32_t)sizeof(hearth_predict))
             ? HEARTH__HAS_PREDICT
             : 0;
  has |= hearth__server_extension(server, HEARTH_EXT_EXPLAIN,
                                  (uint32_t)sizeof(hearth_explain))
             ? HEARTH__HAS_EXPLAIN
             : 0;
  has |= reflect ? HEARTH__HAS_REFLECT : 0;
  while (reflect && count < HEARTH__REFLECTED_MOST &&
         hearth__reflect_function(reflect, count, &function, NULL, 0) ==
             HEARTH_OK) {
    ++count;
  }
  hearth__raw_write_u32(out, has);
  hearth__raw_write_u32(out, count);
  for (uint32_t i = 0; i < count; ++i) {
    (void)hearth__reflect_function(reflect, i, &function, NULL, 0);
    hearth__function_write(out, &function);
  }
}

hearth_status hearth__serve_create(hearth__request *request) {
  hearth__server *server = request->server;
  hearth__raw_reader in = {request->body, 0, 0};
  hearth_plugin *plugin = NULL;
  hearth_status status;

  if (server->host) {
    return HEARTH_BAD_ARG;
  }
  server->host_name = hearth__raw_read_text(&in, HEARTH__TEXT_MOST);
  server->host_version = hearth__raw_read_text(&in, HEARTH__TEXT_MOST);
  if (in.bad) {
    return HEARTH_BAD_ARG;
  }
  status = make_host(server);
  if (status == HEARTH_OK) {
    status = hearth__negotiate_host(&server->entry, server->host, server->path,
                                    request->err, sizeof(request->err));
  }
  if (status == HEARTH_OK) {
    status = server->entry.create(server->theirs, server->host, &request->call,
                                  in.rest, &plugin);
  }
  if (status == HEARTH_OK && !plugin) {
    hearth__tell(request->err, sizeof(request->err),
                 "%s: create returned ok and no instance", server->entry.name);
    status = HEARTH_INTERNAL;
  }
  server->plugin = status == HEARTH_OK ? plugin : NULL;
  if (server->plugin) {
    write_instance(request);
  }
  return status;
}
