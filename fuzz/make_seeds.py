#!/usr/bin/env python3
# make_seeds.py - writes seeds to fuzz/corpus: RFC 2661 appendix B, and what was said in the lab
# SPDX-License-Identifier: Apache-2.0
"""usage: fuzz/make_seeds.py

The conversations of RFC 2661 appendix B, typed from its Ns and Nr, one file a message; then what is different in
tests/data/captures: control messages, and the data of the plain calls. L2TP goes to l2tp_message, PPTP to pptp_stream (with no cuts) and GRE to gre; what is hidden, in
the lab's captures, to l2tp_unhide; and all of them to decode, behind the octet that says what they are. Names are the
octets' SHA-1, so that a second run changes nothing. Also a stream of the daemon's API, each way. Seeds of our own encoder: make_l2tp_corpus, make_pptp_corpus.
"""
import glob
import hashlib
import os
import struct

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
IP, UDP, TCP, GRE = 14, 17, 6, 47
ANY, L2TP, PPTP, GRE_PACKET = 0, 1, 2, 3  # fuzz_decode.c: the low two bits
JSON, SECRET = 4, 16
LAC, LNS = (5, 50), (7, 70)  # ids that each assigns: tunnel, session
SCCRQ, SCCRP, SCCCN, ICRQ, ICRP, ICCN = 1, 2, 3, 10, 11, 12
RANDOM_VECTOR, HIDDEN = 36, 0x4000


def write(target, octets, name=None):
    folder = os.path.join(ROOT, "fuzz", "corpus", target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name or hashlib.sha1(octets).hexdigest()), "wb") as file:
        file.write(octets)


# ---- RFC 2661 appendix B


def avp(kind, value):
    return struct.pack(">HHH", 0x8000 | 6 + len(value), 0, kind) + value


def connection(ids):
    return avp(2, b"\x01\x00") + avp(7, b"host") + avp(3, b"\0\0\0\x03") + avp(9, struct.pack(">H", ids[0]))


def session(ids):
    return avp(14, struct.pack(">H", ids[1]))


def connected():
    return avp(24, b"\0\0\x96\0") + avp(19, b"\0\0\0\x03")


def message(to, session_id, ns, nr, kind=None, avps=b""):
    """One control message; without a kind a ZLB."""
    body = avp(0, struct.pack(">H", kind)) + avps if kind else b""
    return struct.pack(">HHHHHH", 0xC802, 12 + len(body), to, session_id, ns, nr) + body


def appendix_b():
    """Yields name and message, in the RFC's order."""
    yield "b1-1", message(0, 0, 0, 0, SCCRQ, connection(LAC))
    yield "b1-2", message(LAC[0], 0, 0, 1, SCCRP, connection(LNS))
    yield "b1-3", message(LNS[0], 0, 1, 1, SCCCN)
    yield "b1-4", message(LAC[0], 0, 1, 2)
    yield "b2-1", message(LNS[0], 0, 2, 1, ICRQ, session(LAC) + avp(15, b"\0\0\0\x01"))
    yield "b2-2", message(LAC[0], LAC[1], 1, 3, ICRP, session(LNS))
    yield "b2-4", message(LAC[0], 0, 2, 3)
    yield "b2-6", message(LNS[0], LNS[1], 3, 2, ICCN, connected())
    yield "b2-7", message(LAC[0], 0, 2, 4)


# ---- the lab's captures


def packets(path):
    """IP packets of a little-endian pcap file of Ethernet frames, without what pads them."""
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at < len(data):
        n = int.from_bytes(data[at + 8:at + 12], "little")
        packet = data[at + 16 + IP:at + 16 + n]
        yield packet[:int.from_bytes(packet[2:4], "big")]
        at += 16 + n


def write_hidden(octets):
    """Each hidden AVP of a message, as fuzz_l2tp_unhide.c reads it, with a secret of the right length."""
    at, vector = 12, b""
    while at + 6 <= len(octets):
        flags, _, kind = struct.unpack(">HHH", octets[at:at + 6])
        value = octets[at + 6:at + (flags & 0x3FF)]
        if kind == RANDOM_VECTOR:
            vector = value
        if flags & HIDDEN:
            secret = b"between-us-two"
            write("l2tp_unhide", bytes([len(secret) - 1, len(vector), 255, kind]) + secret + vector + value)
        at += max(flags & 0x3FF, 6)


def write_l2tp(octets, name=None):
    write("l2tp_message", octets, name)
    write("decode", bytes([L2TP | SECRET]) + octets, name)
    if octets[0] & 0x80:
        write_hidden(octets)


def write_packet(packet, with_data):
    protocol, body = packet[9], packet[(packet[0] & 15) * 4:]
    if protocol == UDP and (with_data or body[8] & 0x80):
        write_l2tp(body[8:])
    elif protocol == GRE:
        write("gre", body)
        write("decode", bytes([GRE_PACKET | JSON]) + body)
    elif protocol == TCP and len(body) > (body[12] >> 4) * 4:
        stream = body[(body[12] >> 4) * 4:]
        write("pptp_stream", b"\0" + stream)
        write("decode", bytes([PPTP | JSON]) + stream)


# ---- the daemon's API


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def number(field, value):
    return varint(field << 3) + varint(value)


def part(field, octets=b""):
    return varint(field << 3 | 2) + varint(len(octets)) + octets


def requests():
    """Of each kind one, by its number in uptun.proto; id 7."""
    session = part(1, b"user") + part(2, b"password")
    profile = part(1, b"office") + part(2, b"vpn.example") + part(10) + part(20, session)
    yield number(1, 7) + part(10, part(1, profile) + number(2, 1))
    for order in range(11, 20):
        yield number(1, 7) + part(order, number(1, 3) if order in (11, 13, 14) else b"")


def to_client():
    for result in range(11, 21):
        yield part(1, number(1, 7) + part(result))
    yield part(1, number(1, 7) + part(10, number(1, 2) + part(2, b"no such tunnel")))
    for event in range(10, 14):
        yield part(2, number(2, 1000000) + number(4, 3) + part(5, b"office") + part(event))


def write_api():
    for name, is_to_client, messages in (("requests", 0, requests()), ("to-client", 1, to_client())):
        stream = b"".join(varint(len(m)) + m for m in messages)
        write("api", bytes([is_to_client | 0x40]) + stream, name)
        write("api", bytes([is_to_client]) + stream[:-1], name + "-cut-short")
    write("api", b"\0\xff\xff\xff\0", "length-without-end")
    write("api", b"\0\x81\x80\x04\0", "too-long")


def main():
    write_api()
    for name, octets in appendix_b():
        write_l2tp(octets, "rfc2661-" + name)
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "data", "captures", "*.pcap"))):
        for packet in packets(path):
            write_packet(packet, path.endswith("-plain.pcap"))


main()
