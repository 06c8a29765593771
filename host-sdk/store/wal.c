/* SPDX-License-Identifier: MIT
   Whether a write-ahead log lost something in its middle. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

/* The format is https://www.sqlite.org/fileformat2.html#walformat: a header of
   32 bytes, then frames of a 24-byte header and a page.  Checksums run on from
   frame to frame, and each frame has its own written in it; so the frames after
   a bad one can be checked from what the bad one says.

   A crash leaves a log whose last frames are missing or half-written, and no
   commit after them.  A good frame that ends a commit, after a bad one, is no
   crash's: SQLite would end at the bad one and forget the rest. */

enum { HEADER = 32, FRAME = 24 };

static uint32_t big(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
         at[3];
}

static uint32_t little(const uint8_t *at) {
  return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 |
         at[0];
}

static void sum(int is_big, const uint8_t *data, size_t len, uint32_t s[2]) {
  for (size_t i = 0; i + 8 <= len; i += 8) {
    s[0] += (is_big ? big(data + i) : little(data + i)) + s[1];
    s[1] += (is_big ? big(data + i + 4) : little(data + i + 4)) + s[0];
  }
}

/* Whether `frame` is good after one that says it summed to `before`. */
static int frame_good(int is_big, const uint8_t *header, const uint8_t *frame,
                      const uint32_t before[2]) {
  uint32_t s[2] = {before[0], before[1]};
  if (memcmp(frame + 8, header + 16, 8) != 0) {
    return 0;
  }
  sum(is_big, frame, 8, s);
  sum(is_big, frame + FRAME, HEARTH__PAGE, s);
  return s[0] == big(frame + 16) && s[1] == big(frame + 20);
}

static const char *look(int fd, const uint8_t *header) {
  uint8_t frame[FRAME + HEARTH__PAGE];
  const int is_big = header[3] & 1;
  uint32_t before[2] = {big(header + 24), big(header + 28)};
  int torn = 0;
  for (off_t at = HEADER;
       pread(fd, frame, sizeof frame, at) == (ssize_t)sizeof frame;
       at += (off_t)sizeof frame) {
    const int good = frame_good(is_big, header, frame, before);
    if (torn && good && big(frame + 4) != 0) {
      return "its write-ahead log is damaged before commits";
    }
    torn |= !good;
    before[0] = big(frame + 16);
    before[1] = big(frame + 20);
  }
  return NULL;
}

static const char *header_damage(const uint8_t *header) {
  uint32_t s[2] = {0, 0};
  sum(header[3] & 1, header, 24, s);
  if ((big(header) & ~1u) != 0x377f0682u || big(header + 8) != HEARTH__PAGE ||
      s[0] != big(header + 24) || s[1] != big(header + 28)) {
    return "the header of its write-ahead log is garbage";
  }
  return NULL;
}

const char *hearth__store_wal_damage(const char *path) {
  uint8_t header[HEADER];
  char name[HEARTH__SENTENCE];
  snprintf(name, sizeof name, "%s-wal", path);
  const int fd = open(name, O_RDONLY | O_CLOEXEC);
  const char *damage = NULL;
  if (fd < 0) {
    return NULL;
  }
  if (pread(fd, header, HEADER, 0) == HEADER &&
      lseek(fd, 0, SEEK_END) > HEADER + FRAME) {
    damage = header_damage(header);
    if (damage == NULL) {
      damage = look(fd, header);
    }
  }
  close(fd);
  return damage;
}
