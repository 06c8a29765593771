/* SPDX-License-Identifier: MIT
   What a plugin learned, as bytes that any machine can read. */
#include "plugin/sdk/cold.h"

#include "plugin/sdk/state.h"

#include "plugin/sdk/names.h"

enum { LAST = 31, BLOCK_HEAD = 16, ID_BYTES = 256 };
#define LAST_BIT ((uint32_t)1 << LAST)
static const uint8_t magic[8] = {'h', 'e', 'a', 'r', 't', 'h', 's', 't'};

/* ---- messages ---- */

typedef struct sentence {
  char *at;
  uint64_t cap, len;
} sentence;

static void append(sentence *t, const char *words) {
  for (; *words && t->len + 1 < t->cap; words++) {
    t->at[t->len++] = *words;
  }
  if (t->cap > 0) {
    t->at[t->len] = '\0';
  }
}

void hearth_state_fail(hearth_state *s, hearth_status status, const char *field,
                       const char *why) {
  if (s->status != HEARTH_OK) {
    return;
  }
  s->status = status;
  s->len = s->at = 0; /* nothing more is read */
  if (s->call == NULL || s->call->err == NULL) {
    return;
  }
  sentence t = {s->call->err, s->call->err_cap, 0};
  append(&t, "state: ");
  if (s->section != NULL) {
    append(&t, "section '");
    append(&t, s->section);
    append(&t, "': ");
  }
  if (field != NULL) {
    append(&t, "field '");
    append(&t, field);
    append(&t, "': ");
  }
  append(&t, why);
}

void hearth_state_refuse(hearth_state *s, const char *field, const char *why) {
  hearth_state_fail(s, HEARTH_BAD_PAYLOAD, field, why);
}

void hearth__state_out_of_range(hearth_state *s, const char *field) {
  hearth_state_refuse(s, field, "out of range");
}

/* ---- bytes ---- */

static void put32(uint8_t *to, uint32_t x) {
  for (unsigned i = 0; i < 4; i++) {
    to[i] = (uint8_t)(x >> (8 * i));
  }
}

static void put64(uint8_t *to, uint64_t x) {
  put32(to, (uint32_t)x);
  put32(to + 4, (uint32_t)(x >> 32));
}

static uint32_t get32(const uint8_t *from) {
  return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
         (uint32_t)from[3] << 24;
}

static uint64_t get64(const uint8_t *from) {
  return get32(from) | (uint64_t)get32(from + 4) << 32;
}

static void write_all(hearth_state *s, const void *data, uint32_t len) {
  if (s->status == HEARTH_OK) {
    s->status = s->sink->write(s->sink, data, len);
  }
}

/* As many bytes as there are, up to `len`. */
static uint64_t read_some(hearth_state *s, uint8_t *data, uint64_t len) {
  uint64_t had = 0;
  while (s->status == HEARTH_OK && had < len) {
    uint64_t got = 0;
    s->status = s->source->read(s->source, data + had, len - had, &got);
    if (s->status == HEARTH_OK && got > len - had) {
      hearth_state_refuse(s, NULL, "the source gave more than was asked for");
    }
    if (s->status != HEARTH_OK || got == 0) {
      break;
    }
    had += got;
  }
  return had;
}

static void read_all(hearth_state *s, uint8_t *data, uint64_t len) {
  if (read_some(s, data, len) < len) {
    hearth_state_refuse(s, NULL, "it ends early");
  }
}

/* ---- the header ---- */

static void begin(hearth_state *s, const hearth_memory_user *memory,
                  const hearth_call *call) {
  *s = (hearth_state){.memory = *memory, .call = call};
  /* With room for a word more: see state_fields.c. */
  s->block = hearth_zalloc(memory, HEARTH_STATE_BLOCK + 8, 1);
  if (s->block == NULL) {
    s->status = HEARTH_NO_MEMORY;
  }
}

void hearth_state_save(hearth_state *s, const hearth_memory_user *memory,
                       const hearth_call *call, hearth_sink *sink,
                       const char *id, uint32_t version, uint64_t cursor,
                       uint64_t seed) {
  begin(s, memory, call);
  s->sink = sink;
  s->id = id;
  s->version = version;
  s->cursor = cursor;
  s->seed = seed;
}

static void write_head(hearth_state *s) {
  uint8_t head[40 + ID_BYTES];
  const size_t len = strlen(s->id) < ID_BYTES ? strlen(s->id) : ID_BYTES;
  memcpy(head, magic, sizeof magic);
  put32(head + 8, s->version);
  put32(head + 12, (uint32_t)len);
  memcpy(head + 16, s->id, len);
  put64(head + 16 + len, s->cursor);
  put64(head + 24 + len, s->seed);
  put64(head + 32 + len, hearth_hash(0, head, 32 + len));
  write_all(s, head, (uint32_t)(40 + len));
}

