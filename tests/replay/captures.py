#!/usr/bin/env python3
# captures.py - what uptun replay reads in real captures, against tshark's reading of them
# SPDX-License-Identifier: Apache-2.0
"""usage: captures.py UPTUN

Every capture of $UPTUN_CAPTURES (default ../shared/captures) goes through the program; its JSON is compared with
oracle/NAME.jsonl: each L2TPv2 message by its flags, ids, Ns, Nr, type and AVP list, each PPTP message field by field, each
packet of enhanced GRE, and the counts of ESP, IKE and L2TPv3.  Exit status 77: no captures.
"""
import collections
import glob
import json
import os
import re
import subprocess
import sys

SKIP = 77
FIELDS = {  # tshark's name: ours
    "framing_capabilities": "Framing Capabilities", "bearer_capabilities": "Bearer Capabilities",
    "maximum_channels": "Maximum Channels", "firmware_revision": "Firmware Revision", "host_name": "Host Name",
    "vendor_name": "Vendor String", "control_result": "Result Code", "out_result": "Result Code", "error": "Error Code",
    "call_id": "Call ID", "peer_call_id": "Peer's Call ID", "call_serial_number": "Call Serial Number",
    "minimum_bps": "Minimum BPS", "maximum_bps": "Maximum BPS", "cause": "Cause Code", "connect_speed": "Connect Speed",
    "physical_channel_id": "Physical Channel ID", "identifier": "Identifier", "phone_number_length": "Phone Number Length",
    "send_accm": "Send ACCM", "receive_accm": "Receive ACCM",
}


def frames_of_oracle(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def run(program, path):
    ran = subprocess.run([program, "replay", "--json", path], text=True, capture_output=True, check=False)
    return [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr, ran.returncode


def l2tp_of_oracle(m):
    avps = [(a["t"], a["v"], a["l"], bool(a["m"]), bool(a["h"])) for a in m.get("avps", [])] if m["T"] else None
    return (m["T"], m["L"], m["S"], m["O"], m["P"], m["tid"], m["sid"], m.get("ns"), m.get("nr"), avps)


def l2tp_of_ours(m):
    avps = [(a["type"], a["vendor"], a["octets"], a["mandatory"], a["hidden"]) for a in m["avps"]] if m["control"] else None
    flags = tuple(int(m[k]) for k in ("control", "has_length", "has_sequence", "has_offset", "priority"))
    return flags + (m["tunnel"], m["session"], m.get("ns"), m.get("nr"), avps)


def number(words):
    found = re.match(r"0x[0-9a-f]+|\d+", words)
    return int(found.group(0), 0) if found else None


def pptp_differs(said, ours):
    if (said["control_message_type"], said["length"]) != (ours["type"], ours["length"]):
        return "type or length"
    for theirs, name in FIELDS.items():
        if theirs in said and name in ours["fields"]:
            words = ours["fields"][name]
            same = words == '"%s"' % said[theirs] if isinstance(said[theirs], str) else number(words) == int(said[theirs])
            if not same:
                return "%s: tshark %s, uptun %s" % (name, said[theirs], words)
    return None


def gre_differs(said, ours):
    wanted = (said.get("key.call_id"), said.get("key.payload_length"), said.get("sequence_number"), said.get("ack_number"))
    got = (ours["call"], ours["payload_length"], ours.get("sequence"), ours.get("acknowledgment"))
    return None if all(w is None or w == g for w, g in zip(wanted, got)) else "%s, not %s" % (got, wanted)


def compare_frame(said, ours, count):
    """Yields complaints about one frame; `ours` are the objects that have its number."""
    if ":icmp:ip:" in said["p"]:  # an ICMP error quotes the beginning of a message: nobody sends that to anybody
        return
    v2 = [m for m in said.get("l2tp", []) if m.get("ver") == 2 and "T" in m]
    mine = [o["l2tp"] for o in ours if o.get("l2tp", {}).get("version") == 2]
    count["l2tp"] += len(v2)
    if [l2tp_of_oracle(m) for m in v2] != [l2tp_of_ours(m) for m in mine]:
        yield "L2TP: tshark %s, uptun %s" % ([l2tp_of_oracle(m) for m in v2], [l2tp_of_ours(m) for m in mine])
    pptp = said.get("pptp", [])
    mine = [o["pptp"] for o in ours if "pptp" in o]
    count["pptp"] += len(pptp)
    if len(pptp) != len(mine):
        yield "%d PPTP messages, uptun %d" % (len(pptp), len(mine))
    for a, b in zip(pptp, mine):
        why = pptp_differs(a, b)
        if why:
            yield "PPTP: " + why
    gre = [g for g in said.get("gre", []) if (g["flags.version"], g["proto"]) == (1, 0x880B)]
    mine = [o["gre"] for o in ours if "gre" in o]
    count["gre"] += len(gre)
    if len(gre) != len(mine):
        yield "%d GRE packets, uptun %d" % (len(gre), len(mine))
    for a, b in zip(gre, mine):
        why = gre_differs(a, b)
        if why:
            yield "GRE: " + why


def compare(program, path, root, count):
    name = os.path.basename(path)[: -len(".pcap")]
    objects, errors, status = run(program, path)
    if not objects or objects[-1]["kind"] != "verdict" or status not in (0, 3):
        return ["%s: status %d, no verdict: %s" % (name, status, errors)]
    ours = collections.defaultdict(list)
    for o in objects:
        if "frame" in o:
            ours[o["frame"]].append(o)
    bad = []
    for said in frames_of_oracle(os.path.join(root, "oracle", name + ".jsonl")):
        bad += ["%s frame %d: %s" % (name, said["f"], why) for why in compare_frame(said, ours[said["f"]], count)]
    count["captures"] += 1
    return bad


def main():
    root = os.environ.get("UPTUN_CAPTURES", "../shared/captures")
    paths = sorted(glob.glob(os.path.join(root, "*.pcap")))
    if not paths:
        print("SKIPPED: no captures in %s (set UPTUN_CAPTURES)" % root)
        return SKIP
    count = collections.Counter()
    complaints = []
    for path in paths:
        complaints += compare(sys.argv[1], path, root, count)
    print("%(captures)d captures: %(l2tp)d L2TPv2 messages, %(pptp)d PPTP messages, %(gre)d packets of GRE" % count,
          "- %d differ" % len(complaints))
    print("\n".join(complaints))
    return 1 if complaints or 0 in (count["l2tp"], count["pptp"], count["gre"]) else 0


sys.exit(main())
