/* SPDX-License-Identifier: MIT
   The quick way from bytes to a struct, for what our own encoder writes. */
#include <string.h>

#include "plugin/sdk/wire/init.h"
#include "plugin/sdk/wire/state.h"

/* A writer that goes by the same schema sends its keys in the schema's order,
   so one walk over the fields meets every key, sets every default and misses
   what is required: nothing is looked up.  Each function returns where the next
   value begins, or NULL where this is not such a message; decode.c then begins
   anew, and alone knows what is allowed and what to say.  So what is accepted
   here must be accepted there, with the same result; never the other way. */

static uint32_t load16(const uint8_t *p) {
  return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t load32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
         p[3];
}

static uint64_t load64(const uint8_t *p) {
  return (uint64_t)load32(p) << 32 | load32(p + 4);
}

static int same64(const uint8_t *a, const uint8_t *b) {
  uint64_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x == y;
}

static int same32(const uint8_t *a, const uint8_t *b) {
  uint32_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x == y;
}

static int same16(const uint8_t *a, const uint8_t *b) {
  uint16_t x, y;
  memcpy(&x, a, sizeof x);
  memcpy(&y, b, sizeof y);
  return x == y;
}

/* Of two texts whose first two bytes are the same.  The last word overlaps the
   one before it. */
static inline int same(const uint8_t *a, const uint8_t *b, size_t len) {
  if (len < 4) {
    return a[len - 1] == b[len - 1];
  }
  if (len < 8) {
    return same32(a, b) && same32(a + len - 4, b + len - 4);
  }
  for (size_t i = 0; i + 8 < len; i += 8) {
    if (!same64(a + i, b + i)) {
      return 0;
    }
  }
  return same64(a + len - 8, b + len - 8);
}

/* What follows the key at `p` if that is the field's. */
static const uint8_t *skip_key(const hearth_field *field, const uint8_t *p,
                               const uint8_t *end) {
  const uint8_t *const key = (const uint8_t *)&field->key;
  if (end - p < 2 || !same16(p, key)) {
    return NULL;
  }
  const size_t len = (size_t)key[0] - 0xa0 + 1;
  return (size_t)(end - p) > len && same(p, key, len) ? p + len : NULL;
}

static const uint8_t *read_text(const uint8_t *p, const uint8_t *end,
                                size_t len, hearth__value *value) {
  if ((size_t)(end - p) < len) {
    return NULL;
  }
  value->type = HEARTH__STR;
  value->str.data = (const char *)p;
  value->str.len = len;
  return p + len;
}

/* `p` is behind the type's byte. */
static const uint8_t *read_int(uint8_t type, const uint8_t *p,
                               const uint8_t *end, hearth__value *value) {
  const size_t width = (size_t)1 << (type & 3);
  if ((size_t)(end - p) < width) {
    return NULL;
  }
  value->type = HEARTH__INT;
  switch (type) {
  case 0xcc:
    value->integer = p[0];
    break;
  case 0xcd:
    value->integer = load16(p);
    break;
  case 0xce:
    value->integer = load32(p);
    break;
  case 0xd0:
    value->integer = (int8_t)p[0];
    break;
  case 0xd1:
    value->integer = (int16_t)load16(p);
    break;
  case 0xd2:
    value->integer = (int32_t)load32(p);
    break;
  default: /* 0xcf, 0xd3 */
    value->integer = (int64_t)load64(p);
    if (type == 0xcf && value->integer < 0) {
      return NULL;
    }
    break;
  }
  return p + width;
}

static const uint8_t *read_double(const uint8_t *p, const uint8_t *end,
                                  hearth__value *value) {
  if (end - p < 8) {
    return NULL;
  }
  const uint64_t bits = load64(p);
  value->type = HEARTH__FLOAT;
  memcpy(&value->number, &bits, sizeof bits);
  return p + 8;
}

/* A value that is no container, nor nil. */
static const uint8_t *read_scalar(const uint8_t *p, const uint8_t *end,
                                  hearth__value *value) {
  if (p == end) {
    return NULL;
  }
  const uint8_t type = *p++;
  if (type >= 0xa0 && type <= 0xbf) {
    return read_text(p, end, type & 31, value);
  }
  if (type < 0x80 || type >= 0xe0) {
    value->type = HEARTH__INT;
    value->integer = (int8_t)type;
    return p;
  }
  if (type == 0xcb) {
    return read_double(p, end, value);
  }
  if (type >= 0xcc && type <= 0xd3) {
    return read_int(type, p, end, value);
  }
  if (type == 0xc2 || type == 0xc3) {
    value->type = HEARTH__BOOL;
    value->integer = type & 1;
    return p;
  }
  if (type == 0xd9 && p < end) {
    return read_text(p + 1, end, p[0], value);
  }
  if (type == 0xda && end - p >= 2) {
    return read_text(p + 2, end, load16(p), value);
  }
  return NULL;
}

/* The header of a map (fixmap 0x80, map 16 0xde) or an array (0x90, 0xdc).  The
   items that it promises are found missing where they are read. */
static const uint8_t *read_head(const uint8_t *p, const uint8_t *end,
                                uint8_t fix, uint8_t sixteen,
                                uint32_t *count) {
  if (p < end && (*p & 0xf0) == fix) {
    *count = *p & 15;
    return p + 1;
  }
  if (end - p >= 3 && *p == sixteen) {
    *count = load16(p + 1);
    return p + 3;
  }
  return NULL;
}

static const uint8_t *read_map(hearth__decoder *d, const hearth_schema *schema,
                               const uint8_t *p, uint8_t *base, uint32_t depth);

