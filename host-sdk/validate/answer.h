/* SPDX-License-Identifier: MIT
   What an answer must keep to, beyond being a message. */
#ifndef HEARTH_VALIDATE_ANSWER_H
#define HEARTH_VALIDATE_ANSWER_H

#include "hearth/ext/explain.h"
#include "hearth/ext/predict.h"
#include "host-sdk/validate/subject.h"

/* By the SDK's decoder: a ModelSet or a ModelMetadata. */
hearth_status validate__answer_decode(validate_job *job, validate__kind kind,
                                      hearth_bytes answer, char *err,
                                      uint64_t err_cap);

/* Each of these fails the check.  A ModelSet: what it echoes; its models, which
   are those of the scene from `first` to before `until`; its probabilities; its
   times. */
void validate__answer_echo(validate_job *job, hearth_bytes context,
                           hearth_bytes answer);
void validate__answer_models(validate_job *job, hearth_bytes context,
                             hearth_bytes answer, uint32_t first,
                             uint32_t until);
void validate__answer_horizons(validate_job *job, hearth_bytes answer);
void validate__answer_times(validate_job *job, hearth_bytes context,
                            hearth_bytes answer);
/* Models once each, at least so many, four reasons each at most. */
void validate__answer_lists(validate_job *job, hearth_bytes answer,
                            uint32_t least);
void validate__answer_metadata(validate_job *job, hearth_bytes query,
                               hearth_bytes answer);

/* Whether a context's reason is request or tick: predict/1 takes these. */
int validate__answer_asks(hearth_bytes context);

#endif
