/* SPDX-License-Identifier: MIT
   Users, sessions or requests, and what each costs under every arm. */
#include "host-sdk/experiment/units.h"

#include <stdio.h>
#include <string.h>

hearth_status hearth__units_init(hearth__units *u, int32_t kind,
                                 int64_t lasts_ms) {
  *u = (hearth__units){.memory = hearth_memory_of(NULL),
                       .kind = kind,
                       .lasts_ms = kind == HEARTH_UNIT_REQUEST ? 0 : lasts_ms,
                       .unit_free = HEARTH__NO_UNIT,
                       .first = HEARTH__NO_UNIT,
                       .last = HEARTH__NO_UNIT,
                       .flight_free = HEARTH__NO_UNIT};
  u->names = hearth_names_new(&u->memory, 1, 0);
  return u->names == NULL ? HEARTH_NO_MEMORY : HEARTH_OK;
}

void hearth__units_free(hearth__units *u) {
  hearth_names_free(u->names);
  hearth_release(&u->memory, u->open);
  hearth_release(&u->memory, u->split_in);
  hearth_release(&u->memory, u->units);
  hearth_release(&u->memory, u->flights);
  *u = (hearth__units){0};
}

hearth_str hearth__unit_text(int32_t kind, hearth_str user, hearth_str session,
                             hearth_str request_id) {
  if (kind == HEARTH_UNIT_SESSION && session.len > 0) {
    return session;
  }
  return kind != HEARTH_UNIT_REQUEST && user.len > 0 ? user : request_id;
}

static void leave_list(hearth__units *u, uint32_t unit) {
  const hearth__unit *at = &u->units[unit];
  *(at->before == HEARTH__NO_UNIT ? &u->first : &u->units[at->before].after) =
      at->after;
  *(at->after == HEARTH__NO_UNIT ? &u->last : &u->units[at->after].before) =
      at->before;
  u->count--;
}

static void join_list(hearth__units *u, uint32_t unit, int64_t due_ms) {
  hearth__unit *at = &u->units[unit];
  at->due_ms = due_ms;
  at->before = u->last;
  at->after = HEARTH__NO_UNIT;
  *(u->last == HEARTH__NO_UNIT ? &u->first : &u->units[u->last].after) = unit;
  u->last = unit;
  u->count++;
}

/* Room for one more of everything that a unit needs. */
static hearth_status make_room(hearth__units *u) {
  const uint32_t names = hearth_names_count(u->names) + 1;
  hearth_status status = hearth_grow(&u->memory, (void **)&u->open,
                                     &u->open_cap, names, sizeof *u->open);
  if (status == HEARTH_OK) {
    status = hearth_grow(&u->memory, (void **)&u->split_in, &u->split_cap,
                         names, sizeof *u->split_in);
  }
  if (status == HEARTH_OK && u->unit_free == HEARTH__NO_UNIT) {
    status = hearth_grow(&u->memory, (void **)&u->units, &u->unit_cap,
                         u->unit_used + 1, sizeof *u->units);
  }
  return status;
}

static uint32_t new_unit(hearth__units *u) {
  const uint32_t unit =
      u->unit_free != HEARTH__NO_UNIT ? u->unit_free : u->unit_used++;
  if (unit == u->unit_free) {
    u->unit_free = u->units[unit].after;
  }
  u->units[unit] = (hearth__unit){.name = HEARTH_NO_NAME, .fresh = 1};
  return unit;
}

/* The number of a unit's name; open[] of a new one is set. */
static hearth_status name_of(hearth__units *u, hearth_str text,
                             uint32_t *name) {
  const uint32_t names = hearth_names_count(u->names);
  const hearth_status status = hearth_names_add(u->names, text, name);
  if (status == HEARTH_OK && *name == names) {
    u->open[names] = HEARTH__NO_UNIT;
    u->split_in[names] = 0;
  }
  return status;
}

