#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Recompute the figures of `hearth replay --log` from the log alone.

usage: recompute.py LOG CATALOG

LOG has a line an event: t_ms,event,model,detail.  The model's memory comes from
CATALOG.  Idle memory counts to the last request.  Prints one JSON object with the
figures of the replay: requests, cold, delayed, warm, cold_wait_s, wait_s, loads,
idle_gb_s.
"""
import collections
import csv
import json
import sys


def main():
    log, catalog = sys.argv[1:3]
    memory = {r["model"]: float(r["memory_mb"]) for r in csv.DictReader(open(catalog))}
    events = list(csv.DictReader(open(log)))
    end = max(int(e["t_ms"]) for e in events if e["event"] == "request")
    held = {}  # model: "loading", "prewarming" or "ready"
    queued = set()
    active = collections.Counter()  # requests that wait or run
    unused = set()  # prewarmed, and nobody has asked yet
    idle_from = {}
    idle_mb_ms = 0.0
    waits = []
    figures = collections.Counter()

    def busy(model, t):
        nonlocal idle_mb_ms
        if model in idle_from:
            since = min(idle_from.pop(model), end)
            idle_mb_ms += (min(t, end) - since) * memory.get(model, 4096.0)

    def idle(model, t):
        if model in held and active[model] == 0:
            idle_from[model] = t

    for e in events:
        t, kind, model = int(e["t_ms"]), e["event"], e["model"]
        if kind == "request":
            figures["requests"] += 1
            if held.get(model) == "ready":
                figures["warm"] += 1
            elif model in held or model in queued:
                figures["delayed"] += 1
            else:
                figures["cold"] += 1
                queued.add(model)
            busy(model, t)
            active[model] += 1
            if model in unused:
                unused.discard(model)
                figures["prewarm_used"] += 1
        elif kind == "start":
            waits.append(int(e["detail"]))
        elif kind == "load":
            figures[e["detail"]] += 1
            held[model] = "loading"
            queued.discard(model)
            if e["detail"] == "prewarm":
                unused.add(model)
                idle(model, t)
        elif kind == "ready":
            held[model] = "ready"
        elif kind == "done":
            active[model] -= 1
            idle(model, t)
        elif kind in ("evict", "cancel"):
            figures["cancelled"] += kind == "cancel"
            busy(model, t)
            held.pop(model, None)
            unused.discard(model)
    for model in list(idle_from):
        busy(model, end)
    waits.sort()
    at = lambda p: waits[int(len(waits) * p)] / 1000
    print(json.dumps({
        "requests": figures["requests"], "cold": figures["cold"],
        "delayed": figures["delayed"], "warm": figures["warm"],
        "cold_wait_s": sum(waits) / 1000,
        "wait_s": {"mean": sum(waits) / 1000 / len(waits), "p50": at(.5), "p95": at(.95), "p99": at(.99)},
        "loads": {k: figures[k] for k in ("demand", "prewarm", "prewarm_used", "cancelled")},
        "idle_gb_s": idle_mb_ms / 1000 / 1024}, indent=1))


if __name__ == "__main__":
    main()
