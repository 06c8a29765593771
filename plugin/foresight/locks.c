/* SPDX-License-Identifier: MIT
   Who may be where at a time: the locks of an instance. */
#include "plugin/sdk/cold.h"

#include "plugin/foresight/locks.h"

hearth_status foresight_locks_init(const hearth_memory_user *memory,
                                   foresight_locks *locks) {
  locks->shape = hearth_striped_new(memory);
  locks->decide = hearth_mutex_new(memory);
  locks->models = hearth_mutex_new(memory);
  locks->next = hearth_shared_new(memory);
  locks->within = hearth_shared_new(memory);
  locks->notes = hearth_mutex_new(memory);
  return locks->shape != NULL && locks->decide != NULL &&
                 locks->models != NULL && locks->next != NULL &&
                 locks->within != NULL && locks->notes != NULL
             ? HEARTH_OK
             : HEARTH_NO_MEMORY;
}

void foresight_locks_free(const hearth_memory_user *memory,
                          foresight_locks *locks) {
  hearth_striped_free(memory, locks->shape);
  hearth_mutex_free(memory, locks->decide);
  hearth_mutex_free(memory, locks->models);
  hearth_shared_free(memory, locks->next);
  hearth_shared_free(memory, locks->within);
  hearth_mutex_free(memory, locks->notes);
}
