/* SPDX-License-Identifier: MIT
   The signals of Foresight that can be switched off, by name. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/ablate.h"

#include <stddef.h>
#include <string.h>

#include "plugin/foresight/budget/budget.h"
#include "plugin/foresight/next/next.h"
#include "plugin/foresight/price/price.h"
#include "plugin/foresight/within/within.h"

typedef struct named {
  char name[20]; /* in place: a pointer takes a relocation besides */
  uint32_t bits;
} named;

static const named next_signals[] = {
    {"next-popularity", 1u << FORESIGHT_NEXT_POPULARITY},
    {"next-habit", 1u << FORESIGHT_NEXT_HABIT},
    {"next-sequence", 1u << FORESIGHT_NEXT_SEQUENCE},
    {"next-task", 1u << FORESIGHT_NEXT_TASK},
    {"next-length", 1u << FORESIGHT_NEXT_LENGTH},
    {"next-time", 1u << FORESIGHT_NEXT_TIME},
    {"next-session", 1u << FORESIGHT_NEXT_SESSION},
    {"next-project", 1u << FORESIGHT_NEXT_PROJECT}};

static const named within_signals[] = {
    {"within-base", 1u << FORESIGHT_WITHIN_BASE},
    {"within-burst", 1u << FORESIGHT_WITHIN_BURST},
    {"within-events", 1u << FORESIGHT_WITHIN_EVENTS},
    {"within-pool", 1u << FORESIGHT_WITHIN_POOL},
    {"within-rates", 1u << FORESIGHT_WITHIN_RATES},
    {"within-users", 1u << FORESIGHT_WITHIN_USERS},
    {"within-days", 1u << FORESIGHT_WITHIN_DAYS},
    {"within-tables", 1u << FORESIGHT_WITHIN_TABLES},
    {"within-links", 1u << FORESIGHT_WITHIN_LINKS},
    {"within-traffic", 1u << FORESIGHT_WITHIN_TRAFFIC},
    {"within-gaps", 1u << FORESIGHT_WITHIN_GAPS},
    {"within-maps", 1u << FORESIGHT_WITHIN_MAPS}};

static const named budget_signals[] = {
    {"budget-prewarm", FORESIGHT_BUDGET_NO_PREWARM},
    {"budget-ghosts", FORESIGHT_BUDGET_NO_GHOSTS},
    {"budget-residuals", FORESIGHT_BUDGET_NO_RESIDUALS},
    {"budget-bursts", FORESIGHT_BUDGET_NO_BURSTS},
    {"budget-unseen", FORESIGHT_BUDGET_NO_UNSEEN},
    {"budget-trust", FORESIGHT_BUDGET_NO_TRUST},
    {"budget-users", FORESIGHT_BUDGET_NO_USERS},
    {"budget-minute", FORESIGHT_BUDGET_NO_TABLE_0 << 0},
    {"budget-after", FORESIGHT_BUDGET_NO_TABLE_0 << 1},
    {"budget-habit", FORESIGHT_BUDGET_NO_TABLE_0 << 2},
    {"budget-left", FORESIGHT_BUDGET_NO_TABLE_0 << 3},
    {"budget-idle", FORESIGHT_BUDGET_NO_TABLE_0 << 4}};

