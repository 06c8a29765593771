#!/bin/sh
# SPDX-License-Identifier: MIT
# No file includes from a layer above its own (docs/architecture.md), and a
# plugin sees the ABI and the plugin SDK only.

: "${top_srcdir:=.}"
cd "$top_srcdir" || exit 1

find include plugin host-sdk -name '*.[ch]' | sort | xargs awk '
  # A folder and its layer; a folder that is not here is an error, so that
  # whoever adds one has to say where it stands.
  BEGIN {
    layer["include"] = 0
    layer["plugin/sdk"] = 1
    layer["plugin/foresight"] = layer["plugin/reference"] = 2
    layer["host-sdk/library"] = layer["host-sdk/json"] = 3
    layer["host-sdk/instance"] = 4
    layer["host-sdk/slot"] = 5
    layer["host-sdk/predictor"] = layer["host-sdk/store"] = 6
    layer["host-sdk/backend"] = layer["host-sdk/worker"] = 6
    layer["host-sdk/reflect"] = 6
    layer["host-sdk/validate"] = layer["host-sdk/bench"] = 7
    layer["host-sdk/replay"] = layer["host-sdk/experiment"] = 7
    layer["host-sdk/cli"] = layer["host-sdk/daemon"] = 8
    layer["host-sdk/bindings"] = 8
  }

  # The folder of the tree that a path is in, "" for none.
  function folder(path, part) {
    if (path ~ /^hearth\/(host|predictor|slot|worker|store|reflect|experiment)\.h$/) return "host-sdk/library"
    if (path ~ /^hearth\//) return "include"
    if (path ~ /^include\/hearth\/(host|predictor|slot|worker|store|reflect|experiment)\.h$/) return "host-sdk/library"
    if (path ~ /^include\//) return "include"
    if (path !~ /^(plugin|host-sdk)\//) return ""
    split(path, part, "/")
    return part[1] "/" part[2]
  }

  function bad(what) {
    printf "# %s:%d: %s\n", FILENAME, FNR, what
    ++wrong
  }

  FNR == 1 {
    here = folder(FILENAME)
    if (!(here in layer)) bad(here " has no layer")
    ++files
  }

  /^#[ \t]*include[ \t]*"/ {
    split($0, quoted, "\"")
    there = folder(quoted[2])
    if (quoted[2] == "config.h" || there == here) next
    if (there == "") bad("includes " quoted[2] ", which is no path from the top")
    else if (!(there in layer)) bad(there " has no layer")
    else if (layer[there] > layer[here])
      bad("includes " quoted[2] " from a layer above")
    else if (layer[there] == layer[here] && layer[here] == 2)
      bad("includes " quoted[2] " of another plugin")
    else if (layer[here] > 2 && layer[there] == 2)
      bad("includes " quoted[2] ": a host does not know plugins")
  }

  END {
    printf "%s 1 - %d files include from below only\n", wrong ? "not ok" : "ok",
      files
    print "1..1"
  }'
