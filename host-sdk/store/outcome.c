/* SPDX-License-Identifier: MIT
   An outcome as a row. */
#include "host-sdk/store/inside.h"
#include "plugin/sdk/wire/decode.h"
#include "plugin/sdk/wire/messages.h"

/* The sum of an id, never 0, which stands for none. */
static uint64_t id_sum(hearth_str id) {
  if (id.len == 0) {
    return 0;
  }
  const uint64_t sum = hearth__store_sum(0, id.data, id.len);
  return sum != 0 ? sum : 1;
}

hearth_status hearth__store_outcome_row(hearth_bytes outcome,
                                        hearth__store_row *row, char *err,
                                        uint64_t cap) {
  hearth_outcome message;
  hearth_message_init(&hearth_outcome_schema, &message);
  const hearth_status status =
      hearth_decode(&hearth_outcome_schema, outcome, &message, err, cap);
  if (status != HEARTH_OK) {
    return status;
  }
  *row = (hearth__store_row){.len = outcome.len,
                             .at_ms = message.at_ms,
                             .phase = message.phase,
                             .user = id_sum(message.user.id),
                             .request = id_sum(message.request_id)};
  if (message.model.len > 0) {
    row->model_at = (uint64_t)(message.model.data - (const char *)outcome.data);
    row->model_len = message.model.len;
  }
  return HEARTH_OK;
}

uint64_t hearth__store_outcome_sum(uint64_t sequence, const void *data,
                                   uint64_t len) {
  return hearth__store_sum(hearth__store_sum_number(0, sequence), data, len);
}

static int bind_id(sqlite3_stmt *insert, int at, uint64_t sum) {
  return sum != 0 ? sqlite3_bind_int64(insert, at, (sqlite3_int64)sum)
                  : sqlite3_bind_null(insert, at);
}

int hearth__store_outcome_put(sqlite3_stmt *insert, uint64_t sequence,
                              const hearth__store_row *row,
                              const uint8_t *bytes) {
  const char *const model = (const char *)bytes + row->model_at;
  int code = sqlite3_bind_int64(insert, 1, (sqlite3_int64)sequence);
  code |= sqlite3_bind_int64(insert, 2, row->at_ms);
  code |= sqlite3_bind_int(insert, 3, row->phase);
  code |= row->model_len > 0
              ? sqlite3_bind_text(insert, 4, model, (int)row->model_len,
                                  SQLITE_STATIC)
              : sqlite3_bind_null(insert, 4);
  code |= bind_id(insert, 5, row->user);
  code |= bind_id(insert, 6, row->request);
  code |= sqlite3_bind_int64(
      insert, 7,
      (sqlite3_int64)hearth__store_outcome_sum(sequence, bytes, row->len));
  code |= sqlite3_bind_blob64(insert, 8, bytes, row->len, SQLITE_STATIC);
  return code != SQLITE_OK ? SQLITE_NOMEM : hearth__store_sql_step(insert);
}
