#!/usr/bin/env python3
# captures.py - the decoder against tshark's reading of real captures
# SPDX-License-Identifier: Apache-2.0
"""usage: captures.py CAPTURE_LINES_PROGRAM

Every L2TPv2 message in $UPTUN_CAPTURES/oracle/*.msgs.txt (default ../shared/captures) goes through the
program; what it prints is compared with the .jsonl beside it.  Exit status 77: no captures.
"""
import glob
import json
import os
import subprocess
import sys

SKIP = 77


def messages(path):
    """(frame, hex) of the L2TP over UDP messages of a .msgs.txt."""
    with open(path, encoding="ascii") as lines:
        for line in lines:
            frame, kind, _flow, octets = line.rstrip("\n").split("\t")
            if kind == "l2tp-udp":
                yield int(frame), octets


def frames(path):
    with open(path, encoding="utf-8") as lines:
        return {o["f"]: o for o in map(json.loads, lines)}


def expected(l2tp):
    """The words the program should print for one l2tp object of the oracle."""
    words = [l2tp[k] for k in ("T", "L", "S", "O", "P", "ver")]
    words += [l2tp.get("len", 0), l2tp["tid"], l2tp["sid"], l2tp.get("ns", 0), l2tp.get("nr", 0)]
    if l2tp["T"]:
        words.append(l2tp.get("mt", 0))
        words += ["%d:%d:%d:%d:%d" % (a["t"], a["v"], a["l"], a["m"], a["h"]) for a in l2tp.get("avps", [])]
    return " ".join(map(str, words))


def compare(program, name, msgs, oracle):
    """Returns (messages compared, control messages among them, complaints)."""
    wanted = [(f, h, oracle[f]["l2tp"][0]) for f, h in msgs if f in oracle and oracle[f].get("l2tp")]
    ran = subprocess.run([program], input="".join(h + "\n" for _, h, _ in wanted), text=True,
                         capture_output=True, check=True)
    printed = ran.stdout.splitlines()
    bad = []
    if len(printed) != len(wanted):
        return len(wanted), 0, ["%s: %d lines for %d messages" % (name, len(printed), len(wanted))]
    control = 0
    for (frame, _, l2tp), line in zip(wanted, printed):
        if l2tp.get("ver") != 2:
            if line != "fault version is not 2":
                bad.append("%s frame %d: version %s: %s" % (name, frame, l2tp.get("ver"), line))
            continue
        control += l2tp["T"]
        if line != expected(l2tp) and not line.startswith(expected(l2tp) + " "):
            bad.append("%s frame %d:\n  tshark %s\n  uptun  %s" % (name, frame, expected(l2tp), line))
    return len(wanted), control, bad


def main():
    root = os.environ.get("UPTUN_CAPTURES", "../shared/captures")
    paths = sorted(glob.glob(os.path.join(root, "oracle", "l2tp*.msgs.txt")))
    if not paths:
        print("SKIPPED: no captures in %s (set UPTUN_CAPTURES)" % root)
        return SKIP
    total = controls = 0
    complaints = []
    for path in paths:
        name = os.path.basename(path)[: -len(".msgs.txt")]
        oracle = frames(path[: -len(".msgs.txt")] + ".jsonl")
        n, control, bad = compare(sys.argv[1], name, list(messages(path)), oracle)
        total += n
        controls += control
        complaints += bad
    print("%d messages, %d of them L2TPv2 control, %d differ" % (total, controls, len(complaints)))
    print("\n".join(complaints))
    return 1 if complaints or controls == 0 else 0


sys.exit(main())
