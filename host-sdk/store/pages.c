/* SPDX-License-Identifier: MIT
   The rows that can be read from a damaged file's pages. */
#include "host-sdk/store/pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host-sdk/store/inside.h"

/* The format is https://www.sqlite.org/fileformat2.html.  No way from the root
   is needed: a leaf says that it is one (13), and where its cells are.  A cell
   is the record's length, the rowid, and the record, whose end may be on
   overflow pages. */

enum { LEAF = 13, WAL_HEADER = 32, FRAME = 24, MAX_PAGE = 1 << 26 };

struct pages {
  int file, wal;   /* -1: not there */
  int64_t *in_wal; /* of page i its newest place in the log; 0: none */
  uint32_t in_wal_count;
  uint64_t bytes; /* of both: no record is longer */
  uint8_t page[HEARTH__PAGE];
  uint8_t *payload; /* owned; a record with overflow */
  uint64_t payload_cap;
};

static uint32_t big(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
         at[3];
}

/* A varint of up to 9 bytes before `end`; 0 bytes used: it runs over. */
static unsigned varint(const uint8_t *at, const uint8_t *end, uint64_t *out) {
  uint64_t value = 0;
  for (unsigned i = 0; i < 9 && at + i < end; i++) {
    if (i == 8) {
      *out = value << 8 | at[i];
      return 9;
    }
    value = value << 7 | (at[i] & 0x7f);
    if (!(at[i] & 0x80)) {
      *out = value;
      return i + 1;
    }
  }
  return 0;
}

static int read_at(int fd, int64_t at, uint8_t *out, size_t len) {
  return fd >= 0 && pread(fd, out, len, (off_t)at) == (ssize_t)len;
}

static int read_page(const struct pages *pages, uint32_t number, int newest,
                     uint8_t *out) {
  if (newest && number < pages->in_wal_count && pages->in_wal[number] > 0) {
    return read_at(pages->wal, pages->in_wal[number], out, HEARTH__PAGE);
  }
  return number > 0 &&
         read_at(pages->file, ((int64_t)number - 1) * HEARTH__PAGE, out,
                 HEARTH__PAGE);
}

