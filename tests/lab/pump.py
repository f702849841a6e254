#!/usr/bin/env python3
"""pump.py - octets through TCP with as few system calls as can be

SPDX-License-Identifier: Apache-2.0

usage: pump.py sink ADDRESS         takes one connection at port 5001 until its end, and prints how many octets came
       pump.py pour ADDRESS MIB     sends so many, and prints the milliseconds until all had arrived, and those of them
                                    that the machine's processor worked, for both ends and the kernel
"""
import os
import socket
import sys
import time

PORT = 5001


def busy_ms():
    """What /proc/stat counts but idle, waiting for disks, and guests, which are counted twice."""
    with open("/proc/stat", encoding="ascii") as stat:
        user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
    return (user + nice + system + irq + softirq) * 1000 // os.sysconf("SC_CLK_TCK")


def sink(address):
    with socket.create_server((address, PORT)) as listener:
        connection, _ = listener.accept()
    room = bytearray(1 << 20)
    total = 0
    while octets := connection.recv_into(room):
        total += octets
    print(total)


def pour(address, mebibytes):
    with socket.create_connection((address, PORT)) as connection:
        octets = bytes(range(256)) * 4096
        started, busy = time.monotonic(), busy_ms()
        for _ in range(mebibytes):
            connection.sendall(octets)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
    print(round((time.monotonic() - started) * 1000), busy_ms() - busy)


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        sink(sys.argv[2])
    else:
        pour(sys.argv[2], int(sys.argv[3]))
