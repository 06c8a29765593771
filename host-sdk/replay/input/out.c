/* SPDX-License-Identifier: MIT
   Files that are written whole or not at all. */
#include "host-sdk/replay/input/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct hearth__out {
  hearth_memory_user memory;
  gzFile file;
  const char *path;
  char *temporary;
  char *err;
  uint64_t err_cap;
  int first;  /* the next field begins a record */
  int failed; /* errno of the first failure */
};

static hearth_status fail(hearth__out *out, const char *what, int code) {
  if (out->err && out->err_cap) {
    snprintf(out->err, out->err_cap, "%s: can't be %s: %s", out->path, what,
             code ? strerror(code) : "no memory");
  }
  return code == ENOMEM || !code ? HEARTH_NO_MEMORY : HEARTH_BAD_PAYLOAD;
}

static void release(hearth__out *out) {
  hearth_memory_user memory = out->memory;
  hearth_release(&memory, out->temporary);
  hearth_release(&memory, out);
}

/* A new file beside `path`, with the rights that a new file usually has. */
static int open_temporary(hearth__out *out) {
  static const char suffix[] = ".XXXXXX";
  size_t len = strlen(out->path);
  out->temporary = hearth_zalloc(&out->memory, len + sizeof suffix, 1);
  if (!out->temporary) {
    errno = 0;
    return -1;
  }
  memcpy(out->temporary, out->path, len);
  memcpy(out->temporary + len, suffix, sizeof suffix);
  int fd = mkstemp(out->temporary);
  if (fd >= 0) {
    mode_t mask = umask(0);
    (void)umask(mask);
    (void)fchmod(fd, 0666 & ~mask);
  }
  return fd;
}

hearth_status hearth__out_open(const hearth_memory_user *memory,
                               const char *path, char *err, uint64_t err_cap,
                               hearth__out **out) {
  hearth__out *made = hearth_zalloc(memory, 1, sizeof *made);
  size_t len = strlen(path);
  int gzip = len > 3 && !strcmp(path + len - 3, ".gz");
  if (!made) {
    if (err && err_cap) {
      snprintf(err, err_cap, "%s: can't be written: no memory", path);
    }
    return HEARTH_NO_MEMORY;
  }
  made->memory = *memory;
  made->path = path;
  made->err = err;
  made->err_cap = err_cap;
  made->first = 1;
  int fd = open_temporary(made);
  if (fd < 0) {
    hearth_status status = fail(made, "written", errno);
    release(made);
    return status;
  }
  made->file = gzdopen(fd, gzip ? "wb9" : "wbT");
  if (!made->file) {
    hearth_status status = fail(made, "written", 0);
    (void)close(fd);
    (void)unlink(made->temporary);
    release(made);
    return status;
  }
  (void)gzbuffer(made->file, 1u << 17);
  *out = made;
  return HEARTH_OK;
}

static void put(hearth__out *out, const char *text, uint64_t len) {
  errno = 0;
  if (len && !out->failed && gzwrite(out->file, text, (unsigned)len) <= 0) {
    out->failed = errno ? errno : EIO;
  }
}

static void separate(hearth__out *out) {
  if (!out->first) {
    put(out, ",", 1);
  }
  out->first = 0;
}

static int must_quote(hearth_str text) {
  for (uint64_t i = 0; i < text.len; i++) {
    if (strchr(",\"\r\n", text.data[i])) {
      return 1;
    }
  }
  return 0;
}

void hearth__out_text(hearth__out *out, hearth_str text) {
  separate(out);
  if (!must_quote(text)) {
    put(out, text.data, text.len);
    return;
  }
  put(out, "\"", 1);
  for (uint64_t i = 0; i < text.len; i++) {
    put(out, text.data[i] == '"' ? "\"\"" : &text.data[i],
        text.data[i] == '"' ? 2 : 1);
  }
  put(out, "\"", 1);
}

void hearth__out_int(hearth__out *out, int64_t value) {
  char text[24];
  separate(out);
  if (value >= 0) {
    int len = snprintf(text, sizeof text, "%lld", (long long)value);
    put(out, text, (uint64_t)len);
  }
}

/* Thousandths are enough for megabytes and shares, and need no locale. */
void hearth__out_real(hearth__out *out, double value) {
  char text[40];
  if (!(value >= 0) || value > 9e15) {
    hearth__out_int(out, -1);
    return;
  }
  int64_t milli = (int64_t)(value * 1000 + 0.5);
  if (milli % 1000 == 0) {
    hearth__out_int(out, milli / 1000);
    return;
  }
  separate(out);
  int len = snprintf(text, sizeof text, "%lld.%03d", (long long)(milli / 1000),
                     (int)(milli % 1000));
  while (text[len - 1] == '0') {
    len--;
  }
  put(out, text, (uint64_t)len);
}

void hearth__out_end(hearth__out *out) {
  put(out, "\n", 1);
  out->first = 1;
}

hearth_status hearth__out_commit(hearth__out *out) {
  hearth_status status = HEARTH_OK;
  errno = 0;
  int closed = gzclose_w(out->file);
  if (!out->failed && closed != Z_OK) {
    out->failed = errno ? errno : EIO;
  }
  if (!out->failed && rename(out->temporary, out->path)) {
    out->failed = errno;
  }
  if (out->failed) {
    (void)unlink(out->temporary);
    status = fail(out, "written", out->failed);
  }
  release(out);
  return status;
}

void hearth__out_abandon(hearth__out *out) {
  if (out) {
    (void)gzclose_w(out->file);
    (void)unlink(out->temporary);
    release(out);
  }
}
