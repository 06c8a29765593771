#!/bin/sh
# SPDX-License-Identifier: MIT
# What plugins ask of the system: memory, strings and locks.  No libm (its last
# bit differs from machine to machine), no clock, no thread, no file.

: "${top_builddir:=.}"
number=0
allowed='mem(cpy|set|cmp|move|chr)|str(len|cmp|ncmp|chr)'
allowed="$allowed|malloc|calloc|realloc|free|abort"
allowed="$allowed|pthread_(mutex|mutexattr|rwlock|rwlockattr)_[a-z_]*"
allowed="$allowed|__tls_get_addr" # what a thread has of its own
allowed="$allowed|__stack_chk_fail|__mem(cpy|set|move)_chk"
allowed="$allowed|__cxa_finalize|__gmon_start__|_ITM_[A-Za-z]*"
allowed="$allowed|__(asan|ubsan|tsan|sanitizer)_[A-Za-z0-9_]*"

if ! command -v nm > /dev/null 2>&1; then
  echo "1..0 # SKIP no nm"
  exit 0
fi
for plugin in "$top_builddir"/plugin/*/.libs/*.so; do
  [ -e "$plugin" ] || continue
  number=$((number + 1))
  wrong=$(nm -D --undefined-only "$plugin" | awk '{ print $NF }' |
    sed 's/@.*//' | grep -Evx "$allowed")
  if [ -z "$wrong" ]; then
    echo "ok $number - ${plugin##*/} imports memory, strings and locks only"
  else
    echo "not ok $number - ${plugin##*/} imports:"
    echo "$wrong" | sed 's/^/# /'
  fi
done
if [ "$number" = 0 ]; then
  number=1
  echo "not ok 1 - no plugin is built below $top_builddir/plugin"
fi
echo "1..$number"
