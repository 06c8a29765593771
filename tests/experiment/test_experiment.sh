#!/bin/sh
# SPDX-License-Identifier: MIT
# The command as its user has it: a table, JSON that repeats, a page, errors with
# file and line, exit statuses.
. "$top_srcdir/tests/tap.sh"

"$hearth" workload --users 12 --days 4 --models 12 -o "$work/t.csv.gz" 2>/dev/null
ok $? "a workload is made"

cat >"$work/e.yaml" <<'END'
experiment: small
trace: t.csv.gz
budget_share: 0.2
promote: true
keep_state: .
arms:
  - {name: lru, plugin: hearth-lru.so, share: 0.5}
  - {name: gdsf, plugin: hearth-gdsf.so, share: 0.5}
  - {name: bad, plugin: PLUGIN, shadow: true}
END
sed "s|PLUGIN|$(cd "$top_builddir" && pwd)/tests/plugins/.libs/writes_then_fails.so|" \
  "$work/e.yaml" >"$work/f.yaml"
"$hearth" experiment "$work/f.yaml" --report "$work/p.html" >"$work/table"
ok $? "it runs, from another folder"
grep -q "gdsf against lru" "$work/table"
ok $? "the table compares"
grep -q "'bad' is stopped: .* calls failed" "$work/table"
ok $? "an arm that fails is stopped, and the others go on"
grep -q "</html>" "$work/p.html" && ! grep -qE "(src|href)=" "$work/p.html" &&
  ! grep -qE "nan|inf[^o]" "$work/p.html"
ok $? "the page is whole, needs nothing else, and has no figure that is none"

"$hearth" experiment "$work/f.yaml" --json >"$work/1.json" &&
  "$hearth" experiment "$work/f.yaml" --json >"$work/2.json" &&
  cmp -s "$work/1.json" "$work/2.json" &&
  python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
assert r["unit"] == "session" and len(r["arms"]) == 3
assert [a["name"] for a in r["arms"] if a["stopped"]] == ["bad"]
assert sum(a["share"] for a in r["arms"]) == 1
c = r["comparisons"][0]["paired"]
assert c["low_s"] <= c["saved_s"] <= c["high_s"], c
assert r["events"][0]["event"] == "guardrail"
' "$work/1.json"
ok $? "JSON parses, and the same inputs give the same bytes"

"$hearth" replay "$work/t.csv.gz" --plugin hearth-lru.so --budget-share 0.2 --json \
  >"$work/r.json" && python3 -c '
import json, sys
e = json.load(open(sys.argv[1]))["arms"][0]
r = json.load(open(sys.argv[2]))["settings"][0]["policies"][0]
for mine, theirs in (("cold", "cold"), ("delayed", "delayed")):
  assert e[mine] == r[theirs]
assert abs(e["cold_wait_s"] - r["cold_wait_s"]) < 1e-3
assert abs(e["idle_gb_s"] / r["idle_gb_s"] - 1) < 1e-6
' "$work/1.json" "$work/r.json"
ok $? "an arm's figures are those of hearth replay"

refuse() { # refuse NAME WORDS
  "$hearth" experiment "$work/$1" >/dev/null 2>"$work/err"
  [ $? = 2 ] && grep -qF "$2" "$work/err"
  ok $? "refused: $2"
}
refuse none.yaml "none.yaml: No such file"
sed 's/promote: true/promote: yes/' "$work/f.yaml" >"$work/a.yaml"
refuse a.yaml "a.yaml:4: promote: want one of"
sed 's/hearth-gdsf.so/hearth-none.so/' "$work/f.yaml" >"$work/b.yaml"
refuse b.yaml "b.yaml:8: arm 'gdsf': no plugin hearth-none.so"
sed 's/t.csv.gz/u.csv.gz/' "$work/f.yaml" >"$work/c.yaml"
refuse c.yaml "u.csv.gz"
sed 's/budget_share: 0.2/budget_mb: 10/' "$work/f.yaml" >"$work/d.yaml"
refuse d.yaml "less than the largest model"
"$hearth" experiment "$work/f.yaml" --report /no/such/folder/p.html >/dev/null 2>&1
[ $? = 2 ]
ok $? "a page that can't be written is exit status 2"
sed "s|PLUGIN|$(cd "$top_builddir" && pwd)/tests/plugins/.libs/fails_create.so|" \
  "$work/e.yaml" >"$work/g.yaml"
"$hearth" experiment "$work/g.yaml" >/dev/null 2>"$work/err"
[ $? = 3 ] && grep -q "arm 'bad': create" "$work/err"
ok $? "a plugin that can't be created is exit status 3"
echo "1..$n"
