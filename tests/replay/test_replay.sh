#!/bin/sh
# SPDX-License-Identifier: MIT
# The command as its user has it: figures from the log, determinism, no look at
# the future, errors and exit statuses.
. "$top_srcdir/tests/tap.sh"
plugins=$top_builddir/plugin
lru=$plugins/reference/.libs/hearth-lru.so
breakeven=$plugins/reference/.libs/hearth-breakeven.so
foresight=$plugins/foresight/.libs/hearth-foresight.so

"$hearth" workload --users 8 --days 3 --models 12 -o "$work/t.csv.gz" 2>/dev/null
ok $? "a workload is made"

recompute() { # recompute NAME PLUGIN SETTING...
  name=$1 plugin=$2
  shift 2
  "$hearth" replay "$work/t.csv.gz" --plugin "$plugin" "$@" --log "$work/$name.log" \
    --json >"$work/$name.json" &&
    python3 "$top_srcdir/docs/recompute.py" "$work/$name.log" "$work/t.catalog.csv" \
      >"$work/$name.ours" &&
    python3 "$top_srcdir/tests/replay/compare_json.py" "$work/$name.ours" "$work/$name.json"
  ok $? "the log of $name recomputes to its figures"
}
recompute lru "$lru" --budget-share 0.2
recompute breakeven "$breakeven" --idle-price 100
recompute foresight "$foresight" --budget-share 0.2
recompute foresight-price "$foresight" --idle-price 100

for name in lru breakeven; do
  python3 "$top_srcdir/tests/replay/check_json.py" "$work/$name.json"
  ok $? "the JSON of $name has the keys it should"
done

"$hearth" replay "$work/t.csv.gz" --plugin "$foresight" --budget-share 0.2 --json \
  --log "$work/again.log" >"$work/again.json"
cmp -s "$work/foresight.json" "$work/again.json" && cmp -s "$work/foresight.log" "$work/again.log"
ok $? "the same inputs give the same bytes"

# Cut at T: what a replay of all of it did before T, a replay up to T does too.
until=$(gzip -dc "$work/t.csv.gz" | awk -F, 'NR > 1 { t[NR] = $1 } END { print t[int(NR / 2)] }')
for name in foresight foresight-price; do
  case $name in foresight) set -- --budget-share 0.2 ;; *) set -- --idle-price 100 ;; esac
  "$hearth" replay "$work/t.csv.gz" --plugin "$foresight" "$@" --until $until --json \
    --log "$work/cut.log" >/dev/null
  last=$(awk -F, '$2 == "request" { t = $1 } END { print t }' "$work/cut.log")
  awk -F, -v t="$last" 'NR > 1 && $1 < t' "$work/cut.log" >"$work/cut.part"
  awk -F, -v t="$last" 'NR > 1 && $1 < t' "$work/$name.log" >"$work/whole.part"
  [ -s "$work/cut.part" ] && cmp -s "$work/cut.part" "$work/whole.part"
  ok $? "$name does not look into the future"
done

fails() { # fails STATUS PATTERN NAME ARGS...
  want=$1 pattern=$2 name=$3
  shift 3
  "$hearth" replay "$@" >"$work/out" 2>"$work/err"
  got=$?
  [ $got = "$want" ] && grep -q "$pattern" "$work/err" && [ ! -s "$work/out" ]
  status=$?
  [ $status = 0 ] || echo "# exit $got: $(cat "$work/err")"
  ok $status "$name"
}
printf 'ts_ms,model\n5,a\n3,b\n' >"$work/unsorted.csv"
fails 2 "unsorted.csv:3: ts_ms" "an unsorted trace names its line" "$work/unsorted.csv"
: >"$work/empty.csv"
fails 2 "empty.csv" "an empty trace" "$work/empty.csv"
printf 'ts_ms,model\n1,a\n2,\n' >"$work/nomodel.csv"
fails 2 "nomodel.csv:3: model" "a request without a model" "$work/nomodel.csv"
printf 'ts_ms,model\n-1,a\n' >"$work/negative.csv"
fails 2 "negative.csv:2: ts_ms" "a negative time" "$work/negative.csv"
head -c 300 "$work/t.csv.gz" >"$work/torn.csv.gz"
fails 2 "torn.csv.gz" "a torn gzip" "$work/torn.csv.gz"
fails 2 "nowhere.csv" "a trace that is not there" "$work/nowhere.csv"
fails 2 "largest model" "a budget under the largest model" "$work/t.csv.gz" --budget-mb 10
fails 2 "budget-share" "a share over 1" "$work/t.csv.gz" --budget-share 2
fails 2 "not several" "two settings" "$work/t.csv.gz" --budget-share 0.1 --idle-price 10
fails 2 "help" "an unknown option" "$work/t.csv.gz" --no-such-option
fails 2 "t.csv.gz" "a plugin that is not one" "$work/t.csv.gz" --plugin "$work/t.csv.gz"
fails 2 "no such setting" "a setting that is not one" "$work/t.csv.gz" --plugin "$lru:x:nothing=1"
fails 2 "can't write" "a log that can't be written" "$work/t.csv.gz" --plugin "$lru" \
  --budget-share 0.2 --log "$work/no/such/folder.log"

printf 'ts_ms,model\n1,a\n2,b\n3000,a\n' >"$work/plain.csv"
"$hearth" replay "$work/plain.csv" --plugin "$lru" --budget-share 0.5 >/dev/null 2>"$work/err"
[ $? = 0 ] && grep -q "2 models" "$work/err"
ok $? "models without a catalog get defaults, with a warning that counts"

echo "1..$n"
