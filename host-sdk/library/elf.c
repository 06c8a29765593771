/* SPDX-License-Identifier: MIT
   Whether bytes look like a shared object that can be mapped safely. */
#include "host-sdk/library/elf.h"

#include <elf.h>
#include <string.h>

#if UINTPTR_MAX > 0xffffffffu
typedef Elf64_Ehdr elf_header;
typedef Elf64_Phdr elf_segment;
enum { NATIVE_CLASS = ELFCLASS64 };
#else
typedef Elf32_Ehdr elf_header;
typedef Elf32_Phdr elf_segment;
enum { NATIVE_CLASS = ELFCLASS32 };
#endif

/* Of a segment that runs past the end of the file, or NULL. */
static const char *segment_problem(const uint8_t *bytes, uint64_t len,
                                   const elf_header *header) {
  uint64_t at = header->e_phoff;

  if (header->e_phentsize != sizeof(elf_segment) || !header->e_phnum ||
      at > len || len - at < (uint64_t)header->e_phnum * sizeof(elf_segment)) {
    return "a shared object with a broken header";
  }
  for (uint32_t i = 0; i < header->e_phnum; ++i) {
    elf_segment segment;

    memcpy(&segment, bytes + at + i * sizeof(segment), sizeof(segment));
    if (segment.p_offset > len || segment.p_filesz > len - segment.p_offset) {
      return "a shared object that was cut off";
    }
  }
  return NULL;
}

const char *hearth__elf_problem(const uint8_t *bytes, uint64_t len) {
  elf_header header;

  if (!len) {
    return "an empty file";
  }
  if (len < SELFMAG || memcmp(bytes, ELFMAG, SELFMAG) != 0) {
    return "not a shared object";
  }
  if (len < sizeof(header)) {
    return "a shared object that was cut off";
  }
  memcpy(&header, bytes, sizeof(header));
  if (header.e_ident[EI_CLASS] != NATIVE_CLASS) {
    return "a shared object for another kind of machine";
  }
  if (header.e_type != ET_DYN) {
    return "an object or a program, not a shared object";
  }
  return segment_problem(bytes, len, &header);
}
