# SPDX-License-Identifier: MIT
# What the tests of commands share: to be read with `.`, first.  $work is a folder
# of the test's own; n counts what was said so far.
set -u
hearth=$top_builddir/host-sdk/cli/hearth
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
subcommand= # that `says` runs; none: it is the first of its arguments
n=0

ok() { # ok STATUS NAME
  n=$((n + 1))
  if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# Whether the last command's stream (out or err) has a line of that pattern; an
# empty pattern: whether nothing is there.
has() {
  if [ -n "$2" ]; then grep -q -- "$2" "$work/$1"; else [ ! -s "$work/$1" ]; fi
}

# says STATUS STREAM PATTERN NAME ARGS...: exit status, and what a stream has
says() {
  want=$1 stream=$2 pattern=$3 name=$4
  shift 4
  # shellcheck disable=SC2086 # none or one word
  "$hearth" $subcommand "$@" >"$work/out" 2>"$work/err" </dev/null
  got=$?
  if [ "$got" = "$want" ] && has "$stream" "$pattern"; then
    ok 0 "$name"
  else
    echo "# exit $got; $(head -c 300 "$work/$stream" | tr '\n' ' ')"
    ok 1 "$name"
  fi
}
