/* SPDX-License-Identifier: MIT
   Calibration of the first candidates by adaptive probability maps. */
#ifndef FORESIGHT_NEXT_MAP_H
#define FORESIGHT_NEXT_MAP_H

#include "plugin/foresight/next/next_mixer.h"

void next_map_init(float map[NEXT_TOP][NEXT_MAP_BINS]);

/* From p_mixed to p, other and top; `missed` is the chance that none of the
   candidates is right. */
void next_map_apply(const float map[NEXT_TOP][NEXT_MAP_BINS], next_frame *frame,
                    float missed);
void next_map_learn(float map[NEXT_TOP][NEXT_MAP_BINS], const next_frame *frame,
                    uint32_t truth);

#endif
