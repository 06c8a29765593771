#!/bin/sh
# SPDX-License-Identifier: MIT
# hearth call and hearth trace, as they are typed.
. "$top_srcdir/tests/tap.sh"
letters=$top_builddir/tests/reflect/.libs/letters.so
foresight=$top_builddir/plugin/foresight/.libs/hearth-foresight.so
lru=$top_builddir/plugin/reference/.libs/hearth-lru.so

holds() { # holds NAME PYTHON: an expression over `it`, the JSON on out
  python3 -c "import json,sys
it = json.load(open(sys.argv[1]))
sys.exit(0 if ($2) else 1)" "$work/out" 2>"$work/python"
  ok $? "$1"
}
each() { # each NAME PYTHON: an expression over `all`, the lines on out
  python3 -c "import json,sys
all = [json.loads(line) for line in open(sys.argv[1])]
sys.exit(0 if ($2) else 1)" "$work/out" 2>"$work/python"
  ok $? "$1"
}

for command in call trace; do
  says 0 out "^usage: hearth $command" "help of $command" "$command" --help
  says 2 err 'help' "a wrong option of $command" "$command" x.so --no-such
done

# The list.
says 0 out '^all  h(pidlbuso)$' "the list" call "$letters"
grep -q "can't be called: signature, character 3 ('x')" "$work/out"
ok $? "the list says what can't be called"
says 0 out '"name": null' "the list in JSON" call "$letters" --json
holds "each with its signature" 'len(it) == 20 and it[0] == {"name": "echo_i",
  "signature": "i(i)", "help": "Tests echo_i."}'
says 0 out 'no functions' "a plugin that reflects nothing" call "$lru"

# Arguments and results.
says 0 out '^-5$' "a negative number" call "$letters" echo_i -5
says 0 out '^18446744073709551615$' "the largest" call "$letters" echo_u \
  18446744073709551615
says 0 out '^0\.1$' "a fraction" call "$letters" echo_d 0.1
says 0 out '^grüß dich$' "a text" call "$letters" echo_s 'grüß dich'
says 0 out '^--json$' "a text like an option" call "$letters" echo_s -- --json
says 0 out '^"0x00ff"$' "bytes" call "$letters" echo_b hex:00ff
printf 'abc' >"$work/b"
says 0 out '^"0x616263"$' "bytes of a file" call "$letters" echo_b "@$work/b"
says 0 out '^null$' "no text" call "$letters" nothing
says 0 out '^ok$' "a result that is none" call "$letters" add 1
says 0 out 'xyz' "a message" call "$letters" all -7 20.5 -30 hex:0102 40 xyz \
  --json
holds "as JSON" 'it["out"] == [-7, 30, "xyz", "0x0102"] and it["status"] == 0'
says 0 out '^no opinion' "a status that is no failure" call "$letters" \
  status_of 1
says 0 out '^-1$' "another signature" call "$letters" echo_u -1 \
  --signature 'l(l)'

# Refusals.
says 2 err 'argument 1: want an int32, -2147483648 to' "out of range" \
  call "$letters" echo_i 2147483648
says 2 err 'takes 1 argument (i), not 2' "too many" call "$letters" echo_i 1 2
says 2 err "no function 'zebra'" "no such function" call "$letters" zebra
says 2 err "character 3 ('x')" "a broken signature" call "$letters" \
  bad_signature
says 2 err 'reflects no functions' "no functions" call "$lru" zebra
says 2 err 'nowhere.so' "no such file" call nowhere.so zebra
says 2 err 'name a plugin' "nothing" call
says 2 err 'takes milliseconds' "a wrong deadline" call "$letters" add 1 \
  --deadline 0
says 2 err 'can.t read' "no such state" call "$letters" outcomes \
  --state "$work/none"
says 3 err 'status_of: busy' "a failure" call "$letters" status_of -5
says 3 err 'no pointer' "no pointer" call "$letters" no_pointer

# What would be the end of a host.
says 3 err 'crash: the plugin crashed' "a crash" call "$letters" crash
says 3 out '"status": -100' "a crash in JSON" call "$letters" crash --json
says 3 err 'hang: ' "one that hangs" call "$letters" hang --deadline 300

