#!/bin/sh
# SPDX-License-Identifier: MIT
# The command's own words: its version, its helps, what inspect shows, and the
# exit statuses 0, 2 and 3.
. "$top_srcdir/tests/tap.sh"
references=$top_builddir/plugin/reference/.libs
bad=$top_builddir/tests/plugins/.libs

quiet() { # quiet STREAM NAME: nothing on that stream of the last command
  [ ! -s "$work/$1" ]
  ok $? "$2"
}

says 0 out '^hearth [0-9.]*, plugin ABI 1\.0$' "the version" --version
says 0 out '^usage: hearth COMMAND' "help" --help
quiet err "help is no error"
for command in replay explain experiment bench call trace inspect validate \
  state workload import; do
  grep -q "^  $command " "$work/out"
  ok $? "help lists $command"
done
for command in replay explain experiment bench call trace inspect validate \
  state workload import; do
  says 0 out "^usage: hearth $command" "help of $command" "$command" --help
  says 2 err 'help' "a wrong option of $command" "$command" --no-such-option
  quiet out "a wrong option of $command prints no result"
done
says 2 err '^usage: hearth COMMAND' "no command"
says 2 err "no command 'zebra'" "a command that is none" zebra

says 0 out '^id  *org\.' "inspect: id" inspect "$references/hearth-lru.so"
for pattern in '^name  *lru$' '^version  *[0-9]' '^abi  *1\.0$' \
  '^capabilities  *deterministic' '^extensions  *[a-z]' \
  '^requires  *nothing of the host$'; do
  grep -q "$pattern" "$work/out"
  ok $? "inspect: $pattern"
done
says 0 out 'hearth\.future/1' "inspect: what a clairvoyant requires" \
  inspect "$references/hearth-clairvoyant.so"
says 2 err 'name one plugin' "inspect without a plugin" inspect
says 2 err 'name one plugin' "inspect of two" inspect a.so b.so
says 2 err 'nowhere.so' "inspect of a file that is not there" inspect nowhere.so
says 2 err 'command.sh' "inspect of a script" inspect "$0"
says 2 err 'no_symbol' "inspect of a library that is no plugin" \
  inspect "$bad/no_symbol.so"
says 3 out "can't be created" "inspect of one that fails in create" \
  inspect "$bad/fails_create.so"
says 3 err 'hearth.reflect/1 is broken: its functions differ in size' \
  "inspect of a broken list of functions" inspect "$bad/broken_reflect.so"
grep -q '^function  *- -: -$' "$work/out"
ok $? "inspect: a function without texts"

printf 'ts_ms,model,duration_ms\n100,a,5\n20000,b,5\n30000,a,5\n' >"$work/t.csv"
printf 'model,memory_mb,load_ms\na,1024,1000\nb,1024,1000\n' >"$work/t.catalog.csv"
says 3 err '^hearth replay: bad: ' "a plugin that fails is named" replay \
  "$work/t.csv" --plugin "$bad/fails_create.so:bad" --budget-mb 1024 \
  --log "$work/bad.log"
quiet out "a plugin that fails prints no result"
says 3 err '^hearth replay: odd: at 100 ms, request 1 of 3: prepare_models' \
  "with the event" replay "$work/t.csv" --plugin "$bad/strange_status.so:odd" \
  --budget-mb 1024 --log "$work/bad.log" --log-plans "$work/bad.plans"
[ -z "$(ls "$work" | grep bad)" ]
ok $? "a plugin that fails leaves no log"

says 0 out '^  lru  ' "two plugins side by side" replay "$work/t.csv" \
  --plugin hearth-lru.so --plugin "$references/hearth-ttl.so:short:ttl_seconds=5" \
  --idle-price 100
grep -q '^  short  ' "$work/out"
ok $? "each under its name"
says 0 out '"requests": 1' "--until includes its instant" replay "$work/t.csv" \
  --plugin hearth-lru.so --budget-mb 1024 --until 100 --json
says 2 err 'no request up to' "--until before the first request" \
  replay "$work/t.csv" --until 99
says 2 err 'no request up to --until 99' "the workload has its own time" \
  replay --until 99
says 2 err 'a file each' "both logs in one file" replay "$work/t.csv" \
  --log "$work/x" --log-plans "$work/x"
says 2 err 'needs a TRACE' "a catalog of no trace" replay \
  --catalog "$work/t.catalog.csv"
says 2 err "takes a whole number" "half a lane" replay "$work/t.csv" \
  --load-lanes 1.5
says 2 err 'second' "two traces" replay "$work/t.csv" "$work/t.csv"
"$hearth" replay "$work/t.csv" --plugin hearth-lru.so --budget-mb 1024 --json \
  --log "$work/l" --log-plans "$work/p" >"$work/out" 2>"$work/err"
[ $? = 0 ] && [ "$(ls "$work" | tr '\n' ' ')" = "err l out p t.catalog.csv t.csv " ]
ok $? "one run writes the logs as they are named"
"$hearth" replay "$work/t.csv" --plugin hearth-lru.so --json \
  --log "$work/s.csv" >"$work/out" 2>"$work/err"
[ $? = 0 ] && [ -s "$work/s-lru-10%.csv" ] && [ -s "$work/s-lru-R400.csv" ]
ok $? "of several runs each has a log of its own"
if [ -w /dev/full ]; then
  "$hearth" replay "$work/t.csv" --plugin hearth-lru.so >/dev/full 2>"$work/err"
  [ $? = 2 ] && grep -q "can't write" "$work/err"
  ok $? "a result that can't be written"
fi

echo "1..$n"
