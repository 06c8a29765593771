# SPDX-License-Identifier: MIT

foresight_course_sources = \
  tests/foresight/course.c tests/foresight/course.h \
  tests/sdk/mend.c tests/sdk/mend.h

check_PROGRAMS += tests/foresight/test_foresight
tests_foresight_test_foresight_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_foresight.c
tests_foresight_test_foresight_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_foresight_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_ablate
tests_foresight_test_ablate_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_ablate.c
tests_foresight_test_ablate_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_ablate_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_cap
tests_foresight_test_cap_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_cap.c
tests_foresight_test_cap_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_cap_LDADD = \
  plugin/foresight/libforesight.la host-sdk/replay/libreplay.la \
  host-sdk/libhearth.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_settings
tests_foresight_test_settings_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_settings.c
tests_foresight_test_settings_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_settings_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_profiles
tests_foresight_test_profiles_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_profiles.c
tests_foresight_test_profiles_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_profiles_LDADD = \
  plugin/foresight/libforesight.la host-sdk/libhearth.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_stress
tests_foresight_test_stress_SOURCES = \
  plugin/reference/lru.c \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/scene.c tests/foresight/scene.h \
  tests/foresight/test_stress.c
tests_foresight_test_stress_CPPFLAGS = $(HOST_CPPFLAGS) \
  -DHEARTH_STATIC_PLUGIN=lru_entry
tests_foresight_test_stress_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_stress_LDADD = \
  plugin/foresight/libforesight.la plugin/reference/libreference.la \
  host-sdk/replay/libreplay.la host-sdk/libhearth.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_threads
tests_foresight_test_threads_SOURCES = \
  $(foresight_course_sources) \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_threads.c
tests_foresight_test_threads_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_threads_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_users
tests_foresight_test_users_SOURCES = tests/foresight/test_users.c
tests_foresight_test_users_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_users_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_explain
tests_foresight_test_explain_SOURCES = \
  tests/foresight/drive.c tests/foresight/drive.h \
  tests/foresight/test_explain.c
tests_foresight_test_explain_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_explain_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_price
tests_foresight_test_price_SOURCES = tests/foresight/test_price.c
tests_foresight_test_price_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_price_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_forecast
tests_foresight_test_forecast_SOURCES = tests/foresight/test_forecast.c
tests_foresight_test_forecast_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_forecast_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_state
LONG_CHECKS += tests/foresight/test_state
tests_foresight_test_state_SOURCES = \
  $(foresight_course_sources) tests/foresight/test_state.c
tests_foresight_test_state_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_state_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_docket
tests_foresight_test_docket_SOURCES = \
  $(foresight_course_sources) \
  tests/foresight/drive.c tests/foresight/test_docket.c
tests_foresight_test_docket_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_docket_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_twin
tests_foresight_test_twin_SOURCES = \
  $(foresight_course_sources) tests/foresight/test_twin.c
tests_foresight_test_twin_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_twin_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_state_hostile
LONG_CHECKS += tests/foresight/test_state_hostile
tests_foresight_test_state_hostile_SOURCES = \
  $(foresight_course_sources) tests/foresight/test_state_hostile.c
tests_foresight_test_state_hostile_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_state_hostile_LDADD = \
  plugin/foresight/libforesight.la $(SDK_TEST_LIBS)

check_PROGRAMS += tests/foresight/test_reflect
tests_foresight_test_reflect_SOURCES = \
  $(foresight_course_sources) tests/foresight/test_reflect.c
tests_foresight_test_reflect_CFLAGS = $(SDK_TEST_CFLAGS)
tests_foresight_test_reflect_LDADD = \
  plugin/foresight/libforesight.la $(MSGPACK_LIBS) $(SDK_TEST_LIBS)