static void read_head(hearth_state *s, const char *id, uint32_t newest) {
  uint8_t head[40 + ID_BYTES];
  const size_t len = strlen(id) < ID_BYTES ? strlen(id) : ID_BYTES;
  read_all(s, head, sizeof magic);
  if (s->status == HEARTH_OK && memcmp(head, magic, sizeof magic) != 0) {
    hearth_state_fail(s, HEARTH_STATE_VERSION, NULL,
                      "these bytes are no plugin's state");
  }
  read_all(s, head + 8, 8);
  if (s->status == HEARTH_OK && get32(head + 12) != len) {
    hearth_state_fail(s, HEARTH_STATE_VERSION, NULL, "it is another plugin's");
  }
  read_all(s, head + 16, len);
  if (s->status == HEARTH_OK && memcmp(head + 16, id, len) != 0) {
    hearth_state_fail(s, HEARTH_STATE_VERSION, NULL, "it is another plugin's");
  }
  read_all(s, head + 16 + len, 24);
  if (s->status != HEARTH_OK) {
    return;
  }
  if (get64(head + 32 + len) != hearth_hash(0, head, 32 + len)) {
    hearth_state_refuse(s, NULL, "its checksum is wrong");
    return;
  }
  s->version = get32(head + 8);
  s->cursor = get64(head + 16 + len);
  s->seed = get64(head + 24 + len);
  if (s->version == 0 || s->version > newest) {
    hearth_state_fail(s, HEARTH_STATE_VERSION, NULL,
                      "it is of a newer version of this plugin");
  }
}

void hearth_state_load(hearth_state *s, const hearth_memory_user *memory,
                       const hearth_call *call, hearth_source *source,
                       const char *id, uint32_t newest) {
  begin(s, memory, call);
  s->source = source;
  s->section = "header";
  if (s->status == HEARTH_OK) {
    read_head(s, id, newest);
  }
  s->section = NULL;
}

/* ---- sections and their blocks ---- */

static uint32_t tag_of(const char *name) {
  return (uint32_t)hearth_hash(0, name, strlen(name));
}

static uint64_t checksum(uint32_t tag, uint32_t number, uint32_t len,
                         const uint8_t *bytes) {
  const uint64_t seed = ((uint64_t)tag << 32 | number) ^ (len & LAST_BIT);
  return hearth_hash(seed, bytes, len & ~LAST_BIT);
}

static void write_block(hearth_state *s, uint32_t last) {
  uint8_t head[BLOCK_HEAD];
  const uint32_t tag = tag_of(s->section), len = s->at | last;
  put32(head, tag);
  put32(head + 4, len);
  put64(head + 8, checksum(tag, s->number, len, s->block));
  write_all(s, head, sizeof head);
  if (s->at > 0) {
    write_all(s, s->block, s->at);
  }
  s->number++;
  s->at = 0;
}

static void read_block(hearth_state *s) {
  uint8_t head[BLOCK_HEAD];
  s->at = s->len = 0;
  read_all(s, head, sizeof head);
  if (s->status != HEARTH_OK) {
    return;
  }
  const uint32_t tag = get32(head), len = get32(head + 4);
  if (tag != tag_of(s->section)) {
    hearth_state_refuse(s, NULL, "another section is in its place");
    return;
  }
  if ((len & ~LAST_BIT) > HEARTH_STATE_BLOCK) {
    hearth_state_refuse(s, NULL, "a block is too long");
    return;
  }
  read_all(s, s->block, len & ~LAST_BIT);
  if (s->status == HEARTH_OK &&
      get64(head + 8) != checksum(tag, s->number, len, s->block)) {
    hearth_state_refuse(s, NULL, "its checksum is wrong");
  }
  if (s->status == HEARTH_OK) {
    s->len = len & ~LAST_BIT;
    s->last = len >> LAST != 0;
    s->number++;
  }
}

int hearth__state_turn(hearth_state *s) {
  if (s->status == HEARTH_OK && hearth_state_saving(s)) {
    write_block(s, 0);
  } else if (s->status == HEARTH_OK && s->at < s->len) {
    hearth_state_refuse(s, NULL, "a field is cut in two");
  } else if (s->status == HEARTH_OK && s->last) {
    hearth_state_refuse(s, NULL, "it holds less than it should");
  } else if (s->status == HEARTH_OK) {
    read_block(s);
    if (s->status == HEARTH_OK && s->len == 0) {
      hearth_state_refuse(s, NULL, "it holds less than it should");
    }
  }
  return s->status == HEARTH_OK;
}

/* Before the first section there is the header. */
static void end_section(hearth_state *s) {
  if (s->status != HEARTH_OK) {
    return;
  }
  if (hearth_state_saving(s) && s->section == NULL) {
    write_head(s);
  } else if (hearth_state_saving(s)) {
    write_block(s, LAST_BIT);
  } else if (s->section != NULL && (s->at < s->len || !s->last)) {
    hearth_state_refuse(s, NULL, "it holds more than it should");
  }
}

void hearth_state_section(hearth_state *s, const char *name) {
  end_section(s);
  if (s->status != HEARTH_OK) {
    return;
  }
  s->section = name;
  s->number = 0;
  s->at = 0;
  s->last = 0;
  if (hearth_state_saving(s)) {
    s->len = HEARTH_STATE_BLOCK;
  } else {
    read_block(s);
  }
}

hearth_status hearth_state_end(hearth_state *s) {
  end_section(s);
  if (s->status == HEARTH_OK && s->source != NULL) {
    uint8_t more;
    s->section = NULL;
    if (read_some(s, &more, 1) != 0) {
      hearth_state_refuse(s, NULL, "there are bytes after its end");
    }
  }
  hearth_release(&s->memory, s->block);
  s->block = NULL;
  s->len = s->at = 0;
  return s->status;
}
