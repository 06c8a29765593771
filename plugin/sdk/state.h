/* SPDX-License-Identifier: MIT
   What a plugin learned, as bytes that any machine can read. */
#ifndef HEARTH_SDK_STATE_H
#define HEARTH_SDK_STATE_H

#include <string.h>

#include "hearth/plugin.h"
#include "plugin/sdk/memory.h"
#include "plugin/sdk/wire/schema.h"

/* One description serves both directions: a function that names each field of a
   struct once, with its least and greatest value, writes it, reads it and
   checks it, by the direction of the stream it is given:

     static void visit(hearth_state *s, thing *t) {
       hearth_state_i64(s, "last", &t->last, -LATEST, LATEST);
       hearth_state_f32s(s, "weight", t->weight, COUNT, -1e6f, 1e6f);
     }

   Saving writes a value out of bounds as the nearest within; loading refuses
   it, says which section and field it was, and leaves the variable untouched.
   After a failure nothing is read or written any more, counts are 0, and every
   variable keeps a value within its bounds, if it had one: so callers look at
   the status at the end only, and where they take an index from the stream.

   The format, little-endian:
     magic "hearthst"; u32 the plugin's own format version; u32 length of its
   id; the id; u64 cursor; u64 seed; u64 checksum of all before. Then sections,
   each of them in blocks: u32 tag (of its name), u32 length of the block (bit
   31: the section's last), u64 checksum of the block with its tag, length and
   number; the bytes, at most HEARTH_STATE_BLOCK. A field of up to 8 bytes never
   stands across two blocks.  So states of any size go through one block's room,
   and nothing is believed that was cut short or torn.

   Not locked.  Zeroed it is nothing; hearth_state_end releases all. */

#define HEARTH_STATE_BLOCK 65536u
#define HEARTH_STATE_MOST_TEXT 65536u        /* as in messages */
#define HEARTH_STATE_TIME ((int64_t)1 << 53) /* times lie within, likewise */

typedef struct hearth_state hearth_state;

struct hearth_state {
  hearth_memory_user memory;
  const hearth_call *call; /* gets the message; may be NULL */
  hearth_sink *sink;       /* saving, or */
  hearth_source *source;   /* loading */
  hearth_status status;
  const char *id, *section;
  uint8_t *block;
  uint32_t at, len; /* in the block */
  uint32_t number;  /* of the block in its section */
  int32_t last;     /* it is the section's last */
  uint32_t version; /* of the plugin's format; what was read, when loading */
  uint64_t cursor;  /* outcomes learned from, for those who keep them */
  uint64_t seed;    /* of the hashes within */
};

/* Begin to write; `version`, `cursor` and `seed` are the header's, which is
   written with the first section: up to then the cursor may be set anew.  `id`
   is static. */
void hearth_state_save(hearth_state *s, const hearth_memory_user *memory,
                       const hearth_call *call, hearth_sink *sink,
                       const char *id, uint32_t version, uint64_t cursor,
                       uint64_t seed);
/* Begin to read a state of plugin `id` in a format up to `newest`.  The status
   is HEARTH_STATE_VERSION for any other, HEARTH_BAD_PAYLOAD where it is cut. */
void hearth_state_load(hearth_state *s, const hearth_memory_user *memory,
                       const hearth_call *call, hearth_source *source,
                       const char *id, uint32_t newest);

/* The next section.  `name` is static.  The last one must be used up. */
void hearth_state_section(hearth_state *s, const char *name);

/* No more sections, nor bytes.  Releases what it holds, and gives the status,
   of which the call's `err` tells. */
hearth_status hearth_state_end(hearth_state *s);

static inline int hearth_state_saving(const hearth_state *s) {
  return s->sink != NULL;
}
static inline int hearth_state_ok(const hearth_state *s) {
  return s->status == HEARTH_OK;
}

/* What was read can't be: HEARTH_BAD_PAYLOAD, "state: section 'x', field 'y':
   out of range"; or another failure.  The first one stays. */
void hearth_state_refuse(hearth_state *s, const char *field, const char *why);
void hearth_state_fail(hearth_state *s, hearth_status status, const char *field,
                       const char *why);

/* A field of each type, and `n` of them: *x within [least, most].  A float is
   never NaN, which is saved as `least`. */
#define HEARTH__STATE_FIELD(name, type)                                        \
  void hearth_state_##name(hearth_state *s, const char *field, type *x,        \
                           type least, type most);                             \
  void hearth_state_##name##s(hearth_state *s, const char *field, type *x,     \
                              size_t n, type least, type most);
HEARTH__STATE_FIELD(u8, uint8_t)
HEARTH__STATE_FIELD(u16, uint16_t)
HEARTH__STATE_FIELD(u32, uint32_t)
HEARTH__STATE_FIELD(u64, uint64_t)
HEARTH__STATE_FIELD(i16, int16_t)
HEARTH__STATE_FIELD(i32, int32_t)
HEARTH__STATE_FIELD(i64, int64_t)
HEARTH__STATE_FIELD(f32, float)
HEARTH__STATE_FIELD(f64, double)
#undef HEARTH__STATE_FIELD

/* For those: room for the next few bytes in the block; so many of a word,
   written or read; and what they say. */
int hearth__state_turn(hearth_state *s);
uint64_t hearth__state_word(hearth_state *s, uint64_t x, uint32_t bytes);
void hearth__state_out_of_range(hearth_state *s, const char *field);

/* How many of something follow, at most `most`; gives that too, or 0 after a
   failure.  Saving leaves *count as it is. */
uint32_t hearth_state_count(hearth_state *s, const char *field, uint32_t *count,
                            uint32_t most);

/* Numbers below `limit`, each at most once: an order, or a list of members.
   `taken` is room for `limit` bytes, zeroed by the caller; it marks them. */
void hearth_state_ids(hearth_state *s, const char *field, uint32_t *ids,
                      uint32_t count, uint32_t limit, uint8_t *taken);

/* Go through those records of a table of `n` that are used:

     for (uint32_t i = 0; hearth_state_next(s, "cell", &i, n, is_used, t); i++)

   Saving asks `used`; loading takes the numbers, always rising, from the
   stream. */
int hearth_state_next(hearth_state *s, const char *field, uint32_t *i,
                      uint32_t n, int (*used)(const void *table, uint32_t i),
                      const void *table);

/* Numbers of which many are 0: those are told by a bit. */
void hearth_state_sparse_f32s(hearth_state *s, const char *field, float *x,
                              size_t n, float least, float most);
void hearth_state_sparse_u16s(hearth_state *s, const char *field, uint16_t *x,
                              size_t n, uint16_t least, uint16_t most);

/* A text of at most HEARTH_STATE_MOST_TEXT bytes.  Loading reads it into
   `room`, of so many bytes, and gives it; nothing after a failure. */
hearth_str hearth_state_text(hearth_state *s, const char *field,
                             hearth_str text, char *room);

#endif
