/* SPDX-License-Identifier: MIT
   What the head `next` is told while others are predicting with it. */
#include "plugin/foresight/inside.h"
#include "plugin/sdk/hint.h"

/* How many notes one call learns of: others made them. */
enum { SLICE = 16, LEAST_RING = 32 };

/* Whether a note does.  What stays as it was is not written: all look there. */
static void needs_frame(foresight_inbox *inbox, uint32_t place, int needs) {
  if (atomic_load_explicit(&inbox->used[place], memory_order_relaxed) !=
      needs) {
    atomic_store_explicit(&inbox->used[place], needs, memory_order_relaxed);
  }
}

static void learn(hearth_plugin *f, const foresight_note *note) {
  if (note->ended) {
    foresight_next_finished(f->next, (uint64_t)note->request.user, note->model,
                            note->duration_ms, note->place);
  } else {
    foresight_next_learn(f->next, &note->request, note->model, note->place);
    needs_frame(&f->inbox, note->place, 0);
  }
}

static uint32_t waiting(const foresight_inbox *inbox) {
  return atomic_load_explicit(&inbox->count, memory_order_acquire);
}

static int is_saved(const foresight_inbox *inbox) {
  return atomic_load_explicit(&inbox->saving, memory_order_relaxed);
}

static void set_waiting(foresight_inbox *inbox, uint32_t count) {
  atomic_store_explicit(&inbox->count, count, memory_order_release);
}

/* A ring of `cap` notes, with those of the old one at its beginning.  Not
   zeroed: a large one must cost nothing yet.  locks.notes is held. */
HEARTH_SELDOM static int move_to(hearth_plugin *f, uint32_t cap) {
  foresight_inbox *inbox = &f->inbox;
  foresight_note *ring = hearth_resize(&f->memory, NULL, cap * sizeof *ring);
  if (ring == NULL) {
    return -1;
  }
  for (uint32_t i = 0; i < waiting(inbox); i++) {
    ring[i] = inbox->ring[(inbox->first + i) % inbox->cap];
  }
  hearth_release(&f->memory, inbox->ring);
  inbox->ring = ring;
  inbox->cap = cap;
  inbox->first = 0;
  return 0;
}

HEARTH_SELDOM static void shrink(hearth_plugin *f) {
  foresight_inbox *inbox = &f->inbox;
  if (waiting(inbox) == 0 && inbox->cap > LEAST_RING && !is_saved(inbox)) {
    hearth_release(&f->memory, inbox->ring);
    inbox->ring = NULL;
    inbox->cap = inbox->first = 0;
  }
}

HEARTH_SELDOM void foresight__expect_notes(hearth_plugin *f) {
  atomic_store(&f->inbox.saving, 1);
  hearth_mutex_lock(f->locks.notes);
  if (f->inbox.cap < FORESIGHT_NOTES_SAVING) {
    (void)move_to(f, FORESIGHT_NOTES_SAVING);
  }
  hearth_mutex_unlock(f->locks.notes);
}

static int has_room(hearth_plugin *f, uint32_t count) {
  const uint32_t cap = f->inbox.cap;
  return count < cap || (cap < FORESIGHT_NOTES_SAVING &&
                         move_to(f, cap ? cap * 2 : LEAST_RING) == 0);
}

/* 0, or -1 where the bound is reached or memory fails. */
static int note_down(hearth_plugin *f, const foresight_note *note) {
  foresight_inbox *inbox = &f->inbox;
  hearth_mutex_lock(f->locks.notes);
  const uint32_t count = waiting(inbox);
  const int failed = !has_room(f, count);
  if (!failed) {
    inbox->ring[(inbox->first + count) % inbox->cap] = *note;
    if (!note->ended) {
      needs_frame(inbox, note->place, 1);
    }
    set_waiting(inbox, count + 1);
  }
  hearth_mutex_unlock(f->locks.notes);
  return failed ? -1 : 0;
}

/* The oldest note; 0: there is none. */
static int take(hearth_plugin *f, foresight_note *note) {
  foresight_inbox *inbox = &f->inbox;
  hearth_mutex_lock(f->locks.notes);
  const uint32_t count = waiting(inbox);
  if (count > 0) {
    *note = inbox->ring[inbox->first];
    inbox->first = (inbox->first + 1) % inbox->cap;
    set_waiting(inbox, count - 1);
    shrink(f);
  }
  hearth_mutex_unlock(f->locks.notes);
  return count > 0;
}

