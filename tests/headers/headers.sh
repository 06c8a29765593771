#!/bin/sh
# SPDX-License-Identifier: MIT
# Every public header compiles alone, as C99 and as C++20; the plugin SDK's as
# C11; and the ABI's members are where they were, on LP64 and on wasm32.

: "${top_srcdir:=.}" "${CC:=cc}" "${CXX:=c++}"
number=0

# compile NAME TEXT COMMAND...: the text must compile without a word.
compile() {
  number=$((number + 1))
  name=$1
  text=$2
  shift 2
  if said=$(printf '%s\n' "$text" | "$@" 2>&1) && [ -z "$said" ]; then
    echo "ok $number - $name"
  else
    echo "not ok $number - $name"
    printf '%s\n' "$said" | sed 's/^/# /'
  fi
}

skip() {
  number=$((number + 1))
  echo "ok $number - $1 # SKIP no $2"
}

have() {
  command -v "${1%% *}" > /dev/null 2>&1
}

flags="-pedantic-errors -Wall -Wextra -fsyntax-only -I$top_srcdir/include"
cd "$top_srcdir" || exit 1
public=$(find include/hearth -name '*.h' | sort | sed 's,^include/,,')
sdk=$(find plugin/sdk -maxdepth 1 -name '*.h' | sort)
sdk="$sdk plugin/sdk/wire/schema.h plugin/sdk/wire/messages.h
  plugin/sdk/wire/encode.h plugin/sdk/wire/decode.h
  plugin/sdk/pool/pool.h plugin/sdk/pool/sim.h"
offsets='#include "tests/headers/offsets.c"'

# shellcheck disable=SC2086 # the flags are words
{
  for header in $public; do
    compile "$header as C99" "#include \"$header\"" \
      $CC -std=c99 $flags -x c -
    if have "$CXX"; then
      compile "$header as C++20" "#include \"$header\"" \
        $CXX -std=c++20 $flags -x c++ -
    else
      skip "$header as C++20" "$CXX"
    fi
  done
  for header in $sdk; do
    compile "$header as C11" "#include \"$header\"" \
      $CC -std=c11 $flags -I. -x c -
  done
  compile "offsets here" "$offsets" $CC -std=c11 $flags -I. -x c -
  if have "$CXX"; then
    compile "offsets here, as C++20" "$offsets" \
      $CXX -std=c++20 $flags -I. -x c++ -
  else
    skip "offsets here, as C++20" "$CXX"
  fi
  if have clang; then
    compile "offsets on wasm32" "$offsets" clang --target=wasm32 \
      -ffreestanding -std=c11 $flags -I. -x c -
  else
    skip "offsets on wasm32" clang
  fi
}
echo "1..$number"
