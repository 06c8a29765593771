#!/bin/sh
# SPDX-License-Identifier: MIT
# hearth replay --accuracy and --ablate, as their user has them.
. "$top_srcdir/tests/tap.sh"
plugins=$top_builddir/plugin
lru=$plugins/reference/.libs/hearth-lru.so
foresight=$plugins/foresight/.libs/hearth-foresight.so

"$hearth" workload --users 6 --days 2 --models 8 -o "$work/t.csv.gz" 2>/dev/null
ok $? "a workload is made"

"$hearth" replay "$work/t.csv.gz" --plugin "$foresight" --accuracy >"$work/a.txt"
[ $? = 0 ] && [ "$(grep -c '^Budget' "$work/a.txt")" = 1 ] &&
  grep -q '^Accuracy of foresight (20%)' "$work/a.txt" &&
  grep -q '^  interactive ' "$work/a.txt" &&
  grep -q 'most used *hit@5 .*certain' "$work/a.txt"
ok $? "accuracy in tables, at one budget"

"$hearth" replay "$work/t.csv.gz" --plugin "$foresight" --accuracy --json >"$work/a.json"
"$hearth" replay "$work/t.csv.gz" --plugin "$foresight" --accuracy --json >"$work/b.json"
cmp -s "$work/a.json" "$work/b.json"
ok $? "the same inputs give the same bytes"

python3 - "$work" <<'PY'
# The plain guesses over again, from the trace.
import csv, gzip, json, sys
trace = list(csv.DictReader(gzip.open(sys.argv[1] + "/t.csv.gz", "rt")))
setting, = json.load(open(sys.argv[1] + "/a.json"))["settings"]
policy, = setting["policies"]
ours = policy["accuracy"]
last, count, hits = {}, {}, {}
for i, r in enumerate(trace, 1):
    of_all, user, m = "", "u" + r["user"], r["model"]
    for name, rank in (("last_used", lambda u, x: -last[u, x]),
                       ("most_used", lambda u, x: (-count[u, x], -last[u, x]))):
        order = []
        for u in (user, of_all):
            mine = sorted((x for v, x in last if v == u), key=lambda x: rank(u, x))
            order += [x for x in mine if x not in order]
        for k in (1, 3, 5):
            hits[name, k] = hits.get((name, k), 0) + (m in order[:k])
    for u in (user, of_all):
        last[u, m] = i
        count[u, m] = count.get((u, m), 0) + 1
for (name, k), h in hits.items():
    assert abs(ours["hit"][name][str(k)] - h / len(trace)) < 1e-12, (name, k)
    margin = ours["margin_over"][name][str(k)]
    assert abs(margin["margin"] - policy["hit"][str(k)] + h / len(trace)) < 1e-12
    assert margin["low"] <= margin["margin"] <= margin["high"]
    assert margin["certain"] == (margin["low"] > 0)
for k in "135":
    assert abs(ours["hit"]["plugin"][k] - policy["hit"][k]) < 1e-12
for h, s in policy["horizons"].items():
    for f in ("precision", "recall", "f1"):
        assert abs(ours["within"][h]["plugin"][f] - s[f]) < 1e-12, (h, f)
for part in ("by_task", "by_category", "by_time_since_last_request"):
    assert sum(r["requests"] for r in ours[part].values()) == len(trace), part
PY
ok $? "figures are those of a second count"

"$hearth" replay "$work/t.csv.gz" --plugin "$lru" --accuracy >"$work/out" &&
  ! grep -q '^Accuracy' "$work/out"
ok $? "no table where there are no probabilities"

"$hearth" replay "$work/t.csv.gz" --plugin "$foresight::ablate=next-time" \
  --idle-price 50 --ablate >"$work/out"
[ $? = 0 ] && grep -q 'price R50' "$work/out" && grep -q '^  (whole)' "$work/out" &&
  grep -q '^  within-days ' "$work/out" &&
  ! grep -q '^  next-time ' "$work/out" &&
  sed -n '/no difference:/,$p' "$work/out" | tr ',' '\n' | grep -qw 'next-time'
ok $? "each signal in a line, one that is off anyway without a change"

"$hearth" replay "$work/t.csv.gz" --ablate --json >"$work/out" &&
  python3 - "$work/out" <<'PY'
import json, sys
settings = json.load(open(sys.argv[1]))["settings"]
assert [s["idle_price"] for s in settings] == [None, 100]
for s in settings:
    whole, *rest = s["policies"]
    key = "total_cost_s" if s["idle_price"] else "cold_wait_s"
    assert whole["policy"] == "foresight" and "without" not in whole
    assert len(rest) > 30 and len({p["without"] for p in rest}) == len(rest)
    for p in rest:
        assert abs(p["change"]["judged_s"] - p[key] + whole[key]) < 1e-6
        assert p["policy"] == "foresight-without-" + p["without"]
assert any(p["change"]["hit"]["1"] < 0 for p in rest)
assert any(p["change"]["log_loss"]["300"] > 0 for p in rest)
PY
ok $? "and in JSON, for a budget and a price"

fails() { # fails STATUS PATTERN NAME ARGS...
  want=$1 pattern=$2 name=$3
  shift 3
  "$hearth" replay "$work/t.csv.gz" "$@" >"$work/out" 2>"$work/err"
  got=$?
  [ $got = "$want" ] && grep -q "$pattern" "$work/err" && [ ! -s "$work/out" ]
  status=$?
  [ $status = 0 ] || echo "# exit $got: $(cat "$work/err")"
  ok $status "$name"
}
fails 2 "lru.*can't be ablated" "a plugin without signals" --plugin "$lru" --ablate
fails 2 "one --plugin" "two plugins" --plugin "$lru" --plugin "$foresight" --ablate
fails 2 "without --accuracy" "both" --ablate --accuracy
fails 3 "ablate: .*'next-mood'.*next-habit" "an unknown signal" --budget-share 0.2 \
  --plugin "$foresight::ablate=next-mood"

echo "1..$n"
