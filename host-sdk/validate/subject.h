/* SPDX-License-Identifier: MIT
   The plugin under test, called without anything between. */
#ifndef HEARTH_VALIDATE_SUBJECT_H
#define HEARTH_VALIDATE_SUBJECT_H

#include "host-sdk/validate/scene.h"
#include "host-sdk/validate/sink.h"

/* Map the plugin with dlopen and find its entry; skip the check where the
   library's own checks will have said why that can't be. */
void validate__open(validate_job *job);

/* A copy of the file under a name of its own, so that dlopen maps it anew.
   NULL with a sentence where it can't be mapped. */
void *validate__open_copy(validate_job *job, const char **why);

/* A host with hearth.memory/1, and with hearth.future/1 for a plugin that asks
   for it; owned by the caller (hearth_host_free). */
hearth_host *validate__host(validate_job *job);

/* An instance on job->host with an empty configuration or `config`; skip where
   that fails, which life-create-empty tells. */
hearth_plugin *validate__create(validate_job *job);
hearth_plugin *validate__create_with(validate_job *job, const hearth_host *host,
                                     hearth_bytes config);

/* Give a message to the function that takes it; VALIDATE__CONFIG makes an
   instance and frees it, and `plugin` may be NULL. */
hearth_status validate__give(validate_job *job, hearth_plugin *plugin,
                             const hearth_call *call, validate__kind kind,
                             hearth_bytes bytes, hearth_sink *sink);

/* The function that takes a kind: "record_outcome". */
const char *validate__function(validate__kind kind);

/* Whether a function may return this. */
int validate__allowed(validate__kind kind, hearth_status status);

/* Whether it is OK, or NO_OPINION of a function that answers. */
int validate__good(validate__kind kind, hearth_status status);

/* Play the steps from `from` to before `to`.  Every status and answer is
   appended to `heard` (may be NULL); a status that is not good is a failure of
   the check. */
void validate__play(validate_job *job, hearth_plugin *plugin,
                    const validate__scene *scene, uint32_t from, uint32_t to,
                    const hearth_call *call, hearth_buffer *heard);

/* The same of one message; the status is returned. */
hearth_status validate__tell(validate_job *job, hearth_plugin *plugin,
                             validate__kind kind, hearth_bytes bytes,
                             const hearth_call *call, hearth_buffer *heard);

/* Fail unless two records of what was heard are the same. */
void validate__same(validate_job *job, const hearth_buffer *a,
                    const hearth_buffer *b, const char *what);

/* What the plugin has learned, as far as it can be seen: its state where it
   saves one, else the answers of hearth.predict/1 and the metadata of every
   model of the scene.  Appended to `out`. */
void validate__learned(validate_job *job, hearth_plugin *plugin,
                       const validate__scene *scene, hearth_buffer *out);

/* Save the state into `out`; anything but OK is a failure. */
void validate__save(validate_job *job, hearth_plugin *plugin,
                    hearth_buffer *out);
hearth_status validate__load(validate_job *job, hearth_plugin *plugin,
                             hearth_bytes state);

/* The plugin's extension, NULL where it is not there or is too short. */
const void *validate__extension(validate_job *job, hearth_plugin *plugin,
                                const char *id, uint32_t least);

/* Skip unless the plugin claims all of these. */
void validate__needs(validate_job *job, uint64_t caps);

#endif
