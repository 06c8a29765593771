#!/bin/sh
# SPDX-License-Identifier: MIT
# hearth bench: its tables, its JSON, its page, and what it refuses.  No figure of
# a time is looked at.
. "$top_srcdir/tests/tap.sh"
subcommand=bench
lru=$top_builddir/plugin/reference/.libs/hearth-lru.so
third=$top_builddir/tests/plugins/.libs/third_thread.so

small='--models 20,40 --users 50,60 --threads 1,2 --requests 200'
# shellcheck disable=SC2086 # a list of words
says 0 out '^     20       50   2  prepare ' "a row for two threads" $small
has out ' requests/s  times one '
ok $? "a column for what threads do together"
has out '^ *20 *50 *1  *[0-9]*  *-  *[0-9.]* '
ok $? "nothing in it for one thread"
has out '^ *20 *50 *2  *[0-9]*  *[0-9]*\.[0-9][0-9]  *[0-9.]* '
ok $? "a number for two"
says 0 out '^ *40 *50 *1 ' "a row for more models" $small
says 0 out '^     20       50   1w prepare ' "a row in a worker" $small
says 0 out '^ *50 |      2   | *[0-9]* | *[0-9.]* | *[0-9]*%$' "CPU and memory by users" $small
says 0 out '^bytes a model ' "what a model takes" $small
says 0 out '"threads": 2' "JSON" $small --json --report "$work/page.html"
has out '"times_alone": null' && has out '"alone_per_s": null'
ok $? "no number alone for one thread"
[ "$(grep -c '"times_alone": [0-9.]*[1-9]' "$work/out")" = 2 ] &&
  [ "$(grep -c '"alone_per_s": [0-9.]*[1-9]' "$work/out")" = 2 ]
ok $? "numbers over 0 for two, of plugin and floor"
grep -q '<svg' "$work/page.html"
ok $? "a page with plots"
says 0 out '^ *20 ' "another plugin, with a state" $small "$lru"
says 0 out '^ *20 ' "a price instead of a budget" $small --idle-price 100
says 2 err '--models: 0: want' "no models" --models 0
says 2 err '--threads: 1,x: want' "not a number" --threads 1,x
says 2 err '--idle-price: -1: want' "no price" --idle-price -1
says 2 err 'one plugin at a time' "two plugins" "$lru" "$lru"
says 2 err 'nowhere.so' "no such plugin" "$work/nowhere.so"
says 3 err 'ablate' "a configuration that the plugin refuses" $small --config ablate=none
# shellcheck disable=SC2086 # a list of words
says 3 err 'plugin: prepare_models: the third thread asks too much' \
  "what a thread of several fails with" $small "$third"
says 0 out '^usage: hearth bench' "help" --help
echo "1..$n"
