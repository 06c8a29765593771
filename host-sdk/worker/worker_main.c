/* SPDX-License-Identifier: MIT
   hearth-worker: a plugin in a process of its own.  Started by libhearth, not
   by hand. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/library/negotiate.h"
#include "host-sdk/library/tell.h"
#include "host-sdk/worker/sandbox.h"
#include "host-sdk/worker/serve.h"
#include "host-sdk/worker/spawn.h"

static void fail(const hearth__server *server, hearth_status status,
                 const char *why) {
  hearth__frame_header header = {HEARTH__FRAME_FAIL, status, 0, strlen(why)};
  hearth_bytes text = {(const uint8_t *)why, strlen(why)};

  hearth__serve_send(server, &header, text, (hearth_bytes){NULL, 0});
  _exit(1);
}

/* The plugin's constructors run here.  The name stands for the descriptor. */
static void *map(const hearth__server *server) {
  char name[32], why[512];
  const char *said;
  void *handle;

  (void)snprintf(name, sizeof(name), "/proc/self/fd/%d", HEARTH__WORKER_PLUGIN);
  handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  close(HEARTH__WORKER_PLUGIN);
  if (handle) {
    return handle;
  }
  said = dlerror();
  if (!said) {
    said = "the dynamic linker gives no reason";
  }
  if (strncmp(said, name, strlen(name)) == 0) {
    said += strlen(name);
    said += strspn(said, ": ");
  }
  (void)snprintf(why, sizeof(why), "%s: cannot be linked: %s", server->path,
                 said);
  fail(server, HEARTH_BAD_ARG, why);
  return NULL;
}

static void load(hearth__server *server) {
  void *handle = map(server);
  char why[512] = "";
  hearth_status status;

  server->theirs = dlsym(handle, HEARTH_PLUGIN_SYMBOL);
  if (!server->theirs) {
    (void)snprintf(why, sizeof(why),
                   "%s: is a shared object without the symbol %s, so no plugin "
                   "of version %d of the ABI",
                   server->path, HEARTH_PLUGIN_SYMBOL, HEARTH_ABI_MAJOR);
    fail(server, HEARTH_BAD_ARG, why);
  }
  status = hearth__negotiate(server->theirs, server->path, &server->entry, why,
                             sizeof(why));
  if (status != HEARTH_OK) {
    fail(server, status, why);
  }
}

static void hello(const hearth__server *server, const hearth__facts *facts) {
  hearth__frame_header header = {HEARTH__FRAME_HELLO, 0, 0, 0};
  hearth__raw_writer out = {0};

  hearth__hello_write(&out, facts, &server->entry);
  if (out.failed) {
    _exit(1);
  }
  header.len = out.len;
  hearth__serve_send(server, &header, hearth__raw_written(&out),
                     (hearth_bytes){NULL, 0});
  hearth__raw_writer_free(&out);
}

static uint32_t number(const char *text) {
  return (uint32_t)strtoul(text, NULL, 10);
}

int main(int argc, char **argv) {
  hearth__sandbox sandbox = {0};
  hearth__server server;
  hearth__facts facts;

  if (argc != 7) {
    fprintf(stderr, "hearth-worker: runs one plugin for a program that links "
                    "libhearth, which starts it (hearth_worker_open)\n");
    return 2;
  }
  memset(&server, 0, sizeof(server));
  sandbox.parent = number(argv[1]);
  sandbox.memory_mb = number(argv[2]);
  sandbox.cpu_s = number(argv[3]);
  sandbox.threads = number(argv[4]);
  sandbox.keep_to = HEARTH__WORKER_PLUGIN;
  server.answer_limit = (uint64_t)number(argv[5]) << 20;
  server.path = argv[6];
  server.memory_cap = (uint64_t)sandbox.memory_mb << 20;
  server.socket = HEARTH__WORKER_SOCKET;
  server.inbox.side = HEARTH__FROM_HOST;
  server.inbox.limit = UINT64_C(1) << 32;
  if (!HEARTH__SANITIZED) {
    (void)dup2(0, 2); /* a sanitizer has to say what it found */
  }
  if (!hearth__sandbox_enter(&sandbox, &facts)) {
    return 1;
  }
  load(&server);
  hello(&server, &facts);
  hearth__serve(&server);
}
