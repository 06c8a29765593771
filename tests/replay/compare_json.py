#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fail unless recompute.py's figures (argv[1]) are those of the replay's JSON
(argv[2], its first policy)."""
import json
import sys

ours = json.load(open(sys.argv[1]))
theirs = json.load(open(sys.argv[2]))
policy = dict(theirs["settings"][0]["policies"][0], requests=theirs["requests"])


def compare(name, a, b):
    if isinstance(a, dict):
        return sum(compare(name + "." + k, a[k], b[k]) for k in a)
    if abs(a - b) <= 1e-9 * max(1, abs(a)):
        return 0
    print("# %s: %r from the log, %r from the replay" % (name, a, b))
    return 1


sys.exit(1 if compare("", ours, policy) else 0)