hearth_status hearth__units_enter(hearth__units *u, hearth_str text,
                                  int64_t now, uint32_t reign, uint32_t *unit,
                                  int *begun) {
  uint32_t name = HEARTH_NO_NAME;
  hearth_status status = make_room(u);
  if (status == HEARTH_OK && u->kind != HEARTH_UNIT_REQUEST) {
    status = name_of(u, text, &name);
  }
  if (status != HEARTH_OK) {
    return status;
  }
  *unit = name == HEARTH_NO_NAME ? HEARTH__NO_UNIT : u->open[name];
  *begun = *unit == HEARTH__NO_UNIT;
  if (*begun) {
    *unit = new_unit(u);
    u->units[*unit].name = name;
    u->units[*unit].reign = reign;
    if (name != HEARTH_NO_NAME) {
      u->open[name] = *unit;
      u->units[*unit].fresh = u->split_in[name] != reign;
      u->split_in[name] = reign;
    }
    join_list(u, *unit, now + u->lasts_ms);
  } else if (u->kind == HEARTH_UNIT_SESSION) { /* a user's window stands */
    leave_list(u, *unit);
    join_list(u, *unit, now + u->lasts_ms);
  }
  return HEARTH_OK;
}

hearth_status hearth__units_fly(hearth__units *u, uint32_t unit, const char *id,
                                uint32_t arms, uint32_t *flight) {
  if (u->flight_free == HEARTH__NO_UNIT) {
    const hearth_status status =
        hearth_grow(&u->memory, (void **)&u->flights, &u->flight_cap,
                    u->flight_used + 1, sizeof *u->flights);
    if (status != HEARTH_OK) {
      return status;
    }
    *flight = u->flight_used++;
  } else {
    *flight = u->flight_free;
    u->flight_free = u->flights[*flight].next;
  }
  hearth__flight *f = &u->flights[*flight];
  *f = (hearth__flight){.unit = unit, .waiting = arms, .running = arms};
  snprintf(f->id, sizeof f->id, "%s", id);
  u->units[unit].waiting++;
  return HEARTH_OK;
}

void hearth__units_began(hearth__units *u, uint32_t flight, uint32_t arm) {
  hearth__flight *f = &u->flights[flight];
  if (f->waiting & 1u << arm) {
    f->waiting &= ~(1u << arm);
    u->units[f->unit].waiting -= f->waiting == 0;
  }
}

void hearth__units_ended(hearth__units *u, uint32_t flight, uint32_t arm) {
  hearth__flight *f = &u->flights[flight];
  if (f->running & 1u << arm) {
    f->running &= ~(1u << arm);
    if (f->running == 0) {
      f->next = u->flight_free;
      u->flight_free = flight;
    }
  }
}

void hearth__units_drop_arm(hearth__units *u, uint32_t arm) {
  for (uint32_t f = 0; f < u->flight_used; f++) {
    hearth__units_began(u, f, arm);
    hearth__units_ended(u, f, arm);
  }
}

uint32_t hearth__units_over(hearth__units *u, int64_t now, int all,
                            uint32_t *round) {
  const uint32_t most = u->count + *round;
  while (u->first != HEARTH__NO_UNIT && *round < most &&
         (all || u->units[u->first].due_ms <= now)) {
    const uint32_t unit = u->first;
    if (u->units[unit].waiting == 0 || all) {
      return unit;
    }
    leave_list(u, unit);
    join_list(u, unit, now + u->lasts_ms);
    ++*round;
  }
  return HEARTH__NO_UNIT;
}

void hearth__units_close(hearth__units *u, uint32_t unit) {
  hearth__unit *at = &u->units[unit];
  leave_list(u, unit);
  if (at->name != HEARTH_NO_NAME) {
    u->open[at->name] = HEARTH__NO_UNIT;
  }
  at->after = u->unit_free;
  u->unit_free = unit;
}
