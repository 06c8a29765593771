/* SPDX-License-Identifier: MIT
   What a worker tells of itself and of its plugin. */
#include "host-sdk/worker/hello.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_facts(hearth__raw_writer *out, const hearth__facts *facts) {
  hearth__raw_write_u32(out, facts->is);
  hearth__raw_write_u32(out, facts->landlock);
  hearth__raw_write_u64(out, facts->memory);
  hearth__raw_write_u64(out, facts->cpu);
  hearth__raw_write_u64(out, facts->files);
  hearth__raw_write_text(out, facts->notes);
}

static void read_facts(hearth__raw_reader *in, hearth__facts *facts) {
  char *notes;

  facts->is = hearth__raw_read_u32(in);
  facts->landlock = hearth__raw_read_u32(in);
  facts->memory = hearth__raw_read_u64(in);
  facts->cpu = hearth__raw_read_u64(in);
  facts->files = hearth__raw_read_u64(in);
  notes = hearth__raw_read_text(in, sizeof(facts->notes) - 1);
  (void)snprintf(facts->notes, sizeof(facts->notes), "%s", notes ? notes : "");
  free(notes);
}

void hearth__hello_write(hearth__raw_writer *out, const hearth__facts *facts,
                         const hearth_plugin_entry *entry) {
  uint32_t count = 0;

  write_facts(out, facts);
  hearth__raw_write_u32(out, entry->abi_minor);
  hearth__raw_write_u64(out, entry->caps);
  hearth__raw_write_text(out, entry->id);
  hearth__raw_write_text(out, entry->name);
  hearth__raw_write_text(out, entry->vendor);
  hearth__raw_write_text(out, entry->version);
  hearth__raw_write_text(out, entry->description);
  while (entry->host_requires && entry->host_requires[count]) {
    ++count;
  }
  hearth__raw_write_u32(out, count);
  for (uint32_t i = 0; i < count; ++i) {
    hearth__raw_write_text(out, entry->host_requires[i]);
  }
}

/* Texts that must be there and say something. */
static int complete(const hearth__identity *identity) {
  const char *const *texts = (const char *const *)identity->texts;

  return texts[0] && *texts[0] && texts[1] && *texts[1] && texts[3] &&
         *texts[3];
}

static void read_requires(hearth__raw_reader *in, hearth__identity *out) {
  uint32_t count = hearth__raw_read_u32(in);

  if (in->bad || count > HEARTH__REQUIRES_MOST) {
    in->bad = 1;
    return;
  }
  if (!count) {
    return;
  }
  out->extension = calloc((size_t)count + 1, sizeof(*out->extension));
  for (uint32_t i = 0; out->extension && i < count; ++i) {
    out->extension[i] = hearth__raw_read_text(in, HEARTH__TEXT_MOST);
    in->bad |= !out->extension[i];
  }
  if (!out->extension) {
    in->bad = in->no_memory = 1;
  }
}

int hearth__hello_read(hearth_bytes body, hearth__facts *facts,
                       hearth__identity *out) {
  hearth__raw_reader in = {body, 0, 0};

  memset(out, 0, sizeof(*out));
  read_facts(&in, facts);
  out->entry.size = (uint32_t)sizeof(out->entry);
  out->entry.abi_minor = hearth__raw_read_u32(&in);
  out->entry.caps = hearth__raw_read_u64(&in);
  for (int i = 0; i < 5; ++i) {
    out->texts[i] = hearth__raw_read_text(&in, HEARTH__TEXT_MOST);
  }
  read_requires(&in, out);
  if (in.bad || in.rest.len || !complete(out)) {
    hearth__identity_free(out);
    return in.no_memory ? -1 : 0;
  }
  out->entry.id = out->texts[0];
  out->entry.name = out->texts[1];
  out->entry.vendor = out->texts[2];
  out->entry.version = out->texts[3];
  out->entry.description = out->texts[4];
  out->entry.host_requires = (const char *const *)out->extension;
  return 1;
}

int hearth__identity_same(const hearth__identity *one,
                          const hearth__identity *other) {
  return one->entry.caps == other->entry.caps &&
         strcmp(one->entry.id, other->entry.id) == 0 &&
         strcmp(one->entry.version, other->entry.version) == 0;
}

void hearth__identity_free(hearth__identity *identity) {
  for (int i = 0; i < 5; ++i) {
    free(identity->texts[i]);
  }
  for (char **at = identity->extension; at && *at; ++at) {
    free(*at);
  }
  free(identity->extension);
  memset(identity, 0, sizeof(*identity));
}

void hearth__function_write(hearth__raw_writer *out,
                            const hearth_function *function) {
  hearth__raw_write_u32(out, function->flags);
  hearth__raw_write_text(out, function->name);
  hearth__raw_write_text(out, function->signature);
  hearth__raw_write_text(out, function->help);
}

int hearth__functions_read(hearth__raw_reader *in, hearth__functions *out) {
  uint32_t count = hearth__raw_read_u32(in);

  if (in->bad || count > HEARTH__REFLECTED_MOST) {
    return 0;
  }
  out->list = count ? calloc(count, sizeof(*out->list)) : NULL;
  if (count && !out->list) {
    in->no_memory = 1;
    return 0;
  }
  out->count = count;
  for (uint32_t i = 0; i < count; ++i) {
    out->list[i].size = (uint32_t)sizeof(*out->list);
    out->list[i].flags = hearth__raw_read_u32(in);
    out->list[i].name = hearth__raw_read_text(in, HEARTH__TEXT_MOST);
    out->list[i].signature = hearth__raw_read_text(in, HEARTH__TEXT_MOST);
    out->list[i].help = hearth__raw_read_text(in, HEARTH__TEXT_MOST);
  }
  if (in->bad) {
    hearth__functions_free(out);
    return 0;
  }
  return 1;
}

void hearth__functions_free(hearth__functions *functions) {
  for (uint32_t i = 0; i < functions->count; ++i) {
    free((char *)functions->list[i].name);
    free((char *)functions->list[i].signature);
    free((char *)functions->list[i].help);
  }
  free(functions->list);
  functions->list = NULL;
  functions->count = 0;
}
