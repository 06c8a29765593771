/* SPDX-License-Identifier: MIT
   The logs: their bytes, and that nothing is left half-written. */
#include "host-sdk/replay/log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/replay/setup.h"
#include "tests/unit.h"

static setup fixture;
static char folder[] = "/tmp/hearth-log-XXXXXX";
static char path[64], part[80], err[512];

static void begin(void) {
  setup_begin(&fixture);
  setup_model(&fixture, "a", 1024, 1000);
  setup_model(&fixture, "b,\"c\"", 1024, 1000);
  memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
  CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/events.csv", folder);
  snprintf(part, sizeof part, "%s.part", path);
}

static void end(void) {
  remove(path);
  CU_ASSERT_EQUAL(rmdir(folder), 0); /* nothing else is in it */
  setup_end(&fixture);
}

static int reads(const char *expected) {
  char text[2048] = "";
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return 0;
  }
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  if (strcmp(text, expected) != 0) {
    printf("# %s\n", text);
  }
  return strcmp(text, expected) == 0;
}

static void event(hearth_log *log, hearth_sim_event event) {
  hearth_log_event(log, &event);
}

static void test_events(void) {
  hearth_log log;
  begin();
  CU_ASSERT_EQUAL_FATAL(hearth_log_open(&log, path, HEARTH_LOG_EVENTS,
                                        &fixture.models, err, sizeof err),
                        HEARTH_OK);
  hearth_log_request(&log, 5, 1, 7);
  event(&log,
        (hearth_sim_event){
            .kind = HEARTH_SIM_LOAD, .at_ms = 5, .model = 1, .demand = 1});
  event(&log, (hearth_sim_event){.kind = HEARTH_SIM_LOAD, .at_ms = 6});
  event(&log, (hearth_sim_event){.kind = HEARTH_SIM_CANCEL, .at_ms = 7});
  event(&log,
        (hearth_sim_event){
            .kind = HEARTH_SIM_READY, .at_ms = 9, .model = 1, .demand = 1});
  event(&log,
        (hearth_sim_event){
            .kind = HEARTH_SIM_START, .at_ms = 9, .model = 1, .wait_ms = 4});
  event(&log,
        (hearth_sim_event){.kind = HEARTH_SIM_DONE, .at_ms = 9, .model = 1});
  event(&log,
        (hearth_sim_event){.kind = HEARTH_SIM_EVICT, .at_ms = 10, .model = 1});
  event(&log, (hearth_sim_event){
                  .kind = HEARTH_SIM_EVICT, .at_ms = 11, .expired = 1});
  CU_ASSERT_EQUAL(access(path, F_OK), -1); /* not before it is whole */
  CU_ASSERT_EQUAL(hearth_log_close(&log, 1, err, sizeof err), HEARTH_OK);
  CU_ASSERT(reads("t_ms,event,model,detail\n"
                  "5,request,\"b,\"\"c\"\"\",7\n"
                  "5,load,\"b,\"\"c\"\"\",demand\n"
                  "6,load,a,prewarm\n"
                  "7,cancel,a,\n"
                  "9,ready,\"b,\"\"c\"\"\",\n"
                  "9,start,\"b,\"\"c\"\"\",4\n"
                  "9,done,\"b,\"\"c\"\"\",\n"
                  "10,evict,\"b,\"\"c\"\"\",room\n"
                  "11,evict,a,idle\n"));
  end();
}

