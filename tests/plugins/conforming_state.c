/* SPDX-License-Identifier: MIT
   The state of a plugin that keeps the whole contract: a head, the count, then
   names of a length with what is known of each. */
#include "tests/plugins/conforming.h"

static const char head[16] = "conforming v1\n\0";

hearth_status conforming_save(hearth_plugin *plugin, const hearth_call *call,
                              hearth_sink *out) {
  uint64_t count = 0;
  (void)call;
  for (uint32_t id = 0; id < hearth_names_count(plugin->names); id++) {
    count += plugin->known[id].last_used_ms != -1 ||
             plugin->known[id].load_ms != -1;
  }
  hearth_status status = out->write(out, head, sizeof head);
  if (status == HEARTH_OK) {
    status = out->write(out, &count, sizeof count);
  }
  if (status == HEARTH_OK) {
    status = out->write(out, plugin->seen, sizeof plugin->seen);
  }
  for (uint32_t id = 0;
       status == HEARTH_OK && id < hearth_names_count(plugin->names); id++) {
    const hearth_str name = hearth_names_text(plugin->names, id);
    known k = plugin->known[id];
    k.candidate = 0;
    if (k.last_used_ms == -1 && k.load_ms == -1) {
      continue;
    }
    status = out->write(out, &name.len, sizeof name.len);
    if (status == HEARTH_OK) {
      status = out->write(out, name.data, name.len);
    }
    if (status == HEARTH_OK) {
      status = out->write(out, &k, sizeof k);
    }
  }
  return status;
}

/* Read it all; too few bytes are a broken state. */
static hearth_status take(hearth_source *in, void *data, uint64_t len) {
  uint8_t *at = data;
  while (len > 0) {
    uint64_t got = 0;
    const hearth_status status = in->read(in, at, len, &got);
    if (status != HEARTH_OK) {
      return status;
    }
    if (got == 0 || got > len) {
      return HEARTH_BAD_PAYLOAD;
    }
    at += got;
    len -= got;
  }
  return HEARTH_OK;
}

static int is_sane(const known *k) {
  const int64_t most = (int64_t)1 << 53;
  return k->requests < (uint64_t)most && k->last_used_ms >= -most &&
         k->last_used_ms <= most && k->load_ms >= -1 && k->load_ms <= most &&
         k->candidate == 0;
}

static hearth_status take_model(hearth_plugin *plugin, hearth_source *in) {
  char name[256];
  uint64_t len = 0;
  known k;
  uint32_t id = 0;
  hearth_status status = take(in, &len, sizeof len);
  if (status == HEARTH_OK && (len == 0 || len > sizeof name)) {
    status = HEARTH_BAD_PAYLOAD;
  }
  if (status == HEARTH_OK) {
    status = take(in, name, len);
  }
  if (status == HEARTH_OK) {
    status = take(in, &k, sizeof k);
  }
  if (status == HEARTH_OK && !is_sane(&k)) {
    status = HEARTH_BAD_PAYLOAD;
  }
  void *grown = plugin->known;
  if (status == HEARTH_OK) {
    status = hearth_grow(&plugin->memory, &grown, &plugin->known_cap,
                         hearth_names_count(plugin->names) + 1,
                         sizeof *plugin->known);
    plugin->known = grown;
  }
  if (status == HEARTH_OK) {
    status = hearth_names_add(plugin->names, (hearth_str){name, len}, &id);
  }
  if (status == HEARTH_OK) {
    plugin->known[id] = k;
    plugin->total += k.requests;
  }
  return status;
}

/* What is a candidate is the catalog's word: it stays. */
static hearth_status keep_candidates(hearth_plugin *to,
                                     const hearth_plugin *from) {
  hearth_status status = HEARTH_OK;
  for (uint32_t i = 0;
       status == HEARTH_OK && i < hearth_names_count(from->names); i++) {
    const uint32_t count = hearth_names_count(to->names);
    uint32_t id = 0;
    void *grown = to->known;
    status = hearth_grow(&to->memory, &grown, &to->known_cap, count + 1,
                         sizeof *to->known);
    to->known = grown;
    if (status == HEARTH_OK) {
      status = hearth_names_add(to->names, hearth_names_text(from->names, i),
                                &id);
    }
    if (status == HEARTH_OK && id == count) {
      to->known[id] = (known){0, -1, -1, 0};
    }
    if (status == HEARTH_OK) {
      to->known[id].candidate = from->known[i].candidate;
    }
  }
  return status;
}

hearth_status conforming_load(hearth_plugin *plugin, const hearth_call *call,
                              hearth_source *in) {
  char found[sizeof head];
  hearth_plugin *fresh = NULL;
  uint64_t count = 0;
  hearth_status status = conforming_create(NULL, plugin->host, call,
                                           (hearth_bytes){NULL, 0}, &fresh);
  if (status != HEARTH_OK) {
    return status;
  }
  status = take(in, found, sizeof found);
  if (status == HEARTH_OK && memcmp(found, head, sizeof head) != 0) {
    status = HEARTH_STATE_VERSION;
  }
  if (status == HEARTH_OK) {
    status = take(in, &count, sizeof count);
  }
  if (status == HEARTH_OK) {
    status = take(in, fresh->seen, sizeof fresh->seen);
  }
  for (; status == HEARTH_OK && count > 0; count--) {
    status = take_model(fresh, in);
  }
  if (status == HEARTH_OK) {
    status = keep_candidates(fresh, plugin);
  }
  if (status == HEARTH_OK) {
    const hearth_plugin old = *plugin;
    *plugin = *fresh;
    *fresh = old;
  }
  conforming_destroy(fresh);
  return status;
}
