/* SPDX-License-Identifier: MIT
   Functions of Foresight that people call by hand: hearth.reflect/1. */
#ifndef FORESIGHT_REFLECT_H
#define FORESIGHT_REFLECT_H

#include "hearth/ext/reflect.h"

/* signals h(po)        the names that the setting `ablate` takes, as an array
   forget_user h(ps)    all that is kept of a user: the latest requests, the
                        contexts, who used a model last, and what followed what.
                        Then the user is as one never seen.  Sums over all users
                        stay, in which nobody can be told apart.  A user who is
                        not known is forgotten already.
   set_idle_price h(pd) the price of idle memory, in place of the setting and of
                        the host's: GB x seconds that cost as much as a second
                        of waiting; -1: the host's again.  Not part of the
   state. dump_weights h(po)   how the heads mix their signals, a map by head:
                          next    features: weight of each, in the mean over all
                                  situations; sets: how large the weights of
                                  each family of sets are, in the mean
                          within  by horizon in seconds, of each input
                          budget  by horizon, of each signal and table
                          price   by how much is known of the model (class 0 to
                                  5), of each input
                        Heads that were not made yet are left out. */
extern const hearth_reflect foresight__reflect;

#endif