# State.
says 0 out '^ok$' "save" call "$letters" add 5 --save "$work/state"
says 0 out '^5$' "and load" call "$letters" outcomes --state "$work/state"
says 0 out '^0$' "without it" call "$letters" outcomes
says 0 err 'warning: the plugin runs in this process' "in this process" \
  call "$letters" outcomes --in-process

# A trace to learn from.
printf 'ts_ms,user,model,duration_ms\n' >"$work/t.csv"
awk 'BEGIN { for (i = 0; i < 200; i++)
  print i * 60000 ",ann," (i % 2 ? "b" : "a") ",1000" }' >>"$work/t.csv"
printf 'model,memory_mb,load_ms\na,1000,9000\nb,1000,9000\n' \
  >"$work/t.catalog.csv"
for where in "" --in-process; do
  says 0 out '^ok$' "forget a user that was learned${where:+, $where}" call \
    "$foresight" forget_user ann --trace "$work/t.csv" \
    --save "$work/learned$where" $where
done
cmp "$work/learned" "$work/learned--in-process" >/dev/null
ok $? "a worker learns the same as this process"
says 0 out '{' "weights" call "$foresight" dump_weights --json \
  --state "$work/learned"
holds "are a message" 'it["status"] == 0 and isinstance(it["out"], dict)'
says 0 out '^ok$' "a price" call "$foresight" set_idle_price 100
says 0 out '^ok$' "no price" call "$foresight" set_idle_price -1
says 2 err 'want a number' "a price that is none" call "$foresight" \
  set_idle_price dear

# hearth trace.
says 0 out '"function": "prepare_models"' "a trace" trace "$foresight" \
  "$work/t.csv" --requests 20
cp "$work/out" "$work/whole"
each "every call in its order" '[c["call"] for c in all] ==
  list(range(1, len(all) + 1)) and all[0]["function"] == "create" and
  all[-1]["function"] == "destroy"'
each "messages are decoded" 'all[3]["in"]["reason"] == "request" and
  not any("in_fault" in c or "out_fault" in c for c in all)'
each "no call is missed" 'sum(c["function"] == "record_outcome" and
  c["in"]["phase"] == "started" for c in all) == 20'
says 0 out 'record_outcome' "some functions" trace "$foresight" \
  "$work/t.csv" --requests 20 --only record_outcome,destroy
each "and no other" '{c["function"] for c in all} ==
  {"record_outcome", "destroy"}'
says 0 out '"call": 5,' "some calls" trace "$foresight" "$work/t.csv" \
  --requests 20 --calls 5-7
each "and no other call" '[c["call"] for c in all] == [5, 6, 7]'
says 2 err 'takes FROM-TO' "a wrong range" trace "$foresight" --calls 7-5
says 0 out '^prepare_models  *[0-9]' "a table" trace "$foresight" \
  "$work/t.csv" --no-messages
says 0 out '^record_outcome' "the built-in workload" trace "$lru" \
  --requests 50 --no-messages
"$hearth" trace "$foresight" "$work/t.csv" --requests 20 \
  --out "$work/file" >"$work/out"
[ $? = 0 ] && [ ! -s "$work/out" ] &&
  [ "$(wc -l <"$work/file")" = "$(wc -l <"$work/whole")" ]
ok $? "into a file"
says 3 err 'bad: ' "a plugin that fails" trace \
  "$top_builddir/tests/plugins/.libs/strange_status.so:bad" "$work/t.csv"
each "is traced up to its failure" 'all[-1]["function"] == "destroy" and
  all[-2]["function"] == "prepare_models"'
says 2 err 'name one plugin' "trace of nothing" trace
says 2 err 'nowhere.so' "trace of no file" trace nowhere.so
if [ -w /dev/full ]; then
  "$hearth" trace "$lru" --requests 50 >/dev/full 2>"$work/err"
  [ $? = 2 ] && grep -q "can't write" "$work/err"
  ok $? "calls that can't be written"
fi

echo "1..$n"
