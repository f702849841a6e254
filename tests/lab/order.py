#!/usr/bin/env python3
# tests/lab/order.py - one order to the daemon, and its reply
# SPDX-License-Identifier: Apache-2.0
"""usage: order.py SOCKET UPTUN.PROTO <REQUEST

The request is text of the message uptun.Request, the reply is printed as text of uptun.ToClient; protoc turns one
into octets and octets into the other.  Events before the reply are passed over.
"""
import os
import socket
import subprocess
import sys

LIMIT_S = 15


def protoc(what, message, schema, octets):
    folder = os.path.dirname(schema)
    command = ["protoc", what + "=" + message, "-I", folder, schema]
    return subprocess.run(command, input=octets, stdout=subprocess.PIPE, check=True).stdout


def varint(number):
    octets = b""
    while number > 127:
        octets += bytes([number & 127 | 128])
        number >>= 7
    return octets + bytes([number])


def read_message(stream):
    length, shift = 0, 0
    while True:
        octet = stream.read(1)
        if not octet:
            sys.exit("the daemon closed the connection")
        length |= (octet[0] & 127) << shift
        shift += 7
        if octet[0] < 128:
            return stream.read(length)


def main():
    path, schema = sys.argv[1:]
    request = protoc("--encode", "uptun.Request", schema, sys.stdin.buffer.read())
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(LIMIT_S)
    connection.connect(path)
    connection.sendall(varint(len(request)) + request)
    stream = connection.makefile("rb")
    while True:
        text = protoc("--decode", "uptun.ToClient", schema, read_message(stream)).decode()
        if text.startswith("reply"):
            print(text)
            return


main()
