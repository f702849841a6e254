#!/usr/bin/env python3
# captures_pptp.py - the PPTP and GRE decoders against tshark's reading of real captures
# SPDX-License-Identifier: Apache-2.0
"""usage: captures_pptp.py CAPTURE_PPTP_LINES_PROGRAM

Every PPTP message and GRE packet in $UPTUN_CAPTURES/oracle/pptp-*.msgs.txt (default ../shared/captures) goes through the
program; what it prints is compared with the .jsonl beside it, field by field.  Exit status 77: no captures.
"""
import collections
import glob
import json
import os
import subprocess
import sys

SKIP = 77
ENHANCED = (1, 0x880B)  # version, protocol type
# What tshark says and the program does not: constants, and fields that the RFC reserves.
UNSAID = {"type", "magic_cookie", "reserved", "flags_and_version", "proto", "flags.checksum", "flags.routing", "flags.key",
          "flags.strict_source_route", "flags.recursion_control", "flags.reserved", "flags.version"}
OTHER_NAMES = {"control_result": "result", "out_result": "result", "stop_result": "result", "reason": "result",
               "framing_capabilities": "framing", "bearer_capabilities": "bearer", "framing_type": "framing", "bearer_type": "bearer"}


def messages(path):
    """(frame, kind, hex, index in the frame among its kind) of a .msgs.txt."""
    seen = collections.Counter()
    with open(path, encoding="ascii") as lines:
        for line in lines:
            frame, kind, _flow, octets = line.rstrip("\n").split("\t")
            if kind in ("pptp", "gre"):
                yield int(frame), kind, octets, seen[frame, kind]
                seen[frame, kind] += 1


def frames(path):
    with open(path, encoding="utf-8") as lines:
        return {o["f"]: o for o in map(json.loads, lines)}


def expected(kind, said, octets):
    """The words the program should print, as a dictionary, of one object of the oracle."""
    words = {OTHER_NAMES.get(k, k): v for k, v in said.items() if k not in UNSAID}
    words = {k: v.encode().hex() if isinstance(v, str) else str(v) for k, v in words.items()}
    if kind == "gre":
        used = 8 + 4 * said["flags.sequence_number"] + 4 * said["flags.ack"]
        there = len(octets) // 2 - used
        words["payload"] = words["key.payload_length"]
        if said["key.payload_length"] > there:  # the capture has the packet's beginning only
            words.update(payload="0", fault="other")
    return words


def is_enhanced(kind, said):
    return kind == "pptp" or (said["flags.version"], said["proto"]) == ENHANCED


def complaint(kind, said, octets, line):
    printed = dict(word.split("=", 1) for word in line.split(" "))
    if not is_enhanced(kind, said):
        return None if printed.get("fault") == "version" else "is not enhanced GRE: " + line
    wanted = expected(kind, said, octets)
    if "fault" not in wanted and "fault" in printed:
        return "fault: " + line
    differ = ["%s: tshark %s, uptun %s" % (k, v, printed.get(k)) for k, v in wanted.items() if printed.get(k) != v]
    return ", ".join(differ) or None


def compare(program, path, count):
    """Adds to `count` what was compared; returns complaints."""
    name = os.path.basename(path)[: -len(".msgs.txt")]
    oracle = frames(path[: -len(".msgs.txt")] + ".jsonl")
    wanted = [(f, k, h, oracle[f][k][i]) for f, k, h, i in messages(path)
              if f in oracle and i < len(oracle[f].get(k, []))]
    ran = subprocess.run([program], input="".join("%s %s\n" % (k, h) for _, k, h, _ in wanted), text=True,
                         capture_output=True, check=True)
    printed = ran.stdout.splitlines()
    if len(printed) != len(wanted):
        return ["%s: %d lines for %d messages" % (name, len(printed), len(wanted))]
    bad = []
    for (frame, kind, octets, said), line in zip(wanted, printed):
        count[kind] += is_enhanced(kind, said)
        why = complaint(kind, said, octets, line)
        if why:
            bad.append("%s frame %d: %s" % (name, frame, why))
    return bad


def main():
    root = os.environ.get("UPTUN_CAPTURES", "../shared/captures")
    paths = sorted(glob.glob(os.path.join(root, "oracle", "pptp-*.msgs.txt")))
    if not paths:
        print("SKIPPED: no captures in %s (set UPTUN_CAPTURES)" % root)
        return SKIP
    count = collections.Counter()
    complaints = []
    for path in paths:
        complaints += compare(sys.argv[1], path, count)
    print("%d PPTP messages, %d packets of enhanced GRE, %d differ" % (count["pptp"], count["gre"], len(complaints)))
    print("\n".join(complaints))
    return 1 if complaints or count["pptp"] == 0 or count["gre"] == 0 else 0


sys.exit(main())
