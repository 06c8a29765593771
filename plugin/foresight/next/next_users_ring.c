/* SPDX-License-Identifier: MIT
   A user's latest requests: what is kept of them, and what they tell. */
#include "plugin/foresight/next/next_math.h"
#include "plugin/foresight/next/next_users_inside.h"
#include "plugin/sdk/hint.h"

#define NONE FORESIGHT_USERS_NONE
#define GAP_WEIGHT 0.1f /* of the newest gap in the mean gap */

uint16_t foresight_users_length_code(int64_t length) {
  if (length < 0)
    return 0;
  const float x = next_log((float)length + 4.0f) * 1024.0f;
  return (uint16_t)(1.0f + (x > 65000.0f ? 65000.0f : x));
}

uint16_t foresight_users_gap_code(float seconds) {
  const float x = next_log(seconds + 0.001f) * 2048.0f + 16384.0f;
  return (uint16_t)next_clip(x, 0.0f, 65535.0f);
}

float foresight_users_gap_s(uint16_t code) {
  const float x = next_exp(((float)code - 16384.0f) / 2048.0f) - 0.001f;
  return x > 0.0f ? x : 0.0f;
}

static float elapsed_s(int64_t from_ms, int64_t to_ms) {
  return to_ms > from_ms ? (float)(to_ms - from_ms) * 0.001f : 0.0f;
}

void foresight_users_started(foresight_users *users, uint64_t key,
                             uint32_t model, uint32_t task,
                             int64_t input_length, int64_t now_ms) {
  foresight_user *user = foresight_users__use(users, key);
  const float gap = user->size ? elapsed_s(user->last_ms, now_ms) : 0.0f;
  if (user->size)
    user->mean_gap_s =
        user->mean_gap_s < 0.0f
            ? gap
            : user->mean_gap_s + GAP_WEIGHT * (gap - user->mean_gap_s);
  const uint16_t kept =
      (uint16_t)(model < FORESIGHT_USERS_MODELS ? model
                                                : FORESIGHT_USERS_MODELS);
  const bool same = user->size && foresight_users_event(user, 0)->model == kept;
  user->run = same ? user->run + (user->run < UINT32_MAX) : 1;
  foresight_event *event = &user->ring[user->head];
  event->model = kept;
  event->length = foresight_users_length_code(input_length);
  event->gap = foresight_users_gap_code(gap);
  event->task = (uint8_t)(task < 255 ? task : 255);
  event->duration = 0;
  user->head = (uint8_t)((user->head + 1u) % FORESIGHT_USERS_RING);
  if (user->size < FORESIGHT_USERS_RING)
    ++user->size;
  user->last_ms = now_ms;
  user->count += user->count < UINT32_MAX;
  user->running = (uint8_t)(user->running + (user->running < 255));
}

void foresight_users_finished(foresight_users *users, uint64_t key,
                              uint32_t model, int64_t duration_ms) {
  foresight_user *user = foresight_users_find(users, key);
  if (!user)
    return;
  if (user->running)
    --user->running;
  if (duration_ms < 0)
    return;
  user->last_duration_s = (float)duration_ms * 0.001f;
  const uint16_t gap = foresight_users_gap_code(user->last_duration_s);
  for (uint32_t k = 0; k < user->size; ++k) {
    foresight_event *event =
        &user->ring[(user->head + FORESIGHT_USERS_RING - 1u - k) %
                    FORESIGHT_USERS_RING];
    if (event->model == model && !event->duration) {
      event->duration = (uint8_t)(1 + gap / 258u);
      break;
    }
  }
}

bool foresight_users_view(const foresight_users *users, uint64_t key,
                          foresight_user_view *view) {
  const foresight_user *user = foresight_users_find(users, key);
  memset(view, 0, sizeof *view);
  view->last = view->before = NONE;
  view->last_duration_s = -1.0f;
  if (!user)
    return false;
  if (user->size > 0)
    view->last = foresight_users_event(user, 0)->model;
  if (user->size > 1)
    view->before = foresight_users_event(user, 1)->model;
  if (view->last == FORESIGHT_USERS_MODELS)
    view->last = NONE;
  if (view->before == FORESIGHT_USERS_MODELS)
    view->before = NONE;
  view->last_ms = user->last_ms;
  view->count = user->count;
  view->run = user->run;
  view->last_duration_s = user->last_duration_s;
  return true;
}

HEARTH_SELDOM void foresight_users_view_started(foresight_user_view *view,
                                                uint32_t model,
                                                int64_t now_ms) {
  const uint32_t kept = model < FORESIGHT_USERS_MODELS ? model : NONE;
  const bool same = view->count && view->last == kept;
  view->run = same ? view->run + (view->run < UINT32_MAX) : 1;
  view->before = view->last;
  view->last = kept;
  view->last_ms = now_ms;
  view->count += view->count < UINT32_MAX;
}

HEARTH_SELDOM void foresight_users_view_finished(foresight_user_view *view,
                                                 int64_t duration_ms) {
  if (duration_ms >= 0)
    view->last_duration_s = (float)duration_ms * 0.001f;
}
