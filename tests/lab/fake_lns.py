#!/usr/bin/env python3
"""fake_lns.py - an L2TP server that misbehaves on purpose, or stops answering at a chosen point

SPDX-License-Identifier: Apache-2.0

usage: fake_lns.py MODE

Well-behaved up to a point (RFC 2661 5.1, 5.2), then:
    silent      answers nothing at all
    cc          opens the control connection, then only acknowledges
    session     opens the session too, then only acknowledges; no PPP frame ever comes
    stopccn     as session, then sends StopCCN (result 6: the requester is being shut down)
    cdn         as session, then sends CDN (result 3: administrative reasons)
Every answer malformed, in a way of its own:
    noise empty short version length avp-zero avp-long no-tunnel-id reserved-m other-ids flood
"""
import os
import socket
import struct
import sys
import time

SCCRQ, SCCRP, SCCCN, STOPCCN, HELLO = 1, 2, 3, 4, 6
ICRQ, ICRP, ICCN, CDN = 10, 11, 12, 14
OUR_TUNNEL, OUR_SESSION = 0x1234, 0x5678


def avp(kind, value, mandatory=True):
    return struct.pack("!HHH", (0x8000 if mandatory else 0) | 6 + len(value), 0, kind) + value


def u16(value):
    return struct.pack("!H", value)


def message(kind, *avps):
    return avp(0, u16(kind)) + b"".join(avps)


def control(tunnel, session, ns, nr, body=b""):
    return struct.pack("!HHHHHH", 0xC802, 12 + len(body), tunnel, session, ns, nr) + body


def avps_of(datagram):
    """The AVPs of a control message that is trusted to be sound: ours."""
    at, found = 12, {}
    while at + 6 <= len(datagram):
        length = struct.unpack_from("!H", datagram, at)[0] & 0x3FF
        kind = struct.unpack_from("!H", datagram, at + 4)[0]
        found[kind] = datagram[at + 6 : at + length]
        at += max(length, 6)
    return found


def sccrp(*more):
    return message(SCCRP, avp(2, b"\x01\x00"), avp(3, b"\0\0\0\3"), avp(7, b"fake"), avp(9, u16(OUR_TUNNEL)),
                   avp(10, u16(4)), *more)


class Peer:
    """One client's control connection, in lock step: every message of ours waits for the next of theirs."""

    def __init__(self, sock, address, mode):
        self.sock, self.address, self.mode = sock, address, mode
        self.tunnel = self.session = self.ns = self.nr = 0

    def send(self, body=b"", session=0):
        self.sock.sendto(control(self.tunnel, session, self.ns, self.nr, body), self.address)
        if body:
            self.ns += 1

    def take(self, datagram):
        flags, _, _, _, ns, _ = struct.unpack_from("!HHHHHH", datagram)
        if not flags & 0x8000 or len(datagram) == 12:
            return
        if ns != self.nr & 0xFFFF:  # a duplicate: acknowledge it again
            self.send()
            return
        self.nr += 1
        avps = avps_of(datagram)
        self.answer(struct.unpack("!H", avps[0])[0], avps)

    def answer(self, kind, avps):
        if kind == SCCRQ:
            self.tunnel = struct.unpack("!H", avps[9])[0]
            self.send(sccrp())
        elif kind == ICRQ and self.mode != "cc":
            self.session = struct.unpack("!H", avps[14])[0]
            self.send(message(ICRP, avp(14, u16(OUR_SESSION))), self.session)
        elif kind == ICCN:
            self.send()
            time.sleep(0.3)
            self.after_iccn()
        else:
            self.send()

    def after_iccn(self):
        if self.mode == "stopccn":
            self.send(message(STOPCCN, avp(9, u16(OUR_TUNNEL)), avp(1, u16(6) + u16(0) + b"going down")))
        elif self.mode == "cdn":
            self.send(message(CDN, avp(1, u16(3) + u16(0) + b"not today"), avp(14, u16(OUR_SESSION))), self.session)


def malformed(mode, theirs):
    """Answers to an SCCRQ that asked for the tunnel id `theirs`."""
    good = control(theirs, 0, 0, 1, sccrp())
    sound = {
        "noise": [os.urandom(64), b"\xc8" + os.urandom(63), os.urandom(1400)],
        "empty": [b""],
        "short": [good[:n] for n in (1, 2, 6, 11, 13, 17, 19, len(good) - 1)],
        "version": [b"\xc8\x03" + good[2:], b"\xc8\x01" + good[2:]],
        "length": [good[:2] + u16(n) + good[4:] for n in (0, 5, 11, 13, 4000, 65535)],
        "avp-zero": [control(theirs, 0, 0, 1, message(SCCRP) + b"\x80\x00\0\0\0\x07" + b"x" * 20)],
        "avp-long": [control(theirs, 0, 0, 1, message(SCCRP) + b"\x83\xff\0\0\0\x07" + b"x" * 20)],
        "no-tunnel-id": [control(theirs, 0, 0, 1, message(SCCRP, avp(2, b"\x01\x00"), avp(3, b"\0\0\0\3"), avp(7, b"f")))],
        "reserved-m": [control(theirs, 0, 0, 1, sccrp(avp(4711, b"what is this")))],
        "other-ids": [control(theirs ^ 0x5555, 0, 0, 1, sccrp()), control(theirs, 77, 9, 9, sccrp())],
        "flood": [good[:12] + os.urandom(40) for _ in range(200)],
    }
    return sound[mode]


def main():
    mode = sys.argv[1]
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)  # IPv4 too
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.bind(("::", 1701))
    peers = {}
    while True:
        datagram, address = sock.recvfrom(65535)
        if mode == "silent" or len(datagram) < 12:
            continue
        if mode in ("cc", "session", "stopccn", "cdn"):
            is_new = struct.unpack_from("!H", datagram, 4)[0] == 0
            if address not in peers or is_new and peers[address].nr > 1:
                peers[address] = Peer(sock, address, mode)
            peers[address].take(datagram)
            continue
        theirs = struct.unpack("!H", avps_of(datagram).get(9, b"\0\0")[:2])[0]
        for answer in malformed(mode, theirs):
            sock.sendto(answer, address)


if __name__ == "__main__":
    main()