static const uint8_t *read_str(hearth__decoder *d, const uint8_t *p,
                               hearth_str *out) {
  hearth__value value;
  p = read_scalar(p, d->end, &value);
  return p && hearth__store_str(d, &value, out) == 0 ? p : NULL;
}

static const uint8_t *read_strs(hearth__decoder *d, const uint8_t *p,
                                hearth_list *list) {
  p = read_head(p, d->end, 0x90, 0xdc, &list->count);
  for (uint32_t i = 0; p && i < list->count; i++) {
    hearth_str str;
    p = read_str(d, p, &str);
    if (p && i < list->cap) {
      ((hearth_str *)list->items)[i] = str;
    }
  }
  return p;
}

static const uint8_t *read_strmap(hearth__decoder *d, const uint8_t *p,
                                  hearth_list *list) {
  p = read_head(p, d->end, 0x80, 0xde, &list->count);
  for (uint32_t i = 0; p && i < list->count; i++) {
    hearth_pair pair;
    p = read_str(d, p, &pair.key);
    p = p ? read_str(d, p, &pair.value) : NULL;
    if (p && i < list->cap) {
      ((hearth_pair *)list->items)[i] = pair;
    }
  }
  return p;
}

/* Elements that have no room are skipped by rules of their own. */
static const uint8_t *read_maps(hearth__decoder *d, const hearth_schema *schema,
                                const uint8_t *p, hearth_list *list,
                                uint32_t depth) {
  p = read_head(p, d->end, 0x90, 0xdc, &list->count);
  if (list->count > list->cap) {
    return NULL;
  }
  uint8_t *item = list->items;
  for (uint32_t i = 0; p && i < list->count; i++, item += schema->size) {
    p = read_map(d, schema, p, item, depth);
  }
  return p;
}

/* Most values are short texts, small counts and doubles within their range:
   they go where they belong at once.  NULL: it is something else, and what may
   have been written is written over. */
static const uint8_t *read_usual(const hearth_field *field, const uint8_t *p,
                                 const uint8_t *end, void *member) {
  if (p == end) {
    return NULL;
  }
  const uint8_t type = *p++;
  if (field->kind == HEARTH_FIELD_STR && type > 0xa0 && type <= 0xbf) {
    const size_t len = type & 31;
    *(hearth_str *)member = (hearth_str){(const char *)p, len};
    return (size_t)(end - p) < len ? NULL : p + len;
  }
  if (field->kind == HEARTH_FIELD_F64 && type == 0xcb && end - p >= 8) {
    const uint64_t bits = load64(p);
    double number;
    memcpy(&number, &bits, sizeof number);
    *(double *)member = number;
    return number >= field->min && number <= field->max ? p + 8 : NULL;
  }
  if (field->kind == HEARTH_FIELD_I64 && type < 0x80) {
    *(int64_t *)member = type;
    return type >= (int64_t)field->min && type <= (int64_t)field->max ? p
                                                                      : NULL;
  }
  return NULL;
}

static const uint8_t *read_value(hearth__decoder *d, const hearth_field *field,
                                 const uint8_t *p, uint8_t *base,
                                 uint32_t depth) {
  void *const member = base + field->offset;
  hearth__value value;
  switch (field->kind) {
  case HEARTH_FIELD_MAP:
    return read_map(d, field->schema, p, member, depth + 1);
  case HEARTH_FIELD_MAPS:
    return read_maps(d, field->schema, p, member, depth + 2);
  case HEARTH_FIELD_STRS:
    return read_strs(d, p, member);
  case HEARTH_FIELD_STRMAP:
    return read_strmap(d, p, member);
  default:
    break;
  }
  const uint8_t *const after = read_usual(field, p, d->end, member);
  if (after) {
    return after;
  }
  p = read_scalar(p, d->end, &value);
  return p && hearth__store(d, field, member, &value) == 0 ? p : NULL;
}

/* No key is left from field i on: what remains is at its default, and of that
   what is before the first list by one copy.  -1: a required one is among it. */
static int reset_rest(const hearth_schema *schema, uint32_t i, uint8_t *base) {
  const hearth_field *const fields = schema->fields;
  for (; i < schema->count; i++) {
    if (schema->blank && i >= schema->needs && i < schema->plain) {
      const uint32_t from = fields[i].offset;
      i = schema->plain;
      memcpy(base + from, (const uint8_t *)schema->blank + from,
             fields[i].offset - from);
    }
    if (fields[i].flags & HEARTH_FIELD_REQUIRED) {
      return -1;
    }
    hearth__field_reset(&fields[i], base + fields[i].offset);
  }
  return 0;
}

static const uint8_t *read_map(hearth__decoder *d, const hearth_schema *schema,
                               const uint8_t *p, uint8_t *base,
                               uint32_t depth) {
  uint32_t left;
  p = read_head(p, d->end, 0x80, 0xde, &left);
  if (!p || depth >= HEARTH_WIRE_MAX_DEPTH - 1) { /* a list may be in it */
    return NULL;
  }
  uint32_t i = 0;
  for (; left && i < schema->count; i++) {
    const hearth_field *const field = &schema->fields[i];
    const uint8_t *const at = skip_key(field, p, d->end);
    if (at) {
      p = read_value(d, field, at, base, depth);
      if (!p) {
        return NULL;
      }
      left--;
    } else if (field->flags & HEARTH_FIELD_REQUIRED) {
      return NULL;
    } else {
      hearth__field_reset(field, base + field->offset);
    }
  }
  if (left || reset_rest(schema, i, base)) {
    return NULL;
  }
  return schema->check && schema->check(base) ? NULL : p;
}

int hearth__decode_quick(hearth__decoder *d, const uint8_t *at) {
  return read_map(d, d->schema, at, d->message, 0) == d->end;
}
