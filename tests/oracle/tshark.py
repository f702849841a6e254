#!/usr/bin/env python3
# tshark.py - what uptun sends, and how it reads it, judged by tshark on the captures of the lab
# SPDX-License-Identifier: Apache-2.0
"""usage: tshark.py CAPTURES_FOLDER COMPARE_SCRIPT PROGRAM [COMPARE_SCRIPT PROGRAM]...

tshark reads every capture of the folder. No packet of the client may be malformed to it or have an expert error. What
it reads of L2TP, PPTP and GRE is written as reference decodes to a folder of its own, and each script (captures.py,
captures_pptp.py) compares PROGRAM's reading with that. Exit status 77: no tshark.
"""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SKIP = 77
CLIENT = "10.9.1.2"  # tests/lab/hosts.sh
ERROR = "8388608"  # _ws.expert.severity
ETHERNET_OCTETS = 14
HEADER_BITS = {"T": "type", "L": "length_bit", "S": "seq_bit", "O": "offset_bit", "P": "priority", "ver": "version"}
HEADER_FIELDS = {"len": "length", "tid": "tunnel", "sid": "session", "ns": "Ns", "nr": "Nr"}
AVP_FIELDS = {"m": "mandatory", "h": "hidden", "l": "length", "v": "vendor_id", "t": "type"}


def shown(parent, name):
    """The number that a field below has; None without it."""
    field = parent.find(".//field[@name='%s']" % name)
    return None if field is None else int(field.get("show"), 0)


def numbers(parent, prefix, names):
    found = {key: shown(parent, prefix + name) for key, name in names.items()}
    return {key: value for key, value in found.items() if value is not None}


def read_avp(field):
    """Of a hidden AVP tshark shows neither vendor nor type by name: they are read from what it says is the AVP."""
    octets = bytes.fromhex(field.get("value"))
    said = {"v": int.from_bytes(octets[2:4], "big"), "t": int.from_bytes(octets[4:6], "big")}
    said.update(numbers(field, "l2tp.avp.", AVP_FIELDS))
    return said


def read_l2tp(proto):
    said = numbers(proto, "l2tp.", {**HEADER_BITS, **HEADER_FIELDS})
    said["mt"] = shown(proto, "l2tp.avp.message_type") or 0
    said["avps"] = [read_avp(field) for field in proto if field.find("field[@name='l2tp.avp.length']") is not None]
    return said


def read_plain(proto):
    """Every field by its name without the protocol's, numbers as numbers."""
    said = {}
    for field in proto.iter("field"):
        name, text = field.get("name"), field.get("show", "")
        if name.startswith(proto.get("name") + "."):
            said[name[len(proto.get("name")) + 1:]] = int(text, 0) if is_number(text) else text
    return said


def is_number(text):
    try:
        int(text, 0)
    except ValueError:
        return False
    return True


READERS = {"l2tp": (read_l2tp, "l2tp-udp"), "pptp": (read_plain, "pptp"), "gre": (read_plain, "gre")}


def octets_of(path):
    """The packets of a little-endian pcap file."""
    with open(path, "rb") as file:
        data = file.read()
    at, packets = 24, []
    while at < len(data):
        n = int.from_bytes(data[at + 8:at + 12], "little")
        packets.append(data[at + 16:at + 16 + n])
        at += 16 + n
    return packets


def message_of(packet, proto):
    """What belongs to a protocol: a PPTP message, or all there is from its header to the end of the IP packet."""
    at, size = int(proto.get("pos")), int(proto.get("size"))
    end = ETHERNET_OCTETS + int.from_bytes(packet[ETHERNET_OCTETS + 2:ETHERNET_OCTETS + 4], "big")
    return packet[at:at + size if proto.get("name") == "pptp" else end]


def faults_of(tree):
    """What tshark finds wrong with a packet that the client sent."""
    source = tree.find(".//field[@name='ip.src']")
    if source is None or source.get("show") != CLIENT:
        return []
    faults = [e.get("showname") for e in tree.iter("field")
              if e.get("name") == "_ws.expert" and e.find("field[@name='_ws.expert.severity']").get("show") == ERROR]
    return faults + ["malformed" for e in tree.iter("proto") if e.get("name") == "_ws.malformed"]


def read_frame(frame, packet, tree):
    """(object, lines) of one packet for .jsonl and .msgs.txt."""
    said, lines = {"f": frame}, []
    for proto in tree.iter("proto"):
        if proto.get("name") in READERS:
            reader, kind = READERS[proto.get("name")]
            said.setdefault(proto.get("name"), []).append(reader(proto))
            lines.append("%d\t%s\t-\t%s\n" % (frame, kind, message_of(packet, proto).hex()))
    return said, lines


def read_capture(path, folder, count):
    """Writes what tshark reads in the capture to the folder, adds to `count`; returns complaints."""
    name = os.path.basename(path)[: -len(".pcap")]
    ran = subprocess.run(["tshark", "-n", "-r", path, "-T", "pdml"], capture_output=True, check=True)
    trees = ElementTree.fromstring(ran.stdout).findall("packet")
    complaints = []
    with open(os.path.join(folder, name + ".jsonl"), "w", encoding="utf-8") as objects, \
            open(os.path.join(folder, name + ".msgs.txt"), "w", encoding="ascii") as messages:
        for frame, (packet, tree) in enumerate(zip(octets_of(path), trees), 1):
            said, lines = read_frame(frame, packet, tree)
            objects.write(json.dumps(said) + "\n")
            messages.writelines(lines)
            count["packets"] += 1
            count["messages"] += len(lines)
            complaints += ["%s frame %d: %s" % (name, frame, why) for why in faults_of(tree)]
    return complaints


def main():
    if shutil.which("tshark") is None:
        print("SKIPPED: no tshark; ./dev lab installs it")
        return SKIP
    paths = sorted(glob.glob(os.path.join(sys.argv[1], "*.pcap")))
    scripts = list(zip(sys.argv[2::2], sys.argv[3::2]))
    count = collections.Counter()
    complaints = []
    with tempfile.TemporaryDirectory() as root:
        folder = os.path.join(root, "oracle")
        os.mkdir(folder)
        for path in paths:
            complaints += read_capture(path, folder, count)
        environment = dict(os.environ, UPTUN_CAPTURES=root)
        for script, program in scripts:
            if subprocess.run([sys.executable, script, program], env=environment, check=False).returncode != 0:
                complaints.append("%s: differs" % os.path.basename(script))
    print("%d captures, %d packets, %d messages; tshark finds %d things wrong"
          % (len(paths), count["packets"], count["messages"], len(complaints)))
    print("\n".join(complaints))
    return 1 if complaints or count["messages"] == 0 else 0


sys.exit(main())
