/* SPDX-License-Identifier: MIT
   Fields of a state that are more than a word: counts, lists, texts. */
#include "plugin/sdk/cold.h"

#include "plugin/sdk/state.h"

/* Of what follows, not a value: no fuzz target may twist it. */
static void number(hearth_state *s, const char *field, uint32_t *x,
                   uint32_t least, uint32_t most) {
  const uint32_t y =
      (uint32_t)hearth__state_word(s, *x > most ? most : *x, sizeof *x);
  if (y < least || y > most) {
    hearth__state_out_of_range(s, field);
  } else if (!hearth_state_saving(s) && hearth_state_ok(s)) {
    *x = y;
  }
}

uint32_t hearth_state_count(hearth_state *s, const char *field, uint32_t *count,
                            uint32_t most) {
  uint32_t n = *count;
  number(s, field, &n, 0, most);
  n = !hearth_state_ok(s) ? 0 : n < most ? n : most;
  if (!hearth_state_saving(s)) {
    *count = n;
  }
  return n;
}

void hearth_state_ids(hearth_state *s, const char *field, uint32_t *ids,
                      uint32_t count, uint32_t limit, uint8_t *taken) {
  for (uint32_t i = 0; i < count && hearth_state_ok(s); i++) {
    number(s, field, &ids[i], 0, limit > 0 ? limit - 1 : 0);
    if (!hearth_state_ok(s)) {
      return;
    }
    if (taken[ids[i]]) {
      hearth_state_refuse(s, field, "one is there twice");
      return;
    }
    taken[ids[i]] = 1;
  }
}

int hearth_state_next(hearth_state *s, const char *field, uint32_t *i,
                      uint32_t n, int (*used)(const void *table, uint32_t i),
                      const void *table) {
  uint32_t next = *i;
  while (hearth_state_saving(s) && next < n && !used(table, next)) {
    next++;
  }
  if (hearth_state_ok(s)) {
    number(s, field, &next, *i, n);
  }
  *i = next;
  return hearth_state_ok(s) && next < n;
}

hearth_str hearth_state_text(hearth_state *s, const char *field,
                             hearth_str text, char *room) {
  uint32_t len = (uint32_t)text.len;
  len = hearth_state_count(s, field, &len, HEARTH_STATE_MOST_TEXT);
  for (uint32_t done = 0; done < len;) {
    if (s->at == s->len && !hearth__state_turn(s)) {
      return (hearth_str){NULL, 0};
    }
    uint32_t part = s->len - s->at;
    part = part < len - done ? part : len - done;
    if (hearth_state_saving(s)) {
      memcpy(s->block + s->at, text.data + done, part);
    } else {
      memcpy(room + done, s->block + s->at, part);
    }
    s->at += part;
    done += part;
  }
  return hearth_state_saving(s) ? text : (hearth_str){room, len};
}
