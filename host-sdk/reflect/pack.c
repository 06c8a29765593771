/* SPDX-License-Identifier: MIT
   msgpack of no schema, written into a sink. */
#include "host-sdk/reflect/pack.h"

#include <string.h>

static int put(void *data, const char *piece, size_t len) {
  hearth__pack *pack = data;

  if (pack->status == HEARTH_OK) {
    pack->status = pack->sink->write(pack->sink, piece, len);
  }
  return pack->status == HEARTH_OK ? 0 : -1;
}

void hearth__pack_init(hearth__pack *pack, hearth_sink *sink) {
  msgpack_packer_init(&pack->packer, pack, put);
  pack->sink = sink;
  pack->status = HEARTH_OK;
}

/* msgpack has four bytes for a length. */
static int too_long(hearth__pack *pack, uint64_t len) {
  if (len <= UINT32_MAX) {
    return 0;
  }
  if (pack->status == HEARTH_OK) {
    pack->status = HEARTH_LIMIT;
  }
  return 1;
}

void hearth__pack_str(hearth__pack *pack, hearth_bytes str) {
  if (!too_long(pack, str.len)) {
    msgpack_pack_str(&pack->packer, (size_t)str.len);
    put(pack, (const char *)str.data, (size_t)str.len);
  }
}

void hearth__pack_text(hearth__pack *pack, const char *text) {
  const hearth_bytes str = {(const uint8_t *)text, strlen(text)};

  hearth__pack_str(pack, str);
}

void hearth__pack_bin(hearth__pack *pack, hearth_bytes bin) {
  if (bin.len && !bin.data) {
    msgpack_pack_nil(&pack->packer);
  } else if (!too_long(pack, bin.len)) {
    msgpack_pack_bin(&pack->packer, (size_t)bin.len);
    put(pack, (const char *)bin.data, (size_t)bin.len);
  }
}

void hearth__pack_value(hearth__pack *pack, char letter, const void *value) {
  switch (letter) {
  case 'i':
  case 'h':
    msgpack_pack_int32(&pack->packer, *(const int32_t *)value);
    break;
  case 'l':
    msgpack_pack_int64(&pack->packer, *(const int64_t *)value);
    break;
  case 'u':
    msgpack_pack_uint64(&pack->packer, *(const uint64_t *)value);
    break;
  case 'd':
    msgpack_pack_double(&pack->packer, *(const double *)value);
    break;
  case 's':
    if (*(const char *const *)value) {
      hearth__pack_text(pack, *(const char *const *)value);
      break;
    }
    msgpack_pack_nil(&pack->packer);
    break;
  case 'b':
    hearth__pack_bin(pack, *(const hearth_bytes *)value);
    break;
  default:
    msgpack_pack_nil(&pack->packer);
  }
}
