/* SPDX-License-Identifier: MIT
   What a worker tells of itself, of its plugin and of an instance. */
#ifndef HEARTH_WORKER_HELLO_H
#define HEARTH_WORKER_HELLO_H

#include "hearth/ext/metrics.h"
#include "hearth/ext/reflect.h"
#include "host-sdk/worker/bytes.h"

/* The sandbox, as it is in force. */
enum {
  HEARTH__IS_NO_NEW_PRIVILEGES = 1 << 0,
  HEARTH__IS_NO_CAPABILITIES = 1 << 1,
  HEARTH__IS_OWN_SESSION = 1 << 2,
  HEARTH__IS_DYING_WITH_PARENT = 1 << 3,
  HEARTH__IS_SECCOMP = 1 << 4,
  HEARTH__IS_SANITIZED = 1 << 5,
  HEARTH__IS_NO_CORE = 1 << 6,
  HEARTH__IS_NO_FILE_GROWTH = 1 << 7,
  HEARTH__IS_NO_PROCESSES = 1 << 8
};

typedef struct hearth__facts {
  uint32_t is; /* HEARTH__IS_* */
  uint32_t landlock;
  uint64_t memory, cpu, files; /* limits; 0: none */
  char notes[512];
} hearth__facts;

/* A plugin's identity: an entry without functions whose texts are owned. */
typedef struct hearth__identity {
  hearth_plugin_entry entry;
  char *texts[5];   /* id, name, vendor, version, description */
  char **extension; /* host_requires, ended by NULL; NULL: none */
} hearth__identity;

enum {
  HEARTH__TEXT_MOST = 4096,     /* bytes of a text in a hello */
  HEARTH__REQUIRES_MOST = 64,   /* host extensions that a plugin requires */
  HEARTH__REFLECTED_MOST = 1024 /* functions that a plugin reflects */
};

void hearth__hello_write(hearth__raw_writer *out, const hearth__facts *facts,
                         const hearth_plugin_entry *entry);
/* 1; 0 where it is none, -1 where there is no memory: *out is then empty. */
int hearth__hello_read(hearth_bytes body, hearth__facts *facts,
                       hearth__identity *out);
int hearth__identity_same(const hearth__identity *one,
                          const hearth__identity *other);
void hearth__identity_free(hearth__identity *identity);

/* The extensions of an instance. */
enum {
  HEARTH__HAS_METRICS = 1 << 0,
  HEARTH__HAS_PREDICT = 1 << 1,
  HEARTH__HAS_EXPLAIN = 1 << 2,
  HEARTH__HAS_REFLECT = 1 << 3
};

/* The functions that it reflects, without their pointers. */
typedef struct hearth__functions {
  uint32_t count;
  hearth_function *list; /* owned, with its texts */
} hearth__functions;

void hearth__function_write(hearth__raw_writer *out,
                            const hearth_function *function);
/* A count, then as many functions; 0 where it is none, or there is no memory,
   which the reader knows. */
int hearth__functions_read(hearth__raw_reader *in, hearth__functions *out);
void hearth__functions_free(hearth__functions *functions);

#endif
