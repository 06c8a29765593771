#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fail unless the JSON of a replay (argv[1]) has the keys that docs/evaluation.md
states, and numbers or null where those belong."""
import json
import sys

WAITS = ["mean", "p50", "p95", "p99"]
HITS = ["1", "3", "5"]
SCORE = ["log_loss", "brier", "calibration_error", "precision", "recall", "f1"]
POLICY = ["policy", "cold", "delayed", "warm", "cold_wait_s", "wait_s",
          "cold_rate_p75_over_models", "idle_gb_s", "total_cost_s", "loads",
          "gap_closed", "hit", "by_task", "horizons", "availability",
          "plugin_bytes"]
SETTING = ["budget_mb", "idle_price", "load_lanes", "best", "best_policy",
           "clairvoyant", "clairvoyant_policy", "policies"]


def keys(what, where, expected):
    if sorted(what) != sorted(expected):
        sys.exit("# %s has %s, not %s" % (where, sorted(what), sorted(expected)))


def number(what):
    return what is None or isinstance(what, (int, float))


whole = json.load(open(sys.argv[1]))
keys(whole, "the object", ["trace", "requests", "settings"])
for setting in whole["settings"]:
    keys(setting, "a setting", SETTING)
    if (setting["budget_mb"] is None) == (setting["idle_price"] is None):
        sys.exit("# a setting is a budget or a price")
    for policy in setting["policies"]:
        keys(policy, "a policy", POLICY)
        keys(policy["wait_s"], "wait_s", WAITS)
        keys(policy["loads"], "loads", ["demand", "prewarm", "prewarm_used", "cancelled"])
        keys(policy["hit"], "hit", HITS)
        keys(policy["horizons"], "horizons", ["300", "3600", "21600"])
        for score in policy["horizons"].values():
            keys(score, "a horizon", SCORE)
        for task in policy["by_task"].values():
            keys(task, "a task", ["requests", "hit", "precision", "recall", "f1"])
        if policy["cold"] + policy["delayed"] + policy["warm"] != whole["requests"]:
            sys.exit("# %s: requests do not add up" % policy["policy"])
        if not all(number(policy[k]) for k in ("gap_closed", "availability", "total_cost_s")):
            sys.exit("# %s: want numbers or null" % policy["policy"])
        if (policy["total_cost_s"] is None) != (setting["idle_price"] is None):
            sys.exit("# %s: a total cost belongs to a price" % policy["policy"])
