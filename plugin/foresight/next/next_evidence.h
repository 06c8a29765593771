/* SPDX-License-Identifier: MIT
   How often what is known of a candidate came true, whatever the model. */
#ifndef FORESIGHT_NEXT_EVIDENCE_H
#define FORESIGHT_NEXT_EVIDENCE_H

#include "plugin/foresight/next/next_features.h"

/* Rows of the adaptive probabilities: of entry i of a bucket; of a model not
   in the bucket; of a model used `since_s` ago by the user, the rank-th of
   its models by recency. */
uint32_t next_evidence_state(const next_bucket *bucket, uint32_t i);
uint32_t next_evidence_escape(const next_bucket *bucket);
uint32_t next_evidence_since(float since_s, uint32_t rank);

#endif
