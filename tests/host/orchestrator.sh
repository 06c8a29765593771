#!/bin/sh
# SPDX-License-Identifier: MIT
# The example orchestrator runs for real, with plugins of both kinds, the same
# way every time, and fails politely.

: "${top_builddir:=.}"
program=$top_builddir/examples/orchestrator/orchestrator
number=0

result() { # WHAT CONDITION...
  number=$((number + 1))
  what=$1
  shift
  if "$@"; then
    echo "ok $number - $what"
  else
    echo "not ok $number - $what"
  fi
}

# serves NAME: 60 requests are served, more of them warm than would be if every
# change of model were cold, and a second run says the same.
serves() {
  plugin=$top_builddir/plugin/reference/.libs/hearth-$1.so
  said=$("$program" "$plugin") || return 1
  [ "$said" = "$("$program" "$plugin")" ] || return 1
  [ "$(echo "$said" | grep -c ', waited ')" = 60 ] || return 1
  warm=$(echo "$said" | sed -n 's/^60 requests: \([0-9]*\) warm.*/\1/p')
  echo "# $1: $warm of 60 were warm"
  [ "${warm:-0}" -ge 10 ]
}

# swaps FROM TO WHAT: the plugin is replaced half way, in the way that WHAT
# tells, and no request is missed.
swaps() {
  folder=$top_builddir/plugin/reference/.libs
  said=$("$program" "$folder/hearth-$1.so" --swap "$folder/hearth-$2.so") ||
    return 1
  [ "$(echo "$said" | grep -c ', waited ')" = 60 ] || return 1
  echo "$said" | grep '^---' | sed 's/^/# /'
  echo "$said" | grep -q "^--- $3"
}

refuses() { # STATUS WHAT ARGUMENTS...
  want=$1
  why=$2
  shift 2
  said=$("$program" "$@" 2>&1)
  [ $? = "$want" ] && echo "$said" | grep -q "$why"
}

result "runs with lru" serves lru
result "runs with markov" serves markov
result "swaps a plugin for its like" swaps markov markov \
  "swapped: markov .* -> markov .*: took over its state"
result "swaps a plugin for another" swaps lru markov \
  "swapped: lru .* -> markov .*: started cold"
result "goes on if it can't swap" swaps lru none "not swapped: .*No such file"
result "wants a plugin" refuses 2 "usage"
result "wants a plugin to swap for" refuses 2 "usage" a.so --swap
result "refuses what is none" refuses 2 "is not a shared object" "$0"
result "refuses what is not there" refuses 2 "No such file" /nonexistent.so
echo "1..$number"
