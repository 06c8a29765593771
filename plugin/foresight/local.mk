# SPDX-License-Identifier: MIT
# Foresight, the predictor: hearth-foresight.so, and the same code as a static
# library with the entry `foresight_entry` for tests and benchmarks.

foresight_sources = \
  plugin/foresight/ablate.c \
  plugin/foresight/ablate.h \
  plugin/foresight/answer.c \
  plugin/foresight/budget/budget.c \
  plugin/foresight/budget/budget.h \
  plugin/foresight/budget/budget_copy.c \
  plugin/foresight/budget/budget_follow.c \
  plugin/foresight/budget/budget_ghost.c \
  plugin/foresight/budget/budget_ghost.h \
  plugin/foresight/budget/budget_lanes.h \
  plugin/foresight/budget/budget_learn.c \
  plugin/foresight/budget/budget_math.h \
  plugin/foresight/budget/budget_mix.c \
  plugin/foresight/budget/budget_mix.h \
  plugin/foresight/budget/budget_order.c \
  plugin/foresight/budget/budget_persist.c \
  plugin/foresight/budget/budget_plan.c \
  plugin/foresight/budget/budget_score.c \
  plugin/foresight/budget/budget_signal.c \
  plugin/foresight/budget/budget_state.h \
  plugin/foresight/budget/budget_weights.c \
  plugin/foresight/catalog.c \
  plugin/foresight/desk.c \
  plugin/foresight/desk.h \
  plugin/foresight/docket.c \
  plugin/foresight/docket.h \
  plugin/foresight/dump.c \
  plugin/foresight/dump.h \
  plugin/foresight/explain.c \
  plugin/foresight/foresight.c \
  plugin/foresight/inbox.c \
  plugin/foresight/inbox.h \
  plugin/foresight/inside.h \
  plugin/foresight/learn.c \
  plugin/foresight/locks.c \
  plugin/foresight/locks.h \
  plugin/foresight/metadata.c \
  plugin/foresight/next/next.c \
  plugin/foresight/next/next.h \
  plugin/foresight/next/next_choose.c \
  plugin/foresight/next/next_config.h \
  plugin/foresight/next/next_context.c \
  plugin/foresight/next/next_context.h \
  plugin/foresight/next/next_evidence.c \
  plugin/foresight/next/next_evidence.h \
  plugin/foresight/next/next_features.c \
  plugin/foresight/next/next_features.h \
  plugin/foresight/next/next_frame.h \
  plugin/foresight/next/next_map.c \
  plugin/foresight/next/next_map.h \
  plugin/foresight/next/next_math.h \
  plugin/foresight/next/next_mixer.c \
  plugin/foresight/next/next_mixer.h \
  plugin/foresight/next/next_prior.c \
  plugin/foresight/next/next_prior.h \
  plugin/foresight/next/next_rhythm.c \
  plugin/foresight/next/next_rhythm.h \
  plugin/foresight/next/next_table.c \
  plugin/foresight/next/next_table.h \
  plugin/foresight/next/next_users.c \
  plugin/foresight/next/next_users.h \
  plugin/foresight/next/next_users_inside.h \
  plugin/foresight/next/next_users_ring.c \
  plugin/foresight/next/next_users_state.c \
  plugin/foresight/next/next_weights.c \
  plugin/foresight/parts.c \
  plugin/foresight/parts.h \
  plugin/foresight/person.c \
  plugin/foresight/predict.c \
  plugin/foresight/prepare.c \
  plugin/foresight/price/price.c \
  plugin/foresight/price/price.h \
  plugin/foresight/price/price_cells.c \
  plugin/foresight/price/price_cells.h \
  plugin/foresight/price/price_contexts.c \
  plugin/foresight/price/price_copy.c \
  plugin/foresight/price/price_gap.c \
  plugin/foresight/price/price_ghost.c \
  plugin/foresight/price/price_ghost.h \
  plugin/foresight/price/price_hazard.c \
  plugin/foresight/price/price_heap.c \
  plugin/foresight/price/price_next.c \
  plugin/foresight/price/price_persist.c \
  plugin/foresight/price/price_state.h \
  plugin/foresight/price/price_stop.c \
  plugin/foresight/price/price_weights.c \
  plugin/foresight/reasons.c \
  plugin/foresight/reasons.h \
  plugin/foresight/reflect.c \
  plugin/foresight/reflect.h \
  plugin/foresight/regime.c \
  plugin/foresight/settings.c \
  plugin/foresight/settings.h \
  plugin/foresight/standing.c \
  plugin/foresight/standing.h \
  plugin/foresight/state.c \
  plugin/foresight/twin.c \
  plugin/foresight/twin.h \
  plugin/foresight/usage.c \
  plugin/foresight/usage.h \
  plugin/foresight/within/within.c \
  plugin/foresight/within/within.h \
  plugin/foresight/within/within_answers.c \
  plugin/foresight/within/within_copy.c \
  plugin/foresight/within/within_hazard.c \
  plugin/foresight/within/within_inputs.c \
  plugin/foresight/within/within_links.c \
  plugin/foresight/within/within_lanes.h \
  plugin/foresight/within/within_math.h \
  plugin/foresight/within/within_mixer.c \
  plugin/foresight/within/within_persist.c \
  plugin/foresight/within/within_samples.c \
  plugin/foresight/within/within_state.h \
  plugin/foresight/within/within_traffic.c \
  plugin/foresight/within/within_weights.c

plugin_LTLIBRARIES += plugin/foresight/hearth-foresight.la
plugin_foresight_hearth_foresight_la_SOURCES = $(foresight_sources)
plugin_foresight_hearth_foresight_la_LDFLAGS = $(MODULE_LDFLAGS)
plugin_foresight_hearth_foresight_la_LIBADD = plugin/sdk/libhearth-sdk.la

noinst_LTLIBRARIES += plugin/foresight/libforesight.la
plugin_foresight_libforesight_la_SOURCES = $(foresight_sources)
plugin_foresight_libforesight_la_CPPFLAGS = $(AM_CPPFLAGS) \
  -DHEARTH_STATIC_PLUGIN=foresight_entry
plugin_foresight_libforesight_la_LIBADD = plugin/sdk/libhearth-sdk.la
