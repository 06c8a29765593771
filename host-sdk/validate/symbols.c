/* SPDX-License-Identifier: MIT
   What a shared object exports and imports, from its dynamic symbols. */
#include "host-sdk/validate/symbols.h"

#include <elf.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "host-sdk/library/copy.h"

typedef struct file_image {
  const uint8_t *data;
  uint64_t len;
} file_image;

/* Copy a struct out of the file; 0 if it is all there. */
static int take(const file_image *image, uint64_t at, void *out, size_t size) {
  if (at > image->len || size > image->len - at) {
    return -1;
  }
  memcpy(out, image->data + at, size);
  return 0;
}

static int section(const file_image *image, const ElfW(Ehdr) *head, uint32_t index,
                   ElfW(Shdr) *out) {
  if (index >= head->e_shnum || head->e_shentsize != sizeof *out) {
    return -1;
  }
  return take(image, head->e_shoff + (uint64_t)index * sizeof *out, out,
              sizeof *out);
}

static void each_symbol(const file_image *image, const ElfW(Shdr) *symbols,
                        const ElfW(Shdr) *strings,
                        void (*seen)(void *, const char *, int), void *user) {
  const uint64_t count = symbols->sh_size / sizeof(ElfW(Sym));
  for (uint64_t i = 1; i < count; i++) {
    ElfW(Sym) symbol;
    const uint64_t at = symbols->sh_offset + i * sizeof symbol;
    if (take(image, at, &symbol, sizeof symbol) != 0 ||
        symbol.st_name >= strings->sh_size ||
        strings->sh_offset > image->len ||
        strings->sh_size > image->len - strings->sh_offset) {
      return;
    }
    const char *name =
        (const char *)image->data + strings->sh_offset + symbol.st_name;
    if (memchr(name, 0, (size_t)(strings->sh_size - symbol.st_name)) != NULL &&
        *name != '\0') {
      seen(user, name, symbol.st_shndx != SHN_UNDEF);
    }
  }
}

static int walk(const file_image *image, void (*seen)(void *, const char *, int),
                void *user) {
  ElfW(Ehdr) head;
  ElfW(Shdr) symbols, strings;
  if (take(image, 0, &head, sizeof head) != 0) {
    return -1;
  }
  for (uint32_t i = 0; i < head.e_shnum; i++) {
    if (section(image, &head, i, &symbols) == 0 &&
        symbols.sh_type == SHT_DYNSYM &&
        section(image, &head, symbols.sh_link, &strings) == 0) {
      each_symbol(image, &symbols, &strings, seen, user);
      return 0;
    }
  }
  return -1;
}

int validate__symbols(validate_job *job,
                      void (*seen)(void *user, const char *name, int defined),
                      void *user) {
  uint8_t *data = NULL;
  file_image image = {NULL, 0};
  char err[400] = "";
  if (hearth__file_read(job->path, &data, &image.len, err, sizeof err) !=
      HEARTH_OK) {
    validate__skip(job, "%s", err);
  }
  image.data = data;
  const int status = walk(&image, seen, user);
  free(data);
  return status;
}
