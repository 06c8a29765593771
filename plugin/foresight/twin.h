/* SPDX-License-Identifier: MIT
   A copy of what a state is made of, to be written while calls go on. */
#ifndef FORESIGHT_TWIN_H
#define FORESIGHT_TWIN_H

#include "hearth/plugin.h"

/* A twin has what is short to copy.  `next`, users, and the names of models and
   tasks are not: who saves a state shares `next`, and they stay as they are.

   What takes long is done before anybody waits: its memory is had and touched,
   and what seldom changes is copied ahead, a part at a time.  NULL: there is no
   memory.  No lock is held. */
hearth_plugin *foresight__twin(hearth_plugin *f);
void foresight__twin_free(hearth_plugin *twin);

/* Make the twin what f is now, which is had alone; -1: f has grown since. */
int foresight__become(hearth_plugin *twin, hearth_plugin *f);

#endif
