/* SPDX-License-Identifier: MIT
   Room to write an answer in: each call takes a desk, and gives it back. */
#include "plugin/foresight/inside.h"

foresight_desk *foresight__desk_take(hearth_plugin *f) {
  hearth_mutex_lock(f->locks.desks);
  foresight_desk *desk = f->desks;
  if (desk != NULL) {
    f->desks = desk->next;
  }
  hearth_mutex_unlock(f->locks.desks);
  return desk != NULL ? desk : hearth_zalloc(&f->memory, 1, sizeof *desk);
}

void foresight__desk_give(hearth_plugin *f, foresight_desk *desk) {
  hearth_mutex_lock(f->locks.desks);
  desk->next = f->desks;
  f->desks = desk;
  hearth_mutex_unlock(f->locks.desks);
}

void foresight__desks_free(hearth_plugin *f) {
  while (f->desks != NULL) {
    foresight_desk *desk = f->desks;
    f->desks = desk->next;
    hearth_release(&f->memory, desk->lines);
    hearth_release(&f->memory, desk->ranked);
    hearth_release(&f->memory, desk->priced);
    hearth_release(&f->memory, desk->reasons);
    hearth_release(&f->memory, desk->residents);
    hearth_release(&f->memory, desk);
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