static void test_plans(void) {
  hearth_plan_line lines[2] = {{.entry = {.model = 0,
                                          .action = HEARTH_ACTION_WARM,
                                          .start_at_ms = 9,
                                          .warm_by_ms = 0,
                                          .keep_for_ms = -1},
                                .confidence = 0.5,
                                .p_next = 0,
                                .p_within = {0.25, -1, 1}},
                               {.entry = {.model = 1,
                                          .start_at_ms = -1,
                                          .warm_by_ms = -1,
                                          .keep_for_ms = 300},
                                .confidence = -1,
                                .p_next = -1,
                                .p_within = {-1, -1, -1}}};
  const hearth_plan plan = {.lines = lines, .count = 2, .opinion = 1};
  const hearth_plan none = {.lines = lines};
  hearth_log log;
  begin();
  CU_ASSERT_EQUAL_FATAL(hearth_log_open(&log, path, HEARTH_LOG_PLANS,
                                        &fixture.models, err, sizeof err),
                        HEARTH_OK);
  hearth_log_plan(&log, 5, "request", 0, &plan);
  hearth_log_plan(&log, 6, "tick", -1, &none);
  CU_ASSERT_EQUAL(hearth_log_close(&log, 1, err, sizeof err), HEARTH_OK);
  CU_ASSERT(reads(HEARTH_LOG_PLANS
                  "\n"
                  "5,request,0,0,a,warm,0.5,0,0.25,,1,9,0,\n"
                  "5,request,0,1,\"b,\"\"c\"\"\",keep,,,,,,,,300\n"
                  "6,tick,,,,,,,,,,,,\n"));
  end();
}

/* A run that fails leaves the log of the one before as it was. */
static void test_not_kept(void) {
  hearth_log log;
  begin();
  for (int keep = 1; keep >= 0; keep--) {
    CU_ASSERT_EQUAL_FATAL(hearth_log_open(&log, path, keep ? "old" : "new",
                                          &fixture.models, err, sizeof err),
                          HEARTH_OK);
    CU_ASSERT_EQUAL(access(part, F_OK), 0);
    CU_ASSERT_EQUAL(hearth_log_close(&log, keep, err, sizeof err), HEARTH_OK);
  }
  CU_ASSERT(reads("old\n"));
  end();
}

static void test_not_wanted(void) {
  hearth_log log;
  begin();
  CU_ASSERT_EQUAL(hearth_log_open(&log, NULL, "x", &fixture.models, NULL, 0),
                  HEARTH_OK);
  hearth_log_request(&log, 1, 0, 1);
  event(&log, (hearth_sim_event){.kind = HEARTH_SIM_DONE});
  CU_ASSERT_EQUAL(hearth_log_close(&log, 1, NULL, 0), HEARTH_OK);
  end();
}

static void test_no_folder(void) {
  hearth_log log;
  begin();
  CU_ASSERT_EQUAL(hearth_log_open(&log, "/no/such/folder", "x", &fixture.models,
                                  err, sizeof err),
                  HEARTH_BAD_ARG);
  CU_ASSERT_STRING_EQUAL(
      err, "/no/such/folder: can't write: No such file or directory");
  end();
}

/* A folder in the way of the rename: a sentence, and no part is left. */
static void test_no_rename(void) {
  hearth_log log;
  begin();
  CU_ASSERT_EQUAL_FATAL(
      hearth_log_open(&log, path, "x", &fixture.models, err, sizeof err),
      HEARTH_OK);
  CU_ASSERT_EQUAL_FATAL(mkdir(path, 0700), 0);
  CU_ASSERT_EQUAL(hearth_log_close(&log, 1, err, sizeof err), HEARTH_BAD_ARG);
  CU_ASSERT_PTR_NOT_NULL(strstr(err, "can't write"));
  CU_ASSERT_EQUAL(access(part, F_OK), -1);
  end();
}

/* A device stays a device, and one that is full says so. */
static void test_devices(void) {
  hearth_log log;
  struct stat status;
  begin();
  for (int full = 0; full < 2; full++) {
    const char *const device = full ? "/dev/full" : "/dev/null";
    if (access(device, W_OK) != 0) {
      unit_skip("no /dev/full");
      break;
    }
    CU_ASSERT_EQUAL_FATAL(
        hearth_log_open(&log, device, "x", &fixture.models, err, sizeof err),
        HEARTH_OK);
    CU_ASSERT_EQUAL(hearth_log_close(&log, 1, err, sizeof err),
                    full ? HEARTH_BAD_ARG : HEARTH_OK);
    CU_ASSERT_EQUAL(stat(device, &status), 0);
    CU_ASSERT(S_ISCHR(status.st_mode));
  }
  end();
}

UNIT_MAIN("replay: logs", UNIT(test_events), UNIT(test_plans),
          UNIT(test_not_kept), UNIT(test_not_wanted), UNIT(test_no_folder),
          UNIT(test_no_rename), UNIT(test_devices))
