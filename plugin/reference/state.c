/* SPDX-License-Identifier: MIT
   The references' learned state, as bytes that any machine can read. */
#include <string.h>

#include "plugin/reference/inside.h"

/* Little-endian words of 8 bytes: a magic number, the length of the plugin's id
   and the id, the words an instance and a model have, the instance's own, the
   count of models; of each its name, FIELDS of the base, and its own words. */
enum { FIELDS = 8, MAX_NAME = 65536 };
static const uint64_t magic = 0x3165746174736872u; /* "rhstate1" */

/* A stream in either direction; the first failure stays. */
struct stream {
  hearth_sink *sink;
  hearth_source *source;
  hearth_status status;
};

static void put(struct stream *to, const void *data, uint64_t len) {
  if (to->status == HEARTH_OK && len > 0) {
    to->status = to->sink->write(to->sink, data, len);
  }
}

static void put_word(struct stream *to, uint64_t word) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; i++) {
    bytes[i] = (uint8_t)(word >> (8 * i));
  }
  put(to, bytes, sizeof bytes);
}

static void get(struct stream *from, void *data, uint64_t len) {
  uint8_t *at = data;
  memset(data, 0, (size_t)len);
  while (from->status == HEARTH_OK && len > 0) {
    uint64_t got = 0;
    from->status = from->source->read(from->source, at, len, &got);
    if (from->status == HEARTH_OK && (got == 0 || got > len)) {
      from->status = HEARTH_BAD_PAYLOAD;
      return;
    }
    at += got;
    len -= got;
  }
}

static uint64_t get_word(struct stream *from) {
  uint8_t bytes[8];
  uint64_t word = 0;
  get(from, bytes, sizeof bytes);
  for (int i = 0; i < 8; i++) {
    word |= (uint64_t)bytes[i] << (8 * i);
  }
  return word;
}

static void put_words(struct stream *to, const uint64_t *words, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    put_word(to, words[i]);
  }
}

static void get_words(struct stream *from, uint64_t *words, uint32_t n) {
  for (uint32_t i = 0; i < n; i++) {
    words[i] = get_word(from);
  }
}

/* The fields of the base, to and from words. */
static void to_words(const reference_model *model, uint64_t words[FIELDS]) {
  memcpy(&words[0], &model->load_ms, sizeof words[0]);
  memcpy(&words[1], &model->score, sizeof words[1]);
  words[2] = (uint64_t)model->last_used;
  words[3] = (uint64_t)model->idle_since;
  words[4] = (uint64_t)model->keep_for;
  words[5] = model->arrived;
  words[6] = model->requests;
  words[7] = (uint64_t)model->measured;
}

static int64_t within(uint64_t word, int64_t least) {
  const int64_t most = (int64_t)1 << 53;
  const int64_t value = (int64_t)word;
  return value < least || value > most ? least : value;
}

/* What no plugin would have written is brought within bounds. */
static void from_words(reference_model *model, const uint64_t words[FIELDS]) {
  const int64_t earliest = -((int64_t)1 << 53);
  double load_ms = 0;
  memcpy(&load_ms, &words[0], sizeof load_ms);
  if (words[7] && load_ms >= 0 && load_ms < 1e15) {
    model->load_ms = load_ms;
    model->measured = 1;
  }
  memcpy(&model->score, &words[1], sizeof words[1]);
  if ((int64_t)words[2] != REFERENCE_NEVER) {
    model->last_used = within(words[2], earliest);
  }
  if ((int64_t)words[3] != REFERENCE_NEVER) {
    model->idle_since = within(words[3], earliest);
  }
  model->keep_for = within(words[4], -1);
  model->arrived = words[5] >> 53 ? 0 : words[5];
  model->requests = words[6] >> 53 ? 0 : words[6];
}

hearth_status reference_save(hearth_plugin *ref, const hearth_call *call,
                             hearth_sink *out) {
  (void)call;
  if (!ref || !out) {
    return HEARTH_BAD_ARG;
  }
  struct stream to = {.sink = out};
  const uint32_t own = ref->policy->model_words;
  put_word(&to, magic);
  put_word(&to, strlen(ref->entry->id));
  put(&to, ref->entry->id, strlen(ref->entry->id));
  put_word(&to, ref->policy->self_words);
  put_word(&to, own);
  put_words(&to, ref->self, ref->policy->self_words);
  put_word(&to, reference_count(ref));
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    const hearth_str name = hearth_names_text(ref->names, id);
    uint64_t words[FIELDS];
    put_word(&to, name.len);
    put(&to, name.data, name.len);
    to_words(&ref->models[id], words);
    put_words(&to, words, FIELDS);
    put_words(&to, ref->own + (uint64_t)id * own, own);
  }
  return to.status;
}