/* What is noted of a user, in order. */
HEARTH_SELDOM static int view_notes(const hearth_plugin *f, uint32_t user,
                                    foresight_user_view *view, int known) {
  const foresight_inbox *inbox = &f->inbox;
  hearth_mutex_lock(f->locks.notes);
  const uint32_t count = waiting(inbox);
  uint32_t i = count > FORESIGHT_NOTES_SEEN ? count - FORESIGHT_NOTES_SEEN : 0;
  for (; i < count; i++) {
    const foresight_note *note = &inbox->ring[(inbox->first + i) % inbox->cap];
    if (note->request.user != user) {
      continue;
    }
    if (!note->ended) {
      foresight_users_view_started(view, note->model, note->request.now_ms);
      known = 1;
    } else if (known) {
      foresight_users_view_finished(view, note->duration_ms);
    }
  }
  hearth_mutex_unlock(f->locks.notes);
  return known;
}

int foresight__view_user(const hearth_plugin *f, uint32_t user,
                         foresight_user_view *view) {
  const int known = foresight_users_view(f->users, user, view);
  return waiting(&f->inbox) == 0 ? known : view_notes(f, user, view, known);
}

/* `next` is had alone. */
static void learn_of_notes(hearth_plugin *f, uint32_t most) {
  foresight_note note;
  for (uint32_t i = 0; i < most && waiting(&f->inbox) > 0; i++) {
    if (take(f, &note)) {
      learn(f, &note);
    }
  }
}

void foresight__catch_up(hearth_plugin *f, int uses_frame) {
  foresight_inbox *inbox = &f->inbox;
  if (waiting(inbox) == 0) {
    return;
  }
  if (!hearth_shared_try_write(f->locks.next)) {
    if (!uses_frame || is_saved(inbox) ||
        !atomic_load_explicit(&inbox->used[foresight_next_place()],
                              memory_order_relaxed)) {
      return;
    }
    hearth_shared_write(f->locks.next);
  }
  learn_of_notes(f, SLICE);
  hearth_shared_write_end(f->locks.next);
}

/* `next` is had alone: in order, behind what waits. */
static void learn_in_turn(hearth_plugin *f, const foresight_note *note) {
  learn_of_notes(f, SLICE);
  if (waiting(&f->inbox) > 0 && note_down(f, note) == 0) {
    return;
  }
  learn_of_notes(f, UINT32_MAX);
  learn(f, note);
}

int foresight__try_next(hearth_plugin *f) {
  return hearth_shared_try_write(f->locks.next);
}

void foresight__learn_next(hearth_plugin *f, foresight_note note) {
  note.place = foresight_next_place();
  learn_in_turn(f, &note);
  hearth_shared_write_end(f->locks.next);
}

void foresight__tell(hearth_plugin *f, foresight_note note) {
  note.place = foresight_next_place();
  if (!foresight__try_next(f)) {
    const int may_wait =
        is_saved(&f->inbox) || waiting(&f->inbox) < FORESIGHT_NOTES;
    if (may_wait && note_down(f, &note) == 0) {
      return;
    }
    hearth_shared_write(f->locks.next);
  }
  foresight__learn_next(f, note);
}

HEARTH_SELDOM void foresight__alone(hearth_plugin *f) {
  hearth_striped_write(f->locks.shape);
  hearth_shared_write(f->locks.next);
  learn_of_notes(f, UINT32_MAX);
  foresight__clear_docket(f);
}

HEARTH_SELDOM void foresight__not_alone(hearth_plugin *f) {
  hearth_shared_write_end(f->locks.next);
  hearth_striped_write_end(f->locks.shape);
}

HEARTH_SELDOM void foresight__share_next(hearth_plugin *f) {
  hearth_shared_write_end(f->locks.next); /* nobody comes between: */
  hearth_shared_read(f->locks.next);
  hearth_striped_write_end(f->locks.shape);
}

HEARTH_SELDOM void foresight__unshare_next(hearth_plugin *f) {
  hearth_shared_read_end(f->locks.next);
  atomic_store(&f->inbox.saving, 0);
}
