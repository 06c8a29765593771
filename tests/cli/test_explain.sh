#!/bin/sh
# SPDX-License-Identifier: MIT
# hearth explain: the table, the JSON, its moments, and what it refuses.
. "$top_srcdir/tests/tap.sh"
subcommand=explain
plugins=$top_builddir/plugin
foresight=$plugins/foresight/.libs/hearth-foresight.so
lru=$plugins/reference/.libs/hearth-lru.so

# ann: a, b, a, b ... each minute; a and b fit, c does not beside them.
printf 'model,memory_mb,load_ms\na,1000,9000\nb,1000,9000\nc,1000,9000\n' >"$work/t.catalog.csv"
awk 'BEGIN { print "ts_ms,user,model,duration_ms"
  for (i = 0; i < 200; i++) print i * 60000 ",ann," (i % 2 ? "b" : "a") ",1000"
  print "12030000,bob,c,1000" }' >"$work/t.csv"
set -- "$work/t.csv" --plugin "$foresight"

says 0 out '^  b .*kept, rank 1 .* worth per mb +' "what is kept, and why" "$@" --at 12020000 --budget-mb 2000
says 0 out '^  c .*absent .*not held .*never used' "what is not held, and why" "$@" --at 12020000 --budget-mb 2000
grep -q 'first to go' "$work/out"
ok $? "who goes first"
says 0 out '^as request 200 comes: user bob, task -$' "the last request, as it comes" "$@" --at last
says 0 out '^  a .* 1\.00 .*sequence +' "a sequence is foretold" "$@" --at 11880000 --budget-mb 2000
says 0 out '^  a .*kept for .*\(hold value\|rule:breakeven\) +' "how long, where memory has a price" "$@" --at 11998000 --idle-price 100
says 0 out '^  b ' "one model alone" "$@" --at 12020000 --budget-mb 2000 --model b
[ "$(grep -c '^  [abc] ' "$work/out")" = 1 ]
ok $? "and no other"

"$hearth" explain "$@" --at 12020000 --budget-mb 2000 --json >"$work/a.json" &&
  "$hearth" explain "$@" --at 12020000 --budget-mb 2000 --json >"$work/b.json" &&
  cmp -s "$work/a.json" "$work/b.json" &&
  python3 - "$work/a.json" <<'PY'
import json, sys
e = json.load(open(sys.argv[1]))
assert e["plugin"] == "foresight" and e["request"] is None
assert [m["rank"] for m in e["models"]] == [1, 2, None], e
for m in e["models"]:
    assert 1 <= len(m["reasons"]) <= 4 and m["p_next"] is None
    assert m["p_within"]["300"] <= m["p_within"]["21600"]
PY
ok $? "the same as JSON, twice the same"

# The moment looks back only: the trace cut there says the same.
awk -F, 'NR == 1 || $1 <= 6000000' "$work/t.csv" >"$work/cut.csv"
cp "$work/t.catalog.csv" "$work/cut.catalog.csv"
"$hearth" explain "$work/t.csv" --plugin "$foresight" --at 6000000 --budget-mb 2000 >"$work/whole"
"$hearth" explain "$work/cut.csv" --plugin "$foresight" --at last --budget-mb 2000 >"$work/cut"
[ -s "$work/whole" ] && cmp -s "$work/whole" "$work/cut"
ok $? "no look into the future"

says 0 out '^usage: hearth explain' "help" --help
says 2 err 'hearth.explain/1' "a plugin that does not explain itself" "$work/t.csv" --plugin "$lru" --at last
says 2 err '--at' "no moment" "$work/t.csv"
says 2 err 'within the trace, 0 to 12030000' "a moment outside" "$@" --at 99999999
says 2 err '--at' "a moment that is none" "$@" --at noon
says 2 err "no model 'zzz'" "a model that is none" "$@" --at last --model zzz
says 2 err 'not several' "two settings" "$@" --at last --budget-mb 2000 --idle-price 10
says 2 err 'largest model' "a budget under the largest model" "$@" --at last --budget-mb 10
says 2 err 'nowhere.csv' "a trace that is not there" "$work/nowhere.csv" --at last
says 2 err 'help' "an unknown option" "$@" --at last --no-such

echo "1..$n"