/* One value of a record; the bytes that it takes of the body, -1: none such. */
static int64_t take_value(uint64_t type, const uint8_t *body, uint64_t left,
                          hearth__store_value *out) {
  static const uint8_t widths[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  *out = (hearth__store_value){.kind = HEARTH__NULL};
  if (type >= 12) {
    out->kind = type & 1 ? HEARTH__TEXT : HEARTH__BLOB;
    out->len = (type - 12) / 2;
    out->data = body;
    return out->len <= left ? (int64_t)out->len : -1;
  }
  if (type >= sizeof widths || widths[type] > left) {
    return -1;
  }
  if (type != 0) {
    const unsigned width = widths[type];
    uint64_t number = width > 0 && body[0] & 0x80 ? UINT64_MAX : 0;
    for (unsigned i = 0; i < width; i++) {
      number = number << 8 | body[i];
    }
    out->kind = type == 7 ? HEARTH__OTHER : HEARTH__INT;
    out->number = type >= 8 ? (int64_t)type - 8 : (int64_t)number;
  }
  return widths[type];
}

static int take_apart(const uint8_t *payload, uint64_t len,
                      hearth__store_record *out) {
  uint64_t header = 0;
  unsigned at = varint(payload, payload + len, &header);
  if (at == 0 || header < at || header > len || header > 100) {
    return 0;
  }
  const uint8_t *types = payload + at;
  const uint8_t *body = payload + header;
  out->count = 0;
  while (types < payload + header) {
    uint64_t type = 0;
    const unsigned used = varint(types, payload + header, &type);
    if (used == 0 || out->count == HEARTH__COLUMNS) {
      return 0;
    }
    types += used;
    const int64_t took =
        take_value(type, body, (uint64_t)(payload + len - body),
                   &out->values[out->count++]);
    if (took < 0) {
      return 0;
    }
    body += took;
  }
  return body == payload + len;
}

/* Gather a record that goes on over pages; 0: it can't be. */
static int gather(struct pages *pages, const uint8_t *local, uint64_t here,
                  uint64_t len, int newest) {
  uint8_t page[HEARTH__PAGE];
  uint32_t next = big(local + here);
  if (len > pages->payload_cap) {
    uint8_t *const larger = realloc(pages->payload, (size_t)len);
    if (larger == NULL) {
      return -1;
    }
    pages->payload = larger;
    pages->payload_cap = len;
  }
  memcpy(pages->payload, local, (size_t)here);
  for (uint64_t at = here; at < len;) {
    const uint64_t left = len - at;
    const uint64_t some = left < HEARTH__PAGE - 4 ? left : HEARTH__PAGE - 4;
    if (!read_page(pages, next, newest, page)) {
      return 0;
    }
    memcpy(pages->payload + at, page + 4, (size_t)some);
    at += some;
    next = big(page);
  }
  return 1;
}

/* How many bytes of a record of `len` are in its cell. */
static uint64_t local_len(uint64_t len) {
  const uint64_t usable = HEARTH__PAGE, most = usable - 35;
  const uint64_t least = (usable - 12) * 32 / 255 - 23;
  const uint64_t some = least + (len - least) % (usable - 4);
  return len <= most ? len : some <= most ? some : least;
}

static int32_t do_cell(struct pages *pages, const uint8_t *cell,
                       int32_t (*take)(void *, const hearth__store_record *),
                       void *user) {
  const uint8_t *const end = pages->page + HEARTH__PAGE;
  hearth__store_record record;
  uint64_t len = 0, rowid = 0;
  unsigned used = varint(cell, end, &len);
  const unsigned more = used > 0 ? varint(cell + used, end, &rowid) : 0;
  const uint8_t *const payload = cell + used + more;
  if (used == 0 || more == 0 || len == 0 || len > pages->bytes) {
    return 0;
  }
  record.rowid = (int64_t)rowid;
  const uint64_t here = local_len(len);
  if (here + (here < len ? 4 : 0) > (uint64_t)(end - payload)) {
    return 0;
  }
  if (here == len) {
    return take_apart(payload, len, &record) ? take(user, &record) : 0;
  }
  int32_t taken = 0;
  for (int newest = 1; newest >= 0 && taken == 0; newest--) {
    const int whole = gather(pages, payload, here, len, newest);
    if (whole < 0) {
      return HEARTH_NO_MEMORY;
    }
    if (whole && take_apart(pages->payload, len, &record)) {
      taken = take(user, &record);
    }
  }
  return taken;
}

static int32_t do_page(struct pages *pages,
                       int32_t (*take)(void *, const hearth__store_record *),
                       void *user) {
  const uint8_t *const page = pages->page;
  const unsigned cells = (unsigned)page[3] << 8 | page[4];
  if (page[0] != LEAF || cells > HEARTH__PAGE / 2 - 4) {
    return 0;
  }
  for (unsigned i = 0; i < cells; i++) {
    const unsigned at = (unsigned)page[8 + 2 * i] << 8 | page[9 + 2 * i];
    if (at >= 8 && at < HEARTH__PAGE) {
      const int32_t taken = do_cell(pages, page + at, take, user);
      if (taken < 0) {
        return taken;
      }
    }
  }
  return 0;
}

/* Find the newest place of each page in the log. */
static int index_wal(struct pages *pages) {
  uint8_t header[FRAME];
  int64_t at = WAL_HEADER;
  for (; read_at(pages->wal, at, header, FRAME); at += FRAME + HEARTH__PAGE) {
    const uint32_t number = big(header);
    if (number == 0 || number > MAX_PAGE) {
      continue;
    }
    if (number >= pages->in_wal_count) {
      const uint32_t count = number + number / 2 + 64;
      int64_t *const larger =
          realloc(pages->in_wal, count * sizeof *pages->in_wal);
      if (larger == NULL) {
        return 0;
      }
      memset(larger + pages->in_wal_count, 0,
             (count - pages->in_wal_count) * sizeof *larger);
      pages->in_wal = larger;
      pages->in_wal_count = count;
    }
    pages->in_wal[number] = at + FRAME;
  }
  return 1;
}

/* Open a part; -1 in *fd where there is none.  0: it is there and can't be
   opened, which is not to be taken for an empty one. */
static int open_part(const char *path, const char *suffix, int *fd,
                     uint64_t *bytes) {
  char name[HEARTH__SENTENCE];
  snprintf(name, sizeof name, "%s%s", path, suffix);
  *bytes = 0;
  *fd = open(name, O_RDONLY | O_CLOEXEC);
  if (*fd < 0) {
    return errno == ENOENT;
  }
  const off_t len = lseek(*fd, 0, SEEK_END);
  *bytes = len > 0 ? (uint64_t)len : 0;
  return len >= 0;
}

/* Every page of a part, from `at` on; those that can't be read are passed. */
static int32_t scan_part(struct pages *pages, int fd, uint64_t at,
                         uint64_t step, uint64_t end,
                         int32_t (*take)(void *, const hearth__store_record *),
                         void *user) {
  int32_t status = 0;
  for (; status >= 0 && at + HEARTH__PAGE <= end; at += step) {
    if (read_at(fd, (int64_t)at, pages->page, HEARTH__PAGE)) {
      status = do_page(pages, take, user);
    }
  }
  return status;
}

hearth_status hearth__store_pages_scan(
    const char *path,
    int32_t (*take)(void *user, const hearth__store_record *record),
    void *user) {
  struct pages *const pages = calloc(1, sizeof *pages);
  uint64_t file = 0, wal = 0;
  if (pages == NULL) {
    return HEARTH_NO_MEMORY;
  }
  pages->wal = -1;
  int32_t status = open_part(path, "", &pages->file, &file) &&
                           open_part(path, "-wal", &pages->wal, &wal)
                       ? 0
                       : HEARTH_UNAVAILABLE;
  pages->bytes = file + wal;
  if (status == 0 && !index_wal(pages)) {
    status = HEARTH_NO_MEMORY;
  }
  if (status >= 0) {
    status = scan_part(pages, pages->wal, WAL_HEADER + FRAME,
                       FRAME + HEARTH__PAGE, wal, take, user);
  }
  if (status >= 0) {
    status = scan_part(pages, pages->file, 0, HEARTH__PAGE, file, take, user);
  }
  if (pages->file >= 0) {
    close(pages->file);
  }
  if (pages->wal >= 0) {
    close(pages->wal);
  }
  free(pages->in_wal);
  free(pages->payload);
  free(pages);
  return status < 0 ? status : HEARTH_OK;
}
