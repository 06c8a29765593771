/* SPDX-License-Identifier: MIT
   msgpack-c's template with callbacks of our own.  Included by decode.c alone,
   in its middle: it uses the functions above it. */
#ifndef HEARTH_SDK_WIRE_UNPACK_H
#define HEARTH_SDK_WIRE_UNPACK_H

/* One more than ours, so that ours is the one that refuses. */
#define MSGPACK_EMBED_STACK_SIZE (HEARTH_WIRE_MAX_DEPTH + 1)
#include <msgpack/unpack_define.h>

/* The codes that the template returns; <msgpack/unpack.h> has them, and much
   that a plugin does not need. */
enum { MSGPACK_UNPACK_PARSE_ERROR = -1, MSGPACK_UNPACK_NOMEM_ERROR = -2 };

/* The template builds no tree; it has nothing to carry from value to value. */
typedef unsigned char unpack_object;

#define msgpack_unpack_struct(name) struct unpack##name
#define msgpack_unpack_func(result, name) static inline result unpack##name
#define msgpack_unpack_callback(name) ON##name
#define msgpack_unpack_object unpack_object
#define msgpack_unpack_user hearth__decoder

#define ON_INTEGER(name, c_type)                                               \
  static inline int ON_##name(hearth__decoder *d, c_type i,                    \
                              unpack_object *o) {                              \
    const hearth__value value = {.type = HEARTH__INT, .integer = i};           \
    *o = 0;                                                                    \
    return take(d, &value);                                                    \
  }
ON_INTEGER(uint8, uint8_t)
ON_INTEGER(uint16, uint16_t)
ON_INTEGER(uint32, uint32_t)
ON_INTEGER(int8, int8_t)
ON_INTEGER(int16, int16_t)
ON_INTEGER(int32, int32_t)
ON_INTEGER(int64, int64_t)
#undef ON_INTEGER

static inline int ON_uint64(hearth__decoder *d, uint64_t integer,
                            unpack_object *o) {
  const hearth__value value = {
      .type = integer > INT64_MAX ? HEARTH__UINT : HEARTH__INT,
      .integer = integer > INT64_MAX ? 0 : (int64_t)integer,
      .number = (double)integer};
  *o = 0;
  return take(d, &value);
}

static inline int ON_double(hearth__decoder *d, double number,
                            unpack_object *o) {
  const hearth__value value = {.type = HEARTH__FLOAT, .number = number};
  *o = 0;
  return take(d, &value);
}

static inline int ON_float(hearth__decoder *d, float number, unpack_object *o) {
  return ON_double(d, (double)number, o);
}

static inline int ON_nil(hearth__decoder *d, unpack_object *o) {
  const hearth__value value = {.type = HEARTH__NIL};
  *o = 0;
  return take(d, &value);
}

static inline int ON_bool(hearth__decoder *d, int set, unpack_object *o) {
  const hearth__value value = {.type = HEARTH__BOOL, .integer = set};
  *o = 0;
  return take(d, &value);
}

static inline int ON_true(hearth__decoder *d, unpack_object *o) {
  return ON_bool(d, 1, o);
}

static inline int ON_false(hearth__decoder *d, unpack_object *o) {
  return ON_bool(d, 0, o);
}

/* Where an empty string is, the template may have no place to name. */
static inline int ON_str(hearth__decoder *d, const char *base, const char *at,
                         unsigned int len, unpack_object *o) {
  const hearth__value value = {.type = HEARTH__STR,
                               .str = {len ? at : base, len}};
  *o = 0;
  return take(d, &value);
}

static inline int ON_bin(hearth__decoder *d, const char *base, const char *at,
                         unsigned int len, unpack_object *o) {
  const hearth__value value = {.type = HEARTH__BIN};
  (void)base, (void)at, (void)len;
  *o = 0;
  return take(d, &value);
}

/* The length counts the type's byte; 0 is one that overflowed. */
static inline int ON_ext(hearth__decoder *d, const char *base, const char *at,
                         unsigned int len, unpack_object *o) {
  const hearth__value value = {.type = HEARTH__EXT};
  (void)base, (void)at;
  *o = 0;
  return len ? take(d, &value) : MSGPACK_UNPACK_PARSE_ERROR;
}

static inline int on_container(hearth__decoder *d, hearth__type type,
                               uint32_t count, unpack_object *o) {
  *o = 0;
  return take_container(d, type, count);
}

/* `user` and `p` are the template's: the decoder, and the header's last byte.
 */
#define ON_array(u, count, o)                                                  \
  (user->at = p, on_container(u, HEARTH__LIST, (uint32_t)(count), o))
#define ON_map(u, count, o)                                                    \
  (user->at = p, on_container(u, HEARTH__MAP, (uint32_t)(count), o))

static inline unpack_object ON_root(hearth__decoder *d) {
  (void)d;
  return 0;
}

static inline int ON_array_item(hearth__decoder *d, unpack_object *list,
                                unpack_object item) {
  (void)d, (void)list, (void)item;
  return 0;
}

static inline int ON_map_item(hearth__decoder *d, unpack_object *map,
                              unpack_object key, unpack_object item) {
  (void)d, (void)map, (void)key, (void)item;
  return 0;
}

#include <msgpack/unpack_template.h>

typedef struct unpack_context unpack_context;

#endif