static const named price_signals[] = {
    {"price-stop", FORESIGHT_PRICE_OFF_STOP},
    {"price-prewarm", FORESIGHT_PRICE_OFF_PREWARM},
    {"price-holds", FORESIGHT_PRICE_OFF_HOLDS},
    {"price-floor", FORESIGHT_PRICE_OFF_FLOOR},
    {"price-mixing", FORESIGHT_PRICE_OFF_MIXING},
    {"price-users", FORESIGHT_PRICE_OFF_USERS},
    {"price-queue", FORESIGHT_PRICE_OFF_QUEUE},
    {"price-gaps", FORESIGHT_PRICE_OFF_GAPS}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct head {
  const named *signals;
  size_t count;
  size_t mask; /* in foresight_ablation */
} heads[] = {
    {next_signals, COUNT(next_signals), offsetof(foresight_ablation, next)},
    {within_signals, COUNT(within_signals),
     offsetof(foresight_ablation, within)},
    {budget_signals, COUNT(budget_signals),
     offsetof(foresight_ablation, budget)},
    {price_signals, COUNT(price_signals),
     offsetof(foresight_ablation, price)}};

/* Whether the name begins as the head's do, "next-". */
static int is_of(const struct head *head, hearth_str name) {
  const char *first = head->signals[0].name;
  size_t len = 1;
  while (first[len - 1] != '-') {
    len++;
  }
  return name.len >= len && memcmp(name.data, first, len) == 0;
}

/* Text that grows in a buffer, cut where that is full. */
typedef struct text {
  char *at;
  uint64_t cap, len;
} text;

static void append(text *t, const char *words, uint64_t len) {
  const uint64_t room = t->cap - 1 - t->len;
  len = len < room ? len : room;
  memcpy(t->at + t->len, words, (size_t)len);
  t->len += len;
  t->at[t->len] = '\0';
}

static void append_words(text *t, const char *words) {
  append(t, words, strlen(words));
}

/* The message of a call has room for one head's signals, not for all. */
static void complain(hearth_str name, char *err, uint64_t err_cap) {
  if (err == NULL || err_cap == 0) {
    return;
  }
  const struct head *head = NULL;
  for (size_t h = 0; h < COUNT(heads); h++) {
    head = is_of(&heads[h], name) ? &heads[h] : head;
  }
  text t = {err, err_cap, 0};
  append_words(&t, "ablate: no signal is named '");
  append(&t, name.data, name.len < 40 ? name.len : 40);
  if (head == NULL) {
    append_words(&t, "'; the names begin with next-, within-, budget- or "
                     "price-");
    return;
  }
  append_words(&t, "'; there are");
  for (size_t i = 0; i < head->count; i++) {
    append_words(&t, i == 0 ? " " : ", ");
    append_words(&t, head->signals[i].name);
  }
}

static int switch_off(hearth_str name, foresight_ablation *off) {
  for (size_t h = 0; h < COUNT(heads); h++) {
    for (size_t i = 0; i < heads[h].count; i++) {
      const named *s = &heads[h].signals[i];
      if (strlen(s->name) == name.len &&
          memcmp(s->name, name.data, (size_t)name.len) == 0) {
        uint32_t *mask = (uint32_t *)(void *)((char *)off + heads[h].mask);
        *mask |= s->bits;
        return 1;
      }
    }
  }
  return 0;
}

/* Cut the first name off, without the spaces around it. */
static hearth_str cut(hearth_str *rest) {
  uint64_t end = 0, begin = 0;
  while (end < rest->len && rest->data[end] != ',') {
    end++;
  }
  uint64_t stop = end;
  while (begin < stop && rest->data[begin] == ' ') {
    begin++;
  }
  while (stop > begin && rest->data[stop - 1] == ' ') {
    stop--;
  }
  const hearth_str name = {rest->data + begin, stop - begin};
  end += end < rest->len;
  *rest = (hearth_str){rest->data + end, rest->len - end};
  return name;
}

hearth_status foresight__ablate(hearth_str names, foresight_ablation *out,
                                char *err, uint64_t err_cap) {
  foresight_ablation off = {0, 0, 0, 0};
  while (names.len > 0) {
    const hearth_str name = cut(&names);
    if (name.len > 0 && !switch_off(name, &off)) {
      complain(name, err, err_cap);
      return HEARTH_BAD_PAYLOAD;
    }
  }
  *out = off;
  return HEARTH_OK;
}

/* Names are shorter than 32 bytes, and there are fewer than 65,536. */
hearth_status foresight__signals(hearth_plugin *plugin, hearth_sink *out) {
  size_t all = 0;
  (void)plugin;
  for (size_t h = 0; h < COUNT(heads); h++) {
    all += heads[h].count;
  }
  const uint8_t array[] = {0xdc, (uint8_t)(all >> 8), (uint8_t)all};
  hearth_status status = out->write(out, array, sizeof array);
  for (size_t h = 0; h < COUNT(heads); h++) {
    for (size_t i = 0; status == HEARTH_OK && i < heads[h].count; i++) {
      const char *name = heads[h].signals[i].name;
      const uint8_t fixstr = (uint8_t)(0xa0 | strlen(name));
      status = out->write(out, &fixstr, 1);
      if (status == HEARTH_OK) {
        status = out->write(out, name, strlen(name));
      }
    }
  }
  return status;
}
