#!/bin/sh
# SPDX-License-Identifier: MIT
# The hot path takes no more instructions than instructions.txt says, give or
# take 5 %: callgrind counts the same for the same input, whatever else the
# machine does.
#
#   test_instructions.sh            the test (`make check` runs it)
#   test_instructions.sh --update   write what this build takes to that file
#   test_instructions.sh --parts    where each step's instructions go
#
# Outside of `make check`: top_srcdir=... top_builddir=... sh test_instructions.sh
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir}"
: "${CC:=$(sed -n 's/^CC = //p' "$top_builddir/Makefile")}"
. "$top_srcdir/tests/tap.sh"
file=$top_srcdir/tests/cost/instructions.txt
program=$top_builddir/tests/cost/hot_path
size='100 1000 2000 500' # models, users, requests to learn from, and counted
steps='guess plan started rest metadata'
requests=500 tolerance=5

# The build that the figures are of, in a line: compiler and flags.
build_of() {
  # shellcheck disable=SC2086 # CC may have words
  $CC -dM -E - </dev/null 2>/dev/null | awk '
    $2 == "__clang__" { name = "clang" }
    $2 == "__GNUC__" { major = $3 }
    $2 == "__x86_64__" { machine = "x86_64" }
    END { printf "%s %s %s ", name ? name : "gcc", major, machine }'
  for name in CFLAGS CPPFLAGS HEARTH_SANITIZE; do
    sed -n "s/^$name = *//p" "$top_builddir/Makefile"
  done | tr -s '\n ' '\n' | grep -vx -e '-g' | LC_ALL=C sort -u | paste -sd ' '
}

# Why the figures can't be compared; empty: they can.
obstacle() {
  command -v valgrind >/dev/null || { echo "no valgrind here"; return; }
  [ "$(build_of)" = "$1" ] ||
    echo "the figures are of: $1; this build: $(build_of)"
}

# profile REGIME [OPTIONS...]: callgrind's record of a run to $work/REGIME
profile() {
  regime=$1 price=
  shift
  [ "$regime" = budget ] || price=100
  # shellcheck disable=SC2086 # numbers
  valgrind --tool=callgrind --callgrind-out-file="$work/$regime" "$@" \
    "$program" $size $price >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    return 1
  }
}

# "REGIME STEP INSTRUCTIONS", a call of each step
count() {
  for regime in budget price; do
    profile "$regime" || return 1
    callgrind_annotate --inclusive=yes --threshold=100 --auto=no \
      "$work/$regime" >"$work/annotated" || return 1
    for step in $steps; do
      awk -v step="$step" -v regime="$regime" -v n="$requests" '
        $0 ~ "hot_path.c:cost_" step "( |$)" && !done {
          gsub(",", "", $1); printf "%s %s %d\n", regime, step, $1 / n
          done = 1
        }' "$work/annotated"
    done
  done
}

update() {
  count >"$work/now" && [ -s "$work/now" ] || exit 1
  {
    echo '# Instructions a call by callgrind, encoding and decoding included.'
    echo '# Made by tests/cost/test_instructions.sh --update, with this build:'
    echo "build $(build_of)"
    cat "$work/now"
  } >"$file"
  cat "$file"
}

# A step's own instructions by the part of the tree that they are in.
parts() {
  echo 'regime step part instructions-a-call'
  for regime in budget price; do
    for step in $steps; do
      profile "$regime" --toggle-collect="cost_$step" || exit 1
      callgrind_annotate --threshold=100 --auto=no "$work/$regime" |
        awk -v step="$step" -v regime="$regime" -v n="$requests" '
        function part(at) {
          if (at ~ /wire\/(decode|unpack|store)|msgpack\/unpack/) return "decode"
          if (at ~ /wire\/(encode|buffer)|msgpack\/pack/) return "encode"
          if (at ~ /wire\//) return "schemas"
          if (match(at, /foresight\/(next|within|budget|price|users)/))
            return substr(at, RSTART + 10, RLENGTH - 10)
          if (at ~ /plugin\/foresight\//) return "foresight"
          if (at ~ /plugin\/sdk\//) return "names"
          return at ~ /host-sdk\// ? "host" : "libc"
        }
        /^ *[0-9,]+ \(/ && !/PROGRAM TOTALS/ {
          gsub(",", "", $1); sum[part($0)] += $1
        }
        END { for (p in sum) printf "%s %s %s %d\n", regime, step, p, sum[p] / n }'
    done
  done | LC_ALL=C sort -k1,2 -k4,4nr
}

case "${1-}" in
--update) update; exit ;;
--parts) parts; exit ;;
esac
why=$(obstacle "$(sed -n 's/^build //p' "$file")")
[ -z "$why" ] || { echo "1..0 # SKIP $why"; exit 0; }
count >"$work/now"
for regime in budget price; do
  for step in $steps; do
    was=$(sed -n "s/^$regime $step //p" "$file")
    now=$(sed -n "s/^$regime $step //p" "$work/now")
    [ -n "$now" ] && [ -n "$was" ] &&
      [ $((now * 100)) -le $((was * (100 + tolerance))) ]
    status=$?
    ok $status "$regime, $step: ${now:-no} instructions, at most $tolerance % over ${was:-none}"
    [ $status = 0 ] ||
      echo "# was ${was:-none}, is ${now:-none}; if it has to be: $0 --update"
    [ -z "$now" ] || [ -z "$was" ] ||
      [ $((now * 100)) -ge $((was * (100 - tolerance))) ] ||
      echo "# $regime, $step got cheaper: $0 --update keeps it so"
  done
done
echo "1..$n"
