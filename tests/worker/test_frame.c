/* SPDX-License-Identifier: MIT
   Frames: round trips, and whatever a hostile worker sends. */
#include "host-sdk/worker/frame.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/worker/hello.h"
#include "tests/unit.h"
#include "tests/worker/hostile.h"

static const hearth_plugin_entry entry = {.size = sizeof(entry),
                                          .id = "org.example.x",
                                          .name = "x",
                                          .version = "1.0.0",
                                          .caps = HEARTH_CAP_STATE};

static void test_header(void) {
  hearth__frame_header header = {HEARTH__FRAME_ANSWER, HEARTH_LIMIT,
                                 UINT64_MAX - 1, 1000};
  hearth__frame_header back = {0};
  uint8_t bytes[HEARTH__FRAME_HEADER];

  hearth__frame_encode(&header, bytes);
  CU_ASSERT(hearth__frame_decode(bytes, HEARTH__FROM_WORKER, 1000, &back));
  CU_ASSERT(back.type == header.type && back.status == header.status &&
            back.id == header.id && back.len == header.len);
  CU_ASSERT(!hearth__frame_decode(bytes, HEARTH__FROM_WORKER, 999, &back));
  CU_ASSERT(!hearth__frame_decode(bytes, HEARTH__FROM_HOST, 1000, &back));
  for (int i = 0; i < 8; ++i) {
    bytes[i] ^= 0x40;
    CU_ASSERT(!hearth__frame_decode(bytes, HEARTH__FROM_WORKER, 1000, &back));
    bytes[i] ^= 0x40;
  }
  bytes[20] = 1;
  CU_ASSERT(!hearth__frame_decode(bytes, HEARTH__FROM_WORKER, 1000, &back));
}

static void test_hello(void) {
  hearth__facts facts = {HEARTH__IS_SECCOMP, 7, 1, 2, 3, "a note."};
  hearth__facts back;
  hearth__identity identity;
  hearth__raw_writer out = {0};
  hearth_bytes whole;

  hearth__hello_write(&out, &facts, &entry);
  whole = hearth__raw_written(&out);
  CU_ASSERT_FATAL(hearth__hello_read(whole, &back, &identity));
  CU_ASSERT_STRING_EQUAL(identity.entry.id, "org.example.x");
  CU_ASSERT_PTR_NULL(identity.entry.vendor);
  CU_ASSERT_STRING_EQUAL(back.notes, "a note.");
  CU_ASSERT_EQUAL(back.files, 3);
  hearth__identity_free(&identity);
  for (uint64_t len = 0; len < whole.len; ++len) {
    CU_ASSERT(
        !hearth__hello_read((hearth_bytes){whole.data, len}, &back, &identity));
  }
  hearth__raw_writer_free(&out);
}

static void test_memory_follows_what_came(void) {
  hearth__intake intake = {0};
  hearth__frame_header header = {HEARTH__FRAME_ANSWER, 0, 1, (uint64_t)1 << 40};
  hearth_bytes body;
  uint8_t *room = NULL;
  size_t cap = 0;

  intake.limit = UINT64_MAX;
  CU_ASSERT_EQUAL(hearth__intake_room(&intake, &room, &cap), HEARTH_OK);
  hearth__frame_encode(&header, room);
  hearth__intake_came(&intake, HEARTH__FRAME_HEADER);
  CU_ASSERT_EQUAL(hearth__intake_next(&intake, &header, &body), 0);
  for (int i = 0; i < 100; ++i) {
    CU_ASSERT_EQUAL(hearth__intake_room(&intake, &room, &cap), HEARTH_OK);
    memset(room, 0, cap < 1000 ? cap : 1000);
    hearth__intake_came(&intake, cap < 1000 ? cap : 1000);
  }
  CU_ASSERT(intake.cap <= 256 << 10);
  hearth__intake_free(&intake);
}

/* Frames that are nearly right, each byte of which may be wrong. */
static void test_random(void) {
  uint64_t random = 88172645463325252u;
  uint8_t bytes[1500];
  int frames = 0;

  for (int round = 0; round < 20000; ++round) {
    size_t len = 1;
    hearth__raw_writer out = {0};
    hearth__facts facts = {0};

    bytes[0] = (uint8_t)(random >> 9);
    hearth__hello_write(&out, &facts, &entry);
    while (len + HEARTH__FRAME_HEADER + out.len < sizeof(bytes)) {
      hearth__frame_header header = {(uint16_t)(1 + random % 5), 0, random,
                                     random % 3 ? out.len : random % 200};

      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      hearth__frame_encode(&header, bytes + len);
      memcpy(bytes + len + HEARTH__FRAME_HEADER, out.data, out.len);
      if (random & 1) {
        bytes[len + (random >> 8) % (HEARTH__FRAME_HEADER + out.len)] ^=
            (uint8_t)(1u << ((random >> 40) & 7));
      }
      len += HEARTH__FRAME_HEADER + out.len;
    }
    frames += hostile_decode(bytes, len);
    hearth__raw_writer_free(&out);
  }
  CU_ASSERT(frames > 1000);
}

static void test_corpus(void) {
  char folder[4096];
  DIR *listed;
  struct dirent *file;
  int files = 0;

  (void)snprintf(folder, sizeof(folder), "%s",
                 unit_source("tests/fuzz/corpus/frame"));
  listed = opendir(folder);
  CU_ASSERT_PTR_NOT_NULL_FATAL(listed);
  while ((file = readdir(listed))) {
    char path[4400];
    uint8_t bytes[4096];
    FILE *in;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, file->d_name);
    in = file->d_name[0] == '.' ? NULL : fopen(path, "rb");
    if (in) {
      (void)hostile_decode(bytes, fread(bytes, 1, sizeof(bytes), in));
      (void)fclose(in);
      ++files;
    }
  }
  closedir(listed);
  CU_ASSERT(files >= 5);
}

UNIT_MAIN("worker frames", UNIT(test_header), UNIT(test_hello),
          UNIT(test_memory_follows_what_came), UNIT(test_random),
          UNIT(test_corpus))
