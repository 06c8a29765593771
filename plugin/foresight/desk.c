/* SPDX-License-Identifier: MIT
   Room to write an answer in: each call takes a desk, and gives it back. */
#include "plugin/foresight/inside.h"
#include "plugin/sdk/hint.h"
#include "plugin/sdk/lock.h"

/* Each thread looks first where it left its own. */
static foresight_desk *take(hearth_plugin *f) {
  const uint32_t own = hearth_thread_number();
  for (uint32_t i = 0; i < FORESIGHT_DESKS; i++) {
    foresight_desk *desk =
        atomic_exchange(&f->desks[(own + i) % FORESIGHT_DESKS].desk, NULL);
    if (desk != NULL) {
      return desk;
    }
  }
  return hearth_zalloc(&f->memory, 1, sizeof(foresight_desk));
}

static void free_desk(const hearth_plugin *f, foresight_desk *desk) {
  hearth_release(&f->memory, desk->lines);
  hearth_release(&f->memory, desk->ranked);
  hearth_release(&f->memory, desk->priced);
  hearth_release(&f->memory, desk->reasons);
  hearth_release(&f->memory, desk->residents);
  hearth_release(&f->memory, desk);
}

static void give(hearth_plugin *f, foresight_desk *desk) {
  const uint32_t own = hearth_thread_number();
  for (uint32_t i = 0; i < FORESIGHT_DESKS; i++) {
    foresight_desk *none = NULL;
    if (atomic_compare_exchange_strong(
            &f->desks[(own + i) % FORESIGHT_DESKS].desk, &none, desk)) {
      return;
    }
  }
  free_desk(f, desk);
}

hearth_status foresight__at_desk(hearth_plugin *f, foresight_answerer *answer,
                                 const foresight_ask *ask) {
  hearth_status status;
  int answering;
  do {
    foresight_desk *desk = take(f);
    if (desk == NULL) {
      status = HEARTH_NO_MEMORY;
      answering = 0;
    } else {
      desk->answering = 0;
      status = answer(f, desk, ask);
      answering = desk->answering;
      give(f, desk);
    }
  } while (status == HEARTH_NO_MEMORY && !answering && foresight__give_way(f));
  return status;
}

foresight_place *foresight__place(hearth_plugin *f) {
  return &f->desks[hearth_thread_number() % FORESIGHT_DESKS];
}

uint64_t foresight__outcomes(const hearth_plugin *f) {
  uint64_t sum = 0;
  for (uint32_t i = 0; i < FORESIGHT_DESKS; i++) {
    sum += atomic_load(&f->desks[i].outcomes);
  }
  return sum;
}

HEARTH_SELDOM void foresight__desks_free(hearth_plugin *f) {
  for (uint32_t i = 0; i < FORESIGHT_DESKS; i++) {
    foresight_desk *desk = atomic_exchange(&f->desks[i].desk, NULL);
    if (desk != NULL) {
      free_desk(f, desk);
    }
  }
}

hearth_status foresight__desk_lines(const hearth_plugin *f,
                                    foresight_desk *desk, uint32_t count) {
  uint32_t ranked = desk->room, priced = desk->room, lines = desk->room;
  if (count <= desk->room) {
    return HEARTH_OK;
  }
  if (hearth_grow(&f->memory, (void **)&desk->ranked, &ranked, count,
                  sizeof *desk->ranked) != HEARTH_OK ||
      hearth_grow(&f->memory, (void **)&desk->priced, &priced, count,
                  sizeof *desk->priced) != HEARTH_OK ||
      hearth_grow(&f->memory, (void **)&desk->lines, &lines, count,
                  sizeof *desk->lines) != HEARTH_OK) {
    return HEARTH_NO_MEMORY;
  }
  desk->room = lines;
  return HEARTH_OK;
}

hearth_status foresight__desk_reasons(const hearth_plugin *f,
                                      foresight_desk *desk, uint32_t count) {
  return hearth_grow(&f->memory, (void **)&desk->reasons, &desk->explained,
                     count, HEARTH_MAX_REASONS * sizeof *desk->reasons);
}

hearth_status foresight__desk_residents(const hearth_plugin *f,
                                        foresight_desk *desk, uint32_t count) {
  return hearth_grow(&f->memory, (void **)&desk->residents,
                     &desk->resident_room, count, sizeof *desk->residents);
}