/* Whether the state is one of this plugin, of this version. */
static void read_header(struct stream *from, const reference *ref) {
  char id[256] = "";
  const uint64_t read_magic = get_word(from);
  const uint64_t len = get_word(from);
  if (from->status != HEARTH_OK) {
    return;
  }
  if (read_magic != magic || len != strlen(ref->entry->id) ||
      len >= sizeof id) {
    from->status = HEARTH_STATE_VERSION;
    return;
  }
  get(from, id, len);
  const uint64_t self_words = get_word(from);
  const uint64_t own_words = get_word(from);
  if (from->status == HEARTH_OK && (memcmp(id, ref->entry->id, len) != 0 ||
                                    self_words != ref->policy->self_words ||
                                    own_words != ref->policy->model_words)) {
    from->status = HEARTH_STATE_VERSION;
  }
}

static void read_name(struct stream *from, reference *ref, uint32_t *id) {
  const uint64_t len = get_word(from);
  if (from->status == HEARTH_OK && len > MAX_NAME) {
    from->status = HEARTH_BAD_PAYLOAD;
  }
  if (from->status != HEARTH_OK) {
    return;
  }
  char *name = hearth_zalloc(&ref->memory, 1, (size_t)len + 1);
  if (!name) {
    from->status = HEARTH_NO_MEMORY;
    return;
  }
  get(from, name, len);
  if (from->status == HEARTH_OK) {
    from->status = reference__model(ref, (hearth_str){name, len}, id);
  }
  hearth_release(&ref->memory, name);
}

static void read_models(struct stream *from, reference *ref) {
  const uint32_t own = ref->policy->model_words;
  for (uint64_t left = get_word(from); from->status == HEARTH_OK && left > 0;
       left--) {
    uint64_t words[FIELDS];
    uint32_t id = 0;
    read_name(from, ref, &id);
    if (from->status == HEARTH_OK) {
      get_words(from, words, FIELDS);
      get_words(from, ref->own + (uint64_t)id * own, own);
      from_words(&ref->models[id], words);
    }
  }
}

/* The catalog is the host's word, not what was learned: it stays. */
static hearth_status keep_catalog(reference *to, const reference *from) {
  hearth_status status = HEARTH_OK;
  to->has_catalog = from->has_catalog;
  for (uint32_t i = 0; status == HEARTH_OK && i < reference_count(from); i++) {
    uint32_t id = 0;
    status = reference__model(to, hearth_names_text(from->names, i), &id);
    if (status == HEARTH_OK) {
      to->models[id].memory_mb = from->models[i].memory_mb;
      to->models[id].load_ms = from->models[i].load_ms;
      to->models[id].candidate = from->models[i].candidate;
    }
  }
  return status;
}

static void rebuild_order(reference *ref) {
  for (uint32_t id = 0; id < reference_count(ref); id++) {
    const uint64_t arrived = ref->models[id].arrived;
    if (arrived > 0) {
      ref->arrivals = arrived > ref->arrivals ? arrived : ref->arrivals;
      ref->order[ref->order_count++] = id;
      reference__rank(ref, id);
    }
  }
  ref->list_all = 1;
}

hearth_status reference_load(hearth_plugin *ref, const hearth_call *call,
                             hearth_source *in) {
  (void)call;
  if (!ref || !in) {
    return HEARTH_BAD_ARG;
  }
  reference *fresh = NULL;
  struct stream from = {.source = in};
  from.status =
      reference__new(ref->policy, ref->entry, ref->host, &ref->config, &fresh);
  if (from.status == HEARTH_OK) {
    from.status = keep_catalog(fresh, ref);
  }
  if (from.status == HEARTH_OK) {
    read_header(&from, fresh);
  }
  if (from.status == HEARTH_OK) {
    get_words(&from, fresh->self, fresh->policy->self_words);
    read_models(&from, fresh);
  }
  if (from.status == HEARTH_OK) {
    if (fresh->policy->configure) { /* settings are not learned either */
      fresh->policy->configure(fresh, &fresh->config);
    }
    rebuild_order(fresh);
    const reference old = *ref;
    *ref = *fresh;
    *fresh = old;
  }
  reference_destroy(fresh);
  return from.status;
}
