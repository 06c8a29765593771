#!/bin/sh
# SPDX-License-Identifier: MIT
# hearth state: each of its actions on a store, and what it refuses.
. "$top_srcdir/tests/tap.sh"
subcommand=state
plugins=$top_builddir/plugin
cd "$work" || exit 1

# An export by hand is how a store begins here; request 3 has a key of a later
# version, and bytes that this program would write in another way.
mkdir first
python3 - <<'PY'
import json
with open("first/outcomes.jsonl", "w") as f:
    for i in range(300):
        o = {"request_id": "r%d" % i, "at_ms": 1000 + i * 60000,
             "phase": "started", "model": "ab"[i % 2], "state": "warm",
             "user": {"id": "ann"}, "task": "chat"}
        line = {"sequence": 10 + i, "outcome": o}
        if i == 3:
            # {"at_ms": 181000 (as 8 bytes), "phase": "failed", "new": 1}
            line["bytes"] = ("83" + "a5" + b"at_ms".hex() + "cf" +
                             (181000).to_bytes(8, "big").hex() + "a5" +
                             b"phase".hex() + "a6" + b"failed".hex() + "a3" +
                             b"new".hex() + "01")
        f.write(json.dumps(line) + "\n")
json.dump([], open("first/snapshots.json", "w"))
PY
says 0 err '' "import" import s.db first
[ "$(ls)" = "$(printf 'err\nfirst\nout\ns.db')" ]
ok $? "import leaves the store, and nothing beside"
says 0 out '^outcomes  *300, .* of 2 models and 1 users' "show" show s.db
for pattern in '^  started  *299$' '^  failed  *1$' '^sequences  *10 to 309$' \
  '^from  *1970-01-01T00:00:01Z (1000 ms)$' '^snapshots  *0, '; do
  grep -q "$pattern" out
  ok $? "show: $pattern"
done
says 2 err 'there already; import makes a new' "import over a store" \
  import s.db first
says 0 err 'taught 300 of 300' "rebuild: progress" \
  rebuild s.db --plugin "$plugins/reference/.libs/hearth-markov.so"
grep -q '2 models are in no catalog' err
ok $? "rebuild: models without a catalog"
grep -q 'learned 300 outcomes up to 309: a snapshot of [1-9]' out
ok $? "rebuild: what was learned"
printf 'model,memory_mb,load_ms\na,1024,1000\nb,1024,1000\n' >c.csv
says 0 out 'learned 300' "rebuild with a catalog and a configuration" \
  rebuild s.db --catalog c.csv --plugin \
  "$plugins/reference/.libs/hearth-ttl.so:short:ttl_seconds=5"
foresight=$plugins/foresight/.libs/hearth-foresight.so
if "$hearth" inspect "$foresight" | grep -q '^capabilities.*state'; then
  says 0 out 'learned 300' "rebuild foresight" \
    rebuild s.db --plugin "$foresight" --catalog c.csv
else
  says 2 err 'keeps no state' "foresight without state is refused" \
    rebuild s.db --plugin "$foresight"
fi
says 0 out '^snapshot  *1: org\..*markov .*cursor 309' "show: snapshots" show s.db
"$hearth" state show s.db --json | python3 -c '
import json, sys
s = json.load(sys.stdin)
assert s["outcomes"] == 300 and s["by_phase"]["started"] == 299, s
assert s["first_sequence"] == 10 and s["last_sequence"] == 309, s
assert len(s["snapshots"]) >= 2 and s["snapshots"][0]["cursor"] == 309, s
assert s["snapshots"][0]["damaged"] is None, s'
ok $? "show --json"

says 0 err '' "export" export s.db out1
"$hearth" state import t.db out1 && "$hearth" state export t.db out2 &&
  diff -r out1 out2 >diff.txt
ok $? "export, import, export: the same, bit for bit"
cmp -s out1/outcomes.jsonl out2/outcomes.jsonl &&
  [ "$(grep -c '"bytes"' out1/outcomes.jsonl)" = 1 ] &&
  [ "$(wc -l <out1/outcomes.jsonl)" = 300 ]
ok $? "one outcome needs its bytes besides"
rows() {
  python3 - "$1" <<'PY'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(
        "SELECT sequence, hex(bytes), sum FROM outcomes ORDER BY 1"):
    print(*row)
PY
}
rows s.db >a.txt && rows t.db >b.txt && [ -s a.txt ] && cmp -s a.txt b.txt
ok $? "the rows have the same bytes"
says 2 err 'there already; name a new folder' "export over a folder" \
  export s.db out1

says 0 err '' "backup" backup s.db b.db
rows b.db >c.txt && cmp -s a.txt c.txt
ok $? "the backup has the rows"
says 2 err 'there already' "backup over a file" backup s.db b.db
rm -rf first2 && cp -r first first2 && head -5 first/outcomes.jsonl >first2/outcomes.jsonl
"$hearth" state import small.db first2
says 0 err 'is kept as small.db.replaced-' "restore keeps what was there" \
  restore small.db b.db
rows small.db >c.txt && cmp -s a.txt c.txt && [ "$(rows small.db.replaced-* | wc -l)" = 5 ]
ok $? "both are whole"
says 0 err '' "restore to a new place" restore new.db b.db
head -c 9000 b.db >half.db
says 2 err 'not a whole backup\|half.db' "half a backup is refused" \
  restore small.db half.db
rows small.db >c.txt && cmp -s a.txt c.txt
ok $? "and the store stays"

says 2 err 'outcomes.jsonl:2: Outcome.at_ms' "a line that is no outcome" \
  import bad.db "$(mkdir -p bad && head -1 first/outcomes.jsonl >bad/outcomes.jsonl &&
    echo '{"sequence":11,"outcome":{"phase":"failed"}}' >>bad/outcomes.jsonl &&
    echo '[]' >bad/snapshots.json && echo bad)"
[ ! -e bad.db ] && [ ! -e bad.db.importing ]
ok $? "leaves no store"
says 2 err 'can.t be filled' "a sequence twice" \
  import bad.db "$(head -1 first/outcomes.jsonl >bad/outcomes.jsonl &&
    head -1 first/outcomes.jsonl >>bad/outcomes.jsonl && echo bad)"
says 2 err 'nowhere' "import from a folder that is not there" \
  import bad.db nowhere

printf 'garbage that is long enough to be looked at as a header' >g.db
says 2 err 'g.db: ' "show of what is no store" show g.db
says 2 err 'no such file' "show of a store that is not there" show none.db
says 2 err 'no such file' "rebuild of one" rebuild none.db --plugin x.so
says 2 err 'needs the first' "rebuild without a plugin" rebuild s.db
says 2 err 'no-such' "rebuild with a plugin that is not there" \
  rebuild s.db --plugin no-such.so
says 2 err 'name one STORE' "show of two" show s.db t.db
says 2 err 'name a STORE' "backup without a file" backup s.db
says 2 err 'goes with show' "--json elsewhere" backup s.db x.db --json
says 2 err 'say show' "an action that is none" zebra s.db
says 2 err 'help' "a wrong option" show s.db --no-such
says 0 out '^usage: hearth state' "help" --help
if [ -w /dev/full ]; then
  "$hearth" state show s.db >/dev/full 2>err
  [ $? = 2 ] && grep -q "can't be written" err
  ok $? "a result that can't be written"
fi

# A damaged store is salvaged by who writes to it.
: >s.db.lock && printf 'closed\n' >s.db.lock
printf 'XXXXXXXXXXXXXXXX' | dd of=s.db conv=notrunc status=none
says 2 err 'whoever opens it for writing' "show of a damaged store" show s.db
says 0 err 'set aside as s.db.damaged-' "rebuild of one salvages it" \
  rebuild s.db --plugin "$plugins/reference/.libs/hearth-lru.so"
rows s.db >c.txt && cmp -s a.txt c.txt
ok $? "all rows are there"

echo "1..$n"
